/* From guest code to decoded blocks. */
#include <string.h>

#include "tools/emu/core/core.h"

_Static_assert(BLOCK_MAX_INSNS <= 64, "decode_run keeps a set of branches in 64 bits");
_Static_assert(BLOCK_MAX_INSNS * 2 <= UINT8_MAX, "offsets are bytes counting halfwords");

static uint16_t read16(const uint8_t *p)
{
    return ram_load(p, 2);
}

static bool ends_block(const struct insn *insn)
{
    switch (insn->class) {
    case CLASS_JAL:
    case CLASS_JALR:
    case CLASS_CSR:
    case CLASS_CSRI:
    case CLASS_SYSTEM: return true;
    default: return false;
    }
}

/* A direct transfer to where no instruction can be. */
static bool jump_misaligned(const struct hart *h, const struct insn *insn)
{
    return (insn->class == CLASS_BRANCH || insn->class == CLASS_JAL) && insn->imm & h->ialign_mask;
}

/* Rewrites common idioms as what they are: li and mv. */
static void simplify(struct insn *insn)
{
    bool add = insn->class == CLASS_ALU && insn->arg == ALU_ADD;
    bool addi = insn->class == CLASS_ALUI && insn->arg == ALU_ADD;
    if (add && (insn->rs1 == 0 || insn->rs2 == 0)) {
        insn->id = INSN_addi;
        insn->class = CLASS_ALUI;
        insn->rs1 |= insn->rs2;
        insn->rs2 = 0;
        insn->imm = 0;
    } else if (addi && insn->rs1 == 0) {
        insn->id = INSN_lui;
        insn->class = CLASS_LI;
        insn->arg = 0;
    }
}

/* An instruction being put into a block, and whether its first operand is chained. */
struct decoded {
    struct insn insn;
    bool chained;
};

/* Chains op i to the one before and makes a pair of them where possible; op i has been emitted. */
static void fuse(const struct hart *h, struct block *block, unsigned i, const struct decoded *last,
                 const struct decoded *this)
{
    struct op *op = &block->ops[i];
    unsigned chain = this->chained ? chain_op(&this->insn) : 0;
    if (jump_misaligned(h, &this->insn))
        return;
    if (h->resv && this->insn.class == CLASS_STORE)
        return; /* OP_SHARED_STORE, which has no such forms */
    if (chain)
        op->fn = h->labels[chain];
    if (i == 0 || (i > 1 && block->pairs >> (i - 2) & 1))
        return;
    if (h->resv && last->insn.class == CLASS_STORE)
        return;
    unsigned pair = pair_op(&last->insn, last->chained, &this->insn, this->chained);
    if (!pair || !h->labels[pair])
        return;
    op[-1].alone = op[-1].fn;
    op[-1].fn = h->labels[pair];
    block->pairs |= UINT64_C(1) << (i - 1);
}

/*
 * When a floating-point operation that rounds can be done the quick way: truncating for those that
 * give integers, to nearest for others.
 */
static enum fpu_state quick_state(const struct insn *insn)
{
    unsigned rm = insn->raw >> 12 & 7;
    bool good = class_writes_f(insn->class) ? rm == FP_RNE || rm == FP_DYN : rm == FP_RTZ;
    return good ? FPU_QUICK : FPU_NEVER;
}

static bool is_atomic(const struct insn *insn)
{
    switch (insn->class) {
    case CLASS_LR:
    case CLASS_SC:
    case CLASS_AMO_W:
    case CLASS_AMO_D:
    case CLASS_AMOCAS: return true;
    default: return false;
    }
}

/* Writes the op for an instruction `offset` bytes behind the start of the block. */
static void emit(const struct hart *h, struct op *op, const struct insn *insn, unsigned offset)
{
    *op = (struct op){
        .fn = h->labels[insn->id],
        .imm = insn->imm,
        .rd = insn->rd || class_writes_f(insn->class) ? insn->rd : SINK,
        .rs1 = insn->rs1,
        .rs2 = insn->rs2,
        .offset = offset / 2,
    };
    bool jumps = insn->class == CLASS_BRANCH || insn->class == CLASS_JAL;
    if (jumps || insn->class == CLASS_AUIPC)
        op->imm += (int32_t)offset;
    if (insn->class == CLASS_STORE && h->resv)
        op->fn = h->labels[OP_SHARED_STORE + insn->arg];
    if (is_atomic(insn))
        op->imm = insn->raw >> 25 & 3; /* aq and rl */
    if (ends_block(insn)) {
        op->op_end = (offset + insn->len) / 2;
        if (insn->class != CLASS_JAL)
            op->raw = insn->raw;
    }
    if (class_is_float(insn->class) || insn->class == CLASS_CBO)
        op->raw = insn->raw;
    if (class_is_float(insn->class) && insn->class != CLASS_FLOAD && insn->class != CLASS_FSTORE)
        op->imm = OP_FPU_IMM(insn->imm, quick_state(insn));
    if (jump_misaligned(h, insn)) {
        op->fn = h->labels[OP_MISALIGNED];
        op->raw = insn->id;
    }
}

