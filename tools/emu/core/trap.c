/* Traps in and out, and the instructions that change how the hart runs. */
#include "tools/emu/core/core.h"

#define INTERRUPT_BIT ((uxlen)1 << (XLEN - 1))

static void set_bits(uint64_t *reg, uint64_t mask, bool on)
{
    *reg = on ? *reg | mask : *reg & ~mask;
}

/* Remembers and announces a trap that was taken at epc, in the privilege `from`. */
static void note_trap(struct hart *h, unsigned cause, uxlen tval, bool interrupt, uxlen epc,
                      enum hart_priv from)
{
    struct hart_trace event = {
        .kind = HART_TRACE_TRAP,
        .pc = epc,
        .priv = from,
        .trap.cause = cause | (interrupt ? UINT64_C(1) << 63 : 0),
        .trap.tval = tval,
        .trap.target = h->pc,
        .trap.to = h->priv,
    };
    history_trap(h, &event);
    if (hart_traces(h, HART_TRACE_TRAP))
        h->trace(h->trace_arg, h, &event);
}

/* Where the handler starts. */
static uxlen vector(uxlen tvec, unsigned cause, bool interrupt)
{
    uxlen base = tvec & ~(uxlen)TVEC_MODE;
    return interrupt && (tvec & TVEC_MODE) == TVEC_MODE_VECTORED ? base + 4 * cause : base;
}

/* Enters the handler for something that happened at h->pc. */
static void trap(struct hart *h, unsigned cause, uxlen tval, bool interrupt)
{
    struct csr_storage *c = &h->csr;
    uint64_t deleg = interrupt ? c->mideleg : c->medeleg;
    uxlen code = cause | (interrupt ? INTERRUPT_BIT : 0), epc = h->pc;
    enum hart_priv from = h->priv;

    count_rare(h, interrupt ? EVENT_INTERRUPTS : EVENT_EXCEPTIONS);
    if (interrupt && cause == IRQ_MTI && h->config.quirks & HART_MTI_PULSE)
        hart_set_irq(h, IRQ_MTI, false);
    if (h->priv != HART_M && deleg >> cause & 1) {
        c->scause = code;
        c->sepc = h->pc;
        c->stval = tval;
        set_bits(&c->mstatus, MSTATUS_SPIE, c->mstatus & MSTATUS_SIE);
        set_bits(&c->mstatus, MSTATUS_SPP, h->priv == HART_S);
        set_bits(&c->mstatus, MSTATUS_SIE, false);
        hart_enter_priv(h, HART_S);
        h->pc = vector(c->stvec, cause, interrupt);
    } else {
        c->mcause = code;
        c->mepc = h->pc;
        c->mtval = tval;
        set_bits(&c->mstatus, MSTATUS_MPIE, c->mstatus & MSTATUS_MIE);
        set_bits(&c->mstatus, MSTATUS_MIE, false);
        c->mstatus = (c->mstatus & ~(uint64_t)MSTATUS_MPP) | (uint64_t)h->priv << MSTATUS_MPP_SHIFT;
        set_bits(&c->tcontrol, TCONTROL_MPTE, c->tcontrol & TCONTROL_MTE);
        set_bits(&c->tcontrol, TCONTROL_MTE, false);
        hart_enter_priv(h, HART_M);
        h->pc = vector(c->mtvec, cause, interrupt);
    }
    h->resv_addr = RESV_NONE;
    tlb_context_changed(h);
    note_trap(h, cause, tval, interrupt, epc, from);
}

void CORE(trap_exception)(struct hart *h)
{
    const struct hart_ops *ops = h->config.ops;
    unsigned cause = h->exc.cause;
    uint64_t tval = h->exc.tval;
    if (ops->exception && ops->exception(h->config.opaque, h, cause, tval))
        return;
    trap(h, cause, tval, false);
}

/* Of the interrupts pending and enabled, those that would be taken now. */
static uint64_t deliverable(const struct hart *h)
{
    uint64_t pending = hart_mip(h) & h->csr.mie;
    uint64_t m = pending & ~h->csr.mideleg, s = pending & h->csr.mideleg;
    if (m && (h->priv != HART_M || h->csr.mstatus & MSTATUS_MIE))
        return m;
    if (s && (h->priv == HART_U || (h->priv == HART_S && h->csr.mstatus & MSTATUS_SIE)))
        return s;
    return 0;
}

void CORE(trap_interrupt)(struct hart *h)
{
    static const uint8_t by_priority[] = {
#define INTERRUPT(id, num, text) num,
#include "riscv/cause.def"
    };
    uint64_t set = deliverable(h);
    for (unsigned i = 0; set && i < sizeof(by_priority); i++) {
        if (set >> by_priority[i] & 1) {
            trap(h, by_priority[i], 0, true);
            return;
        }
    }
}

/* --- SYSTEM ---------------------------------------------------------------------------------- */

static enum system_result illegal(struct hart *h, const struct op *op)
{
    hart_fault(h, CAUSE_ILLEGAL_INSN, op->raw);
    return SYSTEM_FAULT;
}

