/* Arithmetic on numbers taken apart. */
#include "tools/emu/fp/soft.h"

typedef unsigned __int128 u128;

/* As soft_shift(), on 128 bits. */
static u128 shift_wide(u128 v, unsigned n)
{
    if (n > 127)
        return v != 0;
    return v >> n | ((v & (((u128)1 << n) - 1)) != 0);
}

static unsigned top_bit(u128 v)
{
    uint64_t high = (uint64_t)(v >> 64);
    return high ? 127 - __builtin_clzll(high) : 63 - __builtin_clzll((uint64_t)v);
}

/* soft_pack() of v * 2^(exp - point); v is not zero. */
static uint64_t pack_wide(struct fp_env *env, enum fp_format fmt, bool sign, int exp, u128 v,
                          unsigned point)
{
    unsigned top = top_bit(v);
    uint64_t sig =
        (uint64_t)(top > SOFT_POINT ? shift_wide(v, top - SOFT_POINT) : v << (SOFT_POINT - top));
    return soft_pack(env, fmt, sign, exp + (int)top - (int)point, sig);
}

/* Of numbers that are all finite and not zero: x * y + z. */
static uint64_t fma_finite(struct fp_env *env, enum fp_format fmt, const struct soft_parts *x,
                           const struct soft_parts *y, const struct soft_parts *z)
{
    /*
     * Both terms with 2 * SOFT_POINT bits behind the point. What is shifted out of one becomes
     * sticky only when it is so much smaller that subtracting it cannot cancel leading digits.
     */
    u128 product = (u128)x->sig * y->sig, addend = (u128)z->sig << SOFT_POINT;
    bool sign = x->sign ^ y->sign;
    int exp = x->exp + y->exp, ahead = exp - z->exp;
    if (ahead >= 0) {
        addend = shift_wide(addend, ahead);
    } else {
        product = shift_wide(product, -ahead);
        exp = z->exp;
    }
    if (sign == z->sign)
        return pack_wide(env, fmt, sign, exp, product + addend, 2 * SOFT_POINT);
    if (product == addend)
        return soft_zero(fmt, env->rm == FP_RDN);
    if (product > addend)
        return pack_wide(env, fmt, sign, exp, product - addend, 2 * SOFT_POINT);
    return pack_wide(env, fmt, z->sign, exp, addend - product, 2 * SOFT_POINT);
}

static uint64_t fma_nan(struct fp_env *env, enum fp_format fmt, const struct soft_parts *x,
                        const struct soft_parts *y, const struct soft_parts *z)
{
    soft_signal(env, x);
    soft_signal(env, y);
    soft_signal(env, z);
    return soft_nan(fmt);
}

/* inf * 0, which is invalid even if a quiet NaN is added to it. */
static bool is_inf_by_zero(const struct soft_parts *x, const struct soft_parts *y)
{
    return (x->kind == SOFT_INFINITE && y->kind == SOFT_ZERO) ||
           (x->kind == SOFT_ZERO && y->kind == SOFT_INFINITE);
}

static uint64_t fma_parts(struct fp_env *env, enum fp_format fmt, const struct soft_parts *x,
                          const struct soft_parts *y, const struct soft_parts *z)
{
    bool sign = x->sign ^ y->sign;
    if (is_inf_by_zero(x, y))
        return soft_invalid(env, fmt);
    if (soft_is_nan(x) || soft_is_nan(y) || soft_is_nan(z))
        return fma_nan(env, fmt, x, y, z);
    if (x->kind == SOFT_INFINITE || y->kind == SOFT_INFINITE) {
        if (z->kind == SOFT_INFINITE && z->sign != sign)
            return soft_invalid(env, fmt);
        return soft_infinity(fmt, sign);
    }
    if (z->kind == SOFT_INFINITE)
        return soft_infinity(fmt, z->sign);
    if (x->kind == SOFT_ZERO || y->kind == SOFT_ZERO) {
        if (z->kind == SOFT_FINITE)
            return soft_pack(env, fmt, z->sign, z->exp, z->sig);
        return soft_zero(fmt, sign == z->sign ? sign : env->rm == FP_RDN);
    }
    if (z->kind == SOFT_ZERO)
        return pack_wide(env, fmt, sign, x->exp + y->exp, (u128)x->sig * y->sig, 2 * SOFT_POINT);
    return fma_finite(env, fmt, x, y, z);
}