static void emit_end(const struct hart *h, struct op *op, unsigned offset)
{
    *op = (struct op){.fn = h->labels[OP_END], .imm = (int32_t)offset, .offset = offset / 2};
}

static void emit_illegal(const struct hart *h, struct op *op, uint32_t raw, unsigned offset)
{
    *op = (struct op){.fn = h->labels[OP_ILLEGAL], .raw = raw, .offset = offset / 2};
}

/* Tells each branch how many instructions follow it. */
static void count_left(struct block *block)
{
    for (uint64_t set = block->branches; set; set &= set - 1) {
        unsigned i = __builtin_ctzll(set);
        block->ops[i].op_left = block->count - i - 1;
    }
}

/* Has the block note that it is entered, if that is wanted. */
static void note_itself(const struct hart *h, struct block *block)
{
    if (!h->blocks || block->count == 0)
        return;
    *block_first(block) = block->ops[0].fn;
    block->ops[0].fn = h->labels[OP_HISTORY];
}

/* Where instructions come from: `avail` bytes at `host`, which lie at `address`. */
struct decode_from {
    const uint8_t *host;
    unsigned avail;
    uint64_t address; /* virtual or physical */
};

/* Must the block end before its instruction at this offset (rule 10)? */
static bool ends_before(const struct hart *h, const struct decode_from *from, unsigned offset)
{
    return offset > 0 && h->points && debug_may_break(h, from->address + offset);
}

/*
 * Decodes up to `max` instructions. Returns the number of ops; block->count and *bytes are set. 0
 * if the first instruction does not fit.
 */
static unsigned decode_run(struct hart *h, struct block *block, const struct decode_from *from,
                           unsigned max, unsigned *bytes)
{
    const uint8_t *host = from->host;
    unsigned avail = from->avail;
    unsigned offset = 0, n = 0;
    bool ended = false;
    struct decoded step[2]; /* this one and the last, taking turns */
    block->branches = block->pairs = 0;
    while (n < max && !ended && offset + 2 <= avail && !ends_before(h, from, offset)) {
        uint32_t bits = read16(host + offset);
        unsigned len = insn_length(bits);
        if (offset + len > avail)
            break;
        if (len == 4)
            bits |= (uint32_t)read16(host + offset + 2) << 16;
        struct decoded *this = &step[n & 1], *last = &step[~n & 1];
        struct insn *insn = &this->insn;
        if (decode(h->decoder, bits, insn)) {
            simplify(insn);
            this->chained = n > 0 && chain_fits(&last->insn, insn);
            emit(h, &block->ops[n], insn, offset);
            fuse(h, block, n, last, this);
            ended = ends_block(insn);
            if (insn->class == CLASS_BRANCH)
                block->branches |= UINT64_C(1) << n;
        } else {
            emit_illegal(h, &block->ops[n], insn->raw, offset);
            ended = true;
        }
        n++;
        offset += len;
    }
    block->count = n;
    *bytes = offset;
    count_left(block);
    note_itself(h, block);
    if (n == 0 || ended)
        return n;
    emit_end(h, &block->ops[n], offset);
    return n + 1;
}

/* An instruction lying across two pages is decoded anew each time: each half has its own fate. */
static struct block *get_crossing(struct hart *h, uxlen pc, uint16_t low)
{
    uint64_t page;
    uxlen second = pc + 2;
    if (!CORE(fetch_page)(h, second, &page))
        return NULL;
    page &= ~(uint64_t)PAGE_OFFSET;
    const uint8_t *host = ram_code_host(h->config.ram, page, PAGE_SIZE);
    if (!host || !pmp_allows(h, page, 2, HART_FETCH, h->priv)) {
        hart_fault(h, CAUSE_INSN_ACCESS, second);
        return NULL;
    }
    uint16_t halves[2] = {low, read16(host)};
    struct decode_from from = {(const uint8_t *)halves, sizeof halves, pc};
    unsigned used;
    decode_run(h, h->scratch, &from, 1, &used);
    return h->scratch;
}

