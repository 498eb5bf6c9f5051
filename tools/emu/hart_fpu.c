/*
 * What floating-point instructions do to a hart: one function per operation of insn.def, around the
 * arithmetic in fp/. The interpreter comes here for whatever it does not do in line.
 */
#include "tools/emu/core/core.h"
#include "tools/emu/fp/fp.h"

void fpu_changed(struct hart *h)
{
    bool dirty = (h->csr.mstatus & MSTATUS_FS) == MSTATUS_FS;
    bool quick = h->csr.frm == FP_RNE && h->csr.fflags & FP_NX;
    h->fpu = !dirty ? FPU_CAREFUL : quick ? FPU_QUICK : FPU_DIRTY;
}

void fpu_dirty(struct hart *h)
{
    h->csr.mstatus |= MSTATUS_FS | (h->config.isa.xlen == 64 ? MSTATUS64_SD : MSTATUS32_SD);
    fpu_changed(h);
}

bool fpu_on(struct hart *h, const struct op *op)
{
    return h->csr.mstatus & MSTATUS_FS || hart_fault(h, CAUSE_ILLEGAL_INSN, op->raw);
}

/* What `rounds` says in insn.def. */
enum { NO_RM, RM };

/* Prepares env for one operation; false with an exception pending if it is illegal. */
static bool begin(struct hart *h, const struct op *op, bool rounds, struct fp_env *env)
{
    if (!fpu_on(h, op))
        return false;
    env->rm = FP_RNE;
    env->flags = h->csr.fflags;
    if (rounds) {
        unsigned rm = op->raw >> 12 & 7;
        env->rm = rm == FP_DYN ? h->csr.frm : rm;
    }
    return env->rm <= FP_RMM || hart_fault(h, CAUSE_ILLEGAL_INSN, op->raw);
}

/* Keeps the flags that were raised. */
static void accrue(struct hart *h, const struct fp_env *env)
{
    if (env->flags == h->csr.fflags)
        return;
    h->csr.fflags = env->flags;
    fpu_dirty(h);
}

/* The result of an operation into an f register. */
static void put_f(struct hart *h, const struct op *op, const struct fp_env *e, uint64_t value)
{
    h->f[op->rd] = value;
    accrue(h, e);
    if (h->fpu == FPU_CAREFUL)
        fpu_dirty(h);
}

#define FF_OP(id, rounds, expr)                                                \
    bool fpu_ff_##id(struct hart *h, const struct op *op, enum fp_format fmt)  \
    {                                                                          \
        struct fp_env e, *env = &e;                                            \
        if (!begin(h, op, rounds, env))                                        \
            return false;                                                      \
        uint64_t __attribute__((unused)) a = h->f[op->rs1], b = h->f[op->rs2]; \
        put_f(h, op, env, expr);                                               \
        return true;                                                           \
    }
#define FMA_OP(id, expr)                                                       \
    bool fpu_fma_##id(struct hart *h, const struct op *op, enum fp_format fmt) \
    {                                                                          \
        struct fp_env e, *env = &e;                                            \
        if (!begin(h, op, RM, env))                                            \
            return false;                                                      \
        uint64_t a = h->f[op->rs1], b = h->f[op->rs2], c = h->f[OP_RS3(op)];   \
        put_f(h, op, env, expr);                                               \
        return true;                                                           \
    }
#define FX_OP(id, rounds, expr)                                                                \
    bool fpu_fx_##id(struct hart *h, const struct op *op, enum fp_format fmt, uint64_t *value) \
    {                                                                                          \
        struct fp_env e, *env = &e;                                                            \
        if (!begin(h, op, rounds, env))                                                        \
            return false;                                                                      \
        uint64_t __attribute__((unused)) a = h->f[op->rs1], b = h->f[op->rs2];                 \
        *value = expr;                                                                         \
        accrue(h, env);                                                                        \
        return true;                                                                           \
    }
#define XF_OP(id, rounds, expr)                                                           \
    bool fpu_xf_##id(struct hart *h, const struct op *op, enum fp_format fmt, uint64_t a, \
                     uint64_t b)                                                          \
    {                                                                                     \
        struct fp_env e, *env = &e;                                                       \
        if (!begin(h, op, rounds, env))                                                   \
            return false;                                                                 \
        put_f(h, op, env, expr);                                                          \
        return true;                                                                      \
    }
#include "riscv/insn.def"

bool fpu_li(struct hart *h, const struct op *op, enum fp_format fmt)
{
    struct fp_env env;
    if (!begin(h, op, NO_RM, &env))
        return false;
    put_f(h, op, &env, fp_constant(fmt, op->rs1));
    return true;
}
