/*
 * SBI "Performance Monitoring Unit Extension". A hart's logical counters are its own, in the order
 * of their CSR numbers, and behind them PMU_FW_COUNTERS of the firmware's. cycle and instret run
 * from the start, for those who read them without asking; started means started by a call.
 */
#include "sbi/csr.h"
#include "sbi/ecall.h"
#include "sbi/platform.h"
#include "sbi/pmu.h"

/* The next counter of a set from *index on; false behind the last. Valid sets only. */
static bool next_counter(unsigned long base, unsigned long mask, unsigned *index)
{
    for (; *index - base < 8 * sizeof(long); (*index)++)
        if (mask >> (*index - base) & 1)
            return true;
    return false;
}

#define for_each_counter(index, base, mask) \
    for (unsigned index = base; next_counter(base, mask, &index); index++)

static bool is_valid_set(const struct pmu *pmu, unsigned long base, unsigned long mask)
{
    unsigned n = pmu_total(pmu);
    return base < n && mask && (n - base >= 8 * sizeof(long) || mask >> (n - base) == 0);
}

static struct sbiret get_info(const struct pmu *pmu, unsigned long index)
{
    if (index >= pmu_total(pmu))
        return sbi_error(SBI_ERR_INVALID_PARAM);
    if (index >= pmu_fw_first(pmu))
        return sbi_value(1UL << (8 * sizeof(long) - 1));
    return sbi_value(63UL << 12 | (0xc00 + pmu->hw[index].csr));
}

/* Whether the counter can count the event. */
static bool can_count(const struct pmu *pmu, unsigned index, uint32_t event, uint64_t data)
{
    if (index < pmu_fw_first(pmu))
        return pmu_event_counters(event, data) >> pmu->hw[index].csr & 1;
    return event >> 16 == PMU_EVENT_FW && (event & 0xffff) <= SBI_PMU_FW_SFENCE_VMA_ASID_RECEIVED &&
           data == 0;
}

static bool is_free(const struct pmu *pmu, unsigned index)
{
    return index < pmu_fw_first(pmu) ? pmu->hw[index].event == PMU_NONE
                                     : pmu->fw_event[index - pmu_fw_first(pmu)] == PMU_NO_EVENT;
}

/* A counter of the set that does not run, rather one without an event; PMU_NONE if there is none.
 */
static unsigned find_counter(const struct pmu *pmu, unsigned long base, unsigned long mask,
                             uint32_t event, uint64_t data)
{
    unsigned found = PMU_NONE;
    for_each_counter(i, base, mask)
    {
        if (pmu_is_started(pmu, i) || !can_count(pmu, i, event, data))
            continue;
        if (is_free(pmu, i))
            return i;
        if (found == PMU_NONE)
            found = i;
    }
    return found;
}

static void assign_event(struct pmu *pmu, unsigned index, unsigned long flags, uint32_t event,
                         uint64_t data)
{
    if (index >= pmu_fw_first(pmu)) {
        pmu->fw_event[index - pmu_fw_first(pmu)] = event & 0xffff;
        return;
    }
    uint64_t select = pmu_event_select(event, data);
    if (pmu->has_overflow) {
        select |= flags & SBI_PMU_CFG_SET_MINH ? HPMEVENT_MINH : 0;
        select |= flags & SBI_PMU_CFG_SET_SINH ? HPMEVENT_SINH : 0;
        select |= flags & SBI_PMU_CFG_SET_UINH ? HPMEVENT_UINH : 0;
    }
    pmu->hw[index].event = event;
    pmu_hw_set_event(pmu->hw[index].csr, select);
}

