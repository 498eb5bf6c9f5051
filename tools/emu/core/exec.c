/*
 * The interpreter: one piece of code per insn.def row, generated per class, joined by computed
 * jumps. core.h describes the exit protocol that the labels below the dispatch code implement.
 */
#include "tools/emu/core/alu.h"
#include "tools/emu/core/core.h"

/* Keep one indirect jump per instruction: merged ones are mispredicted. */
#pragma GCC optimize("no-gcse", "no-crossjumping")

#define OP_IMM(o) ((uxlen)(sxlen)(o)->imm)

/* Goes on with the next instruction of the block. */
#define NEXT()         \
    do {               \
        op++;          \
        goto * op->fn; \
    } while (0)

/* Rule 1. */
#define ENTER(b)                         \
    do {                                 \
        blk = (b);                       \
        op = blk->ops;                   \
        budget -= blk->count;            \
        if (unlikely(budget < 0))        \
            goto check;                  \
        if (unlikely(hart_attention(h))) \
            goto check;                  \
        goto * op->fn;                   \
    } while (0)

/* Leaves for pc + imm, by the link if there is one. */
#define TRANSFER()               \
    do {                         \
        pc += OP_IMM(op);        \
        if (unlikely(!op->link)) \
            goto unlinked;       \
        ENTER(op->link);         \
    } while (0)

/* Finds the block at pc in the jump cache. */
#define JUMP()                                                    \
    do {                                                          \
        const struct jump_entry *entry_ = jump_slot(h->jump, pc); \
        if (unlikely(entry_->pc != pc))                           \
            goto resume;                                          \
        ENTER(entry_->block);                                     \
    } while (0)

/* Rule 3: publish the position. */
#define PUBLISH()              \
    do {                       \
        h->at.block = blk;     \
        h->at.op = op;         \
        h->at.pc = pc;         \
        h->at.budget = budget; \
    } while (0)

/* The cached translation for an access of `size` bytes at va, if it hits. */
#define TLB_ENTRY(kind, va) (&tlb->kind[(va) >> PAGE_SHIFT & (TLB_ENTRIES - 1)])
#define TLB_HITS(e, va, size) \
    likely((uxlen)((va) & ~(uxlen)(PAGE_OFFSET & ~((size)-1u))) == (e)->tag)
#define TLB_HOST(e, va) ((void *)((e)->addend + (uintptr_t)(va)))

/* --- classes that can be part of a pair --------------------------------------------------------
 *
 * RUN_class(arg, o, how, miss) does what the op `o` does. A result goes to its register and into
 * `acc`, so that the op behind it need not read it back from memory. how: where the first operand
 * comes from, FREE = its register, CHAIN = acc. The statement `miss` leaves for the slow side, with
 * nothing of the op done.
 */

#define FREE(reg)  x[reg]
#define CHAIN(reg) acc

#define RUN_ALU(arg, o, how, miss) x[(o)->rd] = acc = alu_##arg(how((o)->rs1), x[(o)->rs2]);

#define RUN_ALUI(arg, o, how, miss) x[(o)->rd] = acc = alu_##arg(how((o)->rs1), OP_IMM(o));

#define RUN_LI(arg, o, how, miss) x[(o)->rd] = acc = OP_IMM(o);

#define RUN_AUIPC(arg, o, how, miss) x[(o)->rd] = acc = pc + OP_IMM(o);

#define RUN_LOAD(arg, o, how, miss)                                              \
    {                                                                            \
        typedef load_type_##arg type;                                            \
        uxlen va = how((o)->rs1) + OP_IMM(o);                                    \
        const struct tlb_entry *e = TLB_ENTRY(read, va);                         \
        if (!TLB_HITS(e, va, sizeof(type)))                                      \
            miss;                                                                \
        type value = __atomic_load_n((type *)TLB_HOST(e, va), __ATOMIC_RELAXED); \
        x[(o)->rd] = acc = (uxlen)(sxlen)value;                                  \
    }

