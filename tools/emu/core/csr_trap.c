/* CSRs of status, traps, interrupts and translation. */
#include "riscv/pte.h"
#include "tools/emu/core/csr.h"

/* The fields of mstatus that can be changed, and those that sstatus shows. */
#define MSTATUS_WRITABLE                                                                   \
    (MSTATUS_SIE | MSTATUS_MIE | MSTATUS_SPIE | MSTATUS_MPIE | MSTATUS_SPP | MSTATUS_MPP | \
     MSTATUS_FS | MSTATUS_MPRV | MSTATUS_SUM | MSTATUS_MXR | MSTATUS_TVM | MSTATUS_TW |    \
     MSTATUS_TSR)
#define SSTATUS_WRITABLE \
    (MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_FS | MSTATUS_SUM | MSTATUS_MXR)
#if XLEN == 64
#    define MSTATUS_SD      MSTATUS64_SD
#    define SSTATUS_VISIBLE (SSTATUS_WRITABLE | MSTATUS64_UXL | MSTATUS_SD)
#else
#    define MSTATUS_SD      MSTATUS32_SD
#    define SSTATUS_VISIBLE (SSTATUS_WRITABLE | MSTATUS_SD)
#endif

/* --- status ---------------------------------------------------------------------------------- */

static void mstatus_put(struct hart *h, uxlen v, uxlen mask)
{
    uint64_t old = h->csr.mstatus;
    if ((v & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT == 2 || h->config.quirks & HART_M_ONLY)
        /* no such mode: MPP keeps its value */
        mask &= ~(uxlen)MSTATUS_MPP;
    if (!csr_has(h, EXT_F)) /* without floating point FS is always off */
        mask &= ~(uxlen)MSTATUS_FS;
    h->csr.mstatus = (old & ~(uint64_t)(mask | MSTATUS_SD)) | (v & mask);
    if ((h->csr.mstatus & MSTATUS_FS) == MSTATUS_FS)
        h->csr.mstatus |= MSTATUS_SD;
    fpu_changed(h);
    tlb_context_changed(h);
    hart_irq_changed(h);
}

CSR_SET(mstatus)
{
    mstatus_put(h, v, MSTATUS_WRITABLE);
}

CSR_GET(sstatus)
{
    return h->csr.mstatus & SSTATUS_VISIBLE;
}

CSR_SET(sstatus)
{
    mstatus_put(h, v, SSTATUS_WRITABLE);
}

CSR_GET(misa)
{
    uxlen v = h->config.quirks & HART_M_ONLY ? 0 : MISA('S') | MISA('U');
#define EXT(id, name, deflt, implies)              \
    if (sizeof(name) == 2 && csr_has(h, EXT_##id)) \
        v |= MISA(name[0] - 'a' + 'A');
#include "riscv/ext.def"
    return v | (XLEN == 64 ? (uxlen)MISA64_MXL_64 : (uxlen)MISA32_MXL_32);
}

CSR_SET(misa) {}

CSR_GET(mhartid)
{
    return h->config.id;
}

/* --- interrupts ------------------------------------------------------------------------------- */

CSR_GET(mip)
{
    return hart_mip(h);
}

CSR_SET(mip)
{
    uint64_t mask = (csr_stce(h) ? MIP_SSIP | MIP_SEIP : S_INTERRUPTS) | csr_lcofi(h);
    h->mip_soft = (h->mip_soft & ~mask) | (v & mask);
    hart_irq_changed(h);
}

CSR_GET(sip)
{
    return hart_mip(h) & h->csr.mideleg;
}

CSR_SET(sip)
{
    uint64_t mask = (MIP_SSIP | csr_lcofi(h)) & h->csr.mideleg;
    h->mip_soft = (h->mip_soft & ~mask) | (v & mask);
    hart_irq_changed(h);
}

CSR_SET(mie)
{
    h->csr.mie = v & (S_INTERRUPTS | M_INTERRUPTS | csr_lcofi(h));
    hart_irq_changed(h);
}

CSR_GET(sie)
{
    return h->csr.mie & h->csr.mideleg;
}

CSR_SET(sie)
{
    uint64_t mask = h->csr.mideleg;
    CORE(csr_set_mie)(h, num, (h->csr.mie & ~mask) | (v & mask));
}

CSR_SET(mideleg)
{
    h->csr.mideleg = v & (S_INTERRUPTS | csr_lcofi(h));
    hart_irq_changed(h);
}

/* --- trap handling ---------------------------------------------------------------------------- */

static void tvec_put(uint64_t *tvec, uxlen v)
{
    if ((v & TVEC_MODE) <= TVEC_MODE_VECTORED)
        *tvec = v;
}

CSR_SET(mtvec)
{
    tvec_put(&h->csr.mtvec, v);
}

CSR_SET(stvec)
{
    tvec_put(&h->csr.stvec, v);
}

CSR_SET(mepc)
{
    h->csr.mepc = v & ~(uxlen)(h->ialign_mask | 1);
}

CSR_SET(sepc)
{
    h->csr.sepc = v & ~(uxlen)(h->ialign_mask | 1);
}

/* Does the hart have the translation mode? 0 is Bare. */
static bool satp_mode_exists(const struct hart *h, unsigned mode)
{
    unsigned bits = mode == 0           ? 0
                    : XLEN == 32        ? 32
                    : mode == SV39_MODE ? 39
                    : mode == SV48_MODE ? 48
                    : mode == SV57_MODE ? 57
                                        : 64;
    return bits <= h->config.isa.vm_bits;
}

/* A write that asks for a mode there is not is ignored altogether. */
CSR_SET(satp)
{
    unsigned mode = v >> (XLEN == 64 ? SATP64_MODE_SHIFT : SATP32_MODE_SHIFT);
    if ((v == h->csr.satp && !(h->config.quirks & HART_M_TRANSLATES)) || !satp_mode_exists(h, mode))
        return;
    h->csr.satp = v;
    h->resv_addr = RESV_NONE; /* it is a virtual address */
    tlb_flush(h, true);
}
