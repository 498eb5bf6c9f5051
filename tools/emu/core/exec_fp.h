#pragma once
/*
 * The interpreter's code for the floating-point classes; a part of exec.c. What is quick is done
 * here, given the state that hart->fpu sums up; everything else, and everything that is illegal, by
 * the functions of hart_fpu.c.
 */
#include "tools/emu/core/core.h"
#include "tools/emu/fp/fp.h"

#define EXEC_FLOAD(arg)                                                              \
    {                                                                                \
        typedef fmem_type_##arg type;                                                \
        uxlen va = x[op->rs1] + OP_IMM(op);                                          \
        const struct tlb_entry *e = TLB_ENTRY(read, va);                             \
        if (TLB_HITS(e, va, sizeof(type)) && likely(h->fpu != FPU_CAREFUL)) {        \
            type value = __atomic_load_n((type *)TLB_HOST(e, va), __ATOMIC_RELAXED); \
            h->f[op->rd] = fp_box(FP_##arg, value);                                  \
            NEXT();                                                                  \
        }                                                                            \
        PUBLISH();                                                                   \
        uint64_t value;                                                              \
        if (!fpu_on(h, op) || !CORE(load_slow)(h, va, sizeof(type), &value))         \
            goto fault;                                                              \
        h->f[op->rd] = fp_box(FP_##arg, (type)value);                                \
        fpu_dirty(h);                                                                \
        goto after_slow;                                                             \
    }

#define EXEC_FSTORE(arg)                                                                      \
    {                                                                                         \
        typedef fmem_type_##arg type;                                                         \
        uxlen va = x[op->rs1] + OP_IMM(op);                                                   \
        const struct tlb_entry *e = TLB_ENTRY(write, va);                                     \
        if (TLB_HITS(e, va, sizeof(type)) && likely(h->fpu != FPU_CAREFUL)) {                 \
            __atomic_store_n((type *)TLB_HOST(e, va), (type)h->f[op->rs2], __ATOMIC_RELAXED); \
            NEXT();                                                                           \
        }                                                                                     \
        PUBLISH();                                                                            \
        if (!fpu_on(h, op) || !CORE(store_slow)(h, va, sizeof(type), (type)h->f[op->rs2]))    \
            goto fault;                                                                       \
        goto after_slow;                                                                      \
    }

#define EXEC_FLI(arg)                 \
    {                                 \
        if (!fpu_li(h, op, FP_##arg)) \
            goto fault;               \
        NEXT();                       \
    }

#define EXEC_FF(arg, fmt)              \
    {                                  \
        if (!fpu_ff_##arg(h, op, fmt)) \
            goto fault;                \
        NEXT();                        \
    }
#define EXEC_FF_H(arg) EXEC_FF(arg, FP_H)
#define EXEC_FF_S(arg) EXEC_FF(arg, FP_S)
#define EXEC_FF_D(arg) EXEC_FF(arg, FP_D)

#define EXEC_FMA(arg, fmt)              \
    {                                   \
        if (!fpu_fma_##arg(h, op, fmt)) \
            goto fault;                 \
        NEXT();                         \
    }
#define EXEC_FMA_H(arg) EXEC_FMA(arg, FP_H)
#define EXEC_FMA_S(arg) EXEC_FMA(arg, FP_S)
#define EXEC_FMA_D(arg) EXEC_FMA(arg, FP_D)

#define EXEC_FX(arg, fmt)                      \
    {                                          \
        uint64_t value;                        \
        if (!fpu_fx_##arg(h, op, fmt, &value)) \
            goto fault;                        \
        x[op->rd] = (uxlen)value;              \
        NEXT();                                \
    }
#define EXEC_FX_H(arg) EXEC_FX(arg, FP_H)
#define EXEC_FX_S(arg) EXEC_FX(arg, FP_S)
#define EXEC_FX_D(arg) EXEC_FX(arg, FP_D)

#define EXEC_XF(arg, fmt)                                      \
    {                                                          \
        if (!fpu_xf_##arg(h, op, fmt, x[op->rs1], x[op->rs2])) \
            goto fault;                                        \
        NEXT();                                                \
    }
#define EXEC_XF_H(arg) EXEC_XF(arg, FP_H)
#define EXEC_XF_S(arg) EXEC_XF(arg, FP_S)
#define EXEC_XF_D(arg) EXEC_XF(arg, FP_D)

#define FMEM_OP(id, type) typedef type fmem_type_##id;
#include "riscv/insn.def"
