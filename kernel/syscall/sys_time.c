/* Clocks and sleeping. The rv32 forms differ in their number only: times are 64 bits on both. */
#include "abi/errno.h"
#include "abi/time.h"
#include "kernel/dev/dev.h"
#include "kernel/proc/proc.h"
#include "kernel/syscall/syscall.h"

#define NS_PER_S 1000000000u
/* Longer sleeps than a century end there, and nothing overflows. */
#define SLEEP_MAX_S (100u * 366 * 24 * 3600)
/* The latest date a clock is set to, in 2232 as on Linux: 30 years before its nanoseconds end. */
#define REALTIME_MAX_S ((uint64_t)INT64_MAX / NS_PER_S - 30ull * 365 * 24 * 3600)

static int read_clock(int clock, uint64_t *ns)
{
    switch (clock) {
    case ABI_CLOCK_REALTIME:
    case ABI_CLOCK_REALTIME_COARSE: *ns = (uint64_t)clock_realtime_ns(); return 0;
    case ABI_CLOCK_MONOTONIC:
    case ABI_CLOCK_MONOTONIC_RAW:
    case ABI_CLOCK_MONOTONIC_COARSE:
    case ABI_CLOCK_BOOTTIME: *ns = time_ns(); return 0;
    case ABI_CLOCK_PROCESS_CPUTIME_ID:
    case ABI_CLOCK_THREAD_CPUTIME_ID: *ns = proc_cpu_ns(current_proc()); return 0;
    default: return -EINVAL;
    }
}

static int put_time(struct uaddr to, uint64_t ns)
{
    struct abi_timespec ts = {.tv_sec = (int64_t)(ns / NS_PER_S), .tv_nsec = ns % NS_PER_S};
    return copy_out_obj(to, &ts);
}

long sys_clock_gettime(int clock, struct uaddr ts)
{
    uint64_t ns;
    int error = read_clock(clock, &ns);
    return error ? error : put_time(ts, ns);
}

long sys_clock_gettime64(int clock, struct uaddr ts)
{
    return sys_clock_gettime(clock, ts);
}

/* A time, not before 1970: 0, -EFAULT, -EINVAL. Later than `max` seconds is cut. */
static int take_time(struct uaddr from, uint64_t max, uint64_t *ns)
{
    struct abi_timespec ts;
    if (copy_in_obj(&ts, from) != 0)
        return -EFAULT;
    long nsec = (long)ts.tv_nsec; /* on rv32 the low word, see abi/time.h */
    if (ts.tv_sec < 0 || nsec < 0 || nsec >= (long)NS_PER_S)
        return -EINVAL;
    uint64_t seconds = (uint64_t)ts.tv_sec < max ? (uint64_t)ts.tv_sec : max;
    *ns = seconds * NS_PER_S + (uint64_t)nsec;
    return 0;
}

long sys_clock_settime(int clock, struct uaddr ts)
{
    uint64_t ns;
    if (clock != ABI_CLOCK_REALTIME)
        return -EINVAL;
    int error = take_time(ts, REALTIME_MAX_S + 1, &ns);
    if (error == 0 && ns / NS_PER_S > REALTIME_MAX_S)
        error = -EINVAL;
    if (error == 0)
        clock_set_realtime_ns((int64_t)ns);
    return error;
}

long sys_clock_settime64(int clock, struct uaddr ts)
{
    return sys_clock_settime(clock, ts);
}

/* ---- sleeping */

/* Until an absolute time of a clock that time_ns() drives: 0, -EINTR. */
static long sleep_until_clock(int clock, uint64_t ns)
{
    uint64_t now = time_ns(), reading;
    int error = read_clock(clock, &reading);
    if (error)
        return error;
    return ns <= reading ? 0 : thread_sleep_until(now + (ns - reading));
}

long sys_clock_nanosleep(int clock, int flags, struct uaddr req, struct uaddr rem)
{
    uint64_t ns;
    if (clock != ABI_CLOCK_REALTIME && clock != ABI_CLOCK_MONOTONIC && clock != ABI_CLOCK_BOOTTIME)
        return clock == ABI_CLOCK_PROCESS_CPUTIME_ID ? -EOPNOTSUPP : -EINVAL;
    if (flags & ~ABI_TIMER_ABSTIME)
        return -EINVAL;
    int error = take_time(req, SLEEP_MAX_S, &ns);
    if (error)
        return error;
    if (flags & ABI_TIMER_ABSTIME)
        return sleep_until_clock(clock, ns);
    uint64_t deadline = time_ns() + ns;
    long result = thread_sleep_until(deadline);
    if (result == -EINTR && rem.va) {
        uint64_t now = time_ns();
        if (put_time(rem, deadline > now ? deadline - now : 0) != 0)
            return -EFAULT;
    }
    return result;
}

long sys_clock_nanosleep_time64(int clock, int flags, struct uaddr req, struct uaddr rem)
{
    return sys_clock_nanosleep(clock, flags, req, rem);
}

long sys_nanosleep(struct uaddr req, struct uaddr rem)
{
    return sys_clock_nanosleep(ABI_CLOCK_MONOTONIC, 0, req, rem);
}
