/* Control and status registers: the table made from csr.def, and access by it. */
#include "tools/emu/core/csr.h"

#define CSR_MIP 0x344
#define CSR_SIP 0x144

/* --- the table ------------------------------------------------------------------------------- */

enum csr_kind { KIND_FIELD, KIND_VIEW, KIND_READ, KIND_WARL, KIND_CONST };
enum csr_check {
    CHECK_ANY,
    CHECK_COUNTER,
    CHECK_TIME,
    CHECK_TVM,
    CHECK_STCE,
    CHECK_ENVCFG,
    CHECK_CONTEXT,
    CHECK_STATEEN,
    CHECK_PMP,
    CHECK_FS,
};

struct csr_row {
    uint16_t number, count;
    uint8_t ext, kind, check;
    size_t offset; /* FIELD, WARL: of the storage */
    uxlen mask;
    uxlen (*get)(struct hart *h, unsigned num);
    void (*set)(struct hart *h, unsigned num, uxlen v);
};

#define STORED(name) .offset = offsetof(struct hart, csr.name)

#define ROW_FIELD(name) STORED(name)
#define ROW_WARL(name)  STORED(name), .set = CORE(csr_set_##name)
#define ROW_CONST(name) .get = NULL
#define ROW_READ(name)  .get = CORE(csr_get_##name)
#define ROW_VIEW(name)  .get = CORE(csr_get_##name), .set = CORE(csr_set_##name)

static const struct csr_row rows[] = {
#define CSR_ARRAY(name, number_, first, count_, xlen, ext_, check_, kind_, mask_) \
    ON_##xlen({                                                                   \
                  .number = number_,                                              \
                  .count = count_,                                                \
                  .ext = EXT_##ext_,                                              \
                  .kind = KIND_##kind_,                                           \
                  .check = CHECK_##check_,                                        \
                  .mask = (uxlen)(mask_),                                         \
                  ROW_##kind_(name),                                              \
              }, )
#define CSR(name, number_, xlen, ext_, check_, kind_, mask_) \
    CSR_ARRAY(name, number_, 0, 1, xlen, ext_, check_, kind_, mask_)
#include "riscv/csr.def"
};

_Static_assert(sizeof(rows) / sizeof(rows[0]) < UINT8_MAX, "hart->csr_index holds row numbers + 1");

/* There are registers for 0, 16 or 64 entries; those beyond the hart's count are 0. */
static bool pmp_exists(const struct hart *h, unsigned num)
{
    unsigned count = h->config.isa.pmp_count;
    unsigned registers = count == 0 ? 0 : count <= 16 ? 16 : PMP_MAX;
    if (num >= CSR_PMPADDR0)
        return num - CSR_PMPADDR0 < registers;
    return (num - CSR_PMPCFG0) * 4 < registers && (XLEN == 32 || num % 2 == 0);
}

static bool row_exists(const struct hart *h, const struct csr_row *row, unsigned num)
{
    switch (row->check) {
    case CHECK_PMP: return pmp_exists(h, num);
    case CHECK_TIME: return !h->config.isa.time_trap;
    default: return true;
    }
}

bool CORE(csr_setup)(struct hart *h)
{
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!isa_provides(&h->config.isa, rows[i].ext))
            continue;
        for (unsigned k = 0; k < rows[i].count; k++)
            if (row_exists(h, &rows[i], rows[i].number + k))
                h->csr_index[rows[i].number + k] = i + 1;
    }
    h->csr.mstatus = XLEN == 64 ? MSTATUS64_XL64 : 0;
    if (h->config.quirks & HART_M_ONLY)
        h->csr.mstatus |= MSTATUS_MPP;
    if (h->config.quirks & HART_MTI_PULSE)
        h->csr.mie = UINT64_C(1) << IRQ_MTI;
    CORE(csr_env_reset)(h);
    CORE(trigger_reset)(h);
    return true;
}

static const struct csr_row *row_find(const struct hart *h, unsigned num)
{
    unsigned i = h->csr_index[num & 0xfff];
    return i ? &rows[i - 1] : NULL;
}

static uxlen row_get(struct hart *h, const struct csr_row *row, unsigned num)
{
    switch (row->kind) {
    case KIND_FIELD:
    case KIND_WARL: return *(uint64_t *)((char *)h + row->offset);
    case KIND_CONST: return row->mask;
    default: return row->get(h, num);
    }
}

static void row_set(struct hart *h, const struct csr_row *row, unsigned num, uxlen v)
{
    if (row->kind == KIND_FIELD)
        *(uint64_t *)((char *)h + row->offset) = v & row->mask;
    else if (row->set)
        row->set(h, num, v);
}

