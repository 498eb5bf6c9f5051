/*
 * usertests --math: what the mathematical functions give, as bits, for tests/user/math.test to hold
 * against the host's. A line for each function: its name and its results, one after the other.
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "usertests.h"

/* clang-format off */
#define UNARY(X) \
    X(sqrt) X(floor) X(ceil) X(trunc) X(round) X(rint) X(nearbyint) X(fabs) X(logb) X(sin) X(cos) \
    X(tan) X(asin) X(acos) X(atan) X(sinh) X(cosh) X(tanh) X(asinh) X(acosh) X(atanh) X(exp) \
    X(exp2) X(expm1) X(log) X(log2) X(log10) X(log1p) X(cbrt) X(erf) X(erfc) X(lgamma)
#define BINARY(X) \
    X(fmod) X(remainder) X(fdim) X(fmax) X(fmin) X(copysign) X(nextafter) X(pow) X(atan2) X(hypot)
#define UNARY_FLOAT(X) \
    X(sqrtf) X(floorf) X(rintf) X(roundf) X(sinf) X(cosf) X(tanf) X(atanf) X(expf) X(logf) \
    X(log2f) X(exp2f) X(cbrtf)
#define BINARY_FLOAT(X) X(fmodf) X(remainderf) X(nextafterf) X(powf) X(atan2f) X(hypotf)
/* clang-format on */

static const double special[] = {
    0.0,      -0.0,      1.0,    -1.0,     0.5,      -0.5,
    1.5,      2.0,       2.5,    -2.5,     3.0,      10.0,
    100.0,    1e-10,     1e10,   0.785398, 1.5707,   3.1416,
    -3e4,     1e300,     1e-300, DBL_MAX,  -DBL_MAX, DBL_MIN,
    5e-324,   709.7,     -745.1, 170.5,    0x1p52,   0x1.fffffffffffffp51,
    INFINITY, -INFINITY, NAN,
};

enum { SPECIALS = sizeof(special) / sizeof(special[0]), POINTS = SPECIALS + 40 };

/* Every step is exact, so that two machines make the same points. */
static double random_point(uint32_t *seed)
{
    double mantissa = (double)next_random(seed) * 0x1p-24 + (double)next_random(seed) * 0x1p-48;
    int exponent = (int)(next_random(seed) % 24) - 12;
    return ldexp(next_random(seed) & 1 ? -1 - mantissa : 1 + mantissa, exponent);
}

static double point(int i)
{
    uint32_t seed = (uint32_t)i * 7919;
    return i < SPECIALS ? special[i] : random_point(&seed);
}

static void print_double(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    printf(" %llx", (unsigned long long)bits);
}

static void print_float(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    printf(" %lx", (unsigned long)bits);
}

#define PRINT_UNARY(name)              \
    printf("%s", #name);               \
    for (int i = 0; i < POINTS; i++) { \
        print_double(name(point(i)));  \
    }                                  \
    printf("\n");
#define PRINT_BINARY(name)                                   \
    printf("%s", #name);                                     \
    for (int i = 0; i < POINTS; i++) {                       \
        print_double(name(point(i), point(i * 5 % POINTS))); \
    }                                                        \
    printf("\n");
#define PRINT_UNARY_FLOAT(name)             \
    printf("%s", #name);                    \
    for (int i = 0; i < POINTS; i++) {      \
        print_float(name((float)point(i))); \
    }                                       \
    printf("\n");
#define PRINT_BINARY_FLOAT(name)                                          \
    printf("%s", #name);                                                  \
    for (int i = 0; i < POINTS; i++) {                                    \
        print_float(name((float)point(i), (float)point(i * 5 % POINTS))); \
    }                                                                     \
    printf("\n");

void math_print(void)
{
    UNARY(PRINT_UNARY)
    BINARY(PRINT_BINARY)
    UNARY_FLOAT(PRINT_UNARY_FLOAT)
    BINARY_FLOAT(PRINT_BINARY_FLOAT)
    printf("fma");
    for (int i = 0; i < POINTS; i++) {
        print_double(fma(point(i), point(i * 5 % POINTS), point(i * 11 % POINTS)));
    }
    printf("\n");
}
