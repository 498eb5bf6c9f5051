/*
 * Counting: mcycle and minstret, which are the number of retired instructions plus an offset while
 * they run, and the programmable counters (Zihpm, Sscofpmf, Smcntrpmf).
 */
#include "tools/emu/core/core.h"

/* --- mcycle and minstret --------------------------------------------------------------------- */

/* Bits MINH, SINH and UINH of a counter's configuration, by privilege. */
static const uint64_t inhibit_bit[] = {
    [HART_U] = HPMEVENT64_UINH, [HART_S] = HPMEVENT64_SINH, [HART_M] = HPMEVENT64_MINH};

static bool is_stopped(const struct hart *h, enum fixed_counter k)
{
    uint64_t bit = k == FIXED_CYCLE ? COUNTER_CY : COUNTER_IR;
    return (h->csr.mcountinhibit & bit) || (h->csr.fixed_cfg[k] & inhibit_bit[h->priv]);
}

uint64_t count_fixed(const struct hart *h, enum fixed_counter k)
{
    return is_stopped(h, k) ? h->fixed_frozen[k] : hart_instret(h) + h->fixed_offset[k];
}

/* The instruction being executed, if any, is not counted in the value written. */
void count_fixed_put(struct hart *h, enum fixed_counter k, uint64_t value)
{
    h->fixed_frozen[k] = value;
    h->fixed_offset[k] = value - hart_instret(h) - (h->at.block ? 1 : 0);
}

/* What runs and what stands still, before and after a change of inhibit bits or privilege. */
struct fixed_before {
    uint64_t value[FIXED_COUNT];
    bool stopped[FIXED_COUNT];
};

static struct fixed_before fixed_before(const struct hart *h)
{
    struct fixed_before b;
    for (unsigned k = 0; k < FIXED_COUNT; k++) {
        b.value[k] = count_fixed(h, k);
        b.stopped[k] = is_stopped(h, k);
    }
    return b;
}

/* Whatever stops a counter, the instruction that does so still counts, as any write takes effect
 * behind it. */
static void fixed_after(struct hart *h, const struct fixed_before *b)
{
    unsigned own = h->at.block ? 1 : 0;
    for (unsigned k = 0; k < FIXED_COUNT; k++)
        if (b->stopped[k] != is_stopped(h, k))
            count_fixed_put(h, k, b->value[k] + (b->stopped[k] ? 0 : own));
}

void count_set_inhibit(struct hart *h, uint64_t value)
{
    struct fixed_before b = fixed_before(h);
    count_pending(h);
    h->csr.mcountinhibit = value;
    fixed_after(h, &b);
    count_update(h);
}

void count_set_config(struct hart *h, enum fixed_counter k, uint64_t value)
{
    struct fixed_before b = fixed_before(h);
    h->csr.fixed_cfg[k] = value;
    fixed_after(h, &b);
}

/* An instruction that changes the privilege counts for the mode it ran in. */
void count_change_priv(struct hart *h, enum hart_priv to)
{
    struct fixed_before b = fixed_before(h);
    h->priv = to;
    fixed_after(h, &b);
}

/* --- programmable counters ------------------------------------------------------------------- */

static const struct {
    uint64_t selector;
    bool each_insn;
} events[EVENT_COUNT] = {
#define EVENT(id, selector, how, text) [EVENT_##id] = {selector, EVENT_HOW_##how},
#define EVENT_HOW_INSN                 true
#define EVENT_HOW_RARE                 false
#include "tools/emu/event.def"
};

enum hart_event count_find_event(uint64_t hpmevent)
{
    uint64_t selector = hpmevent & ~HPMEVENT64_FLAGS;
    for (unsigned e = EVENT_NONE + 1; e < EVENT_COUNT; e++)
        if (events[e].selector == selector)
            return e;
    return EVENT_NONE;
}

void count_update(struct hart *h)
{
    struct counting *c = &h->counting;
    bool each_insn = false;
    *c = (struct counting){.selected = {0}};
    for (unsigned i = FIRST_HPM; i < 32; i++) {
        enum hart_event e = count_find_event(h->csr.hpmevent[i]);
        if (e == EVENT_NONE || h->csr.mcountinhibit >> i & 1)
            continue;
        c->selected[e] |= 1u << i;
        each_insn |= events[e].each_insn;
        for (unsigned priv = 0; priv < 4; priv++)
            if (!(h->csr.hpmevent[i] & inhibit_bit[priv]))
                c->in_mode[priv] |= 1u << i;
    }
    hart_watch(h, WATCH_COUNT, each_insn);
}

/* One more; when it comes round to 0 that is told by OF and an interrupt, once (Sscofpmf). */
static void count_one(struct hart *h, unsigned i)
{
    if (++h->csr.hpmcounter[i] || !isa_has(&h->config.isa, EXT_SSCOFPMF) ||
        h->csr.hpmevent[i] & HPMEVENT64_OF)
        return;
    h->csr.hpmevent[i] |= HPMEVENT64_OF;
    h->mip_soft |= MIP_LCOFIP;
    hart_irq_changed(h);
}

void count_add(struct hart *h, enum hart_event event, enum hart_priv priv, uint32_t except)
{
    uint32_t set = h->counting.selected[event] & h->counting.in_mode[priv] & ~except;
    for (; set; set &= set - 1)
        count_one(h, __builtin_ctz(set));
}

void count_pending(struct hart *h)
{
    struct step *s = &h->step;
    for (; s->armed && s->events; s->events &= s->events - 1)
        count_add(h, __builtin_ctz(s->events), s->priv, s->uncounted);
}
