/* Between formats, to and from integers, to integral values; Zfa's constants. */
#include "tools/emu/fp/soft.h"

uint64_t soft_convert(struct fp_env *env, enum fp_format to, enum fp_format from, uint64_t a)
{
    struct soft_parts x = soft_unpack(from, a);
    switch (x.kind) {
    case SOFT_ZERO: return soft_zero(to, x.sign);
    case SOFT_FINITE: return soft_pack(env, to, x.sign, x.exp, x.sig);
    case SOFT_INFINITE: return soft_infinity(to, x.sign);
    default: soft_signal(env, &x); return soft_nan(to);
    }
}

/* The magnitude of a finite number with exp <= 63 as an integer; *inexact: it was rounded. */
static uint64_t integer_part(enum fp_round rm, const struct soft_parts *x, bool *inexact)
{
    *inexact = false;
    if (x->exp >= SOFT_POINT)
        return x->sig << (x->exp - SOFT_POINT);
    unsigned drop = SOFT_POINT - x->exp;
    uint64_t sig = x->sig;
    if (drop > 63) {
        sig = soft_shift(sig, drop - 63);
        drop = 63;
    }
    *inexact = sig & ((UINT64_C(1) << drop) - 1);
    return soft_rounded(rm, x->sign, sig, drop);
}

/* The integer at the end of the range, as a register holds it. */
static uint64_t saturated(struct fp_env *env, bool sign, unsigned bits, bool is_signed)
{
    uint64_t top = UINT64_C(1) << (bits - 1);
    env->flags |= FP_NV;
    if (is_signed)
        return sign ? -top : top - 1;
    return sign ? 0 : ~UINT64_C(0);
}

uint64_t soft_to_int(struct fp_env *env, enum fp_format fmt, uint64_t a, unsigned bits,
                     bool is_signed)
{
    struct soft_parts x = soft_unpack(fmt, a);
    if (x.kind == SOFT_ZERO)
        return 0;
    if (soft_is_nan(&x))
        return saturated(env, false, bits, is_signed);
    if (x.kind == SOFT_INFINITE || x.exp > 63)
        return saturated(env, x.sign, bits, is_signed);
    bool inexact;
    uint64_t magnitude = integer_part(env->rm, &x, &inexact);
    uint64_t top = UINT64_C(1) << (bits - 1);
    uint64_t limit = is_signed ? top - !x.sign : x.sign ? 0 : top - 1 + top;
    /* Rounding up 2^64 - 1/2 wraps to zero, but no format has such a number. */
    if (magnitude > limit)
        return saturated(env, x.sign, bits, is_signed);
    if (inexact)
        env->flags |= FP_NX;
    uint64_t v = x.sign ? -magnitude : magnitude;
    return bits == 32 ? (uint64_t)(int32_t)v : v;
}

uint64_t soft_from_int(struct fp_env *env, enum fp_format fmt, uint64_t v, bool is_signed)
{
    if (v == 0)
        return soft_zero(fmt, false);
    bool sign = is_signed && v >> 63;
    uint64_t magnitude = sign ? -v : v;
    int top = 63 - __builtin_clzll(magnitude);
    uint64_t sig = top > SOFT_POINT ? soft_shift(magnitude, top - SOFT_POINT)
                                    : magnitude << (SOFT_POINT - top);
    return soft_pack(env, fmt, sign, top, sig);
}

uint64_t fp_round(struct fp_env *env, enum fp_format fmt, uint64_t a, bool exact)
{
    struct soft_parts x = soft_unpack(fmt, a);
    if (soft_is_nan(&x)) {
        soft_signal(env, &x);
        return soft_nan(fmt);
    }
    if (x.kind != SOFT_FINITE || x.exp >= soft_layouts[fmt].fraction_bits)
        return a;
    bool inexact;
    uint64_t magnitude = integer_part(env->rm, &x, &inexact);
    if (inexact && exact)
        env->flags |= FP_NX;
    return soft_from_int(env, fmt, magnitude, false) | (soft_zero(fmt, x.sign) & fp_sign_bit(fmt));
}

uint64_t fp_to_int_modular(struct fp_env *env, uint64_t a)
{
    struct soft_parts x = soft_unpack(FP_D, a);
    struct fp_env truncating = {.rm = FP_RTZ, .flags = env->flags};
    soft_to_int(&truncating, FP_D, a, 32, true); /* raises the same flags */
    env->flags = truncating.flags;
    /* Bits below the point are dropped; from exponent 84 on all others are multiples of 2^32. */
    if (x.kind != SOFT_FINITE || x.exp < 0 || x.exp > 52 + 31)
        return 0;
    uint64_t magnitude =
        x.exp > SOFT_POINT ? x.sig << (x.exp - SOFT_POINT) : x.sig >> (SOFT_POINT - x.exp);
    return (uint64_t)(int32_t)(x.sign ? -magnitude : magnitude);
}

uint64_t fp_constant(enum fp_format fmt, unsigned number)
{
    static const struct {
        int8_t exp;
        uint8_t quarters; /* significand 1 + quarters / 4 */
    } values[32] = {
        [0] = {0, 0},   [2] = {-16, 0}, [3] = {-15, 0}, [4] = {-8, 0},  [5] = {-7, 0},
        [6] = {-4, 0},  [7] = {-3, 0},  [8] = {-2, 0},  [9] = {-2, 1},  [10] = {-2, 2},
        [11] = {-2, 3}, [12] = {-1, 0}, [13] = {-1, 1}, [14] = {-1, 2}, [15] = {-1, 3},
        [16] = {0, 0},  [17] = {0, 1},  [18] = {0, 2},  [19] = {0, 3},  [20] = {1, 0},
        [21] = {1, 1},  [22] = {1, 2},  [23] = {2, 0},  [24] = {3, 0},  [25] = {4, 0},
        [26] = {7, 0},  [27] = {8, 0},  [28] = {15, 0}, [29] = {16, 0},
    };
    struct fp_env env = {.rm = FP_RNE};
    switch (number) {
    case 1: return fp_box(fmt, UINT64_C(1) << soft_layouts[fmt].fraction_bits); /* least normal */
    case 30: return soft_infinity(fmt, false);
    case 31: return soft_nan(fmt);
    default: break;
    }
    uint64_t sig = (UINT64_C(4) + values[number].quarters) << (SOFT_POINT - 2);
    return soft_pack(&env, fmt, number == 0, values[number].exp, sig);
}
