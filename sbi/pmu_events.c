/* Which of the hart's counters count an event, and how they are told: the node riscv,pmu. */
#include "sbi/pmu.h"

enum { MAP_MAX = 32 };

/* Events first to last, or raw values that agree with `select` in `mask`, and their counters. */
static struct {
    uint32_t first, last, counters;
} ranges[MAP_MAX];
static struct {
    uint32_t event;
    uint64_t select;
} selects[MAP_MAX];
static struct {
    uint64_t select, mask;
    uint32_t counters;
} raws[MAP_MAX];
static unsigned range_count, select_count, raw_count;

/* A row of up to five cells of the property; false behind the last. */
static bool read_row(struct fdt *tree, int node, const char *name, unsigned row, unsigned cells,
                     uint32_t *cell)
{
    for (unsigned i = 0; i < cells; i++)
        if (row >= MAP_MAX || fdt_prop_cell(tree, node, name, row * cells + i, &cell[i]) != 0)
            return false;
    return true;
}

void pmu_read_tree(struct fdt *tree, int node)
{
    uint32_t c[5];
    for (; read_row(tree, node, "riscv,event-to-mhpmcounters", range_count, 3, c); range_count++) {
        ranges[range_count].first = c[0];
        ranges[range_count].last = c[1];
        ranges[range_count].counters = c[2];
    }
    for (; read_row(tree, node, "riscv,event-to-mhpmevent", select_count, 3, c); select_count++) {
        selects[select_count].event = c[0];
        selects[select_count].select = (uint64_t)c[1] << 32 | c[2];
    }
    for (; read_row(tree, node, "riscv,raw-event-to-mhpmcounters", raw_count, 5, c); raw_count++) {
        raws[raw_count].select = (uint64_t)c[0] << 32 | c[1];
        raws[raw_count].mask = (uint64_t)c[2] << 32 | c[3];
        raws[raw_count].counters = c[4];
    }
}

uint64_t pmu_event_select(uint32_t event, uint64_t data)
{
    if (event >> 16 == PMU_EVENT_RAW || event >> 16 == PMU_EVENT_RAW2)
        return data;
    for (unsigned i = 0; i < select_count; i++)
        if (selects[i].event == event)
            return selects[i].select;
    return event;
}

static uint32_t raw_counters(uint32_t event, uint64_t data)
{
    uint64_t allowed = event >> 16 == PMU_EVENT_RAW ? ~0ull >> 16 : ~0ull >> 6;
    uint32_t counters = 0;
    if ((event & 0xffff) || (data & ~allowed))
        return 0;
    for (unsigned i = 0; i < raw_count; i++)
        if ((data & raws[i].mask) == raws[i].select)
            counters |= raws[i].counters;
    return counters;
}

uint32_t pmu_event_counters(uint32_t event, uint64_t data)
{
    uint32_t counters = 0;
    if (event >> 16 == PMU_EVENT_RAW || event >> 16 == PMU_EVENT_RAW2)
        return raw_counters(event, data);
    if (data || event >> 16 > PMU_EVENT_CACHE)
        return 0;
    if (event == SBI_PMU_HW_CPU_CYCLES)
        counters = 1u << PMU_CYCLE;
    else if (event == SBI_PMU_HW_INSTRUCTIONS)
        counters = 1u << PMU_INSTRET;
    for (unsigned i = 0; i < range_count; i++)
        if (event >= ranges[i].first && event <= ranges[i].last)
            counters |= ranges[i].counters;
    return counters;
}
