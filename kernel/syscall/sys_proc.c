/* Processes: clone, execve, exit, wait, ids, signals, brk. */
#include <limits.h>
#include "abi/errno.h"
#include "abi/signal.h"
#include "abi/times.h"
#include "abi/wait.h"
#include "kernel/proc/proc.h"
#include "kernel/syscall/syscall.h"

#define NS_PER_S 1000000000u

long sys_clone(ulong_t flags, ulong_t stack, struct uaddr parent_tid, ulong_t tls,
               struct uaddr child_tid)
{
    return proc_clone(flags, stack, parent_tid, tls, child_tid);
}

long sys_execve(struct uaddr path, struct uaddr argv, struct uaddr envp)
{
    return proc_execve(path, argv, envp);
}

long sys_exit(int status)
{
    proc_exit(ABI_W_EXITCODE(status));
}

/* One thread per process: its end is the group's. */
long sys_exit_group(int status)
{
    proc_exit(ABI_W_EXITCODE(status));
}

/* ---- waiting */

static int put_rusage(struct uaddr usage, uint64_t cpu_ns)
{
    struct abi_rusage ru = {
        .ru_utime = {(long)(cpu_ns / NS_PER_S), (long)(cpu_ns % NS_PER_S / 1000)},
    };
    return usage.va ? copy_out_obj(usage, &ru) : 0;
}

long sys_wait4(int pid, struct uaddr status, int options, struct uaddr usage)
{
    struct wait_result result;
    enum wait_which which = pid > 0 ? WAIT_PID : pid == -1 ? WAIT_ALL : WAIT_PGRP;
    if (options & ~(WNOHANG | WUNTRACED | WCONTINUED) || pid == INT32_MIN)
        return options & ~(WNOHANG | WUNTRACED | WCONTINUED) ? -EINVAL : -ESRCH;
    int got = proc_wait(which, pid > 0 ? pid : -pid, options & WNOHANG, &result);
    if (got <= 0)
        return got;
    if (status.va && copy_out_obj(status, &result.status) != 0)
        return -EFAULT;
    return put_rusage(usage, result.cpu_ns) ? -EFAULT : result.pid;
}

static int put_siginfo(struct uaddr info, const struct wait_result *result)
{
    struct abi_siginfo si = {0};
    if (result) {
        bool exited = (result->status & 0x7f) == 0;
        si.si_signo = SIGCHLD;
        si.si_code = exited ? ABI_CLD_EXITED : ABI_CLD_KILLED;
        si.u.child.pid = result->pid;
        si.u.child.status = exited ? result->status >> 8 & 0xff : result->status & 0x7f;
    }
    return info.va ? copy_out_obj(info, &si) : 0;
}

long sys_waitid(int idtype, int id, struct uaddr info, int options, struct uaddr usage)
{
    static const enum wait_which kinds[] = {
        [ABI_P_ALL] = WAIT_ALL, [ABI_P_PID] = WAIT_PID, [ABI_P_PGID] = WAIT_PGRP};
    struct wait_result result;
    if (options & ~(WNOHANG | WEXITED | WSTOPPED | WCONTINUED | WNOWAIT) ||
        !(options & (WEXITED | WSTOPPED | WCONTINUED)))
        return -EINVAL;
    if (idtype < ABI_P_ALL || idtype > ABI_P_PGID || (idtype == ABI_P_PID && id <= 0) || id < 0)
        return -EINVAL;
    int got = proc_wait(kinds[idtype], id, options & (WNOHANG | WNOWAIT), &result);
    if (got < 0)
        return got;
    if (put_siginfo(info, got ? &result : NULL) != 0)
        return -EFAULT;
    return got && put_rusage(usage, result.cpu_ns) != 0 ? -EFAULT : 0;
}

long sys_times(struct uaddr times)
{
    struct proc *self = current_proc();
    struct abi_tms tms = {
        .tms_utime = (long)(proc_cpu_ns(self) / (NS_PER_S / ABI_CLOCK_TICKS)),
        .tms_cutime = (long)(self->children_ns / (NS_PER_S / ABI_CLOCK_TICKS)),
    };
    if (times.va && copy_out_obj(times, &tms) != 0)
        return -EFAULT;
    return (long)(time_ns() / (NS_PER_S / ABI_CLOCK_TICKS) & LONG_MAX);
}

/* ---- identity */

long sys_getpid(void)
{
    return current_proc()->pid;
}

long sys_getppid(void)
{
    struct proc_info info;
    int error = proc_info_get(current_proc()->pid, &info);
    return error ? error : info.ppid;
}

long sys_setpgid(int pid, int pgid)
{
    return proc_setpgid(pid, pgid);
}

long sys_getpgid(int pid)
{
    return proc_getpgid(pid);
}

long sys_setsid(void)
{
    return proc_setsid();
}

/* ---- signals */

long sys_kill(int pid, int sig)
{
    return proc_kill(pid, sig);
}

/* Only SIG_DFL and SIG_IGN: handlers are refused. */
long sys_rt_sigaction(int sig, struct uaddr act, struct uaddr old, size_t set_size)
{
    struct abi_sigaction want = {0}, was = {0};
    if (set_size != sizeof want.mask || sig < 1 || sig >= ABI_NSIG)
        return -EINVAL;
    bool ignored = proc_ignores(sig);
    if (act.va) {
        if (copy_in_obj(&want, act) != 0)
            return -EFAULT;
        if (want.handler != ABI_SIG_DFL && want.handler != ABI_SIG_IGN)
            return -EINVAL;
        int error = proc_set_ignored(sig, want.handler == ABI_SIG_IGN, &ignored);
        if (error)
            return error;
    }
    was.handler = ignored ? ABI_SIG_IGN : ABI_SIG_DFL;
    return old.va ? copy_out_obj(old, &was) : 0;
}

/* ---- memory */

long sys_brk(ulong_t addr)
{
    return (long)vm_brk(current_proc()->mm, addr);
}

long sys_sched_yield(void)
{
    thread_yield();
    return 0;
}
