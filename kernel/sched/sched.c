/*
 * The scheduler: one run queue for all harts, round robin with time slices, idle harts asleep until
 * a reschedule interrupt. sched_lock is held across every context switch: the thread switched to
 * releases what the thread switched from took.
 */
#include "kernel/arch/hooks.h"
#include "kernel/arch/internal.h"
#include "kernel/arch/pagetable.h"
#include "kernel/klog.h"
#include "kernel/sched/internal.h"

#define SLICE_NS 10000000u /* 10 ms */

struct spinlock sched_lock = SPINLOCK_INIT;
struct hart_state sched_harts[MAX_HARTS];

static struct list ready_list;  /* sched_lock */
static unsigned long idle_mask; /* bit per hart that waits in arch_idle(); atomic */

/* ---- choosing */

/* Wakes a hart that waits, if there is one, preferably where the thread ran last. */
static void poke_idle_hart(const struct thread *thread)
{
    unsigned long idle = __atomic_load_n(&idle_mask, __ATOMIC_SEQ_CST);
    if (!idle)
        return;
    unsigned hart = thread->last_hart;
    if (!(idle & 1UL << hart))
        for (hart = 0; !(idle & 1UL << hart); hart++)
            ;
    unsigned long bit = 1UL << hart;
    if (__atomic_fetch_and(&idle_mask, ~bit, __ATOMIC_SEQ_CST) & bit && hart != arch_hart_index())
        arch_send_ipi(hart);
}

void thread_make_ready(struct thread *thread)
{
    thread->state = THREAD_READY;
    list_add_tail(&ready_list, &thread->run_link);
    poke_idle_hart(thread);
}

static struct thread *pick_next(struct hart_state *hart)
{
    if (list_empty(&ready_list))
        return hart->idle;
    struct thread *next = list_first(&ready_list, struct thread, run_link);
    list_del(&next->run_link);
    return next;
}

void switch_away(void)
{
    struct thread *prev = current();
    struct hart_state *hart = this_hart();
    unsigned index = arch_hart_index();
    struct thread *next = pick_next(hart);
    thread_clear_work(prev, THREAD_WORK_RESCHED);
    uint64_t now = time_ns();
    next->slice_end_ns = now + SLICE_NS;
    if (next != hart->idle)
        timers_reprogram(hart, next->slice_end_ns);
    next->state = THREAD_RUNNING;
    if (next == prev) {
        spin_unlock(&sched_lock);
        return;
    }
    prev->cpu_ns += now - prev->switched_in_ns;
    next->switched_in_ns = now;
    next->switches++;
    next->last_hart = index;
    next->arch.hart = index;
    hart->stats.switches++;
    hart->previous = prev;
    pt_switch(prev->arch.space, next->arch.space);
    if (prev->arch.fp)
        fp_leave(&prev->arch);
    if (next->arch.fp)
        fp_enter(&next->arch);
    context_switch(&prev->arch, &next->arch);
    thread_finish_switch(); /* on some other hart perhaps, and later */
}

/* The second half of a switch, on the new thread's stack: releases the lock the old one took. */
void thread_finish_switch(void)
{
    struct thread *prev = this_hart()->previous;
    bool dead = prev->state == THREAD_DEAD;
    sched_lock.holder = current();
    spin_unlock(&sched_lock);
    if (!dead)
        return;
    if (prev->ops)
        prev->ops->release(prev);
    else
        thread_free(prev);
}

/* ---- giving the hart away */

void thread_yield(void)
{
    struct thread *self = current();
    spin_lock(&sched_lock);
    if (list_empty(&ready_list)) {
        thread_clear_work(self, THREAD_WORK_RESCHED);
        self->slice_end_ns = time_ns() + SLICE_NS;
        spin_unlock(&sched_lock);
        return;
    }
    self->state = THREAD_READY;
    list_add_tail(&ready_list, &self->run_link);
    switch_away();
}

static void preempt(void)
{
    struct thread *self = current();
    if (self->arch.work & THREAD_WORK_RESCHED && self != this_hart()->idle)
        thread_yield();
}

