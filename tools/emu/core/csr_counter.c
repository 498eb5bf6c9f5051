/* CSRs that count (Zicntr, Zihpm, Sscofpmf, Smcntrpmf). */
#include "tools/emu/core/csr.h"

/* --- time, cycles, instructions -------------------------------------------------------------- */

static uint64_t mcycle_value(const struct hart *h, unsigned num)
{
    return count_fixed(h, FIXED_CYCLE);
}

static uint64_t minstret_value(const struct hart *h, unsigned num)
{
    return count_fixed(h, FIXED_INSTRET);
}

static void mcycle_put(struct hart *h, unsigned num, uint64_t v)
{
    count_fixed_put(h, FIXED_CYCLE, v);
}

static void minstret_put(struct hart *h, unsigned num, uint64_t v)
{
    count_fixed_put(h, FIXED_INSTRET, v);
}

CSR_WIDE(mcycle)
CSR_WIDE(minstret)

static uint64_t time_value(struct hart *h, unsigned num)
{
    return h->config.ops->time(h->config.opaque, h);
}

#define cycle_value   mcycle_value
#define instret_value minstret_value

CSR_GET_WIDE(cycle)
CSR_GET_WIDE(time)
CSR_GET_WIDE(instret)

CSR_SET(mcountinhibit)
{
    uint64_t mask = COUNTER_CY | COUNTER_IR | (csr_has(h, EXT_ZIHPM) ? COUNTER_HPM : 0);
    count_set_inhibit(h, v & mask);
}

static uint64_t mcyclecfg_value(const struct hart *h, unsigned num)
{
    return h->csr.fixed_cfg[FIXED_CYCLE];
}

static uint64_t minstretcfg_value(const struct hart *h, unsigned num)
{
    return h->csr.fixed_cfg[FIXED_INSTRET];
}

static void mcyclecfg_put(struct hart *h, unsigned num, uint64_t v)
{
    count_set_config(h, FIXED_CYCLE, v & HPMEVENT64_INH);
}

static void minstretcfg_put(struct hart *h, unsigned num, uint64_t v)
{
    count_set_config(h, FIXED_INSTRET, v & HPMEVENT64_INH);
}

CSR_WIDE(mcyclecfg)
CSR_WIDE(minstretcfg)

/* --- programmable counters: bits 4:0 of the CSR's number are the counter's ------------------- */

static uint64_t mhpmcounter_value(const struct hart *h, unsigned num)
{
    return h->csr.hpmcounter[num & 31];
}

static void mhpmcounter_put(struct hart *h, unsigned num, uint64_t v)
{
    if (!csr_has(h, EXT_ZIHPM))
        return;
    h->csr.hpmcounter[num & 31] = v;
    h->step.uncounted |= 1u << (num & 31); /* the instruction that writes it is not counted */
}

CSR_WIDE(mhpmcounter)

#define hpmcounter_value mhpmcounter_value
CSR_GET_WIDE(hpmcounter)

static uint64_t mhpmevent_value(const struct hart *h, unsigned num)
{
    return h->csr.hpmevent[num & 31];
}

/* Events there are not become none. */
static void mhpmevent_put(struct hart *h, unsigned num, uint64_t v)
{
    if (!csr_has(h, EXT_ZIHPM))
        return;
    uint64_t flags = csr_has(h, EXT_SSCOFPMF) ? v & (HPMEVENT64_OF | HPMEVENT64_INH) : 0;
    uint64_t selector = v & ~HPMEVENT64_FLAGS;
    count_pending(h);
    h->csr.hpmevent[num & 31] = flags | (count_find_event(selector) == EVENT_NONE ? 0 : selector);
    count_update(h);
}

CSR_WIDE(mhpmevent)

/* The OF bits of all counters; of those that mcounteren keeps from the supervisor it sees 0. */
CSR_GET(scountovf)
{
    uxlen set = 0;
    for (unsigned i = FIRST_HPM; i < 32; i++)
        if (h->csr.hpmevent[i] & HPMEVENT64_OF)
            set |= (uxlen)1 << i;
    return h->priv == HART_M ? set : set & h->csr.mcounteren;
}
