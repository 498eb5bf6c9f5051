/* Making, starting, interrupting and ending threads. */
#include "abi/errno.h"
#include "kernel/arch/internal.h"
#include "kernel/klog.h"
#include "kernel/sched/internal.h"
#include "kernel/sched/job.h"
#include "lib/string.h"

static const struct slot_ops *slots;

void sched_set_slots(const struct slot_ops *ops)
{
    slots = ops;
}

struct thread *thread_alloc(const char *name)
{
    struct thread *thread = slots->alloc();
    if (!thread)
        return NULL;
    thread->arch.space = &kernel_space;
    thread->arch.irq_depth = 1; /* it starts inside a switch, with sched_lock held */
    thread->timer.hart = -1;
    thread->state = THREAD_BLOCKED;
    strlcpy(thread->name, name, sizeof thread->name);
    return thread;
}

void thread_free(struct thread *thread)
{
    slots->free(thread);
}

void thread_start(struct thread *thread)
{
    spin_lock(&sched_lock);
    thread_make_ready(thread);
    spin_unlock(&sched_lock);
}

static void kernel_thread_main(void)
{
    struct thread *self = current();
    self->entry(self->arg);
    thread_exit();
}

struct thread *thread_create(const char *name, void (*entry)(void *arg), void *arg)
{
    struct thread *thread = thread_alloc(name);
    if (!thread)
        return NULL;
    thread->entry = entry;
    thread->arg = arg;
    arch_kernel_context(&thread->arch, thread_finish_switch, kernel_thread_main);
    thread_start(thread);
    return thread;
}

struct arch_thread *sched_make_idle(unsigned hart)
{
    struct thread *thread = thread_alloc("idle");
    if (!thread)
        return NULL;
    thread->arch.irq_depth = 0; /* a hart enters it directly */
    thread->state = THREAD_RUNNING;
    thread->last_hart = hart;
    sched_harts[hart].idle = thread;
    return &thread->arch;
}

void thread_exit(void)
{
    might_sleep();
    spin_lock(&sched_lock);
    current()->state = THREAD_DEAD;
    switch_away();
    panic("a dead thread runs");
}

void thread_clear_work(struct thread *thread, unsigned bits)
{
    __atomic_fetch_and(&thread->arch.work, ~(unsigned long)bits, __ATOMIC_SEQ_CST);
}

void thread_interrupt(struct thread *thread)
{
    spin_lock(&sched_lock);
    __atomic_fetch_or(&thread->arch.work, THREAD_WORK_SIGNAL, __ATOMIC_SEQ_CST);
    if (thread->state == THREAD_SLEEPING)
        wake_thread(thread, -EINTR);
    else if (thread->state == THREAD_RUNNING && thread->arch.hart != arch_hart_index())
        arch_send_ipi((unsigned)thread->arch.hart);
    spin_unlock(&sched_lock);
}

/* ---- the process layer's answers to drivers */

static const struct job_ops *job;

void job_register(const struct job_ops *ops)
{
    job = ops;
}

int job_current_pid(void)
{
    return job ? job->current_pid() : 0;
}

int job_current_pgrp(void)
{
    return job ? job->current_pgrp() : 0;
}

int job_current_session(void)
{
    return job ? job->current_session() : 0;
}

int job_signal_pgrp(int pgrp, int sig)
{
    return job ? job->signal_pgrp(pgrp, sig) : -ESRCH;
}

bool job_pgrp_in_session(int pgrp, int session)
{
    return job && job->pgrp_in_session(pgrp, session);
}

void job_signal_current(int sig)
{
    if (job)
        job->signal_current(sig);
}

bool job_current_ignores(int sig)
{
    return job && job->current_ignores(sig);
}
