#pragma once
/*
 * From instruction bits to a row of insn.def with its operands: the one decoder, used by the hart
 * and by the disassembler.
 */
#include <stdbool.h>
#include <stdint.h>

#include "tools/emu/isa.h"

/* Rows: instructions first, then compressed spellings. */
enum insn_id {
#define INSN(id, name, xlen, ext, pattern, format, class, arg, reserved) INSN_##id,
#include "riscv/insn.def"
    INSN_BASE_COUNT,
    INSN_BEFORE_RVC = INSN_BASE_COUNT - 1, /* the compressed spellings count on */
#define RVC(id, name, xlen, ext, pattern, format, base, reserved) INSN_##id,
#include "riscv/insn.def"
    INSN_COUNT
};

enum insn_class {
    CLASS_ALU,
    CLASS_ALUI,
    CLASS_LI,
    CLASS_AUIPC,
    CLASS_LOAD,
    CLASS_STORE,
    CLASS_BRANCH,
    CLASS_JAL,
    CLASS_JALR,
    CLASS_LR,
    CLASS_SC,
    CLASS_AMO_W,
    CLASS_AMO_D,
    CLASS_AMOCAS,
    CLASS_CSR,
    CLASS_CSRI,
    CLASS_CBO,
    CLASS_FENCE,
    CLASS_SYSTEM,
    CLASS_FLOAD, /* from here on: floating point */
    CLASS_FSTORE,
    CLASS_FLI,
    CLASS_FF_H,
    CLASS_FF_S,
    CLASS_FF_D,
    CLASS_FMA_H,
    CLASS_FMA_S,
    CLASS_FMA_D,
    CLASS_XF_H,
    CLASS_XF_S,
    CLASS_XF_D,
    CLASS_FX_H, /* from here on: rd is an x register */
    CLASS_FX_S,
    CLASS_FX_D,
};

static inline bool class_is_float(enum insn_class class)
{
    return class >= CLASS_FLOAD;
}

/* rd, if there is one, is an f register. */
static inline bool class_writes_f(enum insn_class class)
{
    return class >= CLASS_FLOAD && class < CLASS_FX_H;
}

/* The classes' arguments, one enum per table of insn.def. */
enum insn_alu {
#define ALU_OP(id, xlen, expr) ALU_##id,
#include "riscv/insn.def"
};
enum insn_load {
#define LOAD_OP(id, xlen, type) LOAD_##id,
#include "riscv/insn.def"
};
enum insn_store {
#define STORE_OP(id, xlen, type) STORE_##id,
#include "riscv/insn.def"
};
enum insn_branch {
#define BRANCH_OP(id, expr) BRANCH_##id,
#include "riscv/insn.def"
};
enum insn_amo {
#define AMO_OP(id, expr) AMO_##id,
#include "riscv/insn.def"
};
enum insn_fmem {
#define FMEM_OP(id, type) FMEM_##id,
#include "riscv/insn.def"
};
enum insn_ff {
#define FF_OP(id, rounds, expr) FF_##id,
#include "riscv/insn.def"
};
enum insn_fma {
#define FMA_OP(id, expr) FMA_##id,
#include "riscv/insn.def"
};
enum insn_fx {
#define FX_OP(id, rounds, expr) FX_##id,
#include "riscv/insn.def"
};
enum insn_xf {
#define XF_OP(id, rounds, expr) XF_##id,
#include "riscv/insn.def"
};
enum insn_width { WIDTH_WORD = 4, WIDTH_DOUBLE = 8 };
enum insn_csr { CSR_OP_RW, CSR_OP_RS, CSR_OP_RC };
enum insn_cas { CAS_WORD, CAS_DOUBLE, CAS_PAIR };
enum insn_cbo { CBO_INVAL, CBO_CLEAN, CBO_FLUSH, CBO_ZERO };
enum insn_fence { FENCE_FENCE, FENCE_TSO, FENCE_PAUSE };
enum insn_system {
    SYSTEM_ECALL,
    SYSTEM_EBREAK,
    SYSTEM_FENCE_I,
    SYSTEM_MRET,
    SYSTEM_SRET,
    SYSTEM_WFI,
    SYSTEM_SFENCE_VMA,   /* and sinval.vma */
    SYSTEM_SFENCE_INVAL, /* the fences around sinval.vma */
    SYSTEM_WRS_NTO,
    SYSTEM_WRS_STO,
};

/* One decoded instruction. */
struct insn {
    uint16_t id;  /* what it does: never a compressed spelling's id */
    uint16_t row; /* how it was written: a compressed spelling's id, or the same as id */
    uint8_t class;
    uint8_t arg;
    uint8_t len; /* bytes: 2 or 4 */
    uint8_t rd, rs1, rs2;
    int32_t imm;
    uint32_t raw; /* the len bytes */
};

/* What a row says, for those who print, generate or count. */
struct insn_row {
    const char *name;
    const char *pattern;
    const char *print;
    uint32_t mask, match;
    uint16_t base; /* id of the instruction it spells */
    uint8_t len;
    uint8_t ext;
    uint8_t class, arg;
    uint8_t format;
    uint8_t reserved;
    bool on32, on64;
};

struct decoder;

/* Builds the tables for one ISA. NULL when out of memory. Free with decoder_destroy(). */
struct decoder *decoder_create(const struct isa *isa);
void decoder_destroy(struct decoder *decoder);

/* The length in bytes that an instruction starting with these 16 bits has: 2 or 4. */
static inline unsigned insn_length(uint16_t low)
{
    return (low & 3) == 3 ? 4 : 2;
}

/*
 * Decodes `bits` (the upper half is ignored for a 16-bit instruction). Returns false if it is not
 * an instruction of this ISA; insn->len and insn->raw are set even then.
 */
bool decode(const struct decoder *decoder, uint32_t bits, struct insn *insn);

/* The row of an id below INSN_COUNT. */
const struct insn_row *decoder_row(const struct decoder *decoder, unsigned id);
