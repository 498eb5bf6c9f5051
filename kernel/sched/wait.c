/* Sleeping: wait queues, mutexes, and sleeps that only a timer ends. */
#include "abi/errno.h"
#include "kernel/klog.h"
#include "kernel/sched/internal.h"

void waitq_init(struct waitq *wq)
{
    list_init(&wq->waiters);
}

/* The thread leaves its queue and becomes ready; its sleep returns `result`. sched_lock held. */
void wake_thread(struct thread *thread, int result)
{
    if (thread->waiting) {
        list_del(&thread->run_link);
        thread->waiting = NULL;
    }
    thread->wake_result = result;
    thread_make_ready(thread);
}

static void sleep_expired(struct timer *timer)
{
    struct thread *thread = container_of(timer, struct thread, timer);
    spin_lock(&sched_lock);
    if (thread->state == THREAD_SLEEPING || thread->state == THREAD_BLOCKED)
        wake_thread(thread, -ETIMEDOUT);
    spin_unlock(&sched_lock);
}

/* The one way to sleep. wq and held may be NULL; returns 0, -EINTR or -ETIMEDOUT. */
static int sleep_on(struct waitq *wq, struct spinlock *held, enum thread_state state,
                    uint64_t deadline_ns)
{
    struct thread *self = current();
    if (self->arch.in_irq || self->arch.irq_depth != (held ? 1 : 0))
        panic("sleep with a spinlock held or in an interrupt");
    spin_lock(&sched_lock);
    if (state == THREAD_SLEEPING && self->arch.work & THREAD_WORK_SIGNAL) {
        spin_unlock(&sched_lock);
        return -EINTR;
    }
    self->state = state;
    self->wake_result = 0;
    self->waiting = wq;
    if (wq)
        list_add_tail(&wq->waiters, &self->run_link);
    if (deadline_ns != UINT64_MAX)
        timer_start(&self->timer, deadline_ns, sleep_expired);
    if (held)
        spin_unlock(held);
    switch_away();
    if (deadline_ns != UINT64_MAX)
        timer_stop(&self->timer);
    if (held)
        spin_lock(held);
    return self->wake_result;
}

int waitq_sleep(struct waitq *wq, struct spinlock *held)
{
    return sleep_on(wq, held, THREAD_SLEEPING, UINT64_MAX);
}

int waitq_sleep_until(struct waitq *wq, struct spinlock *held, uint64_t deadline_ns)
{
    return sleep_on(wq, held, THREAD_SLEEPING, deadline_ns);
}

/* As long as there are no handlers, every signal that counts ends its process. */
int waitq_sleep_killable(struct waitq *wq, struct spinlock *held)
{
    return waitq_sleep(wq, held);
}

bool thread_killed(void)
{
    return current()->arch.work & THREAD_WORK_SIGNAL;
}

void waitq_sleep_hard(struct waitq *wq, struct spinlock *held)
{
    sleep_on(wq, held, THREAD_BLOCKED, UINT64_MAX);
}

int waitq_sleep_hard_until(struct waitq *wq, struct spinlock *held, uint64_t deadline_ns)
{
    return sleep_on(wq, held, THREAD_BLOCKED, deadline_ns);
}

int thread_sleep_until(uint64_t deadline_ns)
{
    int result = sleep_on(NULL, NULL, THREAD_SLEEPING, deadline_ns);
    return result == -ETIMEDOUT ? 0 : result;
}

static void wake(struct waitq *wq, bool all)
{
    /*
     * Without a lock: a sleeper joins the queue under the lock of its condition, which the waker
     * has taken since, so a queue seen empty holds nobody the waker owes a wake-up.
     */
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (__atomic_load_n(&wq->waiters.next, __ATOMIC_RELAXED) == &wq->waiters)
        return;
    spin_lock(&sched_lock);
    while (!list_empty(&wq->waiters)) {
        wake_thread(list_first(&wq->waiters, struct thread, run_link), 0);
        if (!all)
            break;
    }
    spin_unlock(&sched_lock);
}

void waitq_wake_one(struct waitq *wq)
{
    wake(wq, false);
}

void waitq_wake_all(struct waitq *wq)
{
    wake(wq, true);
}

/* ---- mutexes */

void mutex_init(struct mutex *mutex)
{
    spin_init(&mutex->lock);
    mutex->owner = NULL;
    waitq_init(&mutex->waiters);
}

void mutex_lock(struct mutex *mutex)
{
    might_sleep();
    spin_lock(&mutex->lock);
    if (mutex->owner == current())
        panic("mutex %p taken twice", (void *)mutex);
    while (mutex->owner)
        waitq_sleep_hard(&mutex->waiters, &mutex->lock);
    mutex->owner = current();
    spin_unlock(&mutex->lock);
}

void mutex_unlock(struct mutex *mutex)
{
    spin_lock(&mutex->lock);
    KASSERT(mutex->owner == current());
    mutex->owner = NULL;
    waitq_wake_one(&mutex->waiters);
    spin_unlock(&mutex->lock);
}

bool mutex_held(const struct mutex *mutex)
{
    return mutex->owner == current();
}