/* cycle, time and instret below M-mode need each higher mode's permission. */
static bool counter_enabled(const struct hart *h, unsigned num)
{
    uint64_t bit = UINT64_C(1) << (num & 31);
    return (h->priv == HART_M || h->csr.mcounteren & bit) &&
           (h->priv != HART_U || h->csr.scounteren & bit);
}

/* Below M-mode some state needs its bit in mstateen, if there is such a thing (Smstateen). */
static bool state_enabled(const struct hart *h, unsigned index, uint64_t bit)
{
    return h->priv == HART_M || !csr_has(h, EXT_SMSTATEEN) || h->csr.mstateen[index] & bit;
}

static bool may_access(const struct hart *h, const struct csr_row *row, unsigned num, bool write)
{
    if (h->priv < (num >> 8 & 3) || (write && num >> 10 == 3))
        return false;
    switch (row->check) {
    case CHECK_ENVCFG: return state_enabled(h, 0, MSTATEEN64_ENVCFG);
    case CHECK_CONTEXT: return state_enabled(h, 0, MSTATEEN64_CONTEXT);
    case CHECK_STATEEN: return state_enabled(h, num & 3, MSTATEEN64_SE);
    case CHECK_TIME:
    case CHECK_COUNTER: return counter_enabled(h, num);
    case CHECK_TVM: return h->priv != HART_S || !(h->csr.mstatus & MSTATUS_TVM);
    case CHECK_STCE: return h->priv == HART_M || (csr_stce(h) && h->csr.mcounteren & COUNTER_TM);
    case CHECK_FS: return h->csr.mstatus & MSTATUS_FS;
    default: return true;
    }
}

/*
 * What a read-modify-write starts from: of the interrupt bits only what software wrote, lest an
 * input that happens to be up stay set for good.
 */
static uxlen modify_base(const struct hart *h, unsigned num, uxlen old)
{
    if (num != CSR_MIP && num != CSR_SIP)
        return old;
    return (old & ~(uxlen)(S_INTERRUPTS | MIP_LCOFIP)) |
           (h->mip_soft & (S_INTERRUPTS | MIP_LCOFIP));
}

static void trace_csr(struct hart *h, unsigned num, uxlen old, bool written, uxlen value)
{
    struct hart_trace event = {
        .kind = HART_TRACE_CSR,
        .csr = {.number = num, .written = written, .old = old, .value = value},
    };
    hart_trace(h, &event);
}

/* SSIP may have been set by an ACLINT (an edge, not a line): what clears the bit clears that. */
static void clear_edge(struct hart *h, unsigned num, enum insn_csr kind, uxlen operand)
{
    uint64_t cleared = kind == CSR_OP_RW ? ~(uint64_t)operand : kind == CSR_OP_RC ? operand : 0;
    if (num == CSR_SIP)
        cleared &= h->csr.mideleg;
    if (cleared & MIP_SSIP)
        hart_set_irq(h, 1, false);
}

bool CORE(csr_op)(struct hart *h, const struct op *op, enum insn_csr kind, uxlen operand,
                  bool write, uxlen *old)
{
    unsigned num = (unsigned)op->imm & 0xfff;
    const struct csr_row *row = row_find(h, num);
    if (!row || !may_access(h, row, num, write))
        return hart_fault(h, CAUSE_ILLEGAL_INSN, op->raw);
    *old = row_get(h, row, num);
    if (!write) {
        if (hart_traces(h, HART_TRACE_CSR))
            trace_csr(h, num, *old, false, *old);
        return true;
    }
    uxlen base = modify_base(h, num, *old);
    row_set(h, row, num,
            kind == CSR_OP_RW   ? operand
            : kind == CSR_OP_RS ? base | operand
                                : base & ~operand);
    if (num == CSR_MIP || num == CSR_SIP)
        clear_edge(h, num, kind, operand);
    if (hart_traces(h, HART_TRACE_CSR))
        trace_csr(h, num, *old, true, row_get(h, row, num));
    return true;
}

bool CORE(csr_read)(struct hart *h, unsigned num, uint64_t *value)
{
    const struct csr_row *row = row_find(h, num);
    if (num > 0xfff || !row)
        return false;
    *value = row_get(h, row, num);
    return true;
}

bool CORE(csr_write)(struct hart *h, unsigned num, uint64_t value)
{
    const struct csr_row *row = row_find(h, num);
    if (num > 0xfff || !row || num >> 10 == 3)
        return false;
    row_set(h, row, num, (uxlen)value);
    if (num == CSR_MIP || num == CSR_SIP)
        clear_edge(h, num, CSR_OP_RW, (uxlen)value);
    return true;
}

const struct core CORE(core) = {
    .execute = CORE(execute),
    .exec_labels = CORE(exec_labels),
    .csr_setup = CORE(csr_setup),
    .csr_read = CORE(csr_read),
    .csr_write = CORE(csr_write),
    .trigger_update = CORE(trigger_update),
    .translate = CORE(translate),
};
