#include "sbi/csr.h"
#include "sbi/ipi.h"
#include "sbi/panic.h"
#include "sbi/pmu.h"
#include "sbi/timer.h"
#include "sbi/trap.h"

/*
 * Where a trap from VS- or VU-mode was, S-mode's view of the hypervisor state is written as the
 * hart writes it on a trap to HS-mode (Privileged ISA, "Trap Entry" of the H extension).
 */
static void redirect_virtual(unsigned long status)
{
#if __riscv_xlen == 64
    unsigned long high = status >> 32;
    csr_clear(mstatus, (unsigned long)MSTATUSH_MPV << 32);
#else
    unsigned long high = csr_read(mstatush);
    csr_clear(mstatush, MSTATUSH_MPV);
#endif
    bool virtual = high & MSTATUSH_MPV, gva = high & MSTATUSH_GVA;
    csr_clear(hstatus, HSTATUS_SPV | HSTATUS_GVA | (virtual ? HSTATUS_SPVP : 0));
    if (virtual) {
        csr_set(hstatus, HSTATUS_SPV);
        if (status & MSTATUS_MPP)
            csr_set(hstatus, HSTATUS_SPVP);
    }
    if (gva)
        csr_set(hstatus, HSTATUS_GVA);
    csr_write(htval, csr_read(mtval2));
    csr_write(htinst, 0);
}

void trap_redirect(unsigned long cause, unsigned long tval, unsigned long epc)
{
    unsigned long status = csr_read(mstatus);
    unsigned long set = PRIV_S << MSTATUS_MPP_SHIFT;
    if (status & MSTATUS_MPP)
        set |= MSTATUS_SPP;
    if (status & MSTATUS_SIE)
        set |= MSTATUS_SPIE;
    if (hart_self()->has_h)
        redirect_virtual(status);
    csr_clear(mstatus, MSTATUS_MPP | MSTATUS_SPP | MSTATUS_SPIE | MSTATUS_SIE);
    csr_set(mstatus, set);
    csr_write(scause, cause);
    csr_write(stval, tval);
    csr_write(sepc, epc);
    csr_write(mepc, csr_read(stvec) & ~3UL);
}

/* A fault met while reading an instruction is a fetch fault to the program. */
static unsigned long fetch_cause(unsigned long cause)
{
    return cause == CAUSE_LOAD_PAGE ? CAUSE_INSN_PAGE : CAUSE_INSN_ACCESS;
}

bool trap_fetch(uint32_t *insn)
{
    struct guest_value got = guest_fetch(csr_read(mepc));
    *insn = got.value;
    if (got.cause)
        trap_redirect(fetch_cause(got.cause), csr_read(mtval), csr_read(mepc));
    return got.cause == 0;
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
    trap_redirect(cause, csr_read(mtval), csr_read(mepc));
}

void trap_interrupt(unsigned long cause)
{
    switch (cause & ~CAUSE_INTERRUPT) {
    case IRQ_MSI: ipi_take(hart_self()); break;
    case IRQ_MTI: timer_take(); break;
    default: panic("interrupt %#lx, which is not enabled", cause);
    }
}
