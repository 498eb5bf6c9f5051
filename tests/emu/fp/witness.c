#include <stdint.h>
#define MPFR_USE_INTMAX_T
#include <mpfr.h>

#include "tests/emu/fp/witness.h"

/* Precision with the leading bit, and the exponent of the last bit of subnormals. */
static const struct {
    int precision, exponent_bits, quantum_min;
} formats[] = {{11, 5, -24}, {24, 8, -149}, {53, 11, -1074}};

/* Enough for every sum of operands close enough to matter, twice a double's digits and more. */
#define WIDE 320

enum kind { NUMBER, QUIET, SIGNALLING };

struct operand {
    mpfr_t v;
    enum kind kind;
};

static int precision(enum fp_format fmt)
{
    return formats[fmt].precision;
}

static uint64_t mask(int bits)
{
    return bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

static int width(enum fp_format fmt)
{
    return precision(fmt) + formats[fmt].exponent_bits;
}

static uint64_t boxed(enum fp_format fmt, uint64_t low)
{
    return low | ~mask(width(fmt));
}

static uint64_t infinity(enum fp_format fmt)
{
    return mask(formats[fmt].exponent_bits) << (precision(fmt) - 1);
}

static uint64_t nan_of(enum fp_format fmt)
{
    return boxed(fmt, infinity(fmt) | UINT64_C(1) << (precision(fmt) - 2));
}

/* Sets o from a register's image; the exponent range of MPFR is far wider than any format's. */
static void get(struct operand *o, enum fp_format fmt, uint64_t image)
{
    int p = precision(fmt);
    uint64_t fraction = image & mask(p - 1);
    uint64_t field = image >> (p - 1) & mask(formats[fmt].exponent_bits);
    int negative = image >> (width(fmt) - 1) & 1;
    mpfr_init2(o->v, WIDE);
    o->kind = NUMBER;
    if ((image | mask(width(fmt))) != UINT64_MAX) {
        o->kind = QUIET;
    } else if (field == mask(formats[fmt].exponent_bits)) {
        if (fraction == 0)
            mpfr_set_inf(o->v, negative ? -1 : 1);
        else
            o->kind = fraction >> (p - 2) ? QUIET : SIGNALLING;
    } else {
        uint64_t sig = field ? fraction | UINT64_C(1) << (p - 1) : fraction;
        mpfr_set_uj_2exp(o->v, sig, formats[fmt].quantum_min + (field ? (int)field - 1 : 0),
                         MPFR_RNDN);
        mpfr_setsign(o->v, o->v, negative, MPFR_RNDN);
    }
    if (o->kind != NUMBER)
        mpfr_set_nan(o->v);
}

/* v to an integer; true if that changed it. */
static int to_integer(mpfr_t v, enum fp_round rm)
{
    mpfr_t old;
    mpfr_init2(old, mpfr_get_prec(v));
    mpfr_set(old, v, MPFR_RNDN);
    switch (rm) {
    case FP_RNE: mpfr_roundeven(v, old); break;
    case FP_RTZ: mpfr_trunc(v, old); break;
    case FP_RDN: mpfr_floor(v, old); break;
    case FP_RUP: mpfr_ceil(v, old); break;
    default: mpfr_round(v, old); break;
    }
    int changed = !mpfr_equal_p(old, v);
    mpfr_clear(old);
    return changed;
}

/* v to a multiple of 2^quantum; true if that changed it. */
static int to_multiple(mpfr_t v, long quantum, enum fp_round rm)
{
    mpfr_mul_2si(v, v, -quantum, MPFR_RNDN);
    int changed = to_integer(v, rm);
    mpfr_mul_2si(v, v, quantum, MPFR_RNDN);
    return changed;
}

/* The bits of a number that the format has. */
static uint64_t encode(enum fp_format fmt, const mpfr_t v)
{
    int p = precision(fmt), least = formats[fmt].quantum_min;
    uint64_t sign = (uint64_t)(mpfr_signbit(v) != 0) << (width(fmt) - 1);
    if (mpfr_zero_p(v))
        return boxed(fmt, sign);
    long quantum = mpfr_get_exp(v) - p;
    if (quantum < least)
        quantum = least;
    mpfr_t n;
    mpfr_init2(n, WIDE);
    mpfr_mul_2si(n, v, -quantum, MPFR_RNDN);
    mpfr_abs(n, n, MPFR_RNDN);
    uint64_t sig = mpfr_get_uj(n, MPFR_RNDN);
    mpfr_clear(n);
    if (sig >> (p - 1)) /* normal: the leading bit goes, the exponent comes */
        sig = (sig & mask(p - 1)) | (uint64_t)(quantum - least + 1) << (p - 1);
    return boxed(fmt, sign | sig);
}

/*
 * The result of rounding v, in the order of the standard's definitions (IEEE 754-2019, 4.3 and 7.4
 * to 7.6; RISC-V: tininess after rounding). `inexact`: v is only what was computed of an infinite
 * number of digits, one of which beyond v is not zero; v has more than twice the format's digits.
 */
static uint64_t put(struct fp_env *env, enum fp_format fmt, const mpfr_t exact, int inexact)
{
    int p = precision(fmt);
    mpfr_t v, unbounded, limit;
    if (mpfr_nan_p(exact))
        return nan_of(fmt);
    if (mpfr_inf_p(exact))
        return boxed(fmt,
                     infinity(fmt) | (mpfr_signbit(exact) ? UINT64_C(1) << (width(fmt) - 1) : 0));
    if (mpfr_zero_p(exact))
        return encode(fmt, exact);
    mpfr_inits2(WIDE + 8, v, unbounded, limit, (mpfr_ptr)0);
    mpfr_set(v, exact, MPFR_RNDN);
    if (inexact) { /* something small, away from zero */
        mpfr_set_si_2exp(limit, mpfr_signbit(v) ? -1 : 1, mpfr_get_exp(v) - WIDE - 4, MPFR_RNDN);
        mpfr_add(v, v, limit, MPFR_RNDN);
    }
    long quantum = mpfr_get_exp(v) - p;
    mpfr_set(unbounded, v, MPFR_RNDN);
    to_multiple(unbounded, quantum, env->rm);
    if (quantum < formats[fmt].quantum_min)
        quantum = formats[fmt].quantum_min;
    int changed = to_multiple(v, quantum, env->rm);

    mpfr_set_ui_2exp(limit, 1, formats[fmt].quantum_min + p - 1, MPFR_RNDN); /* least normal */
    if (changed && mpfr_cmpabs(unbounded, limit) < 0)
        env->flags |= FP_UF;
    if (changed)
        env->flags |= FP_NX;
    mpfr_set_ui_2exp(limit, 1, 1 << (formats[fmt].exponent_bits - 1), MPFR_RNDN);
    uint64_t result;
    if (mpfr_cmpabs(unbounded, limit) < 0) {
        result = encode(fmt, v);
    } else { /* 7.4: infinity, or the largest number where rounding goes towards zero */
        int negative = mpfr_signbit(v) != 0;
        int largest = env->rm == FP_RTZ || env->rm == (negative ? FP_RUP : FP_RDN);
        env->flags |= FP_OF | FP_NX;
        result = boxed(fmt, (infinity(fmt) - largest) | (uint64_t)negative << (width(fmt) - 1));
    }
    mpfr_clears(v, unbounded, limit, (mpfr_ptr)0);
    return result;
}

/* --- arithmetic --------------------------------------------------------------------------------
 */

typedef int compute_fn(mpfr_t r, const struct operand *o, mpfr_rnd_t rnd);

/* An operation on n operands. Signs of zero sums depend on the direction of rounding only. */
static uint64_t arithmetic(struct fp_env *env, enum fp_format fmt, compute_fn *compute, int n,
                           const uint64_t *images)
{
    struct operand o[3];
    int nan = 0;
    for (int i = 0; i < n; i++) {
        get(&o[i], fmt, images[i]);
        nan |= o[i].kind != NUMBER;
        if (o[i].kind == SIGNALLING)
            env->flags |= FP_NV;
    }
    mpfr_t r;
    mpfr_init2(r, WIDE);
    mpfr_clear_flags();
    int ternary = compute(r, o, MPFR_RNDZ);
    if (mpfr_zero_p(r) && env->rm == FP_RDN)
        ternary = compute(r, o, MPFR_RNDD);
    if (mpfr_divby0_p())
        env->flags |= FP_DZ;
    if (mpfr_nan_p(r) && !nan)
        env->flags |= FP_NV;
    uint64_t result = put(env, fmt, r, ternary != 0);
    mpfr_clear(r);
    for (int i = 0; i < n; i++)
        mpfr_clear(o[i].v);
    return result;
}

static int compute_add(mpfr_t r, const struct operand *o, mpfr_rnd_t rnd)
{
    return mpfr_add(r, o[0].v, o[1].v, rnd);
}

static int compute_sub(mpfr_t r, const struct operand *o, mpfr_rnd_t rnd)
{
    return mpfr_sub(r, o[0].v, o[1].v, rnd);
}

static int compute_mul(mpfr_t r, const struct operand *o, mpfr_rnd_t rnd)
{
    return mpfr_mul(r, o[0].v, o[1].v, rnd);
}

static int compute_div(mpfr_t r, const struct operand *o, mpfr_rnd_t rnd)
{
    return mpfr_div(r, o[0].v, o[1].v, rnd);
}

static int compute_sqrt(mpfr_t r, const struct operand *o, mpfr_rnd_t rnd)
{
    return mpfr_sqrt(r, o[0].v, rnd);
}

static int compute_fma(mpfr_t r, const struct operand *o, mpfr_rnd_t rnd)
{
    return mpfr_fma(r, o[0].v, o[1].v, o[2].v, rnd);
}

#define ARITHMETIC(name, n)                                                                 \
    uint64_t witness_##name(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b, \
                            uint64_t c)                                                     \
    {                                                                                       \
        uint64_t images[3] = {a, b, c};                                                     \
        return arithmetic(env, fmt, compute_##name, n, images);                             \
    }
ARITHMETIC(add, 2)
ARITHMETIC(sub, 2)
ARITHMETIC(mul, 2)
ARITHMETIC(div, 2)
ARITHMETIC(sqrt, 1)

/* inf * 0 is invalid whatever is added (RISC-V unprivileged specification, "F": fused). */
uint64_t witness_fma(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t images[3] = {a, b, c};
    struct operand x, y;
    get(&x, fmt, a);
    get(&y, fmt, b);
    if ((mpfr_inf_p(x.v) && mpfr_zero_p(y.v)) || (mpfr_zero_p(x.v) && mpfr_inf_p(y.v)))
        env->flags |= FP_NV;
    mpfr_clears(x.v, y.v, (mpfr_ptr)0);
    return arithmetic(env, fmt, compute_fma, 3, images);
}

/* --- conversions -------------------------------------------------------------------------------
 */

static uint64_t convert(struct fp_env *env, enum fp_format to, enum fp_format from, uint64_t a)
{
    struct operand x;
    get(&x, from, a);
    if (x.kind == SIGNALLING)
        env->flags |= FP_NV;
    uint64_t result = put(env, to, x.v, 0);
    mpfr_clear(x.v);
    return result;
}

#define CONVERT(name, from)                                                                      \
    uint64_t witness_from_##name(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b, \
                                 uint64_t c)                                                     \
    {                                                                                            \
        return convert(env, fmt, from, a);                                                       \
    }
