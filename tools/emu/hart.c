/* What a hart shows to whoever carries it; the parts that do not depend on XLEN. */
#include <stdlib.h>
#include <string.h>

#include "tools/emu/core/core.h"

static uint64_t truncate(const struct hart *h, uint64_t v)
{
    return h->config.isa.xlen == 32 ? (uint32_t)v : v;
}

/* --- life ------------------------------------------------------------------------------------ */

#define FIELD(member, since)                                                                 \
    {                                                                                        \
#        member, offsetof(struct hart, member), sizeof(((struct hart *)0)->member), 1, since \
    }
#define ARRAY(member, since)                                                                  \
    {                                                                                         \
#        member, offsetof(struct hart, member), sizeof(((struct hart *)0)->member[0]),        \
            sizeof(((struct hart *)0)->member) / sizeof(((struct hart *)0)->member[0]), since \
    }
#define CSR_FIELD_FIELD(name) FIELD(csr.name, 1),
#define CSR_FIELD_WARL(name)  FIELD(csr.name, 1),
#define CSR_FIELD_VIEW(name)
#define CSR_FIELD_READ(name)
#define CSR_FIELD_CONST(name)

static const struct state_field fields[] = {
    ARRAY(x, 1),
    ARRAY(f, 1),
    FIELD(pc, 1),
    FIELD(priv, 1),
    FIELD(waiting, 1),
    FIELD(retired, 1),
    FIELD(resv_addr, 1),
    FIELD(resv_value, 1),
    FIELD(resv_size, 1),
    FIELD(mip_soft, 1),
    ARRAY(fixed_offset, 1),
    ARRAY(fixed_frozen, 1),
    FIELD(stimer, 1),
#define CSR(name, number, xlen, ext, check, kind, mask) CSR_FIELD_##kind(name)
#include "riscv/csr.def"
    FIELD(csr.menvcfg, 1),
    FIELD(csr.stimecmp, 1),
    FIELD(csr.mseccfg, 1),
    ARRAY(csr.mstateen, 1),
    ARRAY(csr.fixed_cfg, 1),
    ARRAY(csr.hpmcounter, 1),
    ARRAY(csr.hpmevent, 1),
    ARRAY(csr.tdata1, 1),
    ARRAY(csr.tdata2, 1),
    ARRAY(csr.tdata3, 1),
    ARRAY(csr.pmpcfg, 1),
    ARRAY(csr.pmpaddr, 1),
};

const struct state_field *hart_state_fields(size_t *count)
{
    *count = sizeof(fields) / sizeof(fields[0]);
    return fields;
}

void hart_state_changed(struct hart *hart)
{
    code_flush(hart);
    hart->step.armed = false;
    count_update(hart);
    hart->core->trigger_update(hart);
    pmp_update(hart);
    fpu_changed(hart);
    tlb_context_changed(hart);
    hart_irq_changed(hart);
}

void hart_reset(struct hart *hart)
{
    size_t count;
    const struct state_field *f = hart_state_fields(&count);
    state_reset(hart, f, count);
    hart->pc = truncate(hart, hart->config.reset_pc);
    hart->priv = HART_M;
    hart->resv_addr = RESV_NONE;
    history_reset(hart);
    hart->core->csr_setup(hart);
    hart_state_changed(hart);
}

void hart_set_reset_pc(struct hart *hart, uint64_t pc)
{
    hart->config.reset_pc = pc;
}

static bool hart_allocate(struct hart *h)
{
    h->decoder = decoder_create(&h->config.isa);
    h->arena = malloc(ARENA_SIZE);
    h->scratch = calloc(1, sizeof(*h->scratch) + (BLOCK_MAX_INSNS + 2) * sizeof(struct op));
    struct ram_client client = {code_written, tlb_write_revoked, h};
    return h->decoder && h->arena && h->scratch && ram_add_client(h->config.ram, &client) == 0;
}

