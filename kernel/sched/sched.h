#pragma once
/*
 * Threads, locks, wait queues and timers: everything that can make a thread wait.
 *
 * Lock order: a caller's own spinlocks > sched_lock (internal) > klog's. No function here that can
 * sleep may be called with a spinlock held or from an interrupt, except waitq_sleep*(), which gives
 * up the one lock it is told about.
 */
#include <stdbool.h>
#include <stdint.h>
#include "kernel/arch/arch.h"
#include "kernel/arch/thread.h"
#include "lib/list.h"

/* ---------------------------------------------------------------- spinlocks */

/*
 * While any is held, interrupts are off on this hart; they nest and come back on when the thread's
 * last one is released. Not recursive (a second spin_lock by the holder panics), not fair.
 */
struct spinlock {
    uint32_t taken;
    const struct thread *holder;
};

#define SPINLOCK_INIT \
    {                 \
        0, NULL       \
    }

void spin_init(struct spinlock *lock);
void spin_lock(struct spinlock *lock);
void spin_unlock(struct spinlock *lock);
bool spin_held(const struct spinlock *lock); /* by this thread */

/* Panics when the caller must not sleep: a spinlock is held, or this is an interrupt. */
void might_sleep(void);

/* ---------------------------------------------------------------- wait queues */

struct waitq {
    struct list waiters; /* threads, protected by sched_lock */
};

void waitq_init(struct waitq *wq);

/*
 * Sleeps until woken, giving up `held` meanwhile and taking it again before returning. The caller
 * tests its condition under `held` in a loop. Returns 0, or -EINTR when a signal that would end or
 * interrupt the process is pending (at once if it was pending before). A wake-up is never lost when
 * the waker changes the condition under the same lock.
 */
int waitq_sleep(struct waitq *wq, struct spinlock *held);

/* The same with a deadline on time_ns()'s clock: also -ETIMEDOUT. UINT64_MAX: no deadline. */
int waitq_sleep_until(struct waitq *wq, struct spinlock *held, uint64_t deadline_ns);

/*
 * The same, -EINTR only for a signal that ends the process, which thread_killed() tells of without
 * sleeping: for what is to be done whole by a process that goes on, such as reading a disk.
 */
int waitq_sleep_killable(struct waitq *wq, struct spinlock *held);
bool thread_killed(void);

/* The same, not to be interrupted: for short waits whose end does not depend on a user. */
void waitq_sleep_hard(struct waitq *wq, struct spinlock *held);
/* With a deadline: 0 or -ETIMEDOUT. */
int waitq_sleep_hard_until(struct waitq *wq, struct spinlock *held, uint64_t deadline_ns);

/* Wakes one or all sleepers; from any context. Cheap when nobody waits. */
void waitq_wake_one(struct waitq *wq);
void waitq_wake_all(struct waitq *wq);

/* ---------------------------------------------------------------- mutexes */

/* Sleeps while contended, not interruptible. Thread context only; released by its owner. */
struct mutex {
    struct spinlock lock;
    struct thread *owner;
    struct waitq waiters;
};

void mutex_init(struct mutex *mutex);
void mutex_lock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);
bool mutex_held(const struct mutex *mutex); /* by this thread */

/* ---------------------------------------------------------------- threads */

enum thread_state {
    THREAD_READY,    /* on the run queue */
    THREAD_RUNNING,  /* on a hart */
    THREAD_SLEEPING, /* on a wait queue or for a timer, signals wake it */
    THREAD_BLOCKED,  /* the same, signals do not wake it */
    THREAD_DEAD,     /* will never run again */
};

struct timer {
    struct list link; /* the owning hart's list, soonest first */
    uint64_t deadline_ns;
    void (*expire)(struct timer *timer); /* in interrupt context with no lock held */
    int hart;                            /* whose list, -1: not armed */
};

/* Work bits: why exit_to_user() must be entered before going back to user mode. */
#define THREAD_WORK_RESCHED 1u /* somebody else should run */
#define THREAD_WORK_SIGNAL  2u /* a signal is pending */

/*
 * A thread: the head of its control block, which lies at the start of its stack slot (see
 * arch/thread.h: control block page, guard page, kernel stack). `arch` comes first: trap.S uses it.
 */
struct thread {
    struct arch_thread arch;
    enum thread_state state; /* sched_lock */
    struct list run_link;    /* run queue or wait queue; sched_lock */
    struct waitq *waiting;   /* sched_lock */
    int wake_result;         /* what the sleep returns; sched_lock */
    unsigned slot;           /* number of its stack slot */
    uint64_t slice_end_ns;
    uint64_t cpu_ns; /* time on a hart so far, up to the last switch */
    uint64_t switched_in_ns;
    unsigned long switches; /* times it was given a hart */
    unsigned last_hart;
    struct timer timer;           /* for sleeps */
    const struct thread_ops *ops; /* NULL: a kernel thread */
    void (*entry)(void *arg);     /* kernel threads: what to run */
    void *arg;
    unsigned fail_nth; /* testing: this many allocations from now, one fails; 0: none */
    char name[16];     /* for humans, NUL-terminated */
};

/* What the process layer adds to a thread. All are called without scheduler locks. */
struct thread_ops {
    void (*user_work)(struct thread *thread); /* signals, from exit_to_user with interrupts on */
    void (*release)(struct thread *thread);   /* after it has left its stack for ever */
};

static inline struct thread *current(void)
{
    return (struct thread *)arch_current();
}

/*
 * Starts a kernel thread running entry(arg); when it returns the thread ends. Returns the thread or
 * NULL when memory or stack slots are short.
 */
struct thread *thread_create(const char *name, void (*entry)(void *arg), void *arg);

/* The current thread gives its hart away but stays ready. */
void thread_yield(void);

/* Sleeps for that long or until a signal: 0 or -EINTR. */
int thread_sleep_until(uint64_t deadline_ns);

/* Ends the current thread. Its stack slot is freed by whoever runs next. */
void thread_exit(void) __attribute__((noreturn));

/* ---------------------------------------------------------------- timers */

/* Arms a timer on this hart's list (it must not be armed). `deadline_ns` on time_ns()'s clock. */
void timer_start(struct timer *timer, uint64_t deadline_ns, void (*expire)(struct timer *));

/* Disarms it; true if it was still armed. After this `expire` may still be running elsewhere. */
bool timer_stop(struct timer *timer);

/* ---------------------------------------------------------------- accounting */

/* Per-hart counters for /proc/stat. Each hart writes only its own; readers tolerate tearing. */
struct hart_stats {
    unsigned long user_entries; /* returns to user mode */
    unsigned long ticks;        /* timer interrupts */
    unsigned long ipis;
    unsigned long external; /* external interrupts */
    unsigned long switches;
    unsigned long idle_waits; /* times the hart waited for an interrupt */
    unsigned long syscalls;
    unsigned long faults;  /* page faults */
    uint64_t user_instret; /* instructions retired since boot, as last sampled */
};

const struct hart_stats *sched_stats(unsigned hart);
/* This hart's. A caller with interrupts on may be moved meanwhile and count for the other hart. */
struct hart_stats *sched_own_stats(void);
uint64_t thread_cpu_ns(const struct thread *thread); /* time on a hart, up to now */
unsigned sched_ready_count(void); /* threads ready or running, without the idle ones */
