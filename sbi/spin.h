/* A spin lock. M-mode runs with interrupts off, so holding one cannot be interrupted. */
#pragma once

#include "sbi/csr.h"

struct spin {
    int taken;
};

static inline void spin_lock(struct spin *lock)
{
    while (__atomic_exchange_n(&lock->taken, 1, __ATOMIC_ACQUIRE)) {
        while (__atomic_load_n(&lock->taken, __ATOMIC_RELAXED))
            pause();
    }
}

static inline void spin_unlock(struct spin *lock)
{
    __atomic_store_n(&lock->taken, 0, __ATOMIC_RELEASE);
}
