#pragma once
/* Floating point from integer operations alone: any host, any rounding mode. As in fp.h. */
#include "tools/emu/fp/fp.h"

uint64_t soft_add(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b);
uint64_t soft_sub(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b);
uint64_t soft_mul(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b);
uint64_t soft_div(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b);
uint64_t soft_sqrt(struct fp_env *env, enum fp_format fmt, uint64_t a);
uint64_t soft_fma(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b, uint64_t c);
uint64_t soft_convert(struct fp_env *env, enum fp_format to, enum fp_format from, uint64_t a);
uint64_t soft_to_int(struct fp_env *env, enum fp_format fmt, uint64_t a, unsigned bits,
                     bool is_signed);
uint64_t soft_from_int(struct fp_env *env, enum fp_format fmt, uint64_t v, bool is_signed);

/* --- parts.c: numbers taken apart ------------------------------------------------------------ */

enum soft_kind { SOFT_ZERO, SOFT_FINITE, SOFT_INFINITE, SOFT_QUIET, SOFT_SIGNALLING };

/* SOFT_FINITE: the value is sig * 2^(exp - SOFT_POINT), and bit SOFT_POINT of sig is the highest.
 */
struct soft_parts {
    enum soft_kind kind;
    bool sign;
    int exp;
    uint64_t sig;
};

#define SOFT_POINT 62

/* A format's numbers: widths of fields, and the exponents of its normal numbers. */
struct soft_layout {
    uint8_t fraction_bits, exponent_bits;
    int16_t exp_min, exp_max;
};
extern const struct soft_layout soft_layouts[];

struct soft_parts soft_unpack(enum fp_format fmt, uint64_t image);

/*
 * A finite number as close to the format as env->rm says. The lowest bit of sig may be sticky: set
 * for whatever non-zero lies below it. Raises NX, UF and OF.
 */
uint64_t soft_pack(struct fp_env *env, enum fp_format fmt, bool sign, int exp, uint64_t sig);

uint64_t soft_zero(enum fp_format fmt, bool sign);
uint64_t soft_infinity(enum fp_format fmt, bool sign);
uint64_t soft_nan(enum fp_format fmt); /* the canonical one */
/* The same, raising NV. */
uint64_t soft_invalid(struct fp_env *env, enum fp_format fmt);

static inline bool soft_is_nan(const struct soft_parts *p)
{
    return p->kind >= SOFT_QUIET;
}

/* Raises NV if it is a signalling NaN. */
static inline void soft_signal(struct fp_env *env, const struct soft_parts *p)
{
    if (p->kind == SOFT_SIGNALLING)
        env->flags |= FP_NV;
}

/* sig without its lowest `drop` bits (1 to 63), rounded. */
uint64_t soft_rounded(enum fp_round rm, bool sign, uint64_t sig, unsigned drop);

/* v >> n, with the lowest bit set if anything non-zero was shifted out. */
static inline uint64_t soft_shift(uint64_t v, unsigned n)
{
    if (n > 63)
        return v != 0;
    return v >> n | ((v & ((UINT64_C(1) << n) - 1)) != 0);
}
