/*
 * Loads and stores at addresses the hart does not do itself. The address comes from mtval, so an
 * instruction is decoded for its width and its register only. LR, SC and AMO stay errors:
 * emulated they would not be atomic.
 */
#include "sbi/csr.h"
#include "sbi/trap.h"

enum {
    OPCODE_LOAD = 0x03,
    OPCODE_STORE = 0x23,
};

/* What an instruction moves. */
struct access {
    bool store;
    bool sign;      /* load: extend the sign */
    uint8_t bytes;  /* 2, 4 or 8 */
    uint8_t reg;    /* rd or rs2 */
    uint8_t length; /* of the instruction */
};

static unsigned bits(uint32_t insn, unsigned high, unsigned low)
{
    return (insn >> low) & ((2u << (high - low)) - 1);
}

static bool decode_32(uint32_t insn, struct access *a)
{
    unsigned opcode = insn & 0x7f, width = bits(insn, 14, 12);
    a->length = 4;
    a->store = opcode == OPCODE_STORE;
    a->bytes = 1 << (width & 3);
    a->sign = !(width & 4);
    a->reg = a->store ? bits(insn, 24, 20) : bits(insn, 11, 7);
    return (a->store || opcode == OPCODE_LOAD) && a->bytes <= sizeof(long);
}

/* c.lw c.sw c.lwsp c.swsp, and the 64-bit ones where RV32 has floating point instead. */
static bool decode_16(uint32_t insn, struct access *a)
{
    unsigned funct3 = bits(insn, 15, 13), quadrant = insn & 3;
    bool wide = funct3 & 1;
    a->length = 2;
    a->store = funct3 & 4;
    a->bytes = wide ? 8 : 4;
    a->sign = true;
    if (quadrant == 0)
        a->reg = 8 + bits(insn, 4, 2);
    else
        a->reg = a->store ? bits(insn, 6, 2) : bits(insn, 11, 7);
    return (funct3 & 2) && quadrant != 1 && a->bytes <= sizeof(long);
}

static long sign_extend(unsigned long value, unsigned bytes)
{
    unsigned shift = 8 * (sizeof(long) - bytes);
    return (long)(value << shift) >> shift;
}

bool emulate_misaligned(struct trap_frame *frame)
{
    uint32_t insn;
    struct access a;
    unsigned long va = csr_read(mtval), pc = csr_read(mepc), cause;
    if (!trap_fetch(&insn))
        return true;
    if (!((insn & 3) == 3 ? decode_32(insn, &a) : decode_16(insn, &a)))
        return false;

    if (a.store) {
        cause = guest_store(va, a.reg ? frame->x[a.reg] : 0, a.bytes);
    } else {
        struct guest_value got = guest_load(va, a.bytes);
        cause = got.cause;
        if (!cause && a.reg)
            frame->x[a.reg] = a.sign ? (unsigned long)sign_extend(got.value, a.bytes) : got.value;
    }
    if (cause)
        trap_redirect(cause, csr_read(mtval), pc);
    else
        csr_write(mepc, pc + a.length);
    return true;
}
