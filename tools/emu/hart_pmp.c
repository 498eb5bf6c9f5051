/* Physical memory protection (privileged specification, "Physical Memory Protection"). */
#include "tools/emu/core/core.h"

static uint64_t addr_mask(const struct hart *h)
{
    return h->config.isa.xlen == 64 ? UINT64_C(0x003fffffffffffff) : UINT64_C(0xffffffff);
}

void pmp_write_cfg(struct hart *h, unsigned index, uint8_t cfg)
{
    if (h->csr.pmpcfg[index] & PMP_L)
        return;
    cfg &= PMP_L | PMP_A | PMP_X | PMP_W | PMP_R;
    if (!(cfg & PMP_R))
        cfg &= ~PMP_W; /* W without R is reserved */
    h->csr.pmpcfg[index] = cfg;
}

void pmp_write_addr(struct hart *h, unsigned index, uint64_t value)
{
    if (h->csr.pmpcfg[index] & PMP_L)
        return;
    /* The bottom of a locked range is locked too. */
    if (index + 1 < PMP_MAX && h->csr.pmpcfg[index + 1] & PMP_L &&
        (h->csr.pmpcfg[index + 1] & PMP_A) == PMP_A_TOR)
        return;
    h->csr.pmpaddr[index] = value & addr_mask(h);
}

/* The byte range of an entry; an empty one becomes "off". */
static struct pmp_range range_of(const struct hart *h, unsigned i)
{
    struct pmp_range r = {.cfg = h->csr.pmpcfg[i]};
    uint64_t addr = h->csr.pmpaddr[i];
    switch (r.cfg & PMP_A) {
    case PMP_A_TOR: {
        uint64_t bottom = i ? h->csr.pmpaddr[i - 1] : 0;
        if (bottom >= addr)
            r.cfg = 0;
        r.first = bottom << PMP_SHIFT;
        r.last = (addr << PMP_SHIFT) - 1;
        break;
    }
    case PMP_A_NA4:
        r.first = addr << PMP_SHIFT;
        r.last = r.first + 3;
        break;
    case PMP_A_NAPOT: {
        /* addr's trailing ones, and the zero above them, are below the base. */
        uint64_t low = addr ^ (addr + 1);
        r.first = (addr & ~low) << PMP_SHIFT;
        r.last = ((addr | low) << PMP_SHIFT) + 3;
        break;
    }
    default: r.cfg = 0; break;
    }
    return r;
}

void pmp_update(struct hart *h)
{
    h->pmp_active = 0;
    for (unsigned i = 0; i < h->config.isa.pmp_count; i++) {
        h->pmp[i] = range_of(h, i);
        if (h->pmp[i].cfg)
            h->pmp_active = i + 1;
    }
    tlb_flush(h, false);
}

bool pmp_allows(const struct hart *h, uint64_t paddr, unsigned size, enum hart_access access,
                enum hart_priv priv)
{
    static const uint8_t need[] = {[HART_READ] = PMP_R, [HART_WRITE] = PMP_W, [HART_FETCH] = PMP_X};
    uint64_t last = paddr + size - 1;
    for (unsigned i = 0; i < h->pmp_active; i++) {
        const struct pmp_range *r = &h->pmp[i];
        if (!r->cfg || last < r->first || paddr > r->last)
            continue;
        if (paddr < r->first || last > r->last)
            return false; /* the first entry to match must match all of it */
        if (priv == HART_M && !(r->cfg & PMP_L))
            return true;
        return r->cfg & need[access];
    }
    return priv == HART_M || h->config.isa.pmp_count == 0;
}

bool pmp_splits_page(const struct hart *h, uint64_t paddr)
{
    uint64_t first = paddr & ~(uint64_t)PAGE_OFFSET, last = first | PAGE_OFFSET;
    for (unsigned i = 0; i < h->pmp_active; i++) {
        const struct pmp_range *r = &h->pmp[i];
        if (!r->cfg || last < r->first || first > r->last)
            continue;
        return first < r->first || last > r->last;
    }
    return false;
}
