/*
 * Loads and stores at addresses the hart does not do itself. The address comes from mtval, so an
 * instruction is decoded for its width and its register only. LR, SC and AMO stay errors:
 * emulated they would not be atomic. So do vectors, of which there is nothing here.
 */
#include "sbi/csr.h"
#include "sbi/trap.h"

enum {
    OPCODE_LOAD = 0x03,
    OPCODE_LOAD_FP = 0x07,
    OPCODE_STORE = 0x23,
    OPCODE_STORE_FP = 0x27,
};

/* What an instruction moves. */
struct access {
    bool store;
    bool sign;      /* load: extend the sign */
    bool fp;        /* of a floating-point register */
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
    a->fp = opcode == OPCODE_LOAD_FP || opcode == OPCODE_STORE_FP;
    a->store = opcode == OPCODE_STORE || opcode == OPCODE_STORE_FP;
    a->bytes = 1 << (width & 3);
    a->sign = !(width & 4);
    a->reg = a->store ? bits(insn, 24, 20) : bits(insn, 11, 7);
    if (a->fp)
        return width >= 1 && width <= 3; /* the others are vectors, and Q */
    return (a->store || opcode == OPCODE_LOAD) && a->bytes <= sizeof(long);
}

/* c.lhu, c.lh and c.sh (Zcb): the only ones of that width. */
static bool decode_half(uint32_t insn, struct access *a)
{
    unsigned kind = bits(insn, 12, 10);
    a->bytes = 2;
    a->store = kind == 3;
    a->sign = bits(insn, 6, 6);
    a->reg = 8 + bits(insn, 4, 2);
    return kind == 1 || (kind == 3 && !a->sign);
}

/*
 * Loads and stores through a register or the stack pointer, by the lower bits of funct3: 1 c.fld, 2
 * c.lw, 3 c.ld on RV64 and c.flw on RV32; and the stores that mirror them.
 */
static bool decode_16(uint32_t insn, struct access *a)
{
    unsigned funct3 = bits(insn, 15, 13), quadrant = insn & 3, kind = funct3 & 3;
    a->length = 2;
    if (quadrant == 0 && funct3 == 4)
        return decode_half(insn, a);
    a->store = funct3 & 4;
    a->fp = kind == 1 || (kind == 3 && sizeof(long) == 4);
    a->bytes = sizeof(long) == 8 ? 4 << (kind & 1) : kind == 1 ? 8 : 4;
    a->sign = true;
    if (quadrant == 0)
        a->reg = 8 + bits(insn, 4, 2);
    else
        a->reg = a->store ? bits(insn, 6, 2) : bits(insn, 11, 7);
    return kind != 0 && quadrant != 1;
}

static long sign_extend(unsigned long value, unsigned bytes)
{
    unsigned shift = 8 * (sizeof(long) - bytes);
    return (long)(value << shift) >> shift;
}

/* ---- registers, of either kind, as 64 bits of which the first a->bytes count */

static uint64_t register_read(const struct trap_frame *frame, const struct access *a)
{
    uint64_t value = 0;
    if (!a->fp)
        return a->reg ? frame->x[a->reg] : 0;
    if (a->bytes == 8)
        float_store_d(a->reg, &value);
    else
        float_store_s(a->reg, &value);
    return value;
}

static void register_write(struct trap_frame *frame, const struct access *a, uint64_t value)
{
    if (a->fp && a->bytes == 8) {
        float_load_d(a->reg, &value);
    } else if (a->fp) {
        if (a->bytes == 2)
            value |= 0xffff0000; /* NaN-boxed (ISA manual, "NaN Boxing of Narrower Values") */
        float_load_s(a->reg, &value);
    } else if (a->reg) {
        frame->x[a->reg] = a->sign ? (unsigned long)sign_extend((unsigned long)value, a->bytes)
                                   : (unsigned long)value;
    }
}

/* ---- memory, in pieces of a register's width; 0 or the cause */

static unsigned piece(const struct access *a, unsigned done)
{
    unsigned left = a->bytes - done;
    return left < sizeof(long) ? left : sizeof(long);
}

static unsigned long memory_load(unsigned long va, const struct access *a, uint64_t *value)
{
    if (a->bytes <= sizeof(long)) {
        struct guest_value got = guest_load(va, a->bytes);
        *value = got.value;
        return got.cause;
    }
    *value = 0;
    for (unsigned done = 0; done < a->bytes; done += sizeof(long)) {
        struct guest_value got = guest_load(va + done, piece(a, done));
        if (got.cause)
            return got.cause;
        *value |= (uint64_t)got.value << 8 * done;
    }
    return 0;
}

static unsigned long memory_store(unsigned long va, const struct access *a, uint64_t value)
{
    for (unsigned done = 0; done < a->bytes; done += sizeof(long)) {
        unsigned long cause =
            guest_store(va + done, (unsigned long)(value >> 8 * done), piece(a, done));
        if (cause)
            return cause;
    }
    return 0;
}

bool emulate_misaligned(struct trap_frame *frame)
{
    uint32_t insn;
    struct access a = {.fp = false};
    unsigned long va = csr_read(mtval), next = csr_read(mepc), cause;
    if (!trap_fetch(next, &insn))
        return true;
    if (!((insn & 3) == 3 ? decode_32(insn, &a) : decode_16(insn, &a)))
        return false;
    next += a.length;

    if (a.store) {
        cause = memory_store(va, &a, register_read(frame, &a));
    } else {
        uint64_t value;
        cause = memory_load(va, &a, &value);
        if (!cause)
            register_write(frame, &a, value);
    }
    if (cause)
        trap_redirect(cause, csr_read(mtval), csr_read(mepc));
    else
        csr_write(mepc, next);
    return true;
}
