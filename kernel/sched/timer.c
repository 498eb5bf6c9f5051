/* Timers: a sorted list per hart, run from its timer interrupt. */
#include "kernel/klog.h"
#include "kernel/sched/internal.h"

void timers_init(struct hart_state *hart)
{
    spin_init(&hart->timer_lock);
    list_init(&hart->timers);
    hart->programmed_ns = UINT64_MAX;
}

/* Asks for an interrupt at the sooner of the first timer and slice_end, if none comes before. */
void timers_reprogram(struct hart_state *hart, uint64_t slice_end)
{
    spin_lock(&hart->timer_lock);
    uint64_t deadline = slice_end;
    if (!list_empty(&hart->timers)) {
        struct timer *first = list_first(&hart->timers, struct timer, link);
        if (first->deadline_ns < deadline)
            deadline = first->deadline_ns;
    }
    if (deadline < hart->programmed_ns) {
        hart->programmed_ns = deadline;
        arch_timer_set(deadline);
    }
    spin_unlock(&hart->timer_lock);
}

void timer_start(struct timer *timer, uint64_t deadline_ns, void (*expire)(struct timer *))
{
    bool were_on = arch_irq_save(); /* stay on this hart */
    struct hart_state *hart = this_hart();
    spin_lock(&hart->timer_lock);
    timer->deadline_ns = deadline_ns;
    timer->expire = expire;
    timer->hart = (int)(hart - sched_harts);
    struct list *at = hart->timers.next;
    while (at != &hart->timers && list_entry(at, struct timer, link)->deadline_ns <= deadline_ns)
        at = at->next;
    list_insert(&timer->link, at->prev, at);
    spin_unlock(&hart->timer_lock);
    timers_reprogram(hart, UINT64_MAX);
    arch_irq_restore(were_on);
}

bool timer_stop(struct timer *timer)
{
    int index = __atomic_load_n(&timer->hart, __ATOMIC_ACQUIRE);
    if (index >= 0) {
        struct hart_state *hart = &sched_harts[index];
        spin_lock(&hart->timer_lock);
        bool armed = timer->hart == index;
        if (armed) {
            list_del(&timer->link);
            timer->hart = -1;
        }
        spin_unlock(&hart->timer_lock);
        if (armed)
            return true;
    }
    /* It went off. Wait for its expire() on another hart: the caller may free the timer. */
    for (unsigned i = 0; i < arch_hart_count(); i++)
        while (__atomic_load_n(&sched_harts[i].running, __ATOMIC_ACQUIRE) == timer) {
            if (&sched_harts[i] == this_hart())
                break;
            arch_pause();
        }
    return false;
}

void timers_run(struct hart_state *hart, uint64_t now)
{
    spin_lock(&hart->timer_lock);
    hart->programmed_ns = UINT64_MAX;
    while (!list_empty(&hart->timers)) {
        struct timer *timer = list_first(&hart->timers, struct timer, link);
        if (timer->deadline_ns > now)
            break;
        list_del(&timer->link);
        __atomic_store_n(&hart->running, timer, __ATOMIC_RELAXED);
        __atomic_store_n(&timer->hart, -1, __ATOMIC_RELEASE);
        spin_unlock(&hart->timer_lock);
        timer->expire(timer);
        spin_lock(&hart->timer_lock);
        __atomic_store_n(&hart->running, NULL, __ATOMIC_RELEASE);
    }
    spin_unlock(&hart->timer_lock);
}