CONVERT(h, FP_H)
CONVERT(s, FP_S)
CONVERT(d, FP_D)

static uint64_t get_integer(const mpfr_t v)
{
    if (mpfr_sgn(v) < 0)
        return (uint64_t)mpfr_get_sj(v, MPFR_RNDN);
    return mpfr_get_uj(v, MPFR_RNDN);
}

/* The table "domains of float-to-integer conversions" of the F chapter. */
static uint64_t to_int(struct fp_env *env, enum fp_format fmt, uint64_t a, int bits, int is_signed)
{
    struct operand x;
    mpfr_t low, high;
    get(&x, fmt, a);
    mpfr_inits2(WIDE, low, high, (mpfr_ptr)0);
    mpfr_set_ui_2exp(high, 1, is_signed ? bits - 1 : bits, MPFR_RNDN);
    if (is_signed)
        mpfr_neg(low, high, MPFR_RNDN);
    else
        mpfr_set_zero(low, 1);
    mpfr_sub_ui(high, high, 1, MPFR_RNDN);
    int changed = 0;
    if (x.kind != NUMBER) {
        env->flags |= FP_NV;
        mpfr_set(x.v, high, MPFR_RNDN);
    } else {
        changed = !mpfr_inf_p(x.v) && to_integer(x.v, env->rm);
        if (mpfr_less_p(x.v, low) || mpfr_greater_p(x.v, high)) {
            env->flags |= FP_NV;
            mpfr_set(x.v, mpfr_less_p(x.v, low) ? low : high, MPFR_RNDN);
            changed = 0;
        }
    }
    if (changed)
        env->flags |= FP_NX;
    uint64_t result = get_integer(x.v);
    mpfr_clears(x.v, low, high, (mpfr_ptr)0);
    return bits == 32 ? (uint64_t)(int32_t)result : result;
}

