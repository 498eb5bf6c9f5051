/* Physical memory protection (privileged specification, "Physical Memory Protection", "Smepmp"). */
#include "tools/emu/core/core.h"

static uint64_t addr_mask(const struct hart *h)
{
    return h->config.isa.xlen == 64 ? UINT64_C(0x003fffffffffffff) : UINT64_C(0xffffffff);
}

static bool is_locked(const struct hart *h, unsigned index)
{
    return h->csr.pmpcfg[index] & PMP_L && !(h->csr.mseccfg & MSECCFG_RLB);
}

/* With mseccfg.MML: what a rule permits to M-mode, or to the others (Smepmp, table 1). */
static uint8_t mml_permissions(uint8_t cfg, bool machine)
{
    switch (cfg & (PMP_L | PMP_R | PMP_W | PMP_X)) {
    case PMP_W: return machine ? PMP_R | PMP_W : PMP_R;
    case PMP_W | PMP_X: return PMP_R | PMP_W;
    case PMP_L | PMP_W: return PMP_X;
    case PMP_L | PMP_W | PMP_X: return machine ? PMP_R | PMP_X : PMP_X;
    case PMP_L | PMP_R | PMP_W | PMP_X: return PMP_R;
    default: return !(cfg & PMP_L) == !machine ? cfg & (PMP_R | PMP_W | PMP_X) : 0;
    }
}

void pmp_write_cfg(struct hart *h, unsigned index, uint8_t cfg)
{
    if (index >= h->config.isa.pmp_count || is_locked(h, index))
        return;
    cfg &= PMP_L | PMP_A | PMP_X | PMP_W | PMP_R;
    if (h->csr.mseccfg & MSECCFG_MML) {
        /* There is no adding to the code M-mode may run, except while rules can be unlocked. */
        if (cfg & PMP_L && mml_permissions(cfg, true) & PMP_X && !(h->csr.mseccfg & MSECCFG_RLB))
            return;
    } else if (!(cfg & PMP_R)) {
        cfg &= ~PMP_W; /* W without R is reserved */
    }
    h->csr.pmpcfg[index] = cfg;
}

void pmp_write_addr(struct hart *h, unsigned index, uint64_t value)
{
    if (index >= h->config.isa.pmp_count || is_locked(h, index))
        return;
    /* The bottom of a locked range is locked too. */
    if (index + 1 < PMP_MAX && is_locked(h, index + 1) &&
        (h->csr.pmpcfg[index + 1] & PMP_A) == PMP_A_TOR)
        return;
    h->csr.pmpaddr[index] = value & addr_mask(h);
}

void pmp_write_mseccfg(struct hart *h, uint64_t value)
{
    uint64_t old = h->csr.mseccfg, sticky = old & (MSECCFG_MML | MSECCFG_MMWP);
    uint64_t rlb = value & MSECCFG_RLB;
    /* Once it is 0 a lock keeps it so. */
    for (unsigned i = 0; !(old & MSECCFG_RLB) && i < h->config.isa.pmp_count; i++)
        if (h->csr.pmpcfg[i] & PMP_L)
            rlb = 0;
    h->csr.mseccfg = sticky | (value & (MSECCFG_MML | MSECCFG_MMWP)) | rlb;
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
    if (h->config.ops->pmp_changed)
        h->config.ops->pmp_changed(h->config.opaque, h);
}

unsigned hart_pmp_rules(const struct hart *h, struct hart_pmp_rule *rules)
{
    unsigned count = 0;
    for (unsigned i = 0; i < h->pmp_active; i++) {
        const struct pmp_range *r = &h->pmp[i];
        uint8_t allowed = r->cfg;
        if (!r->cfg)
            continue;
        if (h->csr.mseccfg & MSECCFG_MML)
            allowed = mml_permissions(r->cfg, false);
        rules[count++] =
            (struct hart_pmp_rule){r->first, r->last, allowed & PMP_R, allowed & PMP_W};
    }
    return count;
}

/* What no rule matches: everything for M-mode and nothing for the others, unless Smepmp says. */
static bool allows_unmatched(const struct hart *h, enum hart_access access, enum hart_priv priv)
{
    if (h->config.isa.pmp_count == 0)
        return true;
    if (priv != HART_M || h->csr.mseccfg & MSECCFG_MMWP)
        return false;
    return access != HART_FETCH || !(h->csr.mseccfg & MSECCFG_MML);
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
        if (h->csr.mseccfg & MSECCFG_MML)
            return mml_permissions(r->cfg, priv == HART_M) & need[access];
        if (priv == HART_M && !(r->cfg & PMP_L))
            return true;
        return r->cfg & need[access];
    }
    return allows_unmatched(h, access, priv);
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