struct hart *hart_create(const struct hart_config *config)
{
    struct hart *h = calloc(1, sizeof(*h));
    if (!h)
        return NULL;
    h->config = *config;
    h->resv = ram_reservations(config->ram);
    h->core = config->isa.xlen == 64 ? &core_rv64 : &core_rv32;
    h->labels = h->core->exec_labels();
    h->ialign_mask = isa_has(&config->isa, EXT_ZCA) ? 0 : 2;
    if (h->config.isa.pmp_count > PMP_MAX)
        h->config.isa.pmp_count = PMP_MAX;
    if (!hart_allocate(h)) {
        hart_destroy(h);
        return NULL;
    }
    hart_reset(h);
    return h;
}

void hart_destroy(struct hart *hart)
{
    if (!hart)
        return;
    ram_remove_client(hart->config.ram, hart);
    decoder_destroy(hart->decoder);
    free(hart->arena);
    free(hart->scratch);
    free(hart->blocks);
    free(hart);
}

/* --- running --------------------------------------------------------------------------------- */

struct hart_exit hart_run(struct hart *hart, uint64_t budget)
{
    struct hart_exit result = {.reason = HART_EXIT_WFI};
    hart_update_stimer(hart);
    hart->hit.what = HART_HIT_NONE;
    if (hart->waiting) {
        if (hart_attention(hart) & ATTENTION_STOP) {
            __atomic_fetch_and(&hart->attention, ~(unsigned)ATTENTION_STOP, __ATOMIC_RELAXED);
            result.reason = HART_EXIT_STOP;
            return result;
        }
        if (hart_waiting(hart))
            return result;
        hart->waiting = false;
        hart_attend(hart, ATTENTION_IRQ);
    }
    hart->run_budget = budget > INT64_MAX ? INT64_MAX : (int64_t)budget;
    hart->at.budget = hart->run_budget;
    result.reason = hart->core->execute(hart);
    result.used = hart->run_budget - hart->at.budget;
    result.executed = result.used - hart->unretired;
    if (result.reason ==
        HART_EXIT_BUDGET) /* an instruction that is not there may be one too many */
        result.used = (uint64_t)hart->run_budget;
    hart->retired += result.executed;
    hart->run_budget = hart->at.budget = 0;
    hart->unretired = 0;
    return result;
}

void hart_stop(struct hart *hart)
{
    hart_attend(hart, ATTENTION_STOP);
}

uint64_t hart_instret(const struct hart *hart)
{
    int64_t left = hart->at.budget;
    if (hart->at.block)
        left += hart->at.block->count - (hart->at.op - hart->at.block->ops);
    return hart->retired + (hart->run_budget - left) - hart->unretired;
}

/* --- interrupts ------------------------------------------------------------------------------ */

uint64_t hart_mip(const struct hart *h)
{
    uint64_t mip = h->mip_soft;
    if (h->csr.menvcfg & MENVCFG64_STCE)
        mip = (mip & ~(uint64_t)MIP_STIP) | (h->stimer ? MIP_STIP : 0);
    return mip | __atomic_load_n(&h->mip_lines, __ATOMIC_ACQUIRE);
}

void hart_irq_changed(struct hart *h)
{
    if (hart_mip(h) & h->csr.mie)
        hart_attend(h, ATTENTION_IRQ);
}

void hart_set_irq(struct hart *hart, unsigned bit, bool level)
{
    uint64_t mask = UINT64_C(1) << (bit & 63);
    if (level) {
        __atomic_fetch_or(&hart->mip_lines, mask, __ATOMIC_RELEASE);
        hart_attend(hart, ATTENTION_IRQ);
    } else {
        __atomic_fetch_and(&hart->mip_lines, ~mask, __ATOMIC_RELEASE);
    }
}

bool hart_waiting(const struct hart *hart)
{
    return hart->waiting && !(hart_mip(hart) & hart->csr.mie);
}

uint64_t hart_timer_deadline(const struct hart *hart)
{
    return hart->csr.menvcfg & MENVCFG64_STCE ? hart->csr.stimecmp : UINT64_MAX;
}

