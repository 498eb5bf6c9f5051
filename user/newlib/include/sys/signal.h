#pragma once
/*
 * <signal.h>, with the kernel's numbers and layouts. It declares what POSIX puts here; a function
 * the library does not have yet fails to link rather than pretend.
 */
#include <sys/cdefs.h>
#include <sys/features.h>
#include <sys/types.h>
#include <sys/_sigset.h>
#include <sys/_timespec.h>
#include "abi/signal.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef _SIGSET_T_DECLARED
#    define _SIGSET_T_DECLARED
typedef __sigset_t sigset_t;
#endif

#define SIGIOT   SIGABRT
#define SIGPOLL  SIGIO
#define NSIG     ABI_NSIG
#define SIGRTMIN 32
#define SIGRTMAX 64

typedef void (*_sig_func_ptr)(int);

union sigval {
    int sival_int;
    void *sival_ptr;
};

struct sigevent {
    union sigval sigev_value;
    int sigev_signo;
    int sigev_notify;
};
#define SIGEV_SIGNAL 0
#define SIGEV_NONE   1

/* As abi_siginfo has it, under POSIX's names. */
typedef struct {
    int si_signo;
    int si_errno;
    int si_code;
    union {
        struct {
            pid_t pid;
            uid_t uid;
            int status;
            long utime, stime;
        } child;
        struct {
            pid_t pid;
            uid_t uid;
            union sigval value;
        } queue;
        void *addr;
        char pad[128 - (12 + sizeof(void *) - 1) / sizeof(void *) * sizeof(void *)];
    } __u;
} siginfo_t;
#define si_pid    __u.child.pid
#define si_uid    __u.child.uid
#define si_status __u.child.status
#define si_utime  __u.child.utime
#define si_stime  __u.child.stime
#define si_value  __u.queue.value
#define si_addr   __u.addr

#define CLD_EXITED    ABI_CLD_EXITED
#define CLD_KILLED    ABI_CLD_KILLED
#define CLD_DUMPED    ABI_CLD_DUMPED
#define CLD_TRAPPED   ABI_CLD_TRAPPED
#define CLD_STOPPED   ABI_CLD_STOPPED
#define CLD_CONTINUED ABI_CLD_CONTINUED

struct sigaction {
    union {
        _sig_func_ptr sa_handler;
        void (*sa_sigaction)(int, siginfo_t *, void *);
    };
    unsigned long sa_flags;
    sigset_t sa_mask;
};
#define SA_NOCLDSTOP 0x00000001
#define SA_NOCLDWAIT 0x00000002
#define SA_SIGINFO   0x00000004
#define SA_ONSTACK   0x08000000
#define SA_RESTART   0x10000000
#define SA_NODEFER   0x40000000
#define SA_RESETHAND 0x80000000

typedef struct {
    void *ss_sp;
    int ss_flags;
    size_t ss_size;
} stack_t;
#define SS_ONSTACK  1
#define SS_DISABLE  2
#define MINSIGSTKSZ 2048
#define SIGSTKSZ    8192

#define SIG_BLOCK   0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

int kill(pid_t pid, int sig);
int killpg(pid_t pgrp, int sig);
int sigaction(int sig, const struct sigaction *act, struct sigaction *old);
int sigprocmask(int how, const sigset_t *set, sigset_t *old);
int sigpending(sigset_t *set);
int sigsuspend(const sigset_t *mask);
int sigaltstack(const stack_t *stack, stack_t *old);
int sigemptyset(sigset_t *set);
int sigfillset(sigset_t *set);
int sigaddset(sigset_t *set, int sig);
int sigdelset(sigset_t *set, int sig);
int sigismember(const sigset_t *set, int sig);

#ifdef __cplusplus
}
#endif
