/* What the harts' threads want from the operating system beyond POSIX threads. */
#include <sched.h>
#include <time.h>
#ifdef __linux__
#    include <linux/membarrier.h>
#    include <sys/syscall.h>
#    include <unistd.h>
#endif

#include "tools/emu/host/host.h"

bool host_barrier_available(void)
{
#ifdef __linux__
    return syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
#else
    return false;
#endif
}

void host_barrier(void)
{
#ifdef __linux__
    syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
#endif
}

void host_yield(void)
{
    sched_yield();
}

void host_sleep(uint64_t ns)
{
    struct timespec ts = {.tv_sec = (time_t)(ns / 1000000000), .tv_nsec = (long)(ns % 1000000000)};

    nanosleep(&ts, NULL);
}