uint64_t soft_fma(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b, uint64_t c)
{
    struct soft_parts x = soft_unpack(fmt, a), y = soft_unpack(fmt, b), z = soft_unpack(fmt, c);
    return fma_parts(env, fmt, &x, &y, &z);
}

/* a * 1 + b: the product is exact, so this is the sum. */
uint64_t soft_add(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    static const struct soft_parts one = {SOFT_FINITE, false, 0, UINT64_C(1) << SOFT_POINT};
    struct soft_parts x = soft_unpack(fmt, a), z = soft_unpack(fmt, b);
    return fma_parts(env, fmt, &x, &one, &z);
}

uint64_t soft_sub(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    return soft_add(env, fmt, a, fp_negate(fmt, b));
}

/* a * b + 0, with a zero that has the product's sign and so does not change that of a zero. */
uint64_t soft_mul(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    struct soft_parts x = soft_unpack(fmt, a), y = soft_unpack(fmt, b);
    struct soft_parts zero = {.kind = SOFT_ZERO, .sign = x.sign ^ y.sign};
    return fma_parts(env, fmt, &x, &y, &zero);
}

/* Where at least one operand is zero, infinite or NaN. */
static uint64_t div_special(struct fp_env *env, enum fp_format fmt, const struct soft_parts *x,
                            const struct soft_parts *y)
{
    bool sign = x->sign ^ y->sign;
    if (soft_is_nan(x) || soft_is_nan(y)) {
        soft_signal(env, x);
        soft_signal(env, y);
        return soft_nan(fmt);
    }
    if (x->kind == y->kind) /* inf / inf, 0 / 0 */
        return soft_invalid(env, fmt);
    if (x->kind == SOFT_INFINITE)
        return soft_infinity(fmt, sign);
    if (y->kind == SOFT_ZERO) {
        env->flags |= FP_DZ;
        return soft_infinity(fmt, sign);
    }
    return soft_zero(fmt, sign);
}

uint64_t soft_div(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    struct soft_parts x = soft_unpack(fmt, a), y = soft_unpack(fmt, b);
    if (x.kind != SOFT_FINITE || y.kind != SOFT_FINITE)
        return div_special(env, fmt, &x, &y);
    u128 n = (u128)x.sig << SOFT_POINT;
    u128 quotient = n / y.sig;
    bool rest = n % y.sig != 0;
    return pack_wide(env, fmt, x.sign ^ y.sign, x.exp - y.exp, quotient << 1 | rest,
                     SOFT_POINT + 1);
}

/* The integer part of the square root of n < 2^126; *rest: whether there is more. */
static uint64_t root_of(u128 n, bool *rest)
{
    u128 root = 0;
    for (int i = SOFT_POINT; i >= 0; i--) { /* root counts in units of 2^(i+1), n is what is left */
        u128 trial = root + ((u128)1 << 2 * i);
        root >>= 1;
        if (n >= trial) {
            n -= trial;
            root += (u128)1 << 2 * i;
        }
    }
    *rest = n != 0;
    return (uint64_t)root;
}

uint64_t soft_sqrt(struct fp_env *env, enum fp_format fmt, uint64_t a)
{
    struct soft_parts x = soft_unpack(fmt, a);
    if (soft_is_nan(&x)) {
        soft_signal(env, &x);
        return soft_nan(fmt);
    }
    if (x.kind == SOFT_ZERO)
        return soft_zero(fmt, x.sign);
    if (x.sign)
        return soft_invalid(env, fmt);
    if (x.kind == SOFT_INFINITE)
        return soft_infinity(fmt, false);
    unsigned odd = x.exp & 1;
    bool rest;
    uint64_t root = root_of((u128)x.sig << (SOFT_POINT + odd), &rest);
    return soft_pack(env, fmt, false, (x.exp - (int)odd) / 2, root | rest);
}
