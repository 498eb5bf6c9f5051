/* CSRs of physical memory protection. */
#include "tools/emu/core/csr.h"

static uint64_t mseccfg_value(const struct hart *h, unsigned num)
{
    return h->csr.mseccfg;
}

static void mseccfg_put(struct hart *h, unsigned num, uint64_t v)
{
    pmp_write_mseccfg(h, v);
    pmp_update(h);
}

CSR_WIDE(mseccfg)

CSR_GET(pmpcfg)
{
    unsigned first = (num - CSR_PMPCFG0) * 4;
    uxlen v = 0;
    for (unsigned i = 0; i < XLEN / 8; i++)
        v |= (uxlen)h->csr.pmpcfg[first + i] << 8 * i;
    return v;
}

CSR_SET(pmpcfg)
{
    unsigned first = (num - CSR_PMPCFG0) * 4;
    for (unsigned i = 0; i < XLEN / 8; i++)
        pmp_write_cfg(h, first + i, v >> 8 * i);
    pmp_update(h);
}

CSR_GET(pmpaddr)
{
    return h->csr.pmpaddr[num - CSR_PMPADDR0];
}

CSR_SET(pmpaddr)
{
    pmp_write_addr(h, num - CSR_PMPADDR0, v);
    pmp_update(h);
}
