#include <stdlib.h>
#include <string.h>

#include "tools/emu/decode.h"

enum imm_id {
#define IMM(id, sign, scatter) IMM_##id,
#include "riscv/insn.def"
    IMM_COUNT
};

enum format_id {
#define FORMAT(id, rd, rs1, rs2, imm, print) FORMAT_##id,
#include "riscv/insn.def"
    FORMAT_COUNT
};

enum reg_place {
    REG_X0,
    REG_RA,
    REG_SP,
    REG_R11_7,
    REG_R19_15,
    REG_R24_20,
    REG_R6_2,
    REG_C9_7,
    REG_C4_2
};

enum reserved {
    RESERVED_OK,
    RESERVED_SHAMT5,
    RESERVED_IMM_0,
    RESERVED_RD_0,
    RESERVED_RS1_0,
    RESERVED_RM,
    RESERVED_PAIR
};

/* Enum values of a row's argument, by class. */
#define ARG_ALU(x)    ALU_##x
#define ARG_ALUI(x)   ALU_##x
#define ARG_LI(x)     0
#define ARG_AUIPC(x)  0
#define ARG_LOAD(x)   LOAD_##x
#define ARG_STORE(x)  STORE_##x
#define ARG_BRANCH(x) BRANCH_##x
#define ARG_JAL(x)    0
#define ARG_JALR(x)   0
#define ARG_LR(x)     WIDTH_##x
#define ARG_SC(x)     WIDTH_##x
#define ARG_AMO_W(x)  AMO_##x
#define ARG_AMO_D(x)  AMO_##x
#define ARG_AMOCAS(x) CAS_##x
#define ARG_CSR(x)    CSR_OP_##x
#define ARG_CSRI(x)   CSR_OP_##x
#define ARG_CBO(x)    CBO_##x
#define ARG_FENCE(x)  FENCE_##x
#define ARG_SYSTEM(x) SYSTEM_##x
#define ARG_FLOAD(x)  FMEM_##x
#define ARG_FSTORE(x) FMEM_##x
#define ARG_FLI(x)    FMEM_##x
#define ARG_FF_H(x)   FF_##x
#define ARG_FF_S(x)   FF_##x
#define ARG_FF_D(x)   FF_##x
#define ARG_FMA_H(x)  FMA_##x
#define ARG_FMA_S(x)  FMA_##x
#define ARG_FMA_D(x)  FMA_##x
#define ARG_FX_H(x)   FX_##x
#define ARG_FX_S(x)   FX_##x
#define ARG_FX_D(x)   FX_##x
#define ARG_XF_H(x)   XF_##x
#define ARG_XF_S(x)   XF_##x
#define ARG_XF_D(x)   XF_##x

#define ON32_32     true
#define ON32_64     false
#define ON32_ONLY32 true
#define ON64_32     true
#define ON64_64     true
#define ON64_ONLY32 false

struct row_source {
    const char *name, *pattern;
    uint16_t base;
    uint8_t ext, class, arg, format, reserved;
    bool on32, on64;
};

