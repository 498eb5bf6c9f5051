/* CSRs by which a mode decides what lower ones may use, and the supervisor's timer (Sstc). */
#include "tools/emu/core/csr.h"

static void timer_changed(struct hart *h)
{
    hart_update_stimer(h);
    hart_irq_changed(h);
    if (h->config.ops->deadline_changed)
        h->config.ops->deadline_changed(h->config.opaque, h);
}

static uint64_t stimecmp_value(const struct hart *h, unsigned num)
{
    return h->csr.stimecmp;
}

static void stimecmp_put(struct hart *h, unsigned num, uint64_t v)
{
    h->csr.stimecmp = v;
    timer_changed(h);
}

CSR_WIDE(stimecmp)

/* The fields that menvcfg and senvcfg share; 2 is reserved in CBIE, which then keeps its value. */
static uint64_t envcfg_fields(const struct hart *h, uint64_t old, uint64_t v)
{
    uint64_t mask = ENVCFG_FIOM;
    if (csr_has(h, EXT_ZICBOM))
        mask |= ENVCFG_CBCFE | ((v & ENVCFG_CBIE) != ENVCFG_CBIE_RSV ? ENVCFG_CBIE : 0);
    if (csr_has(h, EXT_ZICBOZ))
        mask |= ENVCFG_CBZE;
    return (old & ENVCFG_CBIE & ~mask) | (v & mask);
}

static uint64_t menvcfg_value(const struct hart *h, unsigned num)
{
    return h->csr.menvcfg;
}

static void menvcfg_put(struct hart *h, unsigned num, uint64_t v)
{
    uint64_t mask = csr_has(h, EXT_SSTC) ? MENVCFG64_STCE : 0, old = h->csr.menvcfg;
    if (csr_has(h, EXT_SVADU))
        mask |= MENVCFG64_ADUE;
    if (XLEN == 64 && csr_has(h, EXT_SVPBMT))
        mask |= MENVCFG64_PBMTE;
    h->csr.menvcfg = envcfg_fields(h, old, v) | (v & mask);
    if ((old ^ h->csr.menvcfg) & (MENVCFG64_PBMTE | MENVCFG64_ADUE))
        tlb_flush(h, true);
    timer_changed(h);
}

CSR_WIDE(menvcfg)

CSR_SET(senvcfg)
{
    h->csr.senvcfg = envcfg_fields(h, h->csr.senvcfg, v);
}

/* --- state enable (Smstateen) ---------------------------------------------------------------- */

static uint64_t mstateen_value(const struct hart *h, unsigned num)
{
    return h->csr.mstateen[num & 3];
}

/* The bits for state that there is. sstateen has none: all of U-mode's is always accessible. */
static void mstateen_put(struct hart *h, unsigned num, uint64_t v)
{
    uint64_t mask = MSTATEEN64_SE;
    if ((num & 3) == 0)
        mask |= MSTATEEN64_ENVCFG | (csr_has(h, EXT_SDTRIG) ? MSTATEEN64_CONTEXT : 0);
    h->csr.mstateen[num & 3] = v & mask;
}

CSR_WIDE(mstateen)

/*
 * The specification leaves menvcfg open at reset. What page tables may hold is allowed, so that a
 * firmware that has never heard of it does not keep it from the supervisor; hardware sets A and D
 * unless the hart is declared to have Svade as well.
 */
void CORE(csr_env_reset)(struct hart *h)
{
    if (XLEN == 64 && csr_has(h, EXT_SVPBMT))
        h->csr.menvcfg |= MENVCFG64_PBMTE;
    if (csr_has(h, EXT_SVADU) && !csr_has(h, EXT_SVADE))
        h->csr.menvcfg |= MENVCFG64_ADUE;
}