static uint64_t from_int(struct fp_env *env, enum fp_format fmt, uint64_t magnitude, int negative)
{
    mpfr_t v;
    mpfr_init2(v, WIDE);
    mpfr_set_uj(v, magnitude, MPFR_RNDN);
    if (negative)
        mpfr_neg(v, v, MPFR_RNDN);
    uint64_t result = put(env, fmt, v, 0);
    mpfr_clear(v);
    return result;
}

#define INTEGER(name, bits, is_signed)                                                           \
    uint64_t witness_to_##name(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b,   \
                               uint64_t c)                                                       \
    {                                                                                            \
        return to_int(env, fmt, a, bits, is_signed);                                             \
    }                                                                                            \
    uint64_t witness_from_##name(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b, \
                                 uint64_t c)                                                     \
    {                                                                                            \
        a = bits == 32 ? is_signed ? (uint64_t)(int32_t)a : (uint32_t)a : a;                     \
        int negative = is_signed && a >> 63;                                                     \
        return from_int(env, fmt, negative ? -a : a, negative);                                  \
    }
INTEGER(w, 32, 1)
INTEGER(wu, 32, 0)
INTEGER(l, 64, 1)
INTEGER(lu, 64, 0)

/* Zfa: the truncated value modulo 2^32; flags as fcvt.w.d raises them. */
uint64_t witness_to_w_modular(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b,
                              uint64_t c)
{
    struct fp_env truncating = {.rm = FP_RTZ};
    struct operand x;
    mpfr_t modulus, rest;
    to_int(&truncating, fmt, a, 32, 1);
    env->flags |= truncating.flags;
    get(&x, fmt, a);
    uint64_t result = 0;
    if (x.kind == NUMBER && !mpfr_inf_p(x.v)) {
        mpfr_inits2(2 * WIDE + 2048, modulus, rest, (mpfr_ptr)0);
        mpfr_set_ui_2exp(modulus, 1, 32, MPFR_RNDN);
        to_integer(x.v, FP_RTZ);
        mpfr_fmod(rest, x.v, modulus, MPFR_RNDN);
        result = (uint64_t)(int32_t)mpfr_get_sj(rest, MPFR_RNDN);
        mpfr_clears(modulus, rest, (mpfr_ptr)0);
    }
    mpfr_clear(x.v);
    return result;
}