/*
 * One instruction that is not to be cached: in a page PMP does not treat as a whole, or at a
 * breakpoint that is being stepped over.
 */
static struct block *get_alone(struct hart *h, uxlen pc, uint64_t paddr, const uint8_t *host,
                               unsigned avail)
{
    struct decode_from from = {host, avail, pc};
    unsigned len = insn_length(read16(host)), used;
    if (!pmp_allows(h, paddr, 2, HART_FETCH, h->priv)) {
        hart_fault(h, CAUSE_INSN_ACCESS, pc);
        return NULL;
    }
    if (len == 4 && avail == 2)
        return get_crossing(h, pc, read16(host));
    if (len == 4 && !pmp_allows(h, paddr, 4, HART_FETCH, h->priv)) {
        hart_fault(h, CAUSE_INSN_ACCESS, pc);
        return NULL;
    }
    decode_run(h, h->scratch, &from, 1, &used);
    return h->scratch;
}

/* The first `max` instructions of a block, for the end of a budget; fewer than it has. */
static struct block *prefix(struct hart *h, struct block *block, unsigned max)
{
    struct block *s = h->scratch;
    memcpy(s->ops, block->ops, max * sizeof(struct op));
    s->count = max;
    s->branches = block->branches & ((UINT64_C(1) << max) - 1);
    count_left(s);
    emit_end(h, &s->ops[max], 2u * block->ops[max].offset);
    const void **first = &s->ops[0].fn;
    if (h->blocks) {
        first = block_first(s);
        *first = *block_first(block);
    }
    if (block->pairs >> (max - 1) & 1)
        *(max == 1 ? first : &s->ops[max - 1].fn) = s->ops[max - 1].alone;
    return s;
}

static struct block *translate(struct hart *h, uint64_t paddr)
{
    unsigned used, max = h->watch || h->trace_kinds & HART_TRACE_INSN ? 1 : BLOCK_MAX_INSNS;
    struct decode_from from = {.address = paddr};
    struct block *block = code_begin(h, paddr, &from.avail, &from.host);
    unsigned ops = decode_run(h, block, &from, max, &used);
    if (ops == 0)
        return NULL;
    code_commit(h, block, paddr, ops, used);
    if (h->points && debug_may_break(h, paddr))
        block->cached = false;
    return block;
}

struct block *CORE(block_get)(struct hart *h, uxlen pc, int64_t max)
{
    const struct jump_entry *entry = jump_slot(h->jump, pc);
    if (entry->pc == pc)
        return entry->block->count > max ? prefix(h, entry->block, max) : entry->block;

    bool is_break = unlikely(h->points) && debug_is_break(h, pc);
    if (is_break && !h->stepping) {
        h->hit = (struct hart_hit){.what = HART_HIT_BREAK, .addr = pc};
        hart_fault(h, EXC_DEBUG, 0);
        return NULL;
    }
    uint64_t page;
    if (!CORE(fetch_page)(h, pc, &page))
        return NULL;
    uint64_t paddr = (page & ~(uint64_t)PAGE_OFFSET) | (pc & PAGE_OFFSET);
    unsigned avail = PAGE_SIZE - (pc & PAGE_OFFSET);
    const uint8_t *host = ram_code_host(h->config.ram, paddr, avail);
    if (!host) {
        hart_fault(h, CAUSE_INSN_ACCESS, pc);
        return NULL;
    }
    if (page & FETCH_SPLIT || is_break)
        return get_alone(h, pc, paddr, host, avail);
    struct block *block = code_find(h, paddr);
    if (!block)
        block = translate(h, paddr);
    if (!block)
        return get_crossing(h, pc, read16(host));
    jump_insert(h, pc, block);
    return block->count > max ? prefix(h, block, max) : block;
}

uint32_t CORE(block_raw)(struct hart *h, uxlen pc)
{
    uint16_t half[2] = {0, 0};
    for (unsigned i = 0; i < 2; i++) {
        uint64_t page;
        uxlen at = pc + 2 * i;
        if ((i == 1 && insn_length(half[0]) == 2) || !CORE(fetch_page)(h, at, &page))
            break;
        page = (page & ~(uint64_t)PAGE_OFFSET) | (at & PAGE_OFFSET);
        ram_read(h->config.ram, page, &half[i], 2);
    }
    return half[0] | (uint32_t)half[1] << 16;
}
