#pragma once
/*
 * Floating point on the host, for where it is provably what fp.h promises. The host rounds to
 * nearest and its results are those of IEEE 754; only the flags, NaNs and NaN boxes need a proof:
 *
 *   fp_quick_*    to be used when rounding to nearest with NX set already. They return false when
 *                 a flag other than NX may be due or a NaN is involved; *result is nonsense then.
 *                 A finite sum is never wrong: sums cannot underflow. Other results must be
 *                 "plain": normal and not the least normal number, which may have been tiny before
 *                 it was rounded. Then nothing overflowed or underflowed, and no operand was NaN,
 *                 infinite or a zero divisor, for these give results that are not plain.
 *   fp_exact_*    what never rounds or raises anything, but for NaN: usable in every mode.
 *
 * The host's own flags are raised at random; nobody may rely on them.
 */
#include <float.h>
#include <string.h>

#include "tools/emu/fp/fp.h"

#if FLT_EVAL_METHOD != 0
#    error "the host computes with more precision than the type has"
#endif

static inline double fp_to_double(uint64_t image)
{
    double v;
    memcpy(&v, &image, sizeof(v));
    return v;
}

static inline uint64_t fp_of_double(double v)
{
    uint64_t image;
    memcpy(&image, &v, sizeof(image));
    return image;
}

static inline float fp_to_float(uint64_t image)
{
    uint32_t low = (uint32_t)image;
    float v;
    memcpy(&v, &low, sizeof(v));
    return v;
}

static inline uint64_t fp_of_float(float v)
{
    uint32_t low;
    memcpy(&low, &v, sizeof(low));
    return fp_box(FP_S, low);
}

/* The exponent field. */
static inline unsigned fp_exponent(enum fp_format fmt, uint64_t image)
{
    return fmt == FP_D ? image >> 52 & 0x7ff : image >> 23 & 0xff;
}

static inline bool fp_is_finite(enum fp_format fmt, uint64_t image)
{
    return fp_exponent(fmt, image) != (fmt == FP_D ? 0x7ff : 0xff);
}

static inline bool fp_is_plain(enum fp_format fmt, uint64_t image)
{
    return fp_exponent(fmt, image) - 2 < (fmt == FP_D ? 0x7fdu : 0xfdu);
}

static inline bool fp_boxed2(enum fp_format fmt, uint64_t a, uint64_t b)
{
    return fp_is_boxed(fmt, a & b);
}

/* --- two numbers to one ----------------------------------------------------------------------- */

#define FP_HOST(fmt, a, op, b)                                        \
    ((fmt) == FP_D ? fp_of_double(fp_to_double(a) op fp_to_double(b)) \
                   : fp_of_float(fp_to_float(a) op fp_to_float(b)))

static inline bool fp_quick_ADD(enum fp_format fmt, uint64_t a, uint64_t b, uint64_t *result)
{
    *result = FP_HOST(fmt, a, +, b);
    return fp_boxed2(fmt, a, b) && fp_is_finite(fmt, *result);
}

static inline bool fp_quick_SUB(enum fp_format fmt, uint64_t a, uint64_t b, uint64_t *result)
{
    *result = FP_HOST(fmt, a, -, b);
    return fp_boxed2(fmt, a, b) && fp_is_finite(fmt, *result);
}

static inline bool fp_quick_MUL(enum fp_format fmt, uint64_t a, uint64_t b, uint64_t *result)
{
    *result = FP_HOST(fmt, a, *, b);
    return fp_boxed2(fmt, a, b) && fp_is_plain(fmt, *result);
}

static inline bool fp_quick_DIV(enum fp_format fmt, uint64_t a, uint64_t b, uint64_t *result)
{
    *result = FP_HOST(fmt, a, /, b);
    return fp_boxed2(fmt, a, b) && fp_is_plain(fmt, *result);
}

/* D to S. */
static inline bool fp_quick_narrow(uint64_t a, uint64_t *result)
{
    *result = fp_of_float((float)fp_to_double(a));
    return fp_is_plain(FP_S, *result);
}

/* S to D: exact. */
static inline bool fp_exact_widen(uint64_t a, uint64_t *result)
{
    *result = fp_of_double(fp_to_float(a));
    return fp_is_boxed(FP_S, a) && fp_is_finite(FP_D, *result);
}

