#include "sbi/csr.h"
#include "sbi/ipi.h"
#include "sbi/panic.h"
#include "sbi/pmu.h"
#include "sbi/sse.h"
#include "sbi/timer.h"
#include "sbi/trap.h"

/*
 * With a hypervisor extension mstatus.MPV says whether the program interrupted is a guest's, and
 * hstatus.SPV and SPVP tell S-mode (Privileged ISA, "Trap Entry" of the H extension). MPV and GVA
 * are in mstatush on RV32.
 */
static bool high_status(unsigned long bit)
{
#if __riscv_xlen == 64
    return csr_read(mstatus) >> 32 & bit;
#else
    return csr_read(mstatush) & bit;
#endif
}

static void set_mpv(bool on)
{
#if __riscv_xlen == 64
    unsigned long mpv = (unsigned long)MSTATUSH_MPV << 32;
    csr_clear(mstatus, mpv);
    csr_set(mstatus, on ? mpv : 0);
#else
    csr_clear(mstatush, MSTATUSH_MPV);
    csr_set(mstatush, on ? MSTATUSH_MPV : 0);
#endif
}

static void leave_guest(void)
{
    bool guest = high_status(MSTATUSH_MPV);
    csr_clear(hstatus, HSTATUS_SPV | (guest ? HSTATUS_SPVP : 0));
    if (guest)
        csr_set(hstatus, HSTATUS_SPV | (csr_read(mstatus) & MSTATUS_MPP ? HSTATUS_SPVP : 0));
    set_mpv(false);
}

static void enter_guest(void)
{
    set_mpv(csr_read(hstatus) & HSTATUS_SPV);
    csr_clear(hstatus, HSTATUS_SPV | HSTATUS_SPVP);
}

/* What a trap to S-mode says beside scause and stval. */
static void tell_guest_fault(void)
{
    csr_clear(hstatus, HSTATUS_GVA);
    if (high_status(MSTATUSH_GVA))
        csr_set(hstatus, HSTATUS_GVA);
    csr_write(htval, csr_read(mtval2));
    csr_write(htinst, 0);
}

void trap_to_smode(unsigned long handler)
{
    unsigned long status = csr_read(mstatus);
    unsigned long set = PRIV_S << MSTATUS_MPP_SHIFT;
    if (status & MSTATUS_MPP)
        set |= MSTATUS_SPP;
    if (status & MSTATUS_SIE)
        set |= MSTATUS_SPIE;
    if (hart_self()->has_h)
        leave_guest();
    csr_clear(mstatus, MSTATUS_MPP | MSTATUS_SPP | MSTATUS_SPIE | MSTATUS_SIE);
    csr_set(mstatus, set);
    csr_write(sepc, csr_read(mepc));
    csr_write(mepc, handler);
}

void trap_from_smode(void)
{
    unsigned long status = csr_read(mstatus);
    if (hart_self()->has_h)
        enter_guest();
    csr_clear(mstatus, MSTATUS_MPP | MSTATUS_SPP | MSTATUS_SPIE | MSTATUS_SIE);
    csr_set(mstatus, (status & MSTATUS_SPP ? PRIV_S << MSTATUS_MPP_SHIFT : 0) |
                         (status & MSTATUS_SPIE ? MSTATUS_SIE : 0));
    csr_write(mepc, csr_read(sepc));
}

void trap_redirect(unsigned long cause, unsigned long tval, unsigned long epc)
{
    if (hart_self()->has_h)
        tell_guest_fault();
    csr_write(scause, cause);
    csr_write(stval, tval);
    csr_write(mepc, epc);
    trap_to_smode(csr_read(stvec) & ~3UL);
}

/* A fault met while reading an instruction is a fetch fault to the program. */
static unsigned long fetch_cause(unsigned long cause)
{
    return cause == CAUSE_LOAD_PAGE ? CAUSE_INSN_PAGE : CAUSE_INSN_ACCESS;
}

bool trap_fetch_failed(unsigned long cause)
{
    trap_redirect(fetch_cause(cause), csr_read(mtval), csr_read(mepc));
    return false;
}

static void count_exception(unsigned long cause)
{
    struct hart *self = hart_self();
    switch (cause) {
    case CAUSE_LOAD_MISALIGNED: pmu_count(self, SBI_PMU_FW_MISALIGNED_LOAD); break;
    case CAUSE_STORE_MISALIGNED: pmu_count(self, SBI_PMU_FW_MISALIGNED_STORE); break;
    case CAUSE_LOAD_ACCESS: pmu_count(self, SBI_PMU_FW_ACCESS_LOAD); break;
    case CAUSE_STORE_ACCESS: pmu_count(self, SBI_PMU_FW_ACCESS_STORE); break;
    case CAUSE_ILLEGAL_INSN: pmu_count(self, SBI_PMU_FW_ILLEGAL_INSN); break;
    }
}

/* mtval still is what the trap left if an emulation says that the trap is not its business. */
void trap_exception(struct trap_frame *frame, unsigned long cause)
{
    if (hart_self()->pmu.fw_events)
        count_exception(cause);
    if (cause == CAUSE_LOAD_MISALIGNED || cause == CAUSE_STORE_MISALIGNED) {
        if (emulate_misaligned(frame))
            return;
    } else if (cause == CAUSE_ILLEGAL_INSN) {
        if (emulate_illegal(frame))
            return;
    }
    /* Not done, so without a fault of its own: mcause still says what it was. */
    trap_redirect(csr_read(mcause), csr_read(mtval), csr_read(mepc));
}

void trap_interrupt(unsigned long cause)
{
    switch (cause & ~CAUSE_INTERRUPT) {
    case IRQ_MSI: ipi_take(hart_self()); break;
    case IRQ_MTI: timer_take(); break;
    case IRQ_LCOFI: sse_take_overflow(hart_self()); break;
    default: panic("interrupt %#lx, which is not enabled", cause);
    }
}