static struct sbiret config_matching(struct hart *self, unsigned long base, unsigned long mask,
                                     unsigned long flags, uint32_t event, uint64_t data)
{
    struct pmu *pmu = &self->pmu;
    if (!is_valid_set(pmu, base, mask) || flags & ~SBI_PMU_CFG_ALL)
        return sbi_error(SBI_ERR_INVALID_PARAM);
    unsigned index = base;
    if (flags & SBI_PMU_CFG_SKIP_MATCH) {
        next_counter(base, mask, &index);
        if (pmu_is_started(pmu, index) || !can_count(pmu, index, event, data))
            index = PMU_NONE;
    } else {
        index = find_counter(pmu, base, mask, event, data);
    }
    if (index == PMU_NONE)
        return sbi_error(SBI_ERR_NOT_SUPPORTED);
    if (index < pmu_fw_first(pmu))
        csr_set(mcountinhibit, 1UL << pmu->hw[index].csr);
    assign_event(pmu, index, flags, event, data);
    if (flags & SBI_PMU_CFG_CLEAR_VALUE)
        pmu_set_value(pmu, index, 0);
    if (flags & SBI_PMU_CFG_AUTO_START)
        pmu_run(self, index, true);
    return sbi_value(index);
}

static volatile struct sbi_pmu_snapshot *snapshot_of(const struct pmu *pmu)
{
    return pmu->shmem == PMU_NO_SHMEM ? NULL : (struct sbi_pmu_snapshot *)pmu->shmem;
}

/* All of the set that can be started are, also if the answer is that some ran already. */
static struct sbiret counter_start(struct hart *self, unsigned long base, unsigned long mask,
                                   unsigned long flags, uint64_t value)
{
    struct pmu *pmu = &self->pmu;
    const volatile struct sbi_pmu_snapshot *snapshot = snapshot_of(pmu);
    long error = SBI_SUCCESS;
    if (!is_valid_set(pmu, base, mask) || flags > SBI_PMU_START_SNAPSHOT)
        return sbi_error(SBI_ERR_INVALID_PARAM);
    if (flags & SBI_PMU_START_SNAPSHOT && !snapshot)
        return sbi_error(SBI_ERR_NO_SHMEM);
    for_each_counter(i, base, mask) if (i >= pmu_fw_first(pmu) && is_free(pmu, i)) return sbi_error(
        SBI_ERR_INVALID_PARAM); /* nothing to count */
    for_each_counter(i, base, mask)
    {
        if (pmu_is_started(pmu, i)) {
            error = SBI_ERR_ALREADY_STARTED;
            continue;
        }
        if (flags & SBI_PMU_START_SET_VALUE)
            pmu_set_value(pmu, i, value);
        else if (flags & SBI_PMU_START_SNAPSHOT)
            pmu_set_value(pmu, i, snapshot->values[i - base]);
        pmu_run(self, i, true);
    }
    return sbi_error(error);
}

static void take_snapshot(const struct pmu *pmu, volatile struct sbi_pmu_snapshot *to,
                          unsigned slot, unsigned index)
{
    bool overflown = index < pmu_fw_first(pmu) && pmu->has_overflow &&
                     pmu_hw_event(pmu->hw[index].csr) & HPMEVENT_OF;
    uint64_t map = to->overflow & ~(1ull << slot);
    to->overflow = map | (uint64_t)overflown << slot;
    to->values[slot] = pmu_value(pmu, index);
}

static void unmap(struct pmu *pmu, unsigned index)
{
    if (index >= pmu_fw_first(pmu)) {
        pmu->fw_event[index - pmu_fw_first(pmu)] = PMU_NO_EVENT;
        return;
    }
    pmu->hw[index].event = PMU_NONE;
    pmu_hw_set_event(pmu->hw[index].csr, 0);
}

static struct sbiret counter_stop(struct hart *self, unsigned long base, unsigned long mask,
                                  unsigned long flags)
{
    struct pmu *pmu = &self->pmu;
    volatile struct sbi_pmu_snapshot *snapshot = snapshot_of(pmu);
    long error = SBI_SUCCESS;
    if (!is_valid_set(pmu, base, mask) || flags > (SBI_PMU_STOP_RESET | SBI_PMU_STOP_SNAPSHOT))
        return sbi_error(SBI_ERR_INVALID_PARAM);
    if (flags & SBI_PMU_STOP_SNAPSHOT && !snapshot)
        return sbi_error(SBI_ERR_NO_SHMEM);
    for_each_counter(i, base, mask)
    {
        if (pmu_is_started(pmu, i))
            pmu_run(self, i, false);
        else
            error = SBI_ERR_ALREADY_STOPPED;
        if (flags & SBI_PMU_STOP_SNAPSHOT)
            take_snapshot(pmu, snapshot, i - base, i);
        if (flags & SBI_PMU_STOP_RESET)
            unmap(pmu, i);
    }
    return sbi_error(error);
}

