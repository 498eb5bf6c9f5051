#pragma once
/* Between the files of kernel/sched, and what mm, proc and main set up. */
#include "kernel/sched/sched.h"

/* Guards the run queue, all wait queues and thread states. Taken inside any other spinlock. */
extern struct spinlock sched_lock;

struct hart_state {
    struct thread *idle;
    struct thread *previous; /* what the last switch left; for finish_switch() */
    struct spinlock timer_lock;
    struct list timers;     /* soonest first */
    struct timer *running;  /* whose expire() is being called; timer_lock */
    uint64_t programmed_ns; /* the timer interrupt asked for */
    struct hart_stats stats;
};

extern struct hart_state sched_harts[MAX_HARTS];

static inline struct hart_state *this_hart(void)
{
    return &sched_harts[arch_hart_index()];
}

/* Where stack slots come from (mm): zeroed control block and a stack, or NULL; neither sleeps. */
struct slot_ops {
    struct thread *(*alloc)(void);
    void (*free)(struct thread *thread);
};

/* ---- boot */

void sched_init(void); /* the running code becomes hart 0's idle thread */
void sched_set_slots(const struct slot_ops *ops); /* before any thread is made */
struct arch_thread *sched_make_idle(unsigned hart);
void sched_idle(void) __attribute__((noreturn));

/* ---- threads, for the process layer */

struct thread *thread_alloc(const char *name); /* a slot, not yet to be run; NULL without memory */
void thread_free(struct thread *thread);  /* one that never ran, or has ended and left its stack */
void thread_start(struct thread *thread); /* makes it ready; its stack has been prepared */
void thread_finish_switch(void);          /* a new thread's first step (arch contexts call it) */

/* Sets or clears work bits; setting SIGNAL wakes an interruptible sleep and reaches a running one.
 */
void thread_interrupt(struct thread *thread);
void thread_clear_work(struct thread *thread, unsigned bits);

/* ---- inside */

void thread_make_ready(struct thread *thread);       /* sched_lock held */
void switch_away(void);                              /* sched_lock held; the current state is set */
void wake_thread(struct thread *thread, int result); /* sched_lock held, thread asleep */

void timers_init(struct hart_state *hart);
void timers_run(struct hart_state *hart, uint64_t now);             /* in the timer interrupt */
void timers_reprogram(struct hart_state *hart, uint64_t slice_end); /* interrupts off */
