/*
 * Signals: sending, default actions, ignoring. Handlers and stopping are not there: a signal ends
 * its process, or nothing happens. SIGSTOP and its kin do nothing.
 */
#include "abi/errno.h"
#include "abi/signal.h"
#include "abi/wait.h"
#include "kernel/arch/hooks.h"
#include "kernel/klog.h"
#include "kernel/proc/internal.h"
#include "kernel/sched/internal.h"
#include "kernel/sched/job.h"

#define INIT_PATIENCE_NS 10000000 /* between tries of init's to get memory */

#define BIT(sig) ((uint64_t)1 << ((sig)-1))

/* Whose default is to be ignored, or to stop or continue, which has no effect here. */
#define HARMLESS                                                                               \
    (BIT(SIGCHLD) | BIT(SIGURG) | BIT(SIGWINCH) | BIT(SIGCONT) | BIT(SIGSTOP) | BIT(SIGTSTP) | \
     BIT(SIGTTIN) | BIT(SIGTTOU))

bool signal_ignored(const struct proc *proc, int sig)
{
    if (proc == proc_init_process)
        return true; /* it has no handlers, and nobody may end it */
    return (HARMLESS | proc->ignored) & BIT(sig);
}

void signal_locked(struct proc *proc, int sig)
{
    if (proc->state == PROC_ZOMBIE || signal_ignored(proc, sig))
        return;
    proc->pending |= BIT(sig);
    thread_interrupt(&proc->thread);
}

void proc_signal(struct proc *proc, int sig)
{
    spin_lock(&proc_lock);
    signal_locked(proc, sig);
    spin_unlock(&proc_lock);
}

/* ---- receiving: from exit_to_user() */

void proc_user_work(struct thread *thread)
{
    struct proc *proc = container_of(thread, struct proc, thread);
    spin_lock(&proc_lock);
    thread_clear_work(thread, THREAD_WORK_SIGNAL);
    uint64_t pending = proc->pending;
    proc->pending = 0;
    spin_unlock(&proc_lock);
    for (int sig = 1; sig < ABI_NSIG; sig++)
        if (pending & BIT(sig))
            proc_exit(ABI_W_SIGNALED(sig));
}

/* A fault the program cannot go on from. */
static void user_fault(enum arch_fault fault, const char *name, vaddr_t pc, vaddr_t address,
                       int error)
{
    static const int signals[] = {
        [FAULT_ACCESS] = SIGSEGV,     [FAULT_BUS] = SIGBUS,       [FAULT_ILLEGAL] = SIGILL,
        [FAULT_BREAKPOINT] = SIGTRAP, [FAULT_ALIGNMENT] = SIGBUS,
    };
    struct proc *self = current_proc();
    int sig = signals[fault];
    if (fault == FAULT_ACCESS && (error == -ENXIO || error == -EIO))
        sig = SIGBUS;
    if (fault == FAULT_ACCESS && error == -ENOMEM && self == proc_init_process) {
        thread_sleep_until(time_ns() + INIT_PATIENCE_NS); /* others go first; then again */
        return;
    }
    if (fault == FAULT_ACCESS && error == -ENOMEM) {
        klog(LOG_NOTICE, "%s[%d]: killed, out of memory", self->thread.name, self->pid);
        proc_exit(ABI_W_SIGNALED(SIGKILL));
    }
    klog(LOG_NOTICE, "%s[%d]: %s at pc 0x%lx, address 0x%lx", self->thread.name, self->pid, name,
         (unsigned long)pc, (unsigned long)address);
    proc_exit(ABI_W_SIGNALED(sig));
}

/* ---- dispositions */

int proc_set_ignored(int sig, bool ignore, bool *was)
{
    struct proc *self = current_proc();
    if (sig < 1 || sig >= ABI_NSIG || sig == SIGKILL || sig == SIGSTOP)
        return -EINVAL;
    spin_lock(&proc_lock);
    *was = self->ignored & BIT(sig);
    self->ignored = ignore ? self->ignored | BIT(sig) : self->ignored & ~BIT(sig);
    if (ignore)
        self->pending &= ~BIT(sig);
    spin_unlock(&proc_lock);
    return 0;
}

bool proc_ignores(int sig)
{
    return current_proc()->ignored & BIT(sig);
}

/* ---- kill(2) */

static bool kill_matches(const struct proc *proc, const struct proc *self, int pid)
{
    if (pid == -1)
        return proc != self && proc != proc_init_process;
    return proc->pgrp == (pid == 0 ? self->pgrp : -pid);
}

int proc_kill(int pid, int sig)
{
    struct proc *self = current_proc(), *proc;
    if (sig < 0 || sig >= ABI_NSIG)
        return -EINVAL;
    if (pid == INT32_MIN) /* has no positive counterpart */
        return -ESRCH;
    int result = -ESRCH;
    spin_lock(&proc_lock);
    if (pid > 0) {
        proc = proc_find(pid);
        if (proc) {
            result = 0;
            if (sig)
                signal_locked(proc, sig);
        }
    } else {
        list_for_each_entry (proc, &proc_all, all_link) {
            if (!kill_matches(proc, self, pid))
                continue;
            result = 0;
            if (sig)
                signal_locked(proc, sig);
        }
    }
    spin_unlock(&proc_lock);
    return result;
}

int proc_kill_pgrp(int pgrp, int sig)
{
    struct proc *proc;
    int result = -ESRCH;
    spin_lock(&proc_lock);
    list_for_each_entry (proc, &proc_all, all_link) {
        if (proc->pgrp != pgrp)
            continue;
        result = 0;
        if (sig)
            signal_locked(proc, sig);
    }
    spin_unlock(&proc_lock);
    return result;
}

/* ---- what drivers may ask (sched/job.h) */

static int job_pid(void)
{
    struct proc *self = current_proc();
    return self ? self->pid : 0;
}

static int job_pgrp(void)
{
    struct proc *self = current_proc();
    return self ? self->pgrp : 0;
}

static int job_session(void)
{
    struct proc *self = current_proc();
    return self ? self->session : 0;
}

static bool job_in_session(int pgrp, int session)
{
    struct proc *proc;
    bool found = false;
    spin_lock(&proc_lock);
    list_for_each_entry (proc, &proc_all, all_link)
        found |= proc->pgrp == pgrp && proc->session == session && proc->state == PROC_ALIVE;
    spin_unlock(&proc_lock);
    return found;
}

static void job_signal(int sig)
{
    struct proc *self = current_proc();
    if (self)
        proc_signal(self, sig);
}

static bool job_ignores(int sig)
{
    struct proc *self = current_proc();
    return !self || self->ignored & BIT(sig);
}

void (*proc_door)(struct context *context);

void proc_init(void (*door)(struct context *context))
{
    static const struct job_ops ops = {
        .current_pid = job_pid,
        .current_pgrp = job_pgrp,
        .current_session = job_session,
        .signal_pgrp = proc_kill_pgrp,
        .pgrp_in_session = job_in_session,
        .signal_current = job_signal,
        .current_ignores = job_ignores,
    };
    proc_door = door;
    arch_hooks.user_fault = user_fault;
    job_register(&ops);
}