static enum system_result ecall(struct hart *h)
{
    hart_fault(h,
               h->priv == HART_M   ? CAUSE_ECALL_M
               : h->priv == HART_S ? CAUSE_ECALL_S
                                   : CAUSE_ECALL_U,
               0);
    return SYSTEM_FAULT;
}

/* tval may be zero or the address of the ebreak; Spike, Sail and QEMU have the latter. */
static enum system_result ebreak(struct hart *h)
{
    hart_fault(h, CAUSE_BREAKPOINT, hart_pc(h));
    return SYSTEM_FAULT;
}

static enum system_result mret(struct hart *h, const struct op *op)
{
    if (h->priv != HART_M)
        return illegal(h, op);
    uint64_t *m = &h->csr.mstatus;
    enum hart_priv to = *m >> MSTATUS_MPP_SHIFT & 3;
    set_bits(m, MSTATUS_MIE, *m & MSTATUS_MPIE);
    *m |= MSTATUS_MPIE;
    if (!(h->config.quirks & HART_M_ONLY))
        *m &= ~(uint64_t)MSTATUS_MPP;
    if (to != HART_M)
        *m &= ~(uint64_t)MSTATUS_MPRV;
    set_bits(&h->csr.tcontrol, TCONTROL_MTE, h->csr.tcontrol & TCONTROL_MPTE);
    h->pc = h->csr.mepc;
    if (h->config.quirks & HART_M_TRANSLATES)
        tlb_flush(h, true);
    hart_enter_priv(h, to);
    if (hart_traces(h, HART_TRACE_MRET))
        h->trace(h->trace_arg, h,
                 &(struct hart_trace){.kind = HART_TRACE_MRET, .pc = h->pc, .priv = to});
    return SYSTEM_DONE;
}

static enum system_result sret(struct hart *h, const struct op *op)
{
    uint64_t *m = &h->csr.mstatus;
    if (h->priv == HART_U || (h->priv == HART_S && *m & MSTATUS_TSR) ||
        h->config.quirks & HART_M_ONLY)
        return illegal(h, op);
    enum hart_priv to = *m & MSTATUS_SPP ? HART_S : HART_U;
    set_bits(m, MSTATUS_SIE, *m & MSTATUS_SPIE);
    *m |= MSTATUS_SPIE;
    *m &= ~(uint64_t)(MSTATUS_SPP | MSTATUS_MPRV);
    h->pc = h->csr.sepc;
    hart_enter_priv(h, to);
    return SYSTEM_DONE;
}

static enum system_result after_return(struct hart *h, enum system_result result)
{
    if (result == SYSTEM_DONE) {
        h->resv_addr = RESV_NONE;
        h->traps.returned = true;
        tlb_context_changed(h);
        hart_irq_changed(h);
    }
    return result;
}

static enum system_result wfi(struct hart *h, const struct op *op)
{
    if (h->priv == HART_U || (h->priv == HART_S && h->csr.mstatus & MSTATUS_TW))
        return illegal(h, op);
    hart_update_stimer(h);
    h->waiting = !(hart_mip(h) & h->csr.mie);
    return h->waiting ? SYSTEM_WAIT : SYSTEM_DONE;
}

/*
 * wrs.nto, wrs.sto: another hart is to run, and the stall ends, as it may at any time for any
 * reason (Zawrs). So none outlasts the limit that makes wrs.nto illegal under mstatus.TW.
 */
static enum system_result wait_on_reservation(struct hart *h)
{
    if (h->resv)
        hart_yield(h);
    return SYSTEM_DONE;
}

static enum system_result sfence_vma(struct hart *h, const struct op *op)
{
    if (h->priv == HART_U || (h->priv == HART_S && h->csr.mstatus & MSTATUS_TVM))
        return illegal(h, op);
    h->resv_addr = RESV_NONE; /* it is a virtual address */
    if (op->rs1)
        tlb_flush_page(h, X(h)[op->rs1]);
    else
        tlb_flush(h, true);
    return SYSTEM_DONE;
}

/* sinval.vma invalidates at once, so there is nothing left to order (Svinval). */
static enum system_result sfence_inval(struct hart *h, const struct op *op)
{
    return h->priv == HART_U ? illegal(h, op) : SYSTEM_DONE;
}

enum system_result CORE(system_op)(struct hart *h, enum insn_system what, const struct op *op,
                                   uxlen next)
{
    h->pc = next;
    switch (what) {
    case SYSTEM_ECALL: return ecall(h);
    case SYSTEM_EBREAK: return ebreak(h);
    case SYSTEM_MRET: return after_return(h, mret(h, op));
    case SYSTEM_SRET: return after_return(h, sret(h, op));
    case SYSTEM_WFI: return wfi(h, op);
    case SYSTEM_SFENCE_VMA: return sfence_vma(h, op);
    case SYSTEM_SFENCE_INVAL: return sfence_inval(h, op);
    case SYSTEM_WRS_NTO:
    case SYSTEM_WRS_STO: return wait_on_reservation(h);
    case SYSTEM_FENCE_I: code_fence(h); return SYSTEM_DONE;
    }
    return SYSTEM_DONE;
}
