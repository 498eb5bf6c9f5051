#include <time.h>

#include "tools/emu/host/host.h"

static uint64_t read_clock(clockid_t id)
{
    struct timespec ts;

    clock_gettime(id, &ts);
    return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

uint64_t host_now_ns(void *arg)
{
    (void)arg;
    return read_clock(CLOCK_MONOTONIC);
}

uint64_t host_wall_ns(void)
{
    return read_clock(CLOCK_REALTIME);
}
