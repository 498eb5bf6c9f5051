#pragma once
/*
 * The few calls Linux gives a different number or shape on rv32 (64-bit times and offsets), under
 * one name each. All return what the kernel does: a value or a negated error number.
 */
#include "abi/poll.h"
#include "tarn/syscall.h"

/* Move a file's position; the new one is the result, in 64 bits on both XLENs. */
static inline int64_t sys_seek(int fd, int64_t offset, int whence)
{
#if __riscv_xlen == 64
    return sys_lseek(fd, offset, whence);
#else
    int64_t position = 0;
    long error = sys__llseek(fd, (ulong_t)(offset >> 32), (ulong_t)offset, &position, whence);
    return error ? error : position;
#endif
}

static inline long sys_clock_read(int clock, struct abi_timespec *ts)
{
#if __riscv_xlen == 64
    return sys_clock_gettime(clock, ts);
#else
    return sys_clock_gettime64(clock, ts);
#endif
}

static inline long sys_clock_set(int clock, const struct abi_timespec *ts)
{
#if __riscv_xlen == 64
    return sys_clock_settime(clock, ts);
#else
    return sys_clock_settime64(clock, ts);
#endif
}

static inline long sys_clock_sleep(int clock, int flags, const struct abi_timespec *request,
                                   struct abi_timespec *remaining)
{
#if __riscv_xlen == 64
    return sys_clock_nanosleep(clock, flags, request, remaining);
#else
    return sys_clock_nanosleep_time64(clock, flags, request, remaining);
#endif
}

static inline long sys_utimens(int dirfd, const char *path, const struct abi_timespec *times,
                               int flags)
{
#if __riscv_xlen == 64
    return sys_utimensat(dirfd, path, times, flags);
#else
    return sys_utimensat_time64(dirfd, path, times, flags);
#endif
}

static inline long sys_poll(struct abi_pollfd *fds, uint32_t count,
                            const struct abi_timespec *timeout)
{
#if __riscv_xlen == 64
    return sys_ppoll(fds, count, timeout, NULL, 0);
#else
    return sys_ppoll_time64(fds, count, timeout, NULL, 0);
#endif
}
