/*
 * What rounds: on the host where that is provably the same, else by integer operations.
 *
 * With NX set the proofs are those of quick.h. With NX clear it must be found out whether a result
 * is exact. For D: the error of a sum is computed without error by Knuth's algorithm; a product is
 * exact if its significand needs no more than 53 bits, which the trailing zeros of the factors
 * tell; quotients and roots are exact if multiplying gives back what was divided. For S everything
 * of interest is exact in the host's double.
 */
#include "tools/emu/fp/quick.h"
#include "tools/emu/fp/soft.h"

static bool nearest(const struct fp_env *env)
{
    return env->rm == FP_RNE;
}

static bool has_nx(const struct fp_env *env)
{
    return env->flags & FP_NX;
}

static uint64_t raise_inexact(struct fp_env *env, bool exact, uint64_t result)
{
    if (!exact)
        env->flags |= FP_NX;
    return result;
}

/* Was nothing lost in sum = x + y? The sum must be far from overflow. */
static bool sum_is_exact(double x, double y, double sum)
{
    double of_y = sum - x, of_x = sum - of_y;
    return (x - of_x) + (y - of_y) == 0;
}

#define D_FRACTION     52
#define D_EXPONENT_BIG 0x7f0 /* beyond it, intermediate results might overflow */

static unsigned trailing_zeros(uint64_t image)
{
    return __builtin_ctzll(image | UINT64_C(1) << D_FRACTION);
}

/* Was nothing lost in product = x * y, images in D? The product must be plain. */
static bool product_is_exact(uint64_t x, uint64_t y, uint64_t product)
{
    unsigned ex = fp_exponent(FP_D, x), ey = fp_exponent(FP_D, y);
    if (ex == 0 || ey == 0)
        return false;
    /* 105 bits, or 106 with a carry into the exponent; at most 53 of them not trailing zeros */
    unsigned carry = fp_exponent(FP_D, product) + 1023 - ex - ey;
    return trailing_zeros(x) + trailing_zeros(y) >= D_FRACTION + carry;
}

/* --- sums ------------------------------------------------------------------------------------- */

static bool sum_d(struct fp_env *env, uint64_t a, uint64_t b, uint64_t *result)
{
    if (!fp_quick_ADD(FP_D, a, b, result) || fp_exponent(FP_D, *result) > D_EXPONENT_BIG)
        return false;
    bool exact = sum_is_exact(fp_to_double(a), fp_to_double(b), fp_to_double(*result));
    raise_inexact(env, exact, 0);
    return true;
}

static bool sum_s(struct fp_env *env, uint64_t a, uint64_t b, uint64_t *result)
{
    if (!fp_quick_ADD(FP_S, a, b, result))
        return false;
    double x = fp_to_float(a), y = fp_to_float(b), sum = x + y;
    raise_inexact(env, sum_is_exact(x, y, sum) && sum == fp_to_float(*result), 0);
    return true;
}

uint64_t fp_add(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    uint64_t r;
    if (fmt == FP_H || !nearest(env))
        return soft_add(env, fmt, a, b);
    if (has_nx(env) ? fp_quick_ADD(fmt, a, b, &r) : (fmt == FP_D ? sum_d : sum_s)(env, a, b, &r))
        return r;
    return soft_add(env, fmt, a, b);
}

uint64_t fp_sub(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    return fp_add(env, fmt, a, fp_negate(fmt, b));
}

/* --- products --------------------------------------------------------------------------------- */

uint64_t fp_mul(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    uint64_t r;
    if (fmt == FP_H || !nearest(env) || !fp_quick_MUL(fmt, a, b, &r))
        return soft_mul(env, fmt, a, b);
    if (has_nx(env))
        return r;
    if (fmt == FP_D) {
        if (fp_exponent(FP_D, a) == 0 || fp_exponent(FP_D, b) == 0)
            return soft_mul(env, fmt, a, b);
        return raise_inexact(env, product_is_exact(a, b, r), r);
    }
    return raise_inexact(env, (double)fp_to_float(a) * fp_to_float(b) == fp_to_float(r), r);
}

/* Is r * b = a, with nothing lost? */
static bool is_factor(enum fp_format fmt, uint64_t r, uint64_t b, uint64_t a)
{
    if (fmt == FP_S)
        return (double)fp_to_float(r) * fp_to_float(b) == fp_to_float(a);
    return fp_is_plain(FP_D, a) && fp_to_double(r) * fp_to_double(b) == fp_to_double(a) &&
           product_is_exact(r, b, a);
}

/* Can is_factor() be trusted with these? */
static bool are_ordinary(enum fp_format fmt, uint64_t a, uint64_t b)
{
    return fmt == FP_S || (fp_is_plain(FP_D, a) && fp_exponent(FP_D, b) != 0);
}

