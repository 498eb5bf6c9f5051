#pragma once
/* Waiting for children: options, id types, the status word and resource usage, as Linux has them.
 */

#ifndef WNOHANG
#    define WNOHANG    1
#    define WUNTRACED  2
#    define WSTOPPED   2
#    define WEXITED    4
#    define WCONTINUED 8
#    define WNOWAIT    0x01000000
#endif

/* idtype of waitid(2) */
#define ABI_P_ALL  0
#define ABI_P_PID  1
#define ABI_P_PGID 2

/* The status word of wait4(2). A core dump would add 0x80; Tarn writes none. */
#define ABI_W_EXITCODE(code) (((code)&0xff) << 8)
#define ABI_W_SIGNALED(sig)  ((sig)&0x7f)
#define ABI_W_STOPPED(sig)   (((sig) << 8) | 0x7f)
#define ABI_W_CONTINUED      0xffff

/* The old timeval: `long` on both XLENs, unlike every other time. */
struct abi_old_timeval {
    long tv_sec;
    long tv_usec;
};

struct abi_rusage {
    struct abi_old_timeval ru_utime;
    struct abi_old_timeval ru_stime;
    long ru_maxrss; /* KiB */
    long ru_ixrss, ru_idrss, ru_isrss;
    long ru_minflt, ru_majflt;
    long ru_nswap, ru_inblock, ru_oublock, ru_msgsnd, ru_msgrcv, ru_nsignals;
    long ru_nvcsw, ru_nivcsw;
};
_Static_assert(sizeof(struct abi_rusage) == 18 * sizeof(long), "struct rusage");
