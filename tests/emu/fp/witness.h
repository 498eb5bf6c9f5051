#pragma once
/*
 * What floating-point operations must give, from MPFR and the specifications: values in MPFR, the
 * rounding to the format and the flags from their definitions. Same arguments and results as the
 * functions of tools/emu/fp/fp.h; flags are added to env->flags.
 */
#include "tools/emu/fp/fp.h"

typedef uint64_t witness_fn(struct fp_env *env, enum fp_format fmt, uint64_t a, uint64_t b,
                            uint64_t c);

witness_fn witness_add, witness_sub, witness_mul, witness_div, witness_sqrt, witness_fma;
witness_fn witness_from_h, witness_from_s, witness_from_d;
witness_fn witness_to_w, witness_to_wu, witness_to_l, witness_to_lu, witness_to_w_modular;
witness_fn witness_from_w, witness_from_wu, witness_from_l, witness_from_lu;
witness_fn witness_round, witness_roundnx;
witness_fn witness_eq, witness_lt, witness_le, witness_ltq, witness_leq;
witness_fn witness_min, witness_max, witness_minm, witness_maxm, witness_class;
/* a is the number of a constant of fli. */
witness_fn witness_constant;
