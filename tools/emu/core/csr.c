/* Control and status registers: the table made from csr.def, and the handlers its rows name. */
#include "riscv/pte.h"
#include "tools/emu/core/alu.h"
#include "tools/emu/core/core.h"

#define CSR_MIP 0x344
#define CSR_SIP 0x144

/* The fields of mstatus that can be changed, and those that sstatus shows. */
#define MSTATUS_WRITABLE                                                                   \
    (MSTATUS_SIE | MSTATUS_MIE | MSTATUS_SPIE | MSTATUS_MPIE | MSTATUS_SPP | MSTATUS_MPP | \
     MSTATUS_MPRV | MSTATUS_SUM | MSTATUS_MXR | MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR)
#define SSTATUS_WRITABLE (MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_SUM | MSTATUS_MXR)
#if XLEN == 64
#    define SSTATUS_VISIBLE (SSTATUS_WRITABLE | MSTATUS64_UXL)
#else
#    define SSTATUS_VISIBLE SSTATUS_WRITABLE
#endif

#define S_INTERRUPTS   (MIP_SSIP | MIP_STIP | MIP_SEIP)
#define ALL_INTERRUPTS (S_INTERRUPTS | MIP_MSIP | MIP_MTIP | MIP_MEIP)

static bool has(const struct hart *h, enum isa_ext ext)
{
    return isa_has(&h->config.isa, ext);
}

/* Replaces half of a 64-bit value: the low one, or with `high` the upper. */
static uint64_t with_half(uint64_t old, uxlen v, bool high)
{
    if (XLEN == 64)
        return v;
    return high ? (old & UINT32_MAX) | (uint64_t)v << 32 : (old & ~(uint64_t)UINT32_MAX) | v;
}

static bool stce(const struct hart *h)
{
    return h->csr.menvcfg & MENVCFG64_STCE;
}

/* --- counters -------------------------------------------------------------------------------- */

static uint64_t cycle_now(const struct hart *h)
{
    return h->csr.mcountinhibit & COUNTER_CY ? h->cycle_frozen : hart_instret(h) + h->cycle_offset;
}

static uint64_t instret_now(const struct hart *h)
{
    return h->csr.mcountinhibit & COUNTER_IR ? h->instret_frozen
                                             : hart_instret(h) + h->instret_offset;
}

/* The instruction that writes a counter is not counted in the value written. */
static uint64_t offset_for(const struct hart *h, uint64_t value)
{
    return value - hart_instret(h) - (h->at.block ? 1 : 0);
}

static void cycle_put(struct hart *h, uint64_t value)
{
    h->cycle_frozen = value;
    h->cycle_offset = offset_for(h, value);
}

static void instret_put(struct hart *h, uint64_t value)
{
    h->instret_frozen = value;
    h->instret_offset = offset_for(h, value);
}

static uxlen get_cycle(struct hart *h, unsigned num)
{
    return cycle_now(h);
}

static uxlen get_instret(struct hart *h, unsigned num)
{
    return instret_now(h);
}

static uxlen get_time(struct hart *h, unsigned num)
{
    return h->config.ops->time(h->config.opaque, h);
}

#define get_mcycle   get_cycle
#define get_minstret get_instret

static void set_mcycle(struct hart *h, unsigned num, uxlen v)
{
    cycle_put(h, with_half(cycle_now(h), v, false));
}

static void set_minstret(struct hart *h, unsigned num, uxlen v)
{
    instret_put(h, with_half(instret_now(h), v, false));
}

static void set_mcountinhibit(struct hart *h, unsigned num, uxlen v)
{
    uint64_t cycle = cycle_now(h), instret = instret_now(h);
    uint64_t old = h->csr.mcountinhibit;
    h->csr.mcountinhibit = v & (COUNTER_CY | COUNTER_IR);
    if ((old ^ v) & COUNTER_CY)
        cycle_put(h, cycle);
    if ((old ^ v) & COUNTER_IR)
        instret_put(h, instret);
}

