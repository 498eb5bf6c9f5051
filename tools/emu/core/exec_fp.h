#pragma once
/*
 * The interpreter's code for the floating-point classes; a part of exec.c. What is quick is done
 * here, given the state that hart->fpu sums up; everything else, and everything that is illegal, by
 * the functions of hart_fpu.c.
 */
#include "tools/emu/core/core.h"
#include "tools/emu/fp/quick.h"

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

#define EXEC_FSTORE(arg)                                                                   \
    {                                                                                      \
        typedef fmem_type_##arg type;                                                      \
        uxlen va = x[op->rs1] + OP_IMM(op);                                                \
        const struct tlb_entry *e = TLB_ENTRY(write, va);                                  \
        if (TLB_HITS(e, va, sizeof(type)) && likely(h->fpu != FPU_CAREFUL)) {              \
            store_shared(h, TLB_HOST(e, va), sizeof(type), h->f[op->rs2]);                 \
            NEXT();                                                                        \
        }                                                                                  \
        PUBLISH();                                                                         \
        if (!fpu_on(h, op) || !CORE(store_slow)(h, va, sizeof(type), (type)h->f[op->rs2])) \
            goto fault;                                                                    \
        goto after_slow;                                                                   \
    }

#define EXEC_FLI(arg)                 \
    {                                 \
        if (!fpu_li(h, op, FP_##arg)) \
            goto fault;               \
        NEXT();                       \
    }

/* The operation in line, if it can be done so in the state the FPU is in. */
#define TRY(state, done)                 \
    if (likely(state) && likely(done)) { \
        h->f[op->rd] = r;                \
        NEXT();                          \
    }
#define TRY_X(state, done)               \
    if (likely(state) && likely(done)) { \
        x[op->rd] = (uxlen)r;            \
        NEXT();                          \
    }
#define ROUNDS_QUICKLY (h->fpu == (enum fpu_state)OP_FPU_STATE(op))
#define IS_ON          (h->fpu != FPU_CAREFUL)

#define QUICK_FF_ADD(fmt)    TRY(ROUNDS_QUICKLY, fp_quick_ADD(fmt, a, b, &r))
#define QUICK_FF_SUB(fmt)    TRY(ROUNDS_QUICKLY, fp_quick_SUB(fmt, a, b, &r))
#define QUICK_FF_MUL(fmt)    TRY(ROUNDS_QUICKLY, fp_quick_MUL(fmt, a, b, &r))
#define QUICK_FF_DIV(fmt)    TRY(ROUNDS_QUICKLY, fp_quick_DIV(fmt, a, b, &r))
#define QUICK_FF_SGNJ(fmt)   TRY(IS_ON, fp_exact_SGNJ(fmt, a, b, &r))
#define QUICK_FF_SGNJN(fmt)  TRY(IS_ON, fp_exact_SGNJN(fmt, a, b, &r))
#define QUICK_FF_SGNJX(fmt)  TRY(IS_ON, fp_exact_SGNJX(fmt, a, b, &r))
#define QUICK_FF_MIN(fmt)    TRY(IS_ON, fp_exact_MIN(fmt, a, b, &r))
#define QUICK_FF_MAX(fmt)    TRY(IS_ON, fp_exact_MAX(fmt, a, b, &r))
#define QUICK_FF_FROM_S(fmt) TRY(ROUNDS_QUICKLY, fp_exact_widen(a, &r))
#define QUICK_FF_FROM_D(fmt) TRY(ROUNDS_QUICKLY, fp_quick_narrow(a, &r))
#define QUICK_FF_FROM_H(fmt)
#define QUICK_FF_SQRT(fmt)
#define QUICK_FF_MINM(fmt)
#define QUICK_FF_MAXM(fmt)
#define QUICK_FF_ROUND(fmt)
#define QUICK_FF_ROUNDNX(fmt)

#define EXEC_FF_H(arg)                  \
    {                                   \
        if (!fpu_ff_##arg(h, op, FP_H)) \
            goto fault;                 \
        NEXT();                         \
    }
#define EXEC_FF(arg, fmt)                                                         \
    {                                                                             \
        uint64_t __attribute__((unused)) a = h->f[op->rs1], b = h->f[op->rs2], r; \
        QUICK_FF_##arg(fmt) if (!fpu_ff_##arg(h, op, fmt)) goto fault;            \
        NEXT();                                                                   \
    }
#define EXEC_FF_S(arg) EXEC_FF(arg, FP_S)
#define EXEC_FF_D(arg) EXEC_FF(arg, FP_D)

#define FMA_A_MADD(fmt, v)  (v)
#define FMA_A_MSUB(fmt, v)  (v)
#define FMA_A_NMSUB(fmt, v) fp_negate(fmt, v)
#define FMA_A_NMADD(fmt, v) fp_negate(fmt, v)
#define FMA_C_MADD(fmt, v)  (v)
#define FMA_C_MSUB(fmt, v)  fp_negate(fmt, v)
#define FMA_C_NMSUB(fmt, v) (v)
#define FMA_C_NMADD(fmt, v) fp_negate(fmt, v)

#define EXEC_FMA_H(arg)                  \
    {                                    \
        if (!fpu_fma_##arg(h, op, FP_H)) \
            goto fault;                  \
        NEXT();                          \
    }
#define EXEC_FMA(arg, fmt)                                                                       \
    {                                                                                            \
        uint64_t r, a = FMA_A_##arg(fmt, h->f[op->rs1]), c = FMA_C_##arg(fmt, h->f[OP_RS3(op)]); \
        TRY(ROUNDS_QUICKLY, fp_quick_fma(fmt, a, h->f[op->rs2], c, &r))                          \
        if (!fpu_fma_##arg(h, op, fmt))                                                          \
            goto fault;                                                                          \
        NEXT();                                                                                  \
    }
#define EXEC_FMA_S(arg) EXEC_FMA(arg, FP_S)
#define EXEC_FMA_D(arg) EXEC_FMA(arg, FP_D)

#define QUICK_FX_EQ(fmt)   TRY_X(IS_ON, fp_exact_EQ(fmt, a, b, &r))
#define QUICK_FX_LT(fmt)   TRY_X(IS_ON, fp_exact_LT(fmt, a, b, &r))
#define QUICK_FX_LE(fmt)   TRY_X(IS_ON, fp_exact_LE(fmt, a, b, &r))
#define QUICK_FX_LTQ(fmt)  TRY_X(IS_ON, fp_exact_LT(fmt, a, b, &r))
#define QUICK_FX_LEQ(fmt)  TRY_X(IS_ON, fp_exact_LE(fmt, a, b, &r))
#define QUICK_FX_MV(fmt)   TRY_X(IS_ON, (r = fp_raw(fmt, a), true))
#define QUICK_FX_TO_W(fmt) TRY_X(ROUNDS_QUICKLY, fp_quick_TO_W(fmt, a, &r))
#define QUICK_FX_TO_L(fmt) TRY_X(ROUNDS_QUICKLY, fp_quick_TO_L(fmt, a, &r))
#define QUICK_FX_TO_WU(fmt)
#define QUICK_FX_TO_LU(fmt)
#define QUICK_FX_TO_W_MOD(fmt)
#define QUICK_FX_MVH(fmt)
#define QUICK_FX_CLASS(fmt)

#define EXEC_FX_H(arg)                      \
    {                                       \
        uint64_t r;                         \
        if (!fpu_fx_##arg(h, op, FP_H, &r)) \
            goto fault;                     \
        x[op->rd] = (uxlen)r;               \
        NEXT();                             \
    }
#define EXEC_FX(arg, fmt)                                                         \
    {                                                                             \
        uint64_t __attribute__((unused)) a = h->f[op->rs1], b = h->f[op->rs2], r; \
        QUICK_FX_##arg(fmt) if (!fpu_fx_##arg(h, op, fmt, &r)) goto fault;        \
        x[op->rd] = (uxlen)r;                                                     \
        NEXT();                                                                   \
    }
#define EXEC_FX_S(arg) EXEC_FX(arg, FP_S)
#define EXEC_FX_D(arg) EXEC_FX(arg, FP_D)

#define QUICK_XF_MV(fmt)      TRY(IS_ON, (r = fp_box(fmt, a), true))
#define QUICK_XF_FROM_W(fmt)  TRY(ROUNDS_QUICKLY, (r = fp_quick_from(fmt, (int32_t)a), true))
#define QUICK_XF_FROM_WU(fmt) TRY(ROUNDS_QUICKLY, (r = fp_quick_from(fmt, (uint32_t)a), true))
#define QUICK_XF_FROM_L(fmt)  TRY(ROUNDS_QUICKLY, (r = fp_quick_from(fmt, (int64_t)a), true))
#define QUICK_XF_FROM_LU(fmt)
#define QUICK_XF_MVP(fmt)

#define EXEC_XF_H(arg)                                          \
    {                                                           \
        if (!fpu_xf_##arg(h, op, FP_H, x[op->rs1], x[op->rs2])) \
            goto fault;                                         \
        NEXT();                                                 \
    }
#define EXEC_XF(arg, fmt)                                                             \
    {                                                                                 \
        uint64_t __attribute__((unused)) a = x[op->rs1], r;                           \
        QUICK_XF_##arg(fmt) if (!fpu_xf_##arg(h, op, fmt, a, x[op->rs2])) goto fault; \
        NEXT();                                                                       \
    }
#define EXEC_XF_S(arg) EXEC_XF(arg, FP_S)
#define EXEC_XF_D(arg) EXEC_XF(arg, FP_D)

#define FMEM_OP(id, type) typedef type fmem_type_##id;
#include "riscv/insn.def"
