#pragma once
/* The interpreter's code for atomics and fences; a part of exec.c. */
#include "tools/emu/core/alu.h"
#include "tools/emu/core/core.h"

/*
 * The order of memory accesses (unprivileged specification, "RVWMO"). Hosts keep what RVWMO asks of
 * plain accesses: dependencies go through host registers and memory, where x86-64 and arm64 keep
 * them. x86-64 reorders nothing but a store with a later load, and its atomic operations order
 * everything, so acquire and release come by themselves there (resv_take() is such an operation).
 * Other hosts get a full fence before a release and behind an acquire, which also keeps two
 * sequentially consistent operations in order. A hart that shares memory with nobody needs none.
 */
#ifdef __x86_64__
#    define HOST_IS_TSO 1
#else
#    define HOST_IS_TSO 0
#endif

#define ATOMIC_RL 1 /* in op->imm of LR, SC and AMO */
#define ATOMIC_AQ 2

static inline void order_before(const struct hart *h, const struct op *op)
{
    if (!HOST_IS_TSO && h->resv && op->imm & ATOMIC_RL)
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static inline void order_after(const struct hart *h, const struct op *op)
{
    if (!HOST_IS_TSO && h->resv && op->imm & ATOMIC_AQ)
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* FENCE's sets: predecessors I O R W in bits 7 to 4, successors in bits 3 to 0. */
#define FENCE_PRED_W 0x50
#define FENCE_PRED_R 0xa0
#define FENCE_SUCC_R 0x0a
#define FENCE_SUCC_W 0x05

static inline void order_fence(enum insn_fence kind, unsigned sets)
{
    bool stores_before_loads = kind != FENCE_TSO && sets & FENCE_PRED_W && sets & FENCE_SUCC_R;
    if (stores_before_loads)
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
    else if (kind == FENCE_TSO || (sets & FENCE_PRED_W && sets & FENCE_PRED_R))
        __atomic_thread_fence(__ATOMIC_ACQ_REL);
    else if (sets & FENCE_PRED_W)
        __atomic_thread_fence(__ATOMIC_RELEASE);
    else if (sets & FENCE_PRED_R)
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
}

/* So many in a row and the hart waits for another, which had better run. */
enum { PAUSES = 32, FAILURES = 64 };

static inline void hart_spins(struct hart *h, uint32_t *count, uint32_t limit)
{
    if (!h->resv || ++*count < limit)
        return;
    *count = 0;
    hart_yield(h);
}

#define WIDTH_TYPE_WORD   uint32_t
#define WIDTH_TYPE_DOUBLE uint64_t
#define WIDTH_SEXT_WORD   (uxlen)(int32_t)
#define WIDTH_SEXT_DOUBLE (uxlen)

/* Where an atomic access operates: sets p, or leaves for the fault exit. */
#define ATOMIC_PLACE(kind, access, type)                    \
    uxlen va = x[op->rs1];                                  \
    const struct tlb_entry *e = TLB_ENTRY(kind, va);        \
    type *p;                                                \
    if (TLB_HITS(e, va, sizeof(type))) {                    \
        p = TLB_HOST(e, va);                                \
    } else {                                                \
        PUBLISH();                                          \
        p = CORE(atomic_slow)(h, va, sizeof(type), access); \
        if (!p)                                             \
            goto fault;                                     \
    }

/* The write of an SC whose address and size are LR's. */
static bool store_conditional(struct hart *h, void *host, unsigned size, uint64_t value)
{
    if (h->resv)
        return resv_conditional(h->resv, h->config.id, host, size, h->resv_value, value);
    if (ram_load(host, size) != h->resv_value)
        return false;
    ram_store(host, size, value);
    return true;
}

#define EXEC_LR(arg)                                                   \
    {                                                                  \
        ATOMIC_PLACE(read, HART_READ, WIDTH_TYPE_##arg)                \
        order_before(h, op);                                           \
        if (h->resv)                                                   \
            resv_take(h->resv, h->config.id, p);                       \
        WIDTH_TYPE_##arg value = __atomic_load_n(p, __ATOMIC_ACQUIRE); \
        order_after(h, op);                                            \
        h->resv_addr = va;                                             \
        h->resv_size = sizeof(value);                                  \
        h->resv_value = value;                                         \
        x[op->rd] = WIDTH_SEXT_##arg value;                            \
        goto after_slow;                                               \
    }

/* Without a matching reservation there is no access, so no fault but that for alignment. */
#define EXEC_SC(arg)                                                                  \
    {                                                                                 \
        bool ok = false;                                                              \
        if (unlikely(x[op->rs1] & (sizeof(WIDTH_TYPE_##arg) - 1))) {                  \
            hart_fault(h, CAUSE_STORE_MISALIGNED, x[op->rs1]);                        \
            goto fault;                                                               \
        }                                                                             \
        if (h->resv_addr == x[op->rs1] && h->resv_size == sizeof(WIDTH_TYPE_##arg)) { \
            ATOMIC_PLACE(write, HART_WRITE, WIDTH_TYPE_##arg)                         \
            order_before(h, op);                                                      \
            ok = store_conditional(h, p, sizeof(*p), x[op->rs2]);                     \
            order_after(h, op);                                                       \
        }                                                                             \
        h->resv_addr = RESV_NONE;                                                     \
        x[op->rd] = !ok;                                                              \
        if (!ok)                                                                      \
            hart_spins(h, &h->failed, FAILURES);                                      \
        goto after_slow;                                                              \
    }

/* What hosts do in one instruction; of the rest a loop makes one. */
#define AMO_RMW_SWAP(p, r, fn) __atomic_exchange_n(p, r, __ATOMIC_SEQ_CST)
#define AMO_RMW_ADD(p, r, fn)  __atomic_fetch_add(p, r, __ATOMIC_SEQ_CST)
#define AMO_RMW_XOR(p, r, fn)  __atomic_fetch_xor(p, r, __ATOMIC_SEQ_CST)
#define AMO_RMW_AND(p, r, fn)  __atomic_fetch_and(p, r, __ATOMIC_SEQ_CST)
#define AMO_RMW_OR(p, r, fn)   __atomic_fetch_or(p, r, __ATOMIC_SEQ_CST)
#define AMO_RMW_MIN            AMO_RMW_LOOP
#define AMO_RMW_MAX            AMO_RMW_LOOP
#define AMO_RMW_MINU           AMO_RMW_LOOP
#define AMO_RMW_MAXU           AMO_RMW_LOOP
#define AMO_RMW_LOOP(p, r, fn)                                                                \
    ({                                                                                        \
        __typeof__(*(p)) seen_ = __atomic_load_n(p, __ATOMIC_RELAXED);                        \
        while (!__atomic_compare_exchange_n(p, &seen_, fn(seen_, r), false, __ATOMIC_SEQ_CST, \
                                            __ATOMIC_RELAXED))                                \
            ;                                                                                 \
        seen_;                                                                                \
    })

#define EXEC_AMO(arg, type, sext, fn)                            \
    {                                                            \
        ATOMIC_PLACE(write, HART_WRITE, type)                    \
        type reg = (type)x[op->rs2], old;                        \
        if (!h->resv) { /* nobody else writes there */           \
            old = __atomic_load_n(p, __ATOMIC_RELAXED);          \
            __atomic_store_n(p, fn(old, reg), __ATOMIC_RELAXED); \
        } else {                                                 \
            order_before(h, op);                                 \
            bool watched = store_begin(h, p);                    \
            old = AMO_RMW_##arg(p, reg, fn);                     \
            store_end(h, p, watched);                            \
            order_after(h, op);                                  \
        }                                                        \
        x[op->rd] = sext old;                                    \
        goto after_slow;                                         \
    }
#define EXEC_AMO_W(arg) EXEC_AMO(arg, uint32_t, (uxlen)(int32_t), amo_w_##arg)
#define EXEC_AMO_D(arg) EXEC_AMO(arg, uint64_t, (uxlen), amo_d_##arg)

static inline uxlen2 pair(uxlen low, uxlen high)
{
    return (uxlen2)high << XLEN | low;
}

/*
 * Returns what was there. On 128 bits __sync is what compilers expand in line; x86-64 has the
 * instruction for it, but for the very first of its kind.
 */
#if XLEN == 64 && defined(__x86_64__)
__attribute__((target("cx16")))
#endif
static uxlen2
compare_and_swap_pair(uxlen2 *p, uxlen2 want, uxlen2 next)
{
    return __sync_val_compare_and_swap(p, want, next);
}

/*
 * Compare and swap (Zacas). The compare value comes from rd; the sink behind x0 does not read as
 * zero.
 */
#define EXEC_AMOCAS_ONE(type, sext)                                                     \
    {                                                                                   \
        ATOMIC_PLACE(write, HART_WRITE, type)                                           \
        type old = op->rd == SINK ? 0 : (type)x[op->rd];                                \
        order_before(h, op);                                                            \
        bool watched = store_begin(h, p);                                               \
        __atomic_compare_exchange_n(p, &old, (type)x[op->rs2], false, __ATOMIC_SEQ_CST, \
                                    __ATOMIC_SEQ_CST);                                  \
        store_end(h, p, watched);                                                       \
        order_after(h, op);                                                             \
        x[op->rd] = sext old;                                                           \
        goto after_slow;                                                                \
    }
#define EXEC_AMOCAS_WORD   EXEC_AMOCAS_ONE(uint32_t, (uxlen)(int32_t))
#define EXEC_AMOCAS_DOUBLE EXEC_AMOCAS_ONE(uint64_t, (uxlen))

/* On two registers, of which x0 and its neighbour both read as zero and take nothing. */
#define EXEC_AMOCAS_PAIR                                                   \
    {                                                                      \
        ATOMIC_PLACE(write, HART_WRITE, uxlen2)                            \
        uxlen2 want = op->rd == SINK ? 0 : pair(x[op->rd], x[op->rd + 1]); \
        uxlen2 next = op->rs2 == 0 ? 0 : pair(x[op->rs2], x[op->rs2 + 1]); \
        order_before(h, op);                                               \
        bool watched = store_begin(h, p);                                  \
        uxlen2 old = compare_and_swap_pair(p, want, next);                 \
        store_end(h, p, watched);                                          \
        order_after(h, op);                                                \
        x[op->rd] = (uxlen)old;                                            \
        if (op->rd != SINK)                                                \
            x[op->rd + 1] = (uxlen)(old >> XLEN);                          \
        goto after_slow;                                                   \
    }
#define EXEC_AMOCAS(arg) EXEC_AMOCAS_##arg

#define EXEC_FENCE(arg)                                  \
    {                                                    \
        if (FENCE_##arg == FENCE_PAUSE)                  \
            hart_spins(h, &h->pauses, PAUSES);           \
        else if (h->resv)                                \
            order_fence(FENCE_##arg, (unsigned)op->imm); \
        NEXT();                                          \
    }
