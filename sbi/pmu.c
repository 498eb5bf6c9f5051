/* The counters of a hart: registers by number (hpm.S), and the firmware's own. */
#include "lib/string.h"
#include "sbi/csr.h"
#include "sbi/pmu.h"

/* hpm.S */
bool hpm_exists(unsigned n);
unsigned long hpm_counter_read(unsigned n), hpm_event_read(unsigned n);
unsigned long hpm_counterh_read(unsigned n), hpm_eventh_read(unsigned n);
void hpm_counter_write(unsigned n, unsigned long value), hpm_event_write(unsigned n, unsigned long);
void hpm_counterh_write(unsigned n, unsigned long value),
    hpm_eventh_write(unsigned n, unsigned long);

static uint64_t hw_value(unsigned n)
{
#if __riscv_xlen == 64
    return hpm_counter_read(n);
#else
    unsigned long high, low;
    do {
        high = hpm_counterh_read(n);
        low = hpm_counter_read(n);
    } while (hpm_counterh_read(n) != high);
    return (uint64_t)high << 32 | low;
#endif
}

static void hw_set_value(unsigned n, uint64_t value)
{
    hpm_counter_write(n, value);
#if __riscv_xlen == 32
    hpm_counterh_write(n, value >> 32);
    hpm_counter_write(n, value); /* a carry may have gone up between the two */
#endif
}

uint64_t pmu_hw_event(unsigned n)
{
    if (n < PMU_FIRST_HPM)
        return 0;
#if __riscv_xlen == 64
    return hpm_event_read(n);
#else
    uint64_t high = hart_self()->pmu.has_overflow ? hpm_eventh_read(n) : 0;
    return high << 32 | hpm_event_read(n);
#endif
}

void pmu_hw_set_event(unsigned n, uint64_t select)
{
    if (n < PMU_FIRST_HPM)
        return;
    hpm_event_write(n, select);
#if __riscv_xlen == 32
    if (hart_self()->pmu.has_overflow)
        hpm_eventh_write(n, select >> 32);
#endif
}

uint64_t pmu_value(const struct pmu *pmu, unsigned index)
{
    return index < pmu_fw_first(pmu) ? hw_value(pmu->hw[index].csr)
                                     : pmu->fw_value[index - pmu_fw_first(pmu)];
}

void pmu_set_value(struct pmu *pmu, unsigned index, uint64_t value)
{
    if (index < pmu_fw_first(pmu))
        hw_set_value(pmu->hw[index].csr, value);
    else
        pmu->fw_value[index - pmu_fw_first(pmu)] = value;
}

/* What the firmware counts now; what it must see for that is made to come here. */
static void update_fw_events(struct hart *self)
{
    struct pmu *pmu = &self->pmu;
    unsigned long watched = 1UL << CAUSE_LOAD_ACCESS | 1UL << CAUSE_STORE_ACCESS;
    pmu->fw_events = 0;
    for (unsigned i = 0; i < PMU_FW_COUNTERS; i++)
        if (pmu_is_started(pmu, pmu_fw_first(pmu) + i))
            pmu->fw_events |= 1u << pmu->fw_event[i];
    unsigned long ours = (pmu->fw_events >> SBI_PMU_FW_ACCESS_LOAD & 1UL) << CAUSE_LOAD_ACCESS |
                         (pmu->fw_events >> SBI_PMU_FW_ACCESS_STORE & 1UL) << CAUSE_STORE_ACCESS |
                         (pmu->fw_events >> SBI_PMU_FW_ILLEGAL_INSN & 1UL) << CAUSE_ILLEGAL_INSN;
    if (self->has_counters)
        watched |= 1UL << CAUSE_ILLEGAL_INSN;
    csr_set(medeleg, watched & ~ours);
    csr_clear(medeleg, ours);
    self->timer_fast = pmu->fw_events >> SBI_PMU_FW_SET_TIMER & 1 ? HART_TIMER_NONE : self->timer;
}

void pmu_run(struct hart *self, unsigned index, bool run)
{
    struct pmu *pmu = &self->pmu;
    uint64_t bit = 1ull << index;
    pmu->started = run ? pmu->started | bit : pmu->started & ~bit;
    if (index >= pmu_fw_first(pmu)) {
        update_fw_events(self);
        return;
    }
    unsigned n = pmu->hw[index].csr;
    if (run) {
        if (pmu->has_overflow)
            pmu_hw_set_event(n, pmu_hw_event(n) & ~HPMEVENT_OF);
        csr_clear(mcountinhibit, 1UL << n);
    } else {
        csr_set(mcountinhibit, 1UL << n);
    }
}

void pmu_add(struct hart *self, unsigned event)
{
    struct pmu *pmu = &self->pmu;
    for (unsigned i = 0; i < PMU_FW_COUNTERS; i++)
        if (pmu_is_started(pmu, pmu_fw_first(pmu) + i) && pmu->fw_event[i] == event)
            pmu->fw_value[i]++;
}

void pmu_init(struct hart *self)
{
    struct pmu *pmu = &self->pmu;
    unsigned long ignored;
    memset(pmu, 0, sizeof(*pmu));
    if (!csr_try_write(mcountinhibit, ~0UL) || !csr_probe(mcycle, &ignored))
        return;
    pmu->present = true;
    unsigned top = csr_probe(mhpmevent3, &ignored) ? 32 : PMU_FIRST_HPM;
    for (unsigned n = PMU_CYCLE; n < top; n++) {
        if (n == 1 || (n >= PMU_FIRST_HPM && !hpm_exists(n)))
            continue;
        pmu->hw[pmu->hw_count].csr = n;
        pmu->hw[pmu->hw_count++].event = PMU_NONE;
    }
    csr_write(mcountinhibit, 0);
    /* Sscofpmf: scountovf, and the inhibit bits of mhpmevent. */
    pmu->has_overflow = top > PMU_FIRST_HPM && csr_probe(0xda0, &ignored);
}

void pmu_reset(struct hart *self)
{
    struct pmu *pmu = &self->pmu;
    if (!pmu->present)
        return;
    pmu->started = 0;
    pmu->shmem = PMU_NO_SHMEM;
    for (unsigned i = 0; i < pmu->hw_count; i++) {
        pmu->hw[i].event = PMU_NONE;
        pmu_hw_set_event(pmu->hw[i].csr, 0);
    }
    csr_write(mcountinhibit, 0);
    for (unsigned i = 0; i < PMU_FW_COUNTERS; i++)
        pmu->fw_event[i] = PMU_NO_EVENT;
    update_fw_events(self);
}
