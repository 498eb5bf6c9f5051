/* Floating point on the host where that is provably the same, else by integer operations. */
#include "tools/emu/fp/soft.h"

uint64_t fp_add(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    return soft_add(env, fmt, a, b);
}

uint64_t fp_sub(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    return soft_sub(env, fmt, a, b);
}

uint64_t fp_mul(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    return soft_mul(env, fmt, a, b);
}

uint64_t fp_div(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b)
{
    return soft_div(env, fmt, a, b);
}

uint64_t fp_sqrt(struct fp_env *env, enum fp_format fmt, uint64_t a)
{
    return soft_sqrt(env, fmt, a);
}

uint64_t fp_fma(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b, uint64_t c)
{
    return soft_fma(env, fmt, a, b, c);
}

uint64_t fp_convert(struct fp_env *env, enum fp_format to, enum fp_format from, uint64_t a)
{
    return soft_convert(env, to, from, a);
}

uint64_t fp_to_int(struct fp_env *env, enum fp_format fmt, uint64_t a, unsigned bits,
                   bool is_signed)
{
    return soft_to_int(env, fmt, a, bits, is_signed);
}

uint64_t fp_from_int(struct fp_env *env, enum fp_format fmt, uint64_t v, bool is_signed)
{
    return soft_from_int(env, fmt, v, is_signed);
}
