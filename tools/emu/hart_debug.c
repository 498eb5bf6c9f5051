/* What a debugger asks of a hart: break- and watchpoints (core.h, rule 10), single steps. */
#include <string.h>

#include "tools/emu/core/core.h"

static uint64_t truncate(const struct hart *h, uint64_t va)
{
    return h->config.isa.xlen == 32 ? (uint32_t)va : va;
}

void hart_set_points(struct hart *hart, const struct hart_points *points)
{
    hart->points = points && points->break_count + points->watch_count > 0 ? points : NULL;
    memset(hart->break_offsets, 0, sizeof(hart->break_offsets));
    for (unsigned i = 0; hart->points && i < points->break_count; i++) {
        unsigned bit = (points->breaks[i] & PAGE_OFFSET) >> 1;
        hart->break_offsets[bit / 64] |= UINT64_C(1) << bit % 64;
    }
    code_flush(hart);
    tlb_flush(hart, false);
}

struct hart_hit hart_take_hit(struct hart *hart)
{
    struct hart_hit hit = hart->hit;
    hart->hit.what = HART_HIT_NONE;
    return hit;
}

void hart_end_wait(struct hart *hart)
{
    hart->waiting = false;
}

bool debug_is_break(const struct hart *h, uint64_t va)
{
    if (!debug_may_break(h, va))
        return false;
    for (unsigned i = 0; i < h->points->break_count; i++)
        if (truncate(h, h->points->breaks[i]) == va)
            return true;
    return false;
}

bool debug_access(struct hart *h, uint64_t va, unsigned size, unsigned kinds, bool *near)
{
    uint64_t page = va & ~(uint64_t)PAGE_OFFSET;
    *near = false;
    for (unsigned i = 0; i < h->points->watch_count; i++) {
        const struct hart_watchpoint *w = &h->points->watches[i];
        uint64_t first = truncate(h, w->addr), last = truncate(h, w->addr + w->size - 1);
        *near |= first <= page + PAGE_OFFSET && last >= page;
        if (!(w->kinds & kinds) || first > va + size - 1 || last < va)
            continue;
        h->hit = (struct hart_hit){
            .what = HART_HIT_WATCH,
            .kinds = w->kinds,
            .addr = first > va ? first : va,
        };
        return hart_fault(h, EXC_DEBUG, 0);
    }
    return true;
}

struct hart_exit hart_step(struct hart *hart, bool interrupts)
{
    struct hart_exit exit;
    uint64_t pc = hart->pc;
    enum hart_priv priv = hart->priv;
    hart->waiting = false;
    hart->stepping = true;
    hart->irqs_held = !interrupts;
    /* What was asked for before is dealt with first; that may be an interrupt. */
    do
        exit = hart_run(hart, 0);
    while (exit.reason == HART_EXIT_STOP);
    if (hart->pc == pc && hart->priv == priv)
        exit = hart_run(hart, 1);
    hart->stepping = hart->irqs_held = false;
    hart_irq_changed(hart);
    return exit;
}
