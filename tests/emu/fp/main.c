/*
 * The emulator's floating point against the witness: each operation, in each format and rounding
 * mode, on special and random operands; by integer operations alone and with the host's help, with
 * NX clear and set before. usage: fp CASES SEED; prints TAP.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/emu/fp/witness.h"
#include "tools/emu/fp/quick.h"
#include "tools/emu/fp/soft.h"

#define MAX_SHOWN 5

/* What an operation's operands are. */
enum operands { FLOATS, HALVES, SINGLES, DOUBLES, INTEGERS, NUMBERS_TO_31 };

#define ROWS                                                                                      \
    ROW("fadd", FLOATS, 2, add, soft_add(env, fmt, a, b), try_add(env, fmt, a, b))                \
    ROW("fsub", FLOATS, 2, sub, soft_sub(env, fmt, a, b), try_sub(env, fmt, a, b))                \
    ROW("fmul", FLOATS, 2, mul, soft_mul(env, fmt, a, b), fp_mul(env, fmt, a, b))                 \
    ROW("fdiv", FLOATS, 2, div, soft_div(env, fmt, a, b), fp_div(env, fmt, a, b))                 \
    ROW("fsqrt", FLOATS, 1, sqrt, soft_sqrt(env, fmt, a), fp_sqrt(env, fmt, a))                   \
    ROW("fmadd", FLOATS, 3, fma, soft_fma(env, fmt, a, b, c), fp_fma(env, fmt, a, b, c))          \
    ROW("from half", HALVES, 1, from_h, soft_convert(env, fmt, FP_H, a),                          \
        fp_convert(env, fmt, FP_H, a))                                                            \
    ROW("from single", SINGLES, 1, from_s, soft_convert(env, fmt, FP_S, a),                       \
        fp_convert(env, fmt, FP_S, a))                                                            \
    ROW("from double", DOUBLES, 1, from_d, soft_convert(env, fmt, FP_D, a),                       \
        fp_convert(env, fmt, FP_D, a))                                                            \
    ROW("to w", FLOATS, 1, to_w, soft_to_int(env, fmt, a, 32, true), try_to(env, fmt, a, 32))     \
    ROW("to wu", FLOATS, 1, to_wu, soft_to_int(env, fmt, a, 32, false),                           \
        fp_to_int(env, fmt, a, 32, false))                                                        \
    ROW("to l", FLOATS, 1, to_l, soft_to_int(env, fmt, a, 64, true), try_to(env, fmt, a, 64))     \
    ROW("to lu", FLOATS, 1, to_lu, soft_to_int(env, fmt, a, 64, false),                           \
        fp_to_int(env, fmt, a, 64, false))                                                        \
    ROW("from w", INTEGERS, 1, from_w, soft_from_int(env, fmt, (uint64_t)(int32_t)a, true),       \
        try_from(env, fmt, (int32_t)a))                                                           \
    ROW("from wu", INTEGERS, 1, from_wu, soft_from_int(env, fmt, (uint32_t)a, false),             \
        fp_from_int(env, fmt, (uint32_t)a, false))                                                \
    ROW("from l", INTEGERS, 1, from_l, soft_from_int(env, fmt, a, true),                          \
        try_from(env, fmt, (int64_t)a))                                                           \
    ROW("from lu", INTEGERS, 1, from_lu, soft_from_int(env, fmt, a, false),                       \
        fp_from_int(env, fmt, a, false))                                                          \
    ROW("fround", FLOATS, 1, round, fp_round(env, fmt, a, false), fp_round(env, fmt, a, false))   \
    ROW("froundnx", FLOATS, 1, roundnx, fp_round(env, fmt, a, true), fp_round(env, fmt, a, true)) \
    ROW("feq", FLOATS, 2, eq, fp_eq(env, fmt, a, b), try_eq(env, fmt, a, b))                      \
    ROW("flt", FLOATS, 2, lt, fp_lt(env, fmt, a, b), try_lt(env, fmt, a, b))                      \
    ROW("fle", FLOATS, 2, le, fp_le(env, fmt, a, b), try_le(env, fmt, a, b))                      \
    ROW("fltq", FLOATS, 2, ltq, fp_lt_quiet(env, fmt, a, b), fp_lt_quiet(env, fmt, a, b))         \
    ROW("fleq", FLOATS, 2, leq, fp_le_quiet(env, fmt, a, b), fp_le_quiet(env, fmt, a, b))         \
    ROW("fmin", FLOATS, 2, min, fp_min(env, fmt, a, b), try_min(env, fmt, a, b))                  \
    ROW("fmax", FLOATS, 2, max, fp_max(env, fmt, a, b), try_max(env, fmt, a, b))                  \
    ROW("fminm", FLOATS, 2, minm, fp_minm(env, fmt, a, b), fp_minm(env, fmt, a, b))               \
    ROW("fmaxm", FLOATS, 2, maxm, fp_maxm(env, fmt, a, b), fp_maxm(env, fmt, a, b))               \
    ROW("fclass", FLOATS, 1, class, fp_class(fmt, a), fp_class(fmt, a))                           \
    ROW("fli", NUMBERS_TO_31, 1, constant, fp_constant(fmt, a), fp_constant(fmt, a))              \
    ROW("fcvtmod.w.d", DOUBLES, 1, to_w_modular, fp_to_int_modular(env, a),                       \
        fp_to_int_modular(env, a))

