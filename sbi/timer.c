#include "sbi/csr.h"
#include "sbi/platform.h"
#include "sbi/pmu.h"
#include "sbi/timer.h"

/* mtimecmp, in halves on RV32: all ones in between, so that no time on the way is due. */
static void mtimecmp_write(uintptr_t address, uint64_t when)
{
#if __riscv_xlen == 64
    *(volatile uint64_t *)address = when;
#else
    volatile uint32_t *half = (volatile uint32_t *)address;
    half[0] = ~0u;
    half[1] = (uint32_t)(when >> 32);
    half[0] = (uint32_t)when;
#endif
}

static void stimecmp_write(uint64_t when)
{
#if __riscv_xlen == 64
    csr_write(stimecmp, when);
#else
    csr_write(stimecmp, ~0ul);
    csr_write(stimecmph, when >> 32);
    csr_write(stimecmp, when);
#endif
}

void timer_set(struct hart *self, uint64_t when)
{
    pmu_count(self, SBI_PMU_FW_SET_TIMER);
    if (self->timer == HART_TIMER_SSTC) {
        stimecmp_write(when);
    } else if (self->timer != HART_TIMER_NONE) {
        mtimecmp_write(self->timer, when);
        csr_clear(mip, MIP_STIP);
        csr_set(mie, MIP_MTIP);
    }
}

void timer_init(struct hart *self)
{
    self->timer = self->has_sstc   ? HART_TIMER_SSTC
                  : self->mtimecmp ? self->mtimecmp
                                   : HART_TIMER_NONE;
    self->timer_fast = self->timer;
    timer_set(self, ~0ull);
    if (self->mtimecmp)
        mtimecmp_write(self->mtimecmp, ~0ull);
    csr_clear(mie, MIP_MTIP);
}

/* MTIP stays up until mtimecmp changes, so it is masked until the next timer_set(). */
void timer_take(void)
{
    csr_clear(mie, MIP_MTIP);
    csr_set(mip, MIP_STIP);
}

uint64_t timer_read(void)
{
    uintptr_t mtime = platform.mtime;
    if (!mtime)
        return 0;
#if __riscv_xlen == 64
    return *(volatile uint64_t *)mtime;
#else
    volatile uint32_t *half = (volatile uint32_t *)mtime;
    uint32_t high, low;
    do {
        high = half[1];
        low = half[0];
    } while (half[1] != high);
    return (uint64_t)high << 32 | low;
#endif
}