static uint64_t round_to_integral(struct fp_env *env, enum fp_format fmt, uint64_t a, int exact)
{
    struct operand x;
    get(&x, fmt, a);
    if (x.kind == SIGNALLING)
        env->flags |= FP_NV;
    if (x.kind == NUMBER && !mpfr_inf_p(x.v)) {
        int negative = mpfr_signbit(x.v);
        if (to_integer(x.v, env->rm) && exact)
            env->flags |= FP_NX;
        mpfr_setsign(x.v, x.v, negative, MPFR_RNDN);
    }
    uint64_t result = put(env, fmt, x.v, 0);
    mpfr_clear(x.v);
    return result;
}

uint64_t witness_round(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b, uint64_t c)
{
    return round_to_integral(env, fmt, a, 0);
}

uint64_t witness_roundnx(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b, uint64_t c)
{
    return round_to_integral(env, fmt, a, 1);
}

/* --- comparisons -------------------------------------------------------------------------------
 */

enum relation { LESS = 1, EQUAL = 2, GREATER = 4, UNORDERED = 8 };

/* How a relates to b; NV for signalling NaNs, with `loud` for all. */
static enum relation relation(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b,
                              int loud)
{
    struct operand x, y;
    enum relation r;
    get(&x, fmt, a);
    get(&y, fmt, b);
    if (x.kind != NUMBER || y.kind != NUMBER) {
        r = UNORDERED;
        if (loud || x.kind == SIGNALLING || y.kind == SIGNALLING)
            env->flags |= FP_NV;
    } else {
        int order = mpfr_cmp(x.v, y.v);
        r = order < 0 ? LESS : order > 0 ? GREATER : EQUAL;
    }
    mpfr_clears(x.v, y.v, (mpfr_ptr)0);
    return r;
}

