/* Clocks and sleeping. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>
#include "tarn/syscall.h"
#include "user/arch/calls.h"
#include "user/lib/private.h"

int clock_gettime(clockid_t clock, struct timespec *ts)
{
    struct abi_timespec now;
    if (sys_result(sys_clock_read(clock, &now)) < 0) {
        return -1;
    }
    *ts = timespec_from_abi(&now);
    return 0;
}

int gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
    (void)zone; /* obsolete in POSIX; Tarn's clock is UTC */
    struct timespec now;
    if (tv && clock_gettime(CLOCK_REALTIME, &now) < 0) {
        return -1;
    }
    if (tv) {
        *tv = (struct timeval){.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
    }
    return 0;
}

int clock_settime(clockid_t clock, const struct timespec *ts)
{
    struct abi_timespec now = timespec_to_abi(ts);
    return (int)sys_result(sys_clock_set(clock, &now));
}

int settimeofday(const struct timeval *tv, const struct timezone *zone)
{
    (void)zone;
    if (!tv) {
        return 0;
    }
    if (tv->tv_usec < 0 || tv->tv_usec >= 1000000) {
        errno = EINVAL;
        return -1;
    }
    struct timespec now = {.tv_sec = tv->tv_sec, .tv_nsec = tv->tv_usec * 1000};
    return clock_settime(CLOCK_REALTIME, &now);
}

/* Processor time of the process, in CLOCKS_PER_SEC. */
clock_t clock(void)
{
    struct timespec used;
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) < 0) {
        return (clock_t)-1;
    }
    return (clock_t)(used.tv_sec * CLOCKS_PER_SEC + used.tv_nsec / (1000000000 / CLOCKS_PER_SEC));
}

/* The result is the time since some point in the past, in sysconf(_SC_CLK_TCK) per second. */
clock_t times(struct tms *buf)
{
    struct abi_tms used;
    long result = sys_times(&used);
    if (buf) {
        *buf = (struct tms){(clock_t)used.tms_utime, (clock_t)used.tms_stime,
                            (clock_t)used.tms_cutime, (clock_t)used.tms_cstime};
    }
    return (clock_t)result;
}

/* The result is an error number, as POSIX has it for this one; `remaining` may be NULL. */
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *request,
                    struct timespec *remaining)
{
    struct abi_timespec want = timespec_to_abi(request);
    struct abi_timespec left;
    long result = sys_clock_sleep(clock, flags, &want, &left);
    if (result == -EINTR && remaining && !(flags & TIMER_ABSTIME)) {
        *remaining = timespec_from_abi(&left);
    }
    return (int)-result;
}

int nanosleep(const struct timespec *request, struct timespec *remaining)
{
    int error = clock_nanosleep(CLOCK_MONOTONIC, 0, request, remaining);
    if (error) {
        errno = error;
        return -1;
    }
    return 0;
}

/* The seconds not slept: 0 unless a signal came. */
unsigned sleep(unsigned seconds)
{
    struct timespec left = {.tv_sec = seconds};
    return nanosleep(&left, &left) == 0 ? 0 : (unsigned)left.tv_sec + (left.tv_nsec > 0);
}

int usleep(useconds_t microseconds)
{
    struct timespec request = {.tv_sec = (time_t)(microseconds / 1000000),
                               .tv_nsec = (long)(microseconds % 1000000) * 1000};
    return nanosleep(&request, NULL);
}

/* times: of access and of modification. */
int utimensat(int dirfd, const char *path, const struct timespec *times, int flags)
{
    struct abi_timespec both[2];
    if (times) {
        both[0] = timespec_to_abi(&times[0]);
        both[1] = timespec_to_abi(&times[1]);
    }
    return (int)sys_result(sys_utimens(dirfd, path, times ? both : NULL, flags));
}

/* Linux's utimensat(2) takes a descriptor alone when there is no path. */
int futimens(int fd, const struct timespec *times)
{
    return utimensat(fd, NULL, times, 0);
}

int utimes(const char *path, const struct timeval *times)
{
    struct timespec both[2];
    for (int i = 0; times && i < 2; i++) {
        both[i] = (struct timespec){.tv_sec = times[i].tv_sec, .tv_nsec = times[i].tv_usec * 1000};
    }
    return utimensat(AT_FDCWD, path, times ? both : NULL, 0);
}