static inline bool fp_exact_SGNJ(enum fp_format fmt, uint64_t a, uint64_t b, uint64_t *result)
{
    *result = (a & ~fp_sign_bit(fmt)) | (b & fp_sign_bit(fmt));
    return fp_boxed2(fmt, a, b);
}

static inline bool fp_exact_SGNJN(enum fp_format fmt, uint64_t a, uint64_t b, uint64_t *result)
{
    *result = (a & ~fp_sign_bit(fmt)) | (~b & fp_sign_bit(fmt));
    return fp_boxed2(fmt, a, b);
}

static inline bool fp_exact_SGNJX(enum fp_format fmt, uint64_t a, uint64_t b, uint64_t *result)
{
    *result = a ^ (b & fp_sign_bit(fmt));
    return fp_boxed2(fmt, a, b);
}

/* --- comparisons ------------------------------------------------------------------------------ */

#define FP_HOST_TEST(fmt, a, op, b) \
    ((fmt) == FP_D ? op(fp_to_double(a), fp_to_double(b)) : op(fp_to_float(a), fp_to_float(b)))
#define FP_EQUAL(x, y)      ((x) == (y))
#define FP_LESS(x, y)       ((x) < (y))
#define FP_LESS_EQUAL(x, y) ((x) <= (y))

static inline bool fp_ordered(enum fp_format fmt, uint64_t a, uint64_t b)
{
    return fp_boxed2(fmt, a, b) && !FP_HOST_TEST(fmt, a, __builtin_isunordered, b);
}

static inline bool fp_exact_EQ(enum fp_format fmt, uint64_t a, uint64_t b, uint64_t *result)
{
    *result = FP_HOST_TEST(fmt, a, FP_EQUAL, b);
    return fp_ordered(fmt, a, b);
}

static inline bool fp_exact_LT(enum fp_format fmt, uint64_t a, uint64_t b, uint64_t *result)
{
    *result = FP_HOST_TEST(fmt, a, FP_LESS, b);
    return fp_ordered(fmt, a, b);
}

static inline bool fp_exact_LE(enum fp_format fmt, uint64_t a, uint64_t b, uint64_t *result)
{
    *result = FP_HOST_TEST(fmt, a, FP_LESS_EQUAL, b);
    return fp_ordered(fmt, a, b);
}

/* Equal ones may be zeros of different sign, which these do not tell apart. */
static inline bool fp_exact_MIN(enum fp_format fmt, uint64_t a, uint64_t b, uint64_t *result)
{
    *result = FP_HOST_TEST(fmt, a, FP_LESS, b) ? a : b;
    return fp_ordered(fmt, a, b) && !FP_HOST_TEST(fmt, a, FP_EQUAL, b);
}

static inline bool fp_exact_MAX(enum fp_format fmt, uint64_t a, uint64_t b, uint64_t *result)
{
    *result = FP_HOST_TEST(fmt, a, FP_LESS, b) ? b : a;
    return fp_ordered(fmt, a, b) && !FP_HOST_TEST(fmt, a, FP_EQUAL, b);
}

/* --- integers --------------------------------------------------------------------------------- */

/* Truncated, where the value fits; NX may be due unless it is set. */
static inline bool fp_quick_TO_W(enum fp_format fmt, uint64_t a, uint64_t *result)
{
    double v = fmt == FP_D ? fp_to_double(a) : (double)fp_to_float(a);
    bool fits = v > -0x1p31 && v < 0x1p31; /* false for NaN */
    *result = fits ? (uint64_t)(int32_t)v : 0;
    return fits && fp_is_boxed(fmt, a);
}

static inline bool fp_quick_TO_L(enum fp_format fmt, uint64_t a, uint64_t *result)
{
    double v = fmt == FP_D ? fp_to_double(a) : (double)fp_to_float(a);
    bool fits = v > -0x1p63 && v < 0x1p63;
    *result = fits ? (uint64_t)(int64_t)v : 0;
    return fits && fp_is_boxed(fmt, a);
}

static inline uint64_t fp_quick_from(enum fp_format fmt, int64_t v)
{
    return fmt == FP_D ? fp_of_double((double)v) : fp_of_float((float)v);
}

/* --- fp.c: where the host has a fused multiply-add -------------------------------------------- */

bool fp_quick_fma(enum fp_format fmt, uint64_t a, uint64_t b, uint64_t c, uint64_t *result);
