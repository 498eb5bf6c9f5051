#pragma once
/* Signals: Linux's asm-generic numbers, and siginfo_t as waitid(2) writes it. */
#include <stdint.h>

#ifndef SIGHUP
#    define SIGHUP    1
#    define SIGINT    2
#    define SIGQUIT   3
#    define SIGILL    4
#    define SIGTRAP   5
#    define SIGABRT   6
#    define SIGBUS    7
#    define SIGFPE    8
#    define SIGKILL   9
#    define SIGUSR1   10
#    define SIGSEGV   11
#    define SIGUSR2   12
#    define SIGPIPE   13
#    define SIGALRM   14
#    define SIGTERM   15
#    define SIGSTKFLT 16
#    define SIGCHLD   17
#    define SIGCONT   18
#    define SIGSTOP   19
#    define SIGTSTP   20
#    define SIGTTIN   21
#    define SIGTTOU   22
#    define SIGURG    23
#    define SIGXCPU   24
#    define SIGXFSZ   25
#    define SIGVTALRM 26
#    define SIGPROF   27
#    define SIGWINCH  28
#    define SIGIO     29
#    define SIGPWR    30
#    define SIGSYS    31
#endif
#define ABI_NSIG 65 /* one above the largest signal number; 32..64 are the real-time ones */

#define ABI_SIG_DFL 0ul
#define ABI_SIG_IGN 1ul

/* What rt_sigaction(2) takes and gives; a set is 8 bytes, which the call is told. */
struct abi_sigaction {
    unsigned long handler; /* ABI_SIG_DFL, ABI_SIG_IGN or a function */
    unsigned long flags;
    uint64_t mask;
};

/* si_code of SIGCHLD, and what waitid(2) reports */
#define ABI_CLD_EXITED    1
#define ABI_CLD_KILLED    2
#define ABI_CLD_DUMPED    3
#define ABI_CLD_TRAPPED   4
#define ABI_CLD_STOPPED   5
#define ABI_CLD_CONTINUED 6

/* 128 bytes; the union starts aligned to a pointer, so at 16 on rv64 and at 12 on rv32. */
struct abi_siginfo {
    int32_t si_signo;
    int32_t si_errno;
    int32_t si_code;
    union {
        struct {
            int32_t pid;
            uint32_t uid;
            int32_t status; /* exit status, or the signal */
            long utime, stime;
        } child;
        struct {
            int32_t pid;
            uint32_t uid;
        } kill;
        struct {
            void *addr;
        } fault;
        void *align;
        char pad[128 - (12 + sizeof(void *) - 1) / sizeof(void *) * sizeof(void *)];
    } u;
};
_Static_assert(sizeof(struct abi_siginfo) == 128, "siginfo_t");
