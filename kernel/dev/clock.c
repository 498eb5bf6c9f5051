/* The wall clock: what an RTC said once, plus the time since. */
#include "kernel/arch/arch.h"
#include "kernel/dev/dev.h"
#include "kernel/sched/sched.h"

static int64_t offset_ns; /* of 1970 UTC from time_ns()'s zero; under clock_lock where it tears */
static struct spinlock clock_lock = SPINLOCK_INIT;

int64_t clock_realtime_ns(void)
{
    int64_t offset;
    if (sizeof(long) == sizeof offset) {
        offset = __atomic_load_n(&offset_ns, __ATOMIC_RELAXED);
    } else {
        spin_lock(&clock_lock);
        offset = offset_ns;
        spin_unlock(&clock_lock);
    }
    return (int64_t)time_ns() + offset;
}

void clock_set_realtime_ns(int64_t now)
{
    spin_lock(&clock_lock);
    offset_ns = now - (int64_t)time_ns();
    spin_unlock(&clock_lock);
}

void clock_set_source(int64_t (*read_ns)(void))
{
    clock_set_realtime_ns(read_ns());
}