/* --- as the interpreter does: quick.h where that may be used, else the function ----------------
 */

static bool is_quick(const struct fp_env *env, enum fp_format fmt)
{
    return fmt != FP_H && env->rm == FP_RNE && env->flags & FP_NX;
}

static uint64_t try_add(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    uint64_t r;
    return is_quick(env, fmt) && fp_quick_ADD(fmt, a, b, &r) ? r : fp_add(env, fmt, a, b);
}

static uint64_t try_sub(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    uint64_t r;
    return is_quick(env, fmt) && fp_quick_SUB(fmt, a, b, &r) ? r : fp_sub(env, fmt, a, b);
}

#define TRY_EXACT(name, NAME)                                                                  \
    static uint64_t try_##name(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b) \
    {                                                                                          \
        uint64_t r;                                                                            \
        return fmt != FP_H && fp_exact_##NAME(fmt, a, b, &r) ? r : fp_##name(env, fmt, a, b);  \
    }
TRY_EXACT(eq, EQ)
TRY_EXACT(lt, LT)
TRY_EXACT(le, LE)
TRY_EXACT(min, MIN)
TRY_EXACT(max, MAX)

static uint64_t try_from(struct fp_env *env, enum fp_format fmt, int64_t v)
{
    return is_quick(env, fmt) ? fp_quick_from(fmt, v) : fp_from_int(env, fmt, (uint64_t)v, true);
}

static uint64_t try_to(struct fp_env *env, enum fp_format fmt, uint64_t a, unsigned bits)
{
    uint64_t r;
    if (fmt != FP_H && env->rm == FP_RTZ && env->flags & FP_NX &&
        (bits == 32 ? fp_quick_TO_W : fp_quick_TO_L)(fmt, a, &r))
        return r;
    return fp_to_int(env, fmt, a, bits, true);
}

/* --- the table ---------------------------------------------------------------------------------
 */

#define ROW(name, operands, count, witness, soft, full)                                   \
    static uint64_t soft_of_##witness(struct fp_env *env, enum fp_format fmt, uint64_t a, \
                                      uint64_t b, uint64_t c)                             \
    {                                                                                     \
        return soft;                                                                      \
    }                                                                                     \
    static uint64_t full_of_##witness(struct fp_env *env, enum fp_format fmt, uint64_t a, \
                                      uint64_t b, uint64_t c)                             \
    {                                                                                     \
        return full;                                                                      \
    }
ROWS
#undef ROW

    struct row {
    const char *name;
    enum operands operands;
    int count;
    witness_fn *witness, *soft, *full;
};

