/* Numbers taken apart, and put together again with rounding. */
#include "tools/emu/fp/soft.h"

const struct soft_layout soft_layouts[] = {
    [FP_H] = {10, 5, -14, 15},
    [FP_S] = {23, 8, -126, 127},
    [FP_D] = {52, 11, -1022, 1023},
};

static uint64_t low_bits(unsigned n)
{
    return (UINT64_C(1) << n) - 1;
}

struct soft_parts soft_unpack(enum fp_format fmt, uint64_t image)
{
    const struct soft_layout *l = &soft_layouts[fmt];
    if (!fp_is_boxed(fmt, image))
        return (struct soft_parts){.kind = SOFT_QUIET};
    uint64_t fraction = image & low_bits(l->fraction_bits);
    unsigned field = image >> l->fraction_bits & low_bits(l->exponent_bits);
    struct soft_parts p = {.kind = SOFT_FINITE, .sign = image & fp_sign_bit(fmt)};
    if (field == low_bits(l->exponent_bits)) {
        bool quiet = fraction >> (l->fraction_bits - 1);
        p.kind = fraction == 0 ? SOFT_INFINITE : quiet ? SOFT_QUIET : SOFT_SIGNALLING;
    } else if (field) {
        p.exp = l->exp_min + (int)field - 1;
        p.sig = (fraction | UINT64_C(1) << l->fraction_bits) << (SOFT_POINT - l->fraction_bits);
    } else if (fraction) {
        unsigned shift = SOFT_POINT - (63 - __builtin_clzll(fraction));
        p.exp = l->exp_min + (SOFT_POINT - l->fraction_bits) - (int)shift;
        p.sig = fraction << shift;
    } else {
        p.kind = SOFT_ZERO;
    }
    return p;
}

uint64_t soft_zero(enum fp_format fmt, bool sign)
{
    return fp_box(fmt, sign ? fp_sign_bit(fmt) : 0);
}

uint64_t soft_infinity(enum fp_format fmt, bool sign)
{
    const struct soft_layout *l = &soft_layouts[fmt];
    return soft_zero(fmt, sign) | low_bits(l->exponent_bits) << l->fraction_bits;
}

uint64_t soft_nan(enum fp_format fmt)
{
    return soft_infinity(fmt, false) | UINT64_C(1) << (soft_layouts[fmt].fraction_bits - 1);
}

uint64_t soft_invalid(struct fp_env *env, enum fp_format fmt)
{
    env->flags |= FP_NV;
    return soft_nan(fmt);
}

uint64_t soft_rounded(enum fp_round rm, bool sign, uint64_t sig, unsigned drop)
{
    uint64_t kept = sig >> drop, rest = sig & low_bits(drop), half = UINT64_C(1) << (drop - 1);
    switch (rm) {
    case FP_RNE: return kept + (rest > half || (rest == half && kept & 1));
    case FP_RDN: return kept + (sign && rest);
    case FP_RUP: return kept + (!sign && rest);
    case FP_RMM: return kept + (rest >= half);
    default: return kept;
    }
}

/* What is too large becomes infinity, or the largest number if rounding goes the other way. */
static uint64_t overflow(struct fp_env *env, enum fp_format fmt, bool sign)
{
    env->flags |= FP_OF | FP_NX;
    bool stays = env->rm == FP_RTZ || env->rm == (sign ? FP_RUP : FP_RDN);
    return soft_infinity(fmt, sign) - stays;
}

uint64_t soft_pack(struct fp_env *env, enum fp_format fmt, bool sign, int exp, uint64_t sig)
{
    const struct soft_layout *l = &soft_layouts[fmt];
    unsigned drop = SOFT_POINT - l->fraction_bits;
    bool tiny = false;
    if (exp < l->exp_min) {
        /* Tiny after rounding: with as many digits and any exponent it would stay below. */
        tiny = exp < l->exp_min - 1 ||
               soft_rounded(env->rm, sign, sig, drop) <= low_bits(l->fraction_bits + 1);
        sig = soft_shift(sig, l->exp_min - exp);
        exp = l->exp_min;
    }
    /* The significand's leading one, if it is there, adds one to the exponent; so does a carry. */
    uint64_t value =
        ((uint64_t)(exp - l->exp_min) << l->fraction_bits) + soft_rounded(env->rm, sign, sig, drop);
    if (value >> l->fraction_bits >= low_bits(l->exponent_bits))
        return overflow(env, fmt, sign);
    if (sig & low_bits(drop))
        env->flags |= tiny ? FP_NX | FP_UF : FP_NX;
    return soft_zero(fmt, sign) | value;
}
