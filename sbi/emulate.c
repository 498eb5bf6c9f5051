#include "sbi/csr.h"
#include "sbi/timer.h"
#include "sbi/trap.h"

enum {
    OPCODE_SYSTEM = 0x73,
    CSR_CYCLE = 0xc00,
    CSR_TIME,
    CSR_INSTRET,
    CSR_CYCLEH = 0xc80, /* the upper halves: RV32 only */
    CSR_TIMEH,
    CSR_INSTRETH,
};

static unsigned bits(uint32_t insn, unsigned high, unsigned low)
{
    return (insn >> low) & ((2u << (high - low)) - 1);
}

/*
 * Whether the instruction only reads a CSR: csrrs and csrrc, immediate or not, with operand 0.
 * Writing forms are illegal for the time CSRs, which are read-only.
 */
static bool is_csr_read(uint32_t insn)
{
    return (insn & 0x7f) == OPCODE_SYSTEM && bits(insn, 13, 13) && bits(insn, 19, 15) == 0;
}

/* U-mode may read a counter only where S-mode lets it. */
static bool counter_allowed(unsigned csr)
{
    return (csr_read(mstatus) & MSTATUS_MPP) || (csr_read(scounteren) >> (csr & 31) & 1);
}

/* The counter of that number, whose upper half RV32 reads separately; false if it is none. */
static bool counter_read(unsigned csr, unsigned long *value)
{
    switch (csr) {
    case CSR_CYCLE: *value = csr_read(mcycle); return true;
    case CSR_TIME: *value = (unsigned long)timer_read(); return true;
    case CSR_INSTRET: *value = csr_read(minstret); return true;
#if __riscv_xlen == 32
    case CSR_CYCLEH: *value = csr_read(mcycleh); return true;
    case CSR_TIMEH: *value = timer_read() >> 32; return true;
    case CSR_INSTRETH: *value = csr_read(minstreth); return true;
#endif
    default: return false;
    }
}

/* rdtime, rdcycle and rdinstret on harts without the CSRs (Unprivileged ISA, "Zicntr"). */
bool emulate_illegal(struct trap_frame *frame)
{
    uint32_t insn = csr_read(mtval);
    if (insn == 0 && !trap_fetch(csr_read(mepc), &insn))
        return true;
    unsigned csr = bits(insn, 31, 20), rd = bits(insn, 11, 7);
    unsigned long value;
    if (hart_self()->has_counters || !is_csr_read(insn) || !counter_allowed(csr) ||
        !counter_read(csr, &value))
        return false;
    if (rd)
        frame->x[rd] = value;
    csr_write(mepc, csr_read(mepc) + 4);
    return true;
}