#if XLEN == 32
static uxlen get_cycleh(struct hart *h, unsigned num)
{
    return cycle_now(h) >> 32;
}

static uxlen get_instreth(struct hart *h, unsigned num)
{
    return instret_now(h) >> 32;
}

static uxlen get_timeh(struct hart *h, unsigned num)
{
    return h->config.ops->time(h->config.opaque, h) >> 32;
}

#    define get_mcycleh   get_cycleh
#    define get_minstreth get_instreth

static void set_mcycleh(struct hart *h, unsigned num, uxlen v)
{
    cycle_put(h, with_half(cycle_now(h), v, true));
}

static void set_minstreth(struct hart *h, unsigned num, uxlen v)
{
    instret_put(h, with_half(instret_now(h), v, true));
}
#endif

/* --- the supervisor's timer (Sstc) ------------------------------------------------------------ */

static void timer_changed(struct hart *h)
{
    hart_update_stimer(h);
    hart_irq_changed(h);
    if (h->config.ops->deadline_changed)
        h->config.ops->deadline_changed(h->config.opaque, h);
}

static uxlen get_stimecmp(struct hart *h, unsigned num)
{
    return h->csr.stimecmp;
}

static void set_stimecmp(struct hart *h, unsigned num, uxlen v)
{
    h->csr.stimecmp = with_half(h->csr.stimecmp, v, false);
    timer_changed(h);
}

static void menvcfg_put(struct hart *h, uint64_t v)
{
    h->csr.menvcfg = v & (ENVCFG_FIOM | (has(h, EXT_SSTC) ? MENVCFG64_STCE : 0));
    timer_changed(h);
}

static uxlen get_menvcfg(struct hart *h, unsigned num)
{
    return h->csr.menvcfg;
}

static void set_menvcfg(struct hart *h, unsigned num, uxlen v)
{
    menvcfg_put(h, with_half(h->csr.menvcfg, v, false));
}

#if XLEN == 32
static uxlen get_stimecmph(struct hart *h, unsigned num)
{
    return h->csr.stimecmp >> 32;
}

static void set_stimecmph(struct hart *h, unsigned num, uxlen v)
{
    h->csr.stimecmp = with_half(h->csr.stimecmp, v, true);
    timer_changed(h);
}

static uxlen get_menvcfgh(struct hart *h, unsigned num)
{
    return h->csr.menvcfg >> 32;
}

static void set_menvcfgh(struct hart *h, unsigned num, uxlen v)
{
    menvcfg_put(h, with_half(h->csr.menvcfg, v, true));
}
#endif

/* --- status ---------------------------------------------------------------------------------- */

