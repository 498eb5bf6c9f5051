/* CSRs of physical memory protection. */
#include "tools/emu/core/csr.h"

CSR_GET(pmpcfg)
{
    unsigned first = (num - 0x3a0) * 4;
    uxlen v = 0;
    for (unsigned i = 0; i < XLEN / 8; i++)
        v |= (uxlen)h->csr.pmpcfg[first + i] << 8 * i;
    return v;
}

CSR_SET(pmpcfg)
{
    unsigned first = (num - 0x3a0) * 4;
    for (unsigned i = 0; i < XLEN / 8; i++)
        pmp_write_cfg(h, first + i, v >> 8 * i);
    pmp_update(h);
}

CSR_GET(pmpaddr)
{
    return h->csr.pmpaddr[num - 0x3b0];
}

CSR_SET(pmpaddr)
{
    pmp_write_addr(h, num - 0x3b0, v);
    pmp_update(h);
}