#define RUN_STORE(arg, o, how, miss)                                                      \
    {                                                                                     \
        typedef store_type_##arg type;                                                    \
        uxlen va = x[(o)->rs1] + OP_IMM(o);                                               \
        const struct tlb_entry *e = TLB_ENTRY(write, va);                                 \
        if (!TLB_HITS(e, va, sizeof(type)))                                               \
            miss;                                                                         \
        __atomic_store_n((type *)TLB_HOST(e, va), (type)how((o)->rs2), __ATOMIC_RELAXED); \
    }

#define RUN_BRANCH(arg, o, how, miss)               \
    if (branch_##arg(how((o)->rs1), x[(o)->rs2])) { \
        op = (o);                                   \
        budget += op->op_left;                      \
        TRANSFER();                                 \
    }

#define RUN_JAL(arg, o, how, miss)        \
    {                                     \
        op = (o);                         \
        x[op->rd] = pc + 2u * op->op_end; \
        TRANSFER();                       \
    }

#define RUN_JALR(arg, o, how, miss)                             \
    {                                                           \
        uxlen target = (how((o)->rs1) + OP_IMM(o)) & ~(uxlen)1; \
        if (unlikely(target & h->ialign_mask))                  \
            miss;                                               \
        x[(o)->rd] = pc + 2u * (o)->op_end;                     \
        pc = target;                                            \
        JUMP();                                                 \
    }

/* Two ops in a row; what is not simple goes on with an op of its own. */
#define EXEC_PAIR(class1, arg1, how1, class2, arg2, how2)    \
    {                                                        \
        RUN_##class1(arg1, op, how1, goto first_alone);      \
        RUN_##class2(arg2, op + 1, how2, goto second_alone); \
        op += 2;                                             \
        goto * op->fn;                                       \
    }

/* --- one per class --------------------------------------------------------------------------- */

#define EXEC(class, arg, how)                         \
    {                                                 \
        RUN_##class(arg, op, how, MISS_##class(arg)); \
        NEXT();                                       \
    }
#define EXEC_ALU(arg)    EXEC(ALU, arg, FREE)
#define EXEC_ALUI(arg)   EXEC(ALUI, arg, FREE)
#define EXEC_LI(arg)     EXEC(LI, arg, FREE)
#define EXEC_AUIPC(arg)  EXEC(AUIPC, arg, FREE)
#define EXEC_LOAD(arg)   EXEC(LOAD, arg, FREE)
#define EXEC_STORE(arg)  EXEC(STORE, arg, FREE)
#define EXEC_BRANCH(arg) EXEC(BRANCH, arg, FREE)
#define EXEC_JAL(arg)    EXEC(JAL, arg, FREE)
#define EXEC_JALR(arg)   EXEC(JALR, arg, FREE)

/* The slow sides. */
#define MISS_ALU(arg)
#define MISS_ALUI(arg)
#define MISS_LI(arg)
#define MISS_AUIPC(arg)
#define MISS_BRANCH(arg)
#define MISS_JAL(arg)

#define MISS_LOAD(arg)                                    \
    {                                                     \
        uint64_t slow;                                    \
        PUBLISH();                                        \
        if (!CORE(load_slow)(h, va, sizeof(type), &slow)) \
            goto fault;                                   \
        x[op->rd] = acc = (uxlen)(sxlen)(type)slow;       \
        goto after_slow;                                  \
    }

#define MISS_STORE(arg)                                               \
    {                                                                 \
        PUBLISH();                                                    \
        if (!CORE(store_slow)(h, va, sizeof(type), (type)x[op->rs2])) \
            goto fault;                                               \
        goto after_slow;                                              \
    }

#define MISS_JALR(arg)                                \
    {                                                 \
        hart_fault(h, CAUSE_INSN_MISALIGNED, target); \
        goto fault;                                   \
    }

/* STORE where other harts' reservations are to be broken (op_extra, OP_SHARED_STORE). */
#define EXEC_SHARED_STORE(arg)                                              \
    {                                                                       \
        typedef store_type_##arg type;                                      \
        uxlen va = x[op->rs1] + OP_IMM(op);                                 \
        const struct tlb_entry *e = TLB_ENTRY(write, va);                   \
        if (!TLB_HITS(e, va, sizeof(type)))                                 \
            MISS_STORE(arg)                                                 \
        type *p = TLB_HOST(e, va);                                          \
        if (likely(!resv_watched(h->resv, p)))                              \
            __atomic_store_n(p, (type)x[op->rs2], __ATOMIC_RELAXED);        \
        else                                                                \
            resv_store(h->resv, h->config.id, p, sizeof(type), x[op->rs2]); \
        NEXT();                                                             \
    }