static void mstatus_put(struct hart *h, uxlen v, uxlen mask)
{
    uint64_t old = h->csr.mstatus;
    if ((v & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT == 2) /* no such mode: MPP keeps its value */
        mask &= ~(uxlen)MSTATUS_MPP;
    h->csr.mstatus = (old & ~(uint64_t)mask) | (v & mask);
    tlb_context_changed(h);
    hart_irq_changed(h);
}

static void set_mstatus(struct hart *h, unsigned num, uxlen v)
{
    mstatus_put(h, v, MSTATUS_WRITABLE);
}

static uxlen get_sstatus(struct hart *h, unsigned num)
{
    return h->csr.mstatus & SSTATUS_VISIBLE;
}

static void set_sstatus(struct hart *h, unsigned num, uxlen v)
{
    mstatus_put(h, v, SSTATUS_WRITABLE);
}

static uxlen get_misa(struct hart *h, unsigned num)
{
    uxlen v = MISA('S') | MISA('U');
#define EXT(id, name, deflt, implies)          \
    if (sizeof(name) == 2 && has(h, EXT_##id)) \
        v |= MISA(name[0] - 'a' + 'A');
#include "riscv/ext.def"
#undef EXT
    return v | (XLEN == 64 ? (uxlen)MISA64_MXL_64 : (uxlen)MISA32_MXL_32);
}

static void set_misa(struct hart *h, unsigned num, uxlen v) {}

static uxlen get_mhartid(struct hart *h, unsigned num)
{
    return h->config.id;
}

/* --- interrupts ------------------------------------------------------------------------------- */

static uxlen get_mip(struct hart *h, unsigned num)
{
    return hart_mip(h);
}

static void set_mip(struct hart *h, unsigned num, uxlen v)
{
    uint64_t mask = stce(h) ? MIP_SSIP | MIP_SEIP : S_INTERRUPTS;
    h->mip_soft = (h->mip_soft & ~mask) | (v & mask);
    hart_irq_changed(h);
}

static uxlen get_sip(struct hart *h, unsigned num)
{
    return hart_mip(h) & h->csr.mideleg;
}

static void set_sip(struct hart *h, unsigned num, uxlen v)
{
    uint64_t mask = MIP_SSIP & h->csr.mideleg;
    h->mip_soft = (h->mip_soft & ~mask) | (v & mask);
    hart_irq_changed(h);
}

static void set_mie(struct hart *h, unsigned num, uxlen v)
{
    h->csr.mie = v & ALL_INTERRUPTS;
    hart_irq_changed(h);
}

static uxlen get_sie(struct hart *h, unsigned num)
{
    return h->csr.mie & h->csr.mideleg;
}

static void set_sie(struct hart *h, unsigned num, uxlen v)
{
    uint64_t mask = h->csr.mideleg;
    set_mie(h, num, (h->csr.mie & ~mask) | (v & mask));
}

static void set_mideleg(struct hart *h, unsigned num, uxlen v)
{
    h->csr.mideleg = v & S_INTERRUPTS;
    hart_irq_changed(h);
}

/* --- trap handling ---------------------------------------------------------------------------- */

static void tvec_put(uint64_t *tvec, uxlen v)
{
    if ((v & TVEC_MODE) <= TVEC_MODE_VECTORED)
        *tvec = v;
}

static void set_mtvec(struct hart *h, unsigned num, uxlen v)
{
    tvec_put(&h->csr.mtvec, v);
}

static void set_stvec(struct hart *h, unsigned num, uxlen v)
{
    tvec_put(&h->csr.stvec, v);
}

static void set_mepc(struct hart *h, unsigned num, uxlen v)
{
    h->csr.mepc = v & ~(uxlen)(h->ialign_mask | 1);
}

static void set_sepc(struct hart *h, unsigned num, uxlen v)
{
    h->csr.sepc = v & ~(uxlen)(h->ialign_mask | 1);
}

/* A write that asks for a mode there is not is ignored altogether. */
static void set_satp(struct hart *h, unsigned num, uxlen v)
{
    unsigned mode = v >> (XLEN == 64 ? SATP64_MODE_SHIFT : SATP32_MODE_SHIFT);
    if (v == h->csr.satp || (mode && mode != (XLEN == 64 ? SV39_MODE : SV32_MODE)))
        return;
    h->csr.satp = v;
    h->resv_addr = RESV_NONE; /* it is a virtual address */
    tlb_flush(h, true);
}

/* --- memory protection ------------------------------------------------------------------------ */

static uxlen get_pmpcfg(struct hart *h, unsigned num)
{
    unsigned first = (num - 0x3a0) * 4;
    uxlen v = 0;
    for (unsigned i = 0; i < XLEN / 8; i++)
        v |= (uxlen)h->csr.pmpcfg[first + i] << 8 * i;
    return v;
}

static void set_pmpcfg(struct hart *h, unsigned num, uxlen v)
{
    unsigned first = (num - 0x3a0) * 4;
    for (unsigned i = 0; i < XLEN / 8; i++)
        pmp_write_cfg(h, first + i, v >> 8 * i);
    pmp_update(h);
}

static uxlen get_pmpaddr(struct hart *h, unsigned num)
{
    return h->csr.pmpaddr[num - 0x3b0];
}

static void set_pmpaddr(struct hart *h, unsigned num, uxlen v)
{
    pmp_write_addr(h, num - 0x3b0, v);
    pmp_update(h);
}

/* --- the table -------------------------------------------------------------------------------- */

enum csr_kind { KIND_FIELD, KIND_VIEW, KIND_WARL, KIND_CONST };
enum csr_check { CHECK_ANY, CHECK_COUNTER, CHECK_TVM, CHECK_STCE, CHECK_PMP };

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
#define ROW_WARL(name)  STORED(name), .set = set_##name
#define ROW_CONST(name) .get = NULL
#define ROW_VIEW(name)  .get = get_##name, .set = set_##name

/* Read-only ones have no writer; a write to them never gets that far. */
#define set_cycle    NULL
#define set_time     NULL
#define set_instret  NULL
#define set_cycleh   NULL
#define set_timeh    NULL
#define set_instreth NULL
#define set_mhartid  NULL

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

static bool pmp_exists(const struct hart *h, unsigned num)
{
    if (num >= 0x3b0)
        return num - 0x3b0 < h->config.isa.pmp_count;
    return (num - 0x3a0) * 4 < h->config.isa.pmp_count && (XLEN == 32 || num % 2 == 0);
}

bool CORE(csr_setup)(struct hart *h)
{
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!has(h, rows[i].ext))
            continue;
        for (unsigned k = 0; k < rows[i].count; k++)
            if (rows[i].check != CHECK_PMP || pmp_exists(h, rows[i].number + k))
                h->csr_index[rows[i].number + k] = i + 1;
    }
    h->csr.mstatus = XLEN == 64 ? MSTATUS64_XL64 : 0;
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
    else if (row->kind != KIND_CONST)
        row->set(h, num, v);
}

/* cycle, time and instret below M-mode need each higher mode's permission. */
static bool counter_enabled(const struct hart *h, unsigned num)
{
    uint64_t bit = UINT64_C(1) << (num & 31);
    return (h->priv == HART_M || h->csr.mcounteren & bit) &&
           (h->priv != HART_U || h->csr.scounteren & bit);
}

static bool may_access(const struct hart *h, const struct csr_row *row, unsigned num, bool write)
{
    if (h->priv < (num >> 8 & 3) || (write && num >> 10 == 3))
        return false;
    switch (row->check) {
    case CHECK_COUNTER: return counter_enabled(h, num);
    case CHECK_TVM: return h->priv != HART_S || !(h->csr.mstatus & MSTATUS_TVM);
    case CHECK_STCE: return h->priv == HART_M || (stce(h) && h->csr.mcounteren & COUNTER_TM);
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
    return (old & ~(uxlen)S_INTERRUPTS) | (h->mip_soft & S_INTERRUPTS);
}

bool CORE(csr_op)(struct hart *h, const struct op *op, enum insn_csr kind, uxlen operand,
                  bool write, uxlen *old)
{
    unsigned num = (unsigned)op->imm & 0xfff;
    const struct csr_row *row = row_find(h, num);
    if (!row || !may_access(h, row, num, write))
        return hart_fault(h, CAUSE_ILLEGAL_INSN, op->raw);
    *old = row_get(h, row, num);
    if (!write)
        return true;
    uxlen base = modify_base(h, num, *old);
    row_set(h, row, num,
            kind == CSR_OP_RW   ? operand
            : kind == CSR_OP_RS ? base | operand
                                : base & ~operand);
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
    return true;
}

const struct core CORE(core) = {
    .execute = CORE(execute),
    .exec_labels = CORE(exec_labels),
    .csr_setup = CORE(csr_setup),
    .csr_read = CORE(csr_read),
    .csr_write = CORE(csr_write),
    .translate = CORE(translate),
};
