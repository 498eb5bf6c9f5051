#pragma once
/*
 * Floating-point arithmetic as the F, D, Zfh and Zfa extensions define it (IEEE 754-2019, with
 * RISC-V's choices: canonical NaNs, tininess detected after rounding). Nothing here knows a hart.
 *
 * Operands and results are images of a 64-bit f register. Formats narrower than 64 bits are
 * NaN-boxed: results have all upper bits set, and an operand that has not is the canonical NaN.
 *
 * Functions that round take a struct fp_env: they obey env->rm, which must be one of enum fp_round,
 * and OR what they raise into env->flags. They look at env->flags too: where NX is set already the
 * host's floating point can be used in more cases. They never change the host's floating-point
 * environment, and rely on its rounding to nearest, as a C program finds it.
 *
 * soft.c computes with integers only; fp.c uses the host where that is provably the same.
 */
#include <stdbool.h>
#include <stdint.h>

enum fp_format { FP_H, FP_S, FP_D };

/* As in frm and in instructions; 5 and 6 are reserved. */
enum fp_round { FP_RNE, FP_RTZ, FP_RDN, FP_RUP, FP_RMM, FP_DYN = 7 };

/* As in fflags. */
enum fp_flag { FP_NX = 1, FP_UF = 2, FP_OF = 4, FP_DZ = 8, FP_NV = 16 };

struct fp_env {
    uint8_t rm;
    uint8_t flags;
};

/* --- fp.c: what rounds ----------------------------------------------------------------------- */

uint64_t fp_add(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b);
uint64_t fp_sub(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b);
uint64_t fp_mul(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b);
uint64_t fp_div(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b);
uint64_t fp_sqrt(struct fp_env *env, enum fp_format fmt, uint64_t a);
/* a * b + c, rounded once. */
uint64_t fp_fma(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b, uint64_t c);
uint64_t fp_convert(struct fp_env *env, enum fp_format to, enum fp_format from, uint64_t a);

/*
 * To an integer of `bits` 32 or 64, saturating; 32-bit results, unsigned ones too, are
 * sign-extended. NaN counts as +infinity.
 */
uint64_t fp_to_int(struct fp_env *env, enum fp_format fmt, uint64_t a, unsigned bits,
                   bool is_signed);
/* From the 64-bit integer v. */
uint64_t fp_from_int(struct fp_env *env, enum fp_format fmt, uint64_t v, bool is_signed);

/* --- convert.c: Zfa's conversions ------------------------------------------------------------ */

/* To an integral value in the same format (fround, froundnx); only with `exact` is NX raised. */
uint64_t fp_round(struct fp_env *env, enum fp_format fmt, uint64_t a, bool exact);
/* fcvtmod.w.d: truncated, modulo 2^32, sign-extended; 0 for infinities and NaN. */
uint64_t fp_to_int_modular(struct fp_env *env, uint64_t a);
/* The constant fli loads; number 0 to 31. */
uint64_t fp_constant(enum fp_format fmt, unsigned number);

/* --- compare.c: what never rounds ------------------------------------------------------------ */

/* Quiet ones raise NV for signalling NaNs only, the others for every NaN; false with a NaN. */
bool fp_eq(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b);
bool fp_lt(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b);
bool fp_le(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b);
bool fp_lt_quiet(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b);
bool fp_le_quiet(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b);

/* minimumNumber and maximumNumber: one NaN gives the other operand. -0 is less than +0. */
uint64_t fp_min(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b);
uint64_t fp_max(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b);
/* minimum and maximum: any NaN gives the canonical NaN. */
uint64_t fp_minm(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b);
uint64_t fp_maxm(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b);

/* fclass's ten bits. */
uint64_t fp_class(enum fp_format fmt, uint64_t a);

/* a with the sign of b, its opposite, or the exclusive or of both signs. */
uint64_t fp_sgnj(enum fp_format fmt, uint64_t a, uint64_t b);
uint64_t fp_sgnjn(enum fp_format fmt, uint64_t a, uint64_t b);
uint64_t fp_sgnjx(enum fp_format fmt, uint64_t a, uint64_t b);

/* --- images ---------------------------------------------------------------------------------- */

static inline unsigned fp_width(enum fp_format fmt)
{
    return 16u << fmt;
}

/* Everything above a value of the format. */
static inline uint64_t fp_box_bits(enum fp_format fmt)
{
    return fmt == FP_D ? 0 : ~UINT64_C(0) << fp_width(fmt);
}

static inline uint64_t fp_sign_bit(enum fp_format fmt)
{
    return UINT64_C(1) << (fp_width(fmt) - 1);
}

static inline bool fp_is_boxed(enum fp_format fmt, uint64_t image)
{
    return (image & fp_box_bits(fmt)) == fp_box_bits(fmt);
}

/* The image of a value given by its low bits. */
static inline uint64_t fp_box(enum fp_format fmt, uint64_t value)
{
    return value | fp_box_bits(fmt);
}

/* The negative; of something that is not boxed, something that is not boxed. */
static inline uint64_t fp_negate(enum fp_format fmt, uint64_t image)
{
    return image ^ fp_sign_bit(fmt);
}

/* The low `fmt` bits sign-extended, whatever they are (fmv.x.w). */
static inline uint64_t fp_raw(enum fp_format fmt, uint64_t image)
{
    unsigned shift = 64 - fp_width(fmt);
    return (uint64_t)((int64_t)(image << shift) >> shift);
}
