/* Comparing, classifying and changing signs. */
#include "tools/emu/fp/soft.h"

/* A number of this order is less than, equal to or greater than another as their keys are. */
static int64_t key(enum fp_format fmt, uint64_t image)
{
    int64_t magnitude = (int64_t)(image & (fp_sign_bit(fmt) - 1));
    return image & fp_sign_bit(fmt) ? -magnitude : magnitude;
}

/* Whether a NaN is among the operands; raises NV if one signals or, if not quiet, for any. */
static bool unordered(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b, bool quiet)
{
    struct soft_parts x = soft_unpack(fmt, a), y = soft_unpack(fmt, b);
    bool nan = soft_is_nan(&x) || soft_is_nan(&y);
    if (nan && !quiet)
        env->flags |= FP_NV;
    soft_signal(env, &x);
    soft_signal(env, &y);
    return nan;
}

bool fp_eq(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    return !unordered(env, fmt, a, b, true) && key(fmt, a) == key(fmt, b);
}

bool fp_lt(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    return !unordered(env, fmt, a, b, false) && key(fmt, a) < key(fmt, b);
}

bool fp_le(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    return !unordered(env, fmt, a, b, false) && key(fmt, a) <= key(fmt, b);
}

bool fp_lt_quiet(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    return !unordered(env, fmt, a, b, true) && key(fmt, a) < key(fmt, b);
}

bool fp_le_quiet(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    return !unordered(env, fmt, a, b, true) && key(fmt, a) <= key(fmt, b);
}

/* Of two numbers; zeros are told apart by their signs. */
static uint64_t lesser(enum fp_format fmt, uint64_t a, uint64_t b)
{
    int64_t x = key(fmt, a), y = key(fmt, b);
    return x < y || (x == y && a & fp_sign_bit(fmt)) ? a : b;
}

static uint64_t greater(enum fp_format fmt, uint64_t a, uint64_t b)
{
    return lesser(fmt, a, b) == a ? b : a;
}

static bool is_nan(enum fp_format fmt, uint64_t a)
{
    struct soft_parts x = soft_unpack(fmt, a);
    return soft_is_nan(&x);
}

/* With at least one NaN: the number, if there is one. */
static uint64_t number_of(enum fp_format fmt, uint64_t a, uint64_t b)
{
    if (is_nan(fmt, a))
        return is_nan(fmt, b) ? soft_nan(fmt) : b;
    return a;
}

uint64_t fp_min(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    return unordered(env, fmt, a, b, true) ? number_of(fmt, a, b) : lesser(fmt, a, b);
}

uint64_t fp_max(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    return unordered(env, fmt, a, b, true) ? number_of(fmt, a, b) : greater(fmt, a, b);
}

uint64_t fp_minm(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    return unordered(env, fmt, a, b, true) ? soft_nan(fmt) : lesser(fmt, a, b);
}

uint64_t fp_maxm(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    return unordered(env, fmt, a, b, true) ? soft_nan(fmt) : greater(fmt, a, b);
}

uint64_t fp_class(enum fp_format fmt, uint64_t a)
{
    struct soft_parts x = soft_unpack(fmt, a);
    switch (x.kind) {
    case SOFT_INFINITE: return x.sign ? 1 << 0 : 1 << 7;
    case SOFT_ZERO: return x.sign ? 1 << 3 : 1 << 4;
    case SOFT_SIGNALLING: return 1 << 8;
    case SOFT_QUIET: return 1 << 9;
    default: break;
    }
    if (x.exp < soft_layouts[fmt].exp_min)
        return x.sign ? 1 << 2 : 1 << 5;
    return x.sign ? 1 << 1 : 1 << 6;
}

static uint64_t checked(enum fp_format fmt, uint64_t image)
{
    return fp_is_boxed(fmt, image) ? image : soft_nan(fmt);
}

uint64_t fp_sgnj(enum fp_format fmt, uint64_t a, uint64_t b)
{
    uint64_t sign = fp_sign_bit(fmt);
    return (checked(fmt, a) & ~sign) | (checked(fmt, b) & sign);
}

uint64_t fp_sgnjn(enum fp_format fmt, uint64_t a, uint64_t b)
{
    uint64_t sign = fp_sign_bit(fmt);
    return (checked(fmt, a) & ~sign) | (~checked(fmt, b) & sign);
}

uint64_t fp_sgnjx(enum fp_format fmt, uint64_t a, uint64_t b)
{
    return checked(fmt, a) ^ (checked(fmt, b) & fp_sign_bit(fmt));
}