static const struct row_source sources[INSN_COUNT] = {
#define INSN(id, name, xlen, ext, pattern, format, class, arg, reserved)                  \
    [INSN_##id] = {name,          pattern,          INSN_##id,       EXT_##ext,           \
                   CLASS_##class, ARG_##class(arg), FORMAT_##format, RESERVED_##reserved, \
                   ON32_##xlen,   ON64_##xlen},
#include "riscv/insn.def"
#define RVC(id, name, xlen, ext, pattern, format, base, reserved)              \
    [INSN_##id] = {name, pattern,         INSN_##base,         EXT_##ext,   0, \
                   0,    FORMAT_##format, RESERVED_##reserved, ON32_##xlen, ON64_##xlen},
#include "riscv/insn.def"
};

static const struct {
    bool sign;
    const char *scatter;
} imm_sources[IMM_COUNT] = {
#define IMM(id, sign, scatter) [IMM_##id] = {sign, scatter},
#include "riscv/insn.def"
};

static const struct format {
    uint8_t rd, rs1, rs2, imm;
    const char *print;
} formats[FORMAT_COUNT] = {
#define FORMAT(id, rd, rs1, rs2, imm, print) \
    [FORMAT_##id] = {REG_##rd, REG_##rs1, REG_##rs2, IMM_##imm, print},
#include "riscv/insn.def"
};

#define MAX_PIECES 8

/* An immediate's scatter, parsed: piece i moves (bits >> from & mask) to << to. */
struct imm_rule {
    uint8_t pieces;
    uint8_t sign_shift; /* 32 - width, or 0 for unsigned */
    struct {
        uint8_t from, to;
        uint32_t mask;
    } piece[MAX_PIECES];
};

/* Buckets: 32-bit instructions by bits 14:12 and 6:2, then 16-bit ones by 15:13 and 1:0. */
#define WIDE_BUCKETS 256
#define BUCKETS      (WIDE_BUCKETS + 32)

struct decoder {
    unsigned xlen;
    struct imm_rule imm[IMM_COUNT];
    struct insn_row rows[INSN_COUNT];
    uint16_t *candidates; /* row ids, grouped by bucket, most specific first */
    uint32_t bucket[BUCKETS + 1];
};

/* Reads "31:20" or "12" at *p; returns the high bit and stores the low one. */
static unsigned parse_range(const char **p, unsigned *low)
{
    char *end;
    unsigned high = strtoul(*p, &end, 10);
    *low = high;
    if (*end == ':')
        *low = strtoul(end + 1, &end, 10);
    *p = end;
    return high;
}

static void parse_imm(struct imm_rule *rule, const char *p, bool sign)
{
    unsigned width = 0;
    while (*p) {
        unsigned from, to;
        unsigned high = parse_range(&p, &from);
        p++; /* '=' */
        unsigned top = parse_range(&p, &to);
        p += *p == ' ';
        rule->piece[rule->pieces].from = from;
        rule->piece[rule->pieces].to = to;
        rule->piece[rule->pieces].mask = (UINT32_C(2) << (high - from)) - 1;
        rule->pieces++;
        width = top + 1 > width ? top + 1 : width;
    }
    rule->sign_shift = sign ? 32 - width : 0;
}

static int32_t extract_imm(const struct imm_rule *rule, uint32_t bits)
{
    uint32_t v = 0;
    for (unsigned i = 0; i < rule->pieces; i++)
        v |= (bits >> rule->piece[i].from & rule->piece[i].mask) << rule->piece[i].to;
    return (int32_t)(v << rule->sign_shift) >> rule->sign_shift;
}

static void parse_row(struct insn_row *row, const struct row_source *s)
{
    unsigned n = 0;
    for (const char *p = s->pattern; *p; p++) {
        if (*p == ' ')
            continue;
        row->mask = row->mask << 1 | (*p != '.');
        row->match = row->match << 1 | (*p == '1');
        n++;
    }
    row->len = n / 8;
    row->name = s->name;
    row->pattern = s->pattern;
    row->print = formats[s->format].print;
    row->base = s->base;
    row->ext = s->ext;
    row->class = sources[s->base].class;
    row->arg = sources[s->base].arg;
    row->format = s->format;
    row->reserved = s->reserved;
    row->on32 = s->on32;
    row->on64 = s->on64;
}

/* The bucket number of these instruction bits; of a mask, the mask of the bucket number. */
static unsigned bucket_bits(uint32_t bits, bool wide)
{
    return wide ? (bits >> 7 & 0xe0) | (bits >> 2 & 0x1f) : (bits >> 11 & 0x1c) | (bits & 3);
}

static unsigned bucket_of(uint32_t bits)
{
    bool wide = (bits & 3) == 3;
    return (wide ? 0 : WIDE_BUCKETS) + bucket_bits(bits, wide);
}

/* Puts the row into a bucket that holds `count` so far, behind those with as many fixed bits. */
static void bucket_insert(struct decoder *d, unsigned bucket, unsigned count, unsigned id)
{
    uint16_t *list = d->candidates + d->bucket[bucket];
    int bits = __builtin_popcount(d->rows[id].mask);
    unsigned at = count;
    for (; at > 0 && __builtin_popcount(d->rows[list[at - 1]].mask) < bits; at--)
        list[at] = list[at - 1];
    list[at] = id;
}

static bool row_exists(const struct decoder *d, const struct insn_row *row, const struct isa *isa)
{
    return isa_provides(isa, row->ext) && isa_provides(isa, d->rows[row->base].ext) &&
           (isa->xlen == 32 ? row->on32 : row->on64);
}

/* Counts, in counts[], how many rows belong into each bucket; with candidates also puts them there.
 */
static void distribute(struct decoder *d, const struct isa *isa, uint16_t counts[BUCKETS])
{
    memset(counts, 0, BUCKETS * sizeof(*counts));
    for (unsigned id = 0; id < INSN_COUNT; id++) {
        const struct insn_row *row = &d->rows[id];
        if (!row_exists(d, row, isa))
            continue;
        bool wide = row->len == 4;
        unsigned first = bucket_of(row->match);
        unsigned free_bits = ~bucket_bits(row->mask, wide) & (wide ? 0xff : 0x1f);
        unsigned chosen = 0; /* every combination of the operand bits in the bucket number */
        do {
            unsigned b = first + chosen;
            if (d->candidates)
                bucket_insert(d, b, counts[b], id);
            counts[b]++;
            chosen = (chosen - free_bits) & free_bits;
        } while (chosen);
    }
}

static bool fill_buckets(struct decoder *d, const struct isa *isa)
{
    uint16_t counts[BUCKETS];
    distribute(d, isa, counts);
    for (unsigned b = 0; b < BUCKETS; b++)
        d->bucket[b + 1] = d->bucket[b] + counts[b];
    d->candidates = calloc(d->bucket[BUCKETS] + 1, sizeof(*d->candidates));
    if (!d->candidates)
        return false;
    distribute(d, isa, counts);
    return true;
}

struct decoder *decoder_create(const struct isa *isa)
{
    struct decoder *d = calloc(1, sizeof(*d));
    if (!d)
        return NULL;
    d->xlen = isa->xlen;
    for (unsigned i = 0; i < IMM_COUNT; i++)
        parse_imm(&d->imm[i], imm_sources[i].scatter, imm_sources[i].sign);
    for (unsigned i = 0; i < INSN_COUNT; i++)
        parse_row(&d->rows[i], &sources[i]);
    if (!fill_buckets(d, isa)) {
        free(d);
        return NULL;
    }
    return d;
}

void decoder_destroy(struct decoder *decoder)
{
    if (decoder)
        free(decoder->candidates);
    free(decoder);
}

static uint8_t extract_reg(unsigned place, uint32_t bits)
{
    switch (place) {
    case REG_RA: return 1;
    case REG_SP: return 2;
    case REG_R11_7: return bits >> 7 & 31;
    case REG_R19_15: return bits >> 15 & 31;
    case REG_R24_20: return bits >> 20 & 31;
    case REG_R6_2: return bits >> 2 & 31;
    case REG_C9_7: return (bits >> 7 & 7) + 8;
    case REG_C4_2: return (bits >> 2 & 7) + 8;
    default: return 0;
    }
}

static bool is_reserved(const struct insn *insn, unsigned rule, unsigned xlen)
{
    switch (rule) {
    case RESERVED_SHAMT5: return xlen == 32 && insn->imm > 31;
    case RESERVED_IMM_0: return insn->imm == 0;
    case RESERVED_RD_0: return insn->rd == 0;
    case RESERVED_RS1_0: return insn->rs1 == 0;
    case RESERVED_RM: return (insn->raw >> 12 & 7) == 5 || (insn->raw >> 12 & 7) == 6;
    case RESERVED_PAIR: return (insn->rd | insn->rs2) & 1;
    default: return false;
    }
}

static bool fill(const struct decoder *d, const struct insn_row *row, struct insn *insn)
{
    const struct format *f = &formats[row->format];
    insn->id = row->base;
    insn->row = row - d->rows;
    insn->class = row->class;
    insn->arg = row->arg;
    insn->rd = extract_reg(f->rd, insn->raw);
    insn->rs1 = extract_reg(f->rs1, insn->raw);
    insn->rs2 = extract_reg(f->rs2, insn->raw);
    insn->imm = extract_imm(&d->imm[f->imm], insn->raw);
    return !is_reserved(insn, row->reserved, d->xlen);
}

bool decode(const struct decoder *decoder, uint32_t bits, struct insn *insn)
{
    insn->len = insn_length(bits);
    insn->raw = insn->len == 2 ? bits & 0xffff : bits;
    unsigned b = bucket_of(insn->raw);
    for (uint32_t i = decoder->bucket[b]; i < decoder->bucket[b + 1]; i++) {
        const struct insn_row *row = &decoder->rows[decoder->candidates[i]];
        if ((insn->raw & row->mask) == row->match)
            return fill(decoder, row, insn);
    }
    return false;
}

const struct insn_row *decoder_row(const struct decoder *decoder, unsigned id)
{
    return &decoder->rows[id];
}
