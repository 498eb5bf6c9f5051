/*
 * Spinlocks. Not ticket locks: on an emulator whose harts are threads of a busy host, handing the
 * lock to a hart that is not running costs a time slice of the host each time. The count of held
 * locks travels with the thread, so a lock taken by one thread may be released by the thread it
 * switched to (sched_lock is), and each still gets its own interrupts back.
 */
#include "kernel/klog.h"
#include "kernel/sched/sched.h"

void spin_init(struct spinlock *lock)
{
    *lock = (struct spinlock)SPINLOCK_INIT;
}

void spin_lock(struct spinlock *lock)
{
    bool were_on = arch_irq_save();
    struct thread *self = current();
    if (self->arch.irq_depth++ == 0)
        self->arch.irq_were_on = were_on;
    if (lock->holder == self)
        panic("spinlock %p taken twice", (void *)lock);
    while (__atomic_exchange_n(&lock->taken, 1, __ATOMIC_ACQUIRE))
        while (__atomic_load_n(&lock->taken, __ATOMIC_RELAXED))
            arch_pause();
    lock->holder = self;
}

void spin_unlock(struct spinlock *lock)
{
    struct thread *self = current();
    lock->holder = NULL;
    __atomic_store_n(&lock->taken, 0, __ATOMIC_RELEASE);
    if (--self->arch.irq_depth == 0)
        arch_irq_restore(self->arch.irq_were_on);
}

bool spin_held(const struct spinlock *lock)
{
    return lock->holder == current();
}

void might_sleep(void)
{
    struct thread *self = current();
    if (self->arch.irq_depth || self->arch.in_irq)
        panic("sleeping function called with a spinlock held or in an interrupt");
}