static void exit_to_user(struct context *context)
{
    struct thread *self = current();
    for (;;) {
        arch_irq_save();
        unsigned long work = __atomic_load_n(&self->arch.work, __ATOMIC_ACQUIRE);
        if (!work)
            break;
        arch_irq_enable();
        if (work & THREAD_WORK_RESCHED)
            thread_yield();
        if (work & THREAD_WORK_SIGNAL)
            self->ops->user_work(self);
    }
    this_hart()->stats.user_entries++;
}

void sched_idle(void)
{
    unsigned long bit = 1UL << arch_hart_index();
    for (;;) {
        spin_lock(&sched_lock);
        if (!list_empty(&ready_list)) {
            switch_away();
            continue;
        }
        arch_irq_save();
        current()->arch.irq_were_on = false; /* stay off across the unlock, until after the wait */
        __atomic_fetch_or(&idle_mask, bit, __ATOMIC_SEQ_CST);
        spin_unlock(&sched_lock);
        this_hart()->stats.idle_waits++;
        arch_idle();
        __atomic_fetch_and(&idle_mask, ~bit, __ATOMIC_SEQ_CST);
        arch_irq_enable();
    }
}

/* ---- interrupts */

static void on_timer(void)
{
    struct hart_state *hart = this_hart();
    struct thread *self = current();
    uint64_t now = time_ns();
    hart->stats.ticks++;
    timers_run(hart, now);
    if (self == hart->idle) {
        timers_reprogram(hart, UINT64_MAX);
    } else {
        if (now >= self->slice_end_ns) {
            self->slice_end_ns = now + SLICE_NS;
            if (!list_empty(&ready_list))
                __atomic_fetch_or(&self->arch.work, THREAD_WORK_RESCHED, __ATOMIC_RELAXED);
        }
        timers_reprogram(hart, self->slice_end_ns);
    }
    if (hart->programmed_ns == UINT64_MAX)
        arch_timer_set(UINT64_MAX);
}

/* Its purpose is that the hart comes by: out of arch_idle(), or past exit_to_user(). */
static void on_ipi(void)
{
    this_hart()->stats.ipis++;
    if (arch_stopping())
        arch_halt();
}

/* ---- accounting, boot */

static unsigned popcount(unsigned long bits)
{
    unsigned count = 0;
    for (; bits; bits &= bits - 1)
        count++;
    return count;
}

const struct hart_stats *sched_stats(unsigned hart)
{
    return &sched_harts[hart].stats;
}

struct hart_stats *sched_own_stats(void)
{
    return &this_hart()->stats;
}

uint64_t thread_cpu_ns(const struct thread *thread)
{
    spin_lock(&sched_lock); /* also against a switch between the reads, when it is the caller's */
    uint64_t ns = thread->cpu_ns;
    if (thread->state == THREAD_RUNNING)
        ns += time_ns() - thread->switched_in_ns;
    spin_unlock(&sched_lock);
    return ns;
}

unsigned sched_ready_count(void)
{
    unsigned count = 0;
    struct list *pos;
    spin_lock(&sched_lock);
    list_for_each (pos, &ready_list)
        count++;
    unsigned long idle = __atomic_load_n(&idle_mask, __ATOMIC_RELAXED);
    spin_unlock(&sched_lock);
    return count + arch_hart_count() - (unsigned)popcount(idle);
}

void sched_init(void)
{
    struct thread *self = current();
    list_init(&ready_list);
    for (unsigned i = 0; i < MAX_HARTS; i++)
        timers_init(&sched_harts[i]);
    self->state = THREAD_RUNNING;
    self->arch.space = &kernel_space;
    kernel_space.satp = pt_satp(pt_kernel_root());
    self->timer.hart = -1;
    sched_harts[0].idle = self;
    arch_hooks.timer = on_timer;
    arch_hooks.ipi = on_ipi;
    arch_hooks.preempt = preempt;
    arch_hooks.exit_to_user = exit_to_user;
    arch_set_secondary_main(sched_idle);
}
