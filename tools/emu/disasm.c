#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "riscv/bits.h"
#include "tools/emu/decode.h"
#include "tools/emu/disasm.h"

struct disasm {
    struct decoder *decoder;
    unsigned xlen;
};

/* Where text goes; what does not fit is dropped. */
struct text {
    char *buf;
    size_t size, len;
};

static const char *const reg_names[32] = {
    "zero", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0",
    "a1",   "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
    "s6",   "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
};

static const char *const freg_names[32] = {
    "ft0", "ft1", "ft2", "ft3", "ft4",  "ft5",  "ft6", "ft7", "fs0",  "fs1",  "fa0",
    "fa1", "fa2", "fa3", "fa4", "fa5",  "fa6",  "fa7", "fs2", "fs3",  "fs4",  "fs5",
    "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11",
};

const char *disasm_reg(unsigned number)
{
    return reg_names[number & 31];
}

const char *disasm_freg(unsigned number)
{
    return freg_names[number & 31];
}

static const struct {
    const char *name;
    uint16_t number, first, count, on32, on64;
} csrs[] = {
#define XLEN_32                                         1, 1
#define XLEN_64                                         0, 1
#define XLEN_ONLY32                                     1, 0
#define CSR(name, number, xlen, ext, check, kind, mask) {#name, number, 0, 0, XLEN_##xlen},
#define CSR_ARRAY(name, number, first, count, xlen, ext, check, kind, mask) \
    {#name, number, first, count, XLEN_##xlen},
#include "riscv/csr.def"
};

struct disasm *disasm_create(unsigned xlen)
{
    struct isa isa = {.xlen = xlen, .ext = {~UINT64_C(0), ~UINT64_C(0)}};
    struct disasm *d = calloc(1, sizeof(*d));
    if (!d)
        return NULL;
    d->xlen = xlen;
    d->decoder = decoder_create(&isa);
    if (!d->decoder) {
        free(d);
        return NULL;
    }
    return d;
}

void disasm_destroy(struct disasm *d)
{
    if (d)
        decoder_destroy(d->decoder);
    free(d);
}

static void __attribute__((format(printf, 2, 3))) put(struct text *t, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(t->len < t->size ? t->buf + t->len : NULL,
                      t->len < t->size ? t->size - t->len : 0, fmt, ap);
    va_end(ap);
    t->len += n > 0 ? n : 0;
}

static void put_csr(const struct disasm *d, struct text *t, unsigned num)
{
    for (size_t i = 0; i < sizeof(csrs) / sizeof(csrs[0]); i++) {
        if (!(d->xlen == 32 ? csrs[i].on32 : csrs[i].on64))
            continue;
        if (csrs[i].count == 0 && csrs[i].number == num) {
            put(t, "%s", csrs[i].name);
            return;
        }
        if (csrs[i].count && num - csrs[i].number < csrs[i].count) {
            bool upper = csrs[i].name[strlen(csrs[i].name) - 1] == 'h';
            int stem = (int)strlen(csrs[i].name) - upper;
            put(t, "%.*s%u%s", stem, csrs[i].name, csrs[i].first + num - csrs[i].number,
                upper ? "h" : "");
            return;
        }
    }
    put(t, "0x%x", num);
}

/* The sets of a fence: predecessor bits 7:4, successor bits 3:0. */
static void put_fence(struct text *t, unsigned sets)
{
    for (int shift = 4; shift >= 0; shift -= 4) {
        for (int bit = 3; bit >= 0; bit--)
            if (sets >> (shift + bit) & 1)
                put(t, "%c", "wroi"[bit]);
        if ((sets >> shift & 15) == 0)
            put(t, "unknown");
        if (shift)
            put(t, ",");
    }
}

/* What fli loads, as llvm-mc spells it. */
static void put_constant(struct text *t, unsigned number)
{
    static const char *const names[32] = {
        "-1.0",
        "min",
        "1.52587890625e-05",
        "3.0517578125e-05",
        "0.00390625",
        "0.0078125",
        "0.0625",
        "0.125",
        "0.25",
        "0.3125",
        "0.375",
        "0.4375",
        "0.5",
        "0.625",
        "0.75",
        "0.875",
        "1.0",
        "1.25",
        "1.5",
        "1.75",
        "2.0",
        "2.5",
        "3.0",
        "4.0",
        "8.0",
        "16.0",
        "128.0",
        "256.0",
        "32768.0",
        "65536.0",
        "inf",
        "nan",
    };
    put(t, "%s", names[number]);
}

/* The rounding mode, unless it is the usual one of such an instruction. */
static void put_rounding(struct text *t, uint32_t raw, unsigned usual)
{
    static const char *const names[8] = {"rne", "rtz", "rdn", "rup", "rmm", "5", "6", "dyn"};
    unsigned rm = raw >> 12 & 7;
    if (rm != usual)
        put(t, ",%s", names[rm]);
}

static void put_operand(const struct disasm *d, struct text *t, char what, const struct insn *insn,
                        uint64_t pc)
{
    uint64_t target = pc + (uint64_t)(int64_t)insn->imm;
    switch (what) {
    case 'd': put(t, "%s", reg_names[insn->rd]); break;
    case 's': put(t, "%s", reg_names[insn->rs1]); break;
    case 't': put(t, "%s", reg_names[insn->rs2]); break;
    case 'D': put(t, "%s", freg_names[insn->rd]); break;
    case 'S': put(t, "%s", freg_names[insn->rs1]); break;
    case 'T': put(t, "%s", freg_names[insn->rs2]); break;
    case 'R': put(t, "%s", freg_names[insn->imm & 31]); break;
    case 'm': put_rounding(t, insn->raw, 7); break;
    case 'M': put_rounding(t, insn->raw, 0); break;
    case 'l': put_constant(t, insn->rs1); break;
    case 'i': put(t, "%d", insn->imm); break;
    case 'x': put(t, "0x%x", insn->imm); break;
    case 'u': put(t, "0x%x", (uint32_t)insn->imm >> 12); break;
    case 'p': put(t, "0x%" PRIx64, d->xlen == 32 ? (uint32_t)target : target); break;
    case 'c': put_csr(d, t, insn->imm); break;
    case 'z': put(t, "%u", insn->rs1); break;
    case 'f': put_fence(t, insn->imm); break;
    default: break;
    }
}

static void put_name(struct text *t, const struct insn_row *row, const struct insn *insn)
{
    static const char *const order[] = {"", ".rl", ".aq", ".aqrl"};
    bool atomic = insn->class == CLASS_LR || insn->class == CLASS_SC ||
                  insn->class == CLASS_AMO_W || insn->class == CLASS_AMO_D ||
                  insn->class == CLASS_AMOCAS;
    put(t, "%s%s", row->name, atomic ? order[insn->raw >> 25 & 3] : "");
    if (strncmp(row->print, "%n", 2) == 0)
        put(t, ".%d", insn->imm);
}

/* Encodings with a name of their own that says nothing runs, and those whose reserved fields are
 * set. */
static bool put_special(struct text *t, const struct insn *insn, bool known)
{
    bool fence = known && (insn->id == INSN_fence || insn->id == INSN_fence_i);
    if (insn->raw == 0)
        put(t, "c.unimp");
    else if (insn->raw == 0xc0001073)
        put(t, "unimp");
    else if (!known || (fence && insn->raw & (insn->id == INSN_fence ? 0xf00fff80 : 0xffff8f80)))
        put(t, ".%ubyte\t0x%x", insn->len, insn->raw);
    else
        return false;
    return true;
}

unsigned disasm(const struct disasm *d, uint32_t bits, uint64_t pc, char *buf, size_t size)
{
    struct text t = {buf, size, 0};
    struct insn insn;
    bool known = decode(d->decoder, bits, &insn);
    if (size)
        buf[0] = '\0';
    if (put_special(&t, &insn, known))
        return insn.len;
    const struct insn_row *row = decoder_row(d->decoder, insn.row);
    put_name(&t, row, &insn);
    const char *p = row->print;
    if (strncmp(p, "%n", 2) == 0) /* put_name() did that */
        p += strcspn(p, "\t") + (strchr(p, '\t') != NULL);
    if (*p)
        put(&t, "\t");
    for (; *p; p++) {
        if (*p == '%')
            put_operand(d, &t, *++p, &insn, pc);
        else
            put(&t, "%c", *p);
    }
    return insn.len;
}

void disasm_csr(const struct disasm *d, unsigned number, char *buf, size_t size)
{
    struct text t = {.buf = buf, .size = size};

    if (size > 0)
        buf[0] = '\0';
    put_csr(d, &t, number);
}