void hart_update_stimer(struct hart *h)
{
    if (!(h->csr.menvcfg & MENVCFG64_STCE))
        return;
    bool up = h->config.ops->time(h->config.opaque, h) >= h->csr.stimecmp;
    if (up && !h->stimer)
        hart_attend(h, ATTENTION_IRQ);
    h->stimer = up;
}

void hart_yield(struct hart *h)
{
    if (h->config.ops->yield == NULL)
        return;
    h->config.ops->yield(h->config.opaque, h);
    hart_update_stimer(h);
}

/* --- looking and poking ----------------------------------------------------------------------- */

unsigned hart_id(const struct hart *hart)
{
    return hart->config.id;
}

const struct isa *hart_isa(const struct hart *hart)
{
    return &hart->config.isa;
}

uint64_t hart_pc(const struct hart *hart)
{
    return hart->at.block ? truncate(hart, hart->at.pc + 2u * hart->at.op->offset) : hart->pc;
}

void hart_set_pc(struct hart *hart, uint64_t pc)
{
    hart->pc = truncate(hart, pc) & ~(uint64_t)(hart->ialign_mask | 1);
}

/* Registers of an RV32 hart lie packed. */
uint64_t hart_read_reg(const struct hart *hart, unsigned reg)
{
    if (reg > 31)
        return 0;
    if (hart->config.isa.xlen == 64)
        return hart->x[reg];
    uint32_t v;
    memcpy(&v, (const char *)hart->x + reg * sizeof(v), sizeof(v));
    return v;
}

void hart_write_reg(struct hart *hart, unsigned reg, uint64_t value)
{
    uint32_t v = (uint32_t)value;
    if (reg == 0 || reg > 31)
        return;
    if (hart->config.isa.xlen == 64)
        hart->x[reg] = value;
    else
        memcpy((char *)hart->x + reg * sizeof(v), &v, sizeof(v));
}

uint64_t hart_read_freg(const struct hart *hart, unsigned reg)
{
    return reg > 31 ? 0 : hart->f[reg];
}

void hart_write_freg(struct hart *hart, unsigned reg, uint64_t value)
{
    if (reg > 31)
        return;
    hart->f[reg] = value;
    if (hart->csr.mstatus & MSTATUS_FS)
        fpu_dirty(hart);
}

enum hart_priv hart_priv(const struct hart *hart)
{
    return hart->priv;
}

void hart_set_priv(struct hart *hart, enum hart_priv priv)
{
    hart_enter_priv(hart, priv);
    tlb_context_changed(hart);
    hart_irq_changed(hart);
}

bool hart_csr_read(struct hart *hart, unsigned num, uint64_t *value)
{
    return hart->core->csr_read(hart, num, value);
}

bool hart_csr_write(struct hart *hart, unsigned num, uint64_t value)
{
    return hart->core->csr_write(hart, num, value);
}

bool hart_translate(struct hart *hart, uint64_t vaddr, enum hart_priv priv, uint64_t *paddr)
{
    return hart->core->translate(hart, vaddr, priv, paddr);
}

/* Has every block looked at, or lets them run freely again. */
static void attend_blocks(struct hart *hart)
{
    if (hart->watch || hart->trace_kinds & (HART_TRACE_INSN | HART_TRACE_BLOCK))
        hart_attend(hart, ATTENTION_TRACE);
    else
        __atomic_fetch_and(&hart->attention, ~(unsigned)ATTENTION_TRACE, __ATOMIC_RELAXED);
}

void hart_watch(struct hart *h, unsigned who, bool on)
{
    unsigned before = h->watch;
    h->watch = on ? before | who : before & ~who;
    if (!h->watch == !before)
        return;
    h->step.armed = false;
    code_flush(h);
    attend_blocks(h);
}

void hart_set_trace(struct hart *hart, unsigned kinds, hart_trace_fn *fn, void *arg)
{
    hart->trace_kinds = fn ? kinds : 0;
    hart->trace = fn;
    hart->trace_arg = arg;
    /* While instructions are traced every block is one instruction long. */
    code_flush(hart);
    attend_blocks(hart);
}