#include "tools/emu/core/exec_atomic.h"

#define EXEC_CSR_WITH(arg, operand)                                                                \
    {                                                                                              \
        uxlen old;                                                                                 \
        PUBLISH();                                                                                 \
        if (!CORE(csr_op)(h, op, CSR_OP_##arg, operand, CSR_OP_##arg == CSR_OP_RW || op->rs1 != 0, \
                          &old))                                                                   \
            goto fault;                                                                            \
        x[op->rd] = old;                                                                           \
        pc += 2u * op->op_end;                                                                     \
        tlb = h->data;                                                                             \
        JUMP();                                                                                    \
    }
#define EXEC_CSR(arg)  EXEC_CSR_WITH(arg, x[op->rs1])
#define EXEC_CSRI(arg) EXEC_CSR_WITH(arg, op->rs1)

#define EXEC_CBO(arg)                                                \
    {                                                                \
        PUBLISH();                                                   \
        if (!CORE(cbo)(h, CBO_##arg, x[op->rs1], (uint32_t)op->raw)) \
            goto fault;                                              \
        goto after_slow;                                             \
    }

#define EXEC_SYSTEM(arg)       \
    {                          \
        system = SYSTEM_##arg; \
        goto system_op;        \
    }

#include "tools/emu/core/exec_fp.h"

/* --- the loop -------------------------------------------------------------------------------- */

#define LOAD_OP(id, xlen, type) ON_##xlen(typedef type load_type_##id;)
#include "riscv/insn.def"
#define STORE_OP(id, xlen, type) ON_##xlen(typedef type store_type_##id;)
#include "riscv/insn.def"

/* Announces the block about to run to the tracer. */
static void announce(struct hart *h, const struct block *block, uxlen pc)
{
    struct hart_trace event = {.pc = pc, .priv = h->priv};
    if (h->trace_kinds & HART_TRACE_BLOCK) {
        event.kind = HART_TRACE_BLOCK;
        event.block_insns = block->count;
        h->trace(h->trace_arg, h, &event);
    }
    if (h->trace_kinds & HART_TRACE_INSN && block->count == 1) {
        event.kind = HART_TRACE_INSN;
        event.insn = CORE(block_raw)(h, pc);
        h->trace(h->trace_arg, h, &event);
    }
}

/* Notes that a block was entered, whose length the budget has given already. */
static inline void note_block(struct hart *h, const struct block *block, uxlen pc, int64_t budget)
{
    struct block_history *b = h->blocks;
    b->notes[b->count++ % HART_HISTORY] = (struct block_note){
        .pc = pc,
        .instret = h->retired + (h->run_budget - budget - block->count) - h->unretired,
        .priv = h->priv,
    };
}

/* Does what was asked for at the next block boundary; true = hart_run() must return. */
static bool attend(struct hart *h)
{
    if (unlikely(h->watch))
        CORE(watch_after)(h);
    unsigned what = __atomic_fetch_and(&h->attention, ATTENTION_TRACE, __ATOMIC_ACQUIRE);
    if (what & ATTENTION_FENCE_I)
        code_fence(h);
    if (what & ATTENTION_IRQ && !h->irqs_held)
        CORE(trap_interrupt)(h);
    return what & ATTENTION_STOP;
}

/* Would the branch or jump in an OP_MISALIGNED be taken? `raw` holds the instruction's id. */
static bool misaligned_taken(const struct op *op, uxlen a, uxlen b)
{
    switch (op->raw) {
#define TAKEN_BRANCH(id, arg) \
    case INSN_##id:           \
        return branch_##arg(a, b);
#define TAKEN_ALU(id, arg)
#define TAKEN_ALUI(id, arg)
#define TAKEN_LI(id, arg)
#define TAKEN_AUIPC(id, arg)
#define TAKEN_LOAD(id, arg)
#define TAKEN_STORE(id, arg)
#define TAKEN_JAL(id, arg)
#define TAKEN_JALR(id, arg)
#define TAKEN_LR(id, arg)
#define TAKEN_SC(id, arg)
#define TAKEN_AMO_W(id, arg)
#define TAKEN_AMO_D(id, arg)
#define TAKEN_AMOCAS(id, arg)
#define TAKEN_CSR(id, arg)
#define TAKEN_CSRI(id, arg)
#define TAKEN_CBO(id, arg)
#define TAKEN_FENCE(id, arg)
#define TAKEN_SYSTEM(id, arg)
#define TAKEN_FLOAD(id, arg)
#define TAKEN_FSTORE(id, arg)
#define TAKEN_FLI(id, arg)
#define TAKEN_FF_H(id, arg)
#define TAKEN_FF_S(id, arg)
#define TAKEN_FF_D(id, arg)
#define TAKEN_FMA_H(id, arg)
#define TAKEN_FMA_S(id, arg)
#define TAKEN_FMA_D(id, arg)
#define TAKEN_FX_H(id, arg)
#define TAKEN_FX_S(id, arg)
#define TAKEN_FX_D(id, arg)
#define TAKEN_XF_H(id, arg)
#define TAKEN_XF_S(id, arg)
#define TAKEN_XF_D(id, arg)
#define INSN(id, name, xlen, ext, pattern, format, class, arg, reserved) TAKEN_##class(id, arg)
#include "riscv/insn.def"
    default: return true;
    }
}

/*
 * Runs until the budget is used up, the hart waits, or it is asked to stop. With h NULL only tells
 * where the code of each kind of op is.
 */
static enum hart_exit_reason run(struct hart *h, const void *const **labels_out)
{
    static const void *const labels[OP_COUNT] = {
#define INSN(id, name, xlen, ext, pattern, format, class, arg, reserved) \
    ON_##xlen([INSN_##id] = &&do_##id, )
#include "riscv/insn.def"
#define PART(xlen, class, arg) ON_##xlen([OP_CHAIN_##class##_##arg] = &&do_chain_##class##_##arg, )
#define PAIR(xlen, class1, arg1, class2, arg2, how)                           \
    ON_##xlen([OP_PAIR_##class1##_##arg1##_##class2##_##arg2##_##how] =       \
                  &&do_pair_##class1##_##arg1##_##class2##_##arg2##_##how,    \
              [OP_CHAIN_PAIR_##class1##_##arg1##_##class2##_##arg2##_##how] = \
                  &&do_chain_pair_##class1##_##arg1##_##class2##_##arg2##_##how, )
#include "tools/emu/core/pair.def"
#define STORE_OP(id, xlen, type) ON_##xlen([OP_SHARED_STORE + STORE_##id] = &&do_shared_##id, )
#include "riscv/insn.def"
        [OP_END] = &&do_end,
        [OP_ILLEGAL] = &&do_illegal,
        [OP_MISALIGNED] = &&do_misaligned,
        [OP_HISTORY] = &&do_history,
    };
    if (!h) {
        *labels_out = labels;
        return HART_EXIT_STOP;
    }

    reg_t *const x = X(h);
    int64_t budget = h->at.budget;
    uxlen pc = h->pc;
    const struct tlb *tlb = h->data;
    struct block *blk;
    struct op *op;
    uxlen acc = 0; /* the result of the op before, if that is of a class that can be in a pair */
    enum insn_system system;
    goto resume;

#define INSN(id, name, xlen, ext, pattern, format, class, arg, reserved) \
    ON_##xlen(do_##id : EXEC_##class(arg))
#include "riscv/insn.def"
#define PART(xlen, class, arg) ON_##xlen(do_chain_##class##_##arg : EXEC(class, arg, CHAIN))
#define PAIR(xlen, class1, arg1, class2, arg2, how)                           \
    ON_##xlen(do_pair_##class1##_##arg1##_##class2##_##arg2##_##how           \
              : EXEC_PAIR(class1, arg1, FREE, class2, arg2, how)              \
                  do_chain_pair_##class1##_##arg1##_##class2##_##arg2##_##how \
              : EXEC_PAIR(class1, arg1, CHAIN, class2, arg2, how))
#include "tools/emu/core/pair.def"

first_alone: /* the first of a pair is not simple */
    goto * op->alone;
second_alone:
    NEXT();

#define STORE_OP(id, xlen, type) ON_##xlen(do_shared_##id : EXEC_SHARED_STORE(id))
#include "riscv/insn.def"

do_end:
    TRANSFER();

do_illegal:
    hart_fault(h, CAUSE_ILLEGAL_INSN, op->raw);
    goto fault;

do_history:
    note_block(h, blk, pc, budget);
    goto **block_first(blk);

do_misaligned:
    if (!misaligned_taken(op, x[op->rs1], x[op->rs2]))
        NEXT();
    hart_fault(h, CAUSE_INSN_MISALIGNED, pc + OP_IMM(op));
    goto fault;

after_slow: /* rule 5 */
    if (likely(!hart_attention(h)))
        NEXT();
    op++;
    pc += 2u * op->offset;
    budget += blk->count - (op - blk->ops);
    goto resume;

unlinked : { /* a direct transfer to pc; link it if that is in the page it came from */
    uxlen from = pc - OP_IMM(op);
    const struct jump_entry *entry = jump_slot(h->jump, pc);
    uint32_t generation = h->code_generation;
    struct block *to = entry->block;
    if (entry->pc != pc) {
        if (unlikely(h->watch) || budget <= 0) /* nor may a fetch that faults cost more */
            goto resume;
        h->pc = pc;
        h->at.block = NULL;
        h->at.budget = budget;
        to = CORE(block_get)(h, pc, INT64_MAX);
        if (!to)
            goto fetch_fault;
    }
    if ((from ^ pc) < PAGE_SIZE && to->cached && generation == h->code_generation)
        op->link = to;
    ENTER(to);
}

check: /* rule 1: nothing of blk has run */
    budget += blk->count;
resume: /* go on at pc, whatever is there */
    h->pc = pc;
    h->at.block = NULL;
    h->at.budget = budget;
    if (hart_attention(h)) {
        if (attend(h))
            return HART_EXIT_STOP;
        pc = h->pc;
        tlb = h->data;
    }
    if (budget <= 0)
        return HART_EXIT_BUDGET;
    if (unlikely(h->watch) && !CORE(watch_fetch)(h, pc))
        goto fetch_fault;
    blk = CORE(block_get)(h, pc, budget);
    if (!blk)
        goto fetch_fault;
    if (unlikely(h->trace_kinds))
        announce(h, blk, pc);
    if (unlikely(h->watch) && !CORE(watch_insn)(h, pc))
        goto fetch_fault;
    budget -= blk->count;
    op = blk->ops;
    goto * op->fn;

system_op:
    PUBLISH();
    h->pc = pc + 2u * op->offset;
    switch (CORE(system_op)(h, system, op, pc + 2u * op->op_end)) {
    case SYSTEM_DONE: break;
    case SYSTEM_FAULT: goto fault;
    case SYSTEM_WAIT:
        h->at.block = NULL;
        h->at.budget = budget;
        return HART_EXIT_WFI;
    }
    pc = h->pc;
    tlb = h->data;
    JUMP();

fault: /* rule 4 */
    pc += 2u * op->offset;
    budget += blk->count - (op - blk->ops);
fetch_fault:
    if (unlikely(h->exc.cause == EXC_DEBUG)) { /* rule 10 */
        h->pc = pc;
        h->at.block = NULL;
        h->at.budget = budget;
        return HART_EXIT_DEBUG;
    }
    budget--;
    h->unretired++;
    h->pc = pc;
    h->at.block = NULL;
    h->at.budget = budget;
    CORE(trap_exception)(h);
    pc = h->pc;
    tlb = h->data;
    JUMP();
}

enum hart_exit_reason CORE(execute)(struct hart *h)
{
    return run(h, NULL);
}

const void *const *CORE(exec_labels)(void)
{
    const void *const *labels;
    run(NULL, &labels);
    return labels;
}