static const struct row rows[] = {
#define ROW(name, operands, count, witness, soft, full) \
    {name, operands, count, witness_##witness, soft_of_##witness, full_of_##witness},
    ROWS
#undef ROW
};

/* --- operands ----------------------------------------------------------------------------------
 */

static uint64_t state;

static uint64_t bits(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state * UINT64_C(0x2545f4914f6cdd1d);
}

static uint64_t below(uint64_t n)
{
    return (bits() >> 11) % n;
}

static uint64_t any_fraction(unsigned width)
{
    uint64_t all = (UINT64_C(1) << width) - 1, low = (UINT64_C(1) << below(width)) - 1;
    switch (below(8)) {
    case 0: return 0;
    case 1: return all;
    case 2: return low + 1;
    case 3: return all & ~low;
    case 4: return bits() & all & ~low;
    case 5: return low;
    default: return bits() & all;
    }
}

static uint64_t any_exponent(unsigned width)
{
    uint64_t all = (UINT64_C(1) << width) - 1, bias = all >> 1;
    switch (below(8)) {
    case 0: return 0;
    case 1: return below(4);
    case 2: return all - below(4);
    case 3: return bits() & all;
    default: return (bias - bias / 8 + below(bias / 4 + 1)) & all;
    }
}

static uint64_t any_float(enum fp_format fmt)
{
    const struct soft_layout *l = &soft_layouts[fmt];
    uint64_t v = (bits() & 1) << l->exponent_bits | any_exponent(l->exponent_bits);
    v = v << l->fraction_bits | any_fraction(l->fraction_bits);
    /* sometimes not boxed */
    return fmt != FP_D && below(40) == 0 ? v | bits() << fp_width(fmt) : fp_box(fmt, v);
}

/* Close to v, or to its negative. */
static uint64_t near_float(enum fp_format fmt, uint64_t v)
{
    unsigned fraction = soft_layouts[fmt].fraction_bits;
    uint64_t distance = bits() & ((UINT64_C(1) << below(fraction * 2 / 3)) - 1);
    v = bits() & 1 ? v + distance : v - distance;
    if (below(3) == 0)
        v += (below(5) - 2) << fraction;
    return fp_box(fmt, v ^ (bits() & 1 ? fp_sign_bit(fmt) : 0));
}

static uint64_t any_integer(void)
{
    uint64_t v = any_fraction(63) << below(2);
    v >>= below(64);
    return below(2) ? v + below(3) - 1 : ~v;
}

struct trial {
    struct fp_env env;
    uint64_t v[3];
};

static enum fp_format operand_format(const struct row *row, enum fp_format fmt)
{
    switch (row->operands) {
    case HALVES: return FP_H;
    case SINGLES: return FP_S;
    case DOUBLES: return FP_D;
    default: return fmt;
    }
}

/* Operands that have to do with each other: equal ones, a result near the least normal number. */
static void relate(uint64_t v[3], enum fp_format fmt)
{
    struct fp_env env = {.rm = FP_RNE};
    uint64_t least = fp_constant(fmt, 1);
    switch (below(8)) {
    case 0:
    case 1: v[1] = near_float(fmt, v[0]); break;
    case 2: v[1] = near_float(fmt, soft_div(&env, fmt, least, v[0])); break;
    case 3: v[0] = near_float(fmt, soft_mul(&env, fmt, least, v[1])); break;
    default: break;
    }
    if (below(3) == 0)
        v[2] = near_float(fmt, soft_mul(&env, fmt, v[0], v[1]));
}

static void choose(struct trial *t, const struct row *row, enum fp_format fmt, uint64_t number)
{
    enum fp_format from = operand_format(row, fmt);
    t->env.rm = number % 5;
    t->env.flags = number / 5 % 2 ? bits() & 31 : 0;
    for (int i = 0; i < 3; i++)
        t->v[i] = any_float(from);
    if (row->count > 1)
        relate(t->v, fmt);
    if (row->operands == INTEGERS) {
        t->v[0] = any_integer();
    } else if (row->operands == NUMBERS_TO_31) {
        t->v[0] = number / 10 % 32;
    } else if (from == FP_H && row->count == 1 && number / 10 < 0x10000) {
        t->v[0] = fp_box(FP_H, number / 10); /* a long run tries them all */
    } else if (from != fmt && below(2)) {
        struct fp_env env = {.rm = FP_RNE};
        t->v[0] = near_float(from, soft_convert(&env, from, fmt, any_float(fmt)));
    }
}

/* --- comparing ---------------------------------------------------------------------------------
 */

static bool differs(const struct trial *t, enum fp_format fmt, witness_fn *ours, uint64_t want,
                    unsigned want_flags, const char *what, bool show)
{
    struct fp_env env = t->env;
    uint64_t got = ours(&env, fmt, t->v[0], t->v[1], t->v[2]);
    if (got == want && env.flags == want_flags)
        return false;
    if (show)
        printf("# %s, rounding mode %u, flags %02x, operands %016" PRIx64 " %016" PRIx64
               " %016" PRIx64 ": got %016" PRIx64 " %02x want %016" PRIx64 " %02x\n",
               what, t->env.rm, t->env.flags, t->v[0], t->v[1], t->v[2], got, env.flags, want,
               want_flags);
    return true;
}

/* The number of cases that fail. */
static uint64_t compare(const struct row *row, enum fp_format fmt, uint64_t cases)
{
    uint64_t failed = 0;
    for (uint64_t i = 0; i < cases; i++) {
        struct trial t;
        choose(&t, row, fmt, i);
        struct fp_env env = t.env;
        uint64_t want = row->witness(&env, fmt, t.v[0], t.v[1], t.v[2]);
        bool show = failed < MAX_SHOWN;
        failed += differs(&t, fmt, row->soft, want, env.flags, "with integers", show) ||
                  differs(&t, fmt, row->full, want, env.flags, "with the host", show);
    }
    return failed;
}

/* There is no conversion from a format to itself, and fcvtmod is for doubles only. */
static bool exists(const struct row *row, enum fp_format fmt)
{
    if (row->full == full_of_to_w_modular)
        return fmt == FP_D;
    return row->operands == FLOATS || operand_format(row, fmt) != fmt || row->operands >= INTEGERS;
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"half", "single", "double"};
    if (argc != 3)
        return 2;
    uint64_t cases = strtoull(argv[1], NULL, 0);
    unsigned number = 0, failed = 0;
    state = strtoull(argv[2], NULL, 0) * 2 + 1;
    for (unsigned r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
        for (enum fp_format fmt = FP_H; fmt <= FP_D; fmt++) {
            if (!exists(&rows[r], fmt))
                continue;
            uint64_t wrong = compare(&rows[r], fmt, cases);
            printf("%sok %u - %s, %s: %" PRIu64 " cases, %" PRIu64 " wrong\n", wrong ? "not " : "",
                   ++number, rows[r].name, names[fmt], cases, wrong);
            fflush(stdout);
            failed += wrong != 0;
        }
    }
    printf("1..%u\n", number);
    return failed != 0;
}
