/* Performance counters: the hart's own and the firmware's. Registers are named by CSR number. */
#pragma once

#include "lib/fdt.h"
#include "sbi/hart.h"

#define PMU_NONE      (~0u)
#define PMU_CYCLE     0u
#define PMU_INSTRET   2u
#define PMU_FIRST_HPM 3u

/* Types of events: bits 19 to 16 of an event's number. */
enum {
    PMU_EVENT_HW,
    PMU_EVENT_CACHE,
    PMU_EVENT_RAW,
    PMU_EVENT_RAW2,
    PMU_EVENT_FW = 15,
};

/* mhpmevent with Sscofpmf, as 64 bits on both XLENs. */
#define HPMEVENT_OF   (1ull << 63)
#define HPMEVENT_MINH (1ull << 62)
#define HPMEVENT_SINH (1ull << 61)
#define HPMEVENT_UINH (1ull << 60)

/* ---- Events (pmu_events.c) ---- */

/* Read the node riscv,pmu: which events the harts count, and where. Before the first entry. */
void pmu_read_tree(struct fdt *tree, int node);

/* The harts' counters, a mask by number, that can count the event; data as in the SBI calls. */
uint32_t pmu_event_counters(uint32_t event, uint64_t data);

/* The value for mhpmevent: what the tree says, else the event's number itself. */
uint64_t pmu_event_select(uint32_t event, uint64_t data);

/* ---- A hart's counters (pmu.c) ---- */

/* Find this hart's counters. Once, before the first entry to S-mode. */
void pmu_init(struct hart *self);

/* No counter has an event, none runs but cycle and instret, and there is no snapshot memory. */
void pmu_reset(struct hart *self);

/* Logical counters: those of the hart, then from pmu_fw_first() to pmu_total() the firmware's. */
static inline unsigned pmu_fw_first(const struct pmu *pmu)
{
    return pmu->hw_count;
}

static inline unsigned pmu_total(const struct pmu *pmu)
{
    return pmu->hw_count + PMU_FW_COUNTERS;
}

static inline bool pmu_is_started(const struct pmu *pmu, unsigned index)
{
    return pmu->started >> index & 1;
}

uint64_t pmu_value(const struct pmu *pmu, unsigned index);
void pmu_set_value(struct pmu *pmu, unsigned index, uint64_t value);
void pmu_run(struct hart *self, unsigned index, bool run);

/* mhpmevent of counter n; cycle and instret have none, and say 0. */
uint64_t pmu_hw_event(unsigned n);
void pmu_hw_set_event(unsigned n, uint64_t select);

/* Out of line part of pmu_count(). */
void pmu_add(struct hart *self, unsigned event);

/* One more of this event, enum sbi_pmu_fw_event, on the hart that runs this. */
static inline void pmu_count(struct hart *self, unsigned event)
{
    if (self->pmu.fw_events & 1u << event)
        pmu_add(self, event);
}
