/* Floating-point CSRs (unprivileged specification, "Floating-Point Control and Status Register").
 */
#include "tools/emu/core/csr.h"

#define FFLAGS_MASK 0x1f
#define FRM_MASK    7
#define FRM_SHIFT   5

CSR_SET(fflags)
{
    h->csr.fflags = v & FFLAGS_MASK;
    fpu_dirty(h);
}

/* All eight values can be kept; instructions that round by a reserved one are illegal. */
CSR_SET(frm)
{
    h->csr.frm = v & FRM_MASK;
    fpu_dirty(h);
}

CSR_GET(fcsr)
{
    return h->csr.frm << FRM_SHIFT | h->csr.fflags;
}

CSR_SET(fcsr)
{
    h->csr.fflags = v & FFLAGS_MASK;
    h->csr.frm = v >> FRM_SHIFT & FRM_MASK;
    fpu_dirty(h);
}