#define COMPARE(name, set, loud)                                                            \
    uint64_t witness_##name(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b, \
                            uint64_t c)                                                     \
    {                                                                                       \
        return (relation(env, fmt, a, b, loud) & (set)) != 0;                               \
    }
COMPARE(eq, EQUAL, 0)
COMPARE(lt, LESS, 1)
COMPARE(le, LESS | EQUAL, 1)
COMPARE(ltq, LESS, 0)
COMPARE(leq, LESS | EQUAL, 0)

static int is_nan(enum fp_format fmt, uint64_t a)
{
    struct operand x;
    get(&x, fmt, a);
    mpfr_clear(x.v);
    return x.kind != NUMBER;
}

/* The operand that stands in the relation to the other; of zeros -0 is the lesser. */
static uint64_t extreme(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b,
                        enum relation want, int number)
{
    enum relation r = relation(env, fmt, a, b, 0);
    int negative = a >> (width(fmt) - 1) & 1;
    if (r == EQUAL)
        r = negative ? LESS : GREATER;
    if (r != UNORDERED)
        return r == want ? a : b;
    if (!number || (is_nan(fmt, a) && is_nan(fmt, b)))
        return nan_of(fmt);
    return is_nan(fmt, a) ? b : a;
}

#define EXTREME(name, want, number)                                                         \
    uint64_t witness_##name(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b, \
                            uint64_t c)                                                     \
    {                                                                                       \
        return extreme(env, fmt, a, b, want, number);                                       \
    }
EXTREME(min, LESS, 1)
EXTREME(max, GREATER, 1)
EXTREME(minm, LESS, 0)
EXTREME(maxm, GREATER, 0)

/* The table "format of result of FCLASS". */
uint64_t witness_class(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b, uint64_t c)
{
    struct operand x;
    get(&x, fmt, a);
    int negative = mpfr_signbit(x.v) != 0;
    long least =
        formats[fmt].quantum_min + precision(fmt); /* exponent of the least normal number */
    int bit = x.kind == SIGNALLING        ? 8
              : x.kind == QUIET           ? 9
              : mpfr_inf_p(x.v)           ? (negative ? 0 : 7)
              : mpfr_zero_p(x.v)          ? (negative ? 3 : 4)
              : mpfr_get_exp(x.v) < least ? (negative ? 2 : 5)
                                          : (negative ? 1 : 6);
    mpfr_clear(x.v);
    return UINT64_C(1) << bit;
}

/* The table of fli in the Zfa chapter. */
uint64_t witness_constant(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b,
                          uint64_t c)
{
    static const char *const table[] = {
        "-1",   "",       "0x1p-16", "0x1p-15", "0x1p-8", "0x1p-7", "0.0625", "0.125",
        "0.25", "0.3125", "0.375",   "0.4375",  "0.5",    "0.625",  "0.75",   "0.875",
        "1",    "1.25",   "1.5",     "1.75",    "2",      "2.5",    "3",      "4",
        "8",    "16",     "128",     "256",     "32768",  "65536",  "inf",    "nan",
    };
    struct fp_env silent = {.rm = FP_RNE};
    mpfr_t v;
    mpfr_init2(v, WIDE);
    if (a == 1)
        mpfr_set_ui_2exp(v, 1, formats[fmt].quantum_min + precision(fmt) - 1, MPFR_RNDN);
    else
        mpfr_set_str(v, table[a], 0, MPFR_RNDN);
    uint64_t result = put(&silent, fmt, v, 0);
    mpfr_clear(v);
    return result;
}
