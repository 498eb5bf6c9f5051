/* CSRs that count. */
#include "tools/emu/core/csr.h"

static uint64_t mcycle_value(const struct hart *h, unsigned num)
{
    return h->csr.mcountinhibit & COUNTER_CY ? h->cycle_frozen : hart_instret(h) + h->cycle_offset;
}

static uint64_t minstret_value(const struct hart *h, unsigned num)
{
    return h->csr.mcountinhibit & COUNTER_IR ? h->instret_frozen
                                             : hart_instret(h) + h->instret_offset;
}

/* The instruction that writes a counter is not counted in the value written. */
static uint64_t offset_for(const struct hart *h, uint64_t value)
{
    return value - hart_instret(h) - (h->at.block ? 1 : 0);
}

static void mcycle_put(struct hart *h, unsigned num, uint64_t value)
{
    h->cycle_frozen = value;
    h->cycle_offset = offset_for(h, value);
}

static void minstret_put(struct hart *h, unsigned num, uint64_t value)
{
    h->instret_frozen = value;
    h->instret_offset = offset_for(h, value);
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
    uint64_t cycle = mcycle_value(h, 0), instret = minstret_value(h, 0);
    uint64_t old = h->csr.mcountinhibit;
    h->csr.mcountinhibit = v & (COUNTER_CY | COUNTER_IR);
    if ((old ^ v) & COUNTER_CY)
        mcycle_put(h, 0, cycle);
    if ((old ^ v) & COUNTER_IR)
        minstret_put(h, 0, instret);
}