uint64_t fp_div(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    uint64_t r;
    if (fmt == FP_H || !nearest(env) || !fp_quick_DIV(fmt, a, b, &r))
        return soft_div(env, fmt, a, b);
    if (has_nx(env))
        return r;
    if (!are_ordinary(fmt, a, b))
        return soft_div(env, fmt, a, b);
    return raise_inexact(env, is_factor(fmt, r, b, a), r);
}

static uint64_t host_sqrt(enum fp_format fmt, uint64_t a)
{
    return fmt == FP_D ? fp_of_double(__builtin_sqrt(fp_to_double(a)))
                       : fp_of_float(__builtin_sqrtf(fp_to_float(a)));
}

uint64_t fp_sqrt(struct fp_env *env, enum fp_format fmt, uint64_t a)
{
    if (fmt == FP_H || !nearest(env) || !fp_is_boxed(fmt, a) || a & fp_sign_bit(fmt) ||
        !fp_is_plain(fmt, a))
        return soft_sqrt(env, fmt, a);
    uint64_t r = host_sqrt(fmt, a);
    return has_nx(env) ? r : raise_inexact(env, is_factor(fmt, r, r, a), r);
}

/* --- fused multiply-add ----------------------------------------------------------------------- */

#if defined(__x86_64__)
static bool host_has_fma(void)
{
    return __builtin_cpu_supports("fma");
}
#    define HOST_FMA __attribute__((target("fma")))
#elif defined(__aarch64__) || (defined(__FP_FAST_FMA) && defined(__FP_FAST_FMAF))
static bool host_has_fma(void)
{
    return true;
}
#    define HOST_FMA
#else /* the library's would be right as well, but slower than our own */
static bool host_has_fma(void)
{
    return false;
}
#    define HOST_FMA
#endif

HOST_FMA static uint64_t fma_d(uint64_t a, uint64_t b, uint64_t c)
{
    return fp_of_double(__builtin_fma(fp_to_double(a), fp_to_double(b), fp_to_double(c)));
}

HOST_FMA static uint64_t fma_s(uint64_t a, uint64_t b, uint64_t c)
{
    return fp_of_float(__builtin_fmaf(fp_to_float(a), fp_to_float(b), fp_to_float(c)));
}

bool fp_quick_fma(enum fp_format fmt, uint64_t a, uint64_t b, uint64_t c, uint64_t *result)
{
    if (!host_has_fma() || fmt == FP_H)
        return false;
    *result = fmt == FP_D ? fma_d(a, b, c) : fma_s(a, b, c);
    return fp_is_boxed(fmt, a & b & c) && fp_is_plain(fmt, *result);
}

uint64_t fp_fma(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t r;
    if (!nearest(env))
        return soft_fma(env, fmt, a, b, c);
    if (has_nx(env) && fp_quick_fma(fmt, a, b, c, &r))
        return r;
    /* An exact product leaves an addition. */
    uint64_t product;
    if (fmt == FP_D && fp_quick_MUL(fmt, a, b, &product) && product_is_exact(a, b, product))
        return fp_add(env, fmt, product, c);
    return soft_fma(env, fmt, a, b, c);
}

/* --- conversions ------------------------------------------------------------------------------ */

uint64_t fp_convert(struct fp_env *env, enum fp_format to, enum fp_format from, uint64_t a)
{
    uint64_t r;
    if (to == FP_D && from == FP_S && fp_exact_widen(a, &r))
        return r;
    if (to == FP_S && from == FP_D && nearest(env) && fp_quick_narrow(a, &r))
        return raise_inexact(env, fp_to_float(r) == fp_to_double(a), r);
    return soft_convert(env, to, from, a);
}

uint64_t fp_to_int(struct fp_env *env, enum fp_format fmt, uint64_t a, unsigned bits,
                   bool is_signed)
{
    uint64_t r;
    if (fmt == FP_H || env->rm != FP_RTZ || !is_signed ||
        !(bits == 32 ? fp_quick_TO_W(fmt, a, &r) : fp_quick_TO_L(fmt, a, &r)))
        return soft_to_int(env, fmt, a, bits, is_signed);
    double v = fmt == FP_D ? fp_to_double(a) : (double)fp_to_float(a);
    return raise_inexact(env, (double)(int64_t)r == v, r);
}

#define QUICK_INT_MAX (INT64_C(1) << 62) /* so that converting back cannot overflow */

uint64_t fp_from_int(struct fp_env *env, enum fp_format fmt, uint64_t v, bool is_signed)
{
    int64_t s = (int64_t)v;
    if (fmt == FP_H || !nearest(env) || s > QUICK_INT_MAX || s < (is_signed ? -QUICK_INT_MAX : 0))
        return soft_from_int(env, fmt, v, is_signed);
    uint64_t r = fp_quick_from(fmt, s);
    int64_t back = fmt == FP_D ? (int64_t)fp_to_double(r) : (int64_t)fp_to_float(r);
    return raise_inexact(env, back == s, r);
}