static struct sbiret fw_read(const struct pmu *pmu, unsigned long index, bool high)
{
    if (index < pmu_fw_first(pmu) || index >= pmu_total(pmu))
        return sbi_error(SBI_ERR_INVALID_PARAM);
    uint64_t value = pmu->fw_value[index - pmu_fw_first(pmu)];
    return sbi_value(!high ? (unsigned long)value : sizeof(long) == 8 ? 0 : value >> 32);
}

static struct sbiret set_shmem(struct pmu *pmu, unsigned long low, unsigned long high,
                               unsigned long flags)
{
    bool none = low == -1ul && high == -1ul;
    if (flags || (!none && low % 4096))
        return sbi_error(SBI_ERR_INVALID_PARAM);
    if (!none && (high || !platform_is_smode_ram(low, 4096)))
        return sbi_error(SBI_ERR_INVALID_ADDRESS);
    pmu->shmem = none ? PMU_NO_SHMEM : low;
    return sbi_value(0);
}

static bool is_countable(const struct pmu *pmu, uint32_t event, uint64_t data)
{
    for (unsigned i = 0; i < pmu_total(pmu); i++)
        if (can_count(pmu, i, event, data))
            return true;
    return false;
}

static struct sbiret event_get_info(const struct pmu *pmu, unsigned long low, unsigned long high,
                                    unsigned long count, unsigned long flags)
{
    volatile struct sbi_pmu_event_info *info = (struct sbi_pmu_event_info *)low;
    if (flags || low % 16)
        return sbi_error(SBI_ERR_INVALID_PARAM);
    if (high || count > ~0ul / 16 || !platform_is_smode_ram(low, 16 * count))
        return sbi_error(SBI_ERR_INVALID_ADDRESS);
    for (unsigned long i = 0; i < count; i++)
        if (info[i].event >> 20)
            return sbi_error(SBI_ERR_INVALID_PARAM);
    for (unsigned long i = 0; i < count; i++)
        info[i].output = is_countable(pmu, info[i].event & 0xfffff, info[i].data);
    return sbi_value(0);
}

/* A 64-bit argument: one register, or two on RV32. */
static uint64_t wide(unsigned long low, unsigned long high)
{
    return sizeof(long) == 8 ? low : (uint64_t)high << 32 | low;
}

static bool pmu_available(void)
{
    unsigned long ignored;
    return csr_probe(mcountinhibit, &ignored);
}

static struct sbiret pmu_call(ECALL_ARGS)
{
    struct hart *self = hart_self();
    struct pmu *pmu = &self->pmu;
    switch (fid) {
    case SBI_PMU_NUM_COUNTERS: return sbi_value(pmu_total(pmu));
    case SBI_PMU_COUNTER_GET_INFO: return get_info(pmu, a0);
    case SBI_PMU_COUNTER_CONFIG_MATCHING:
        return config_matching(self, a0, a1, a2, a3, wide(a4, a5));
    case SBI_PMU_COUNTER_START: return counter_start(self, a0, a1, a2, wide(a3, a4));
    case SBI_PMU_COUNTER_STOP: return counter_stop(self, a0, a1, a2);
    case SBI_PMU_COUNTER_FW_READ: return fw_read(pmu, a0, false);
    case SBI_PMU_COUNTER_FW_READ_HI: return fw_read(pmu, a0, true);
    case SBI_PMU_SNAPSHOT_SET_SHMEM: return set_shmem(pmu, a0, a1, a2);
    case SBI_PMU_EVENT_GET_INFO: return event_get_info(pmu, a0, a1, a2, a3);
    default: return sbi_error(SBI_ERR_NOT_SUPPORTED);
    }
}

const struct ext ext_pmu = {SBI_EXT_PMU, SBI_EXT_PMU, pmu_available, pmu_call};
