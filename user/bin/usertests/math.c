/* Floating point as the C library gives it: text, rounding, flags, calls. Expectations are C's. */
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "usertests.h"

/* A value the compiler knows nothing about, and that a change of the rounding mode does not pass.
 */
static double opaque(double value)
{
    volatile double hidden = value;
    return hidden;
}

static double from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static uint64_t to_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

/* ---- text */

static void test_printf(void)
{
    static const struct {
        const char *format;
        double value;
        const char *text;
    } cases[] = {
        {"%f", 3.14159265, "3.141593"},
        {"%f", -0.0, "-0.000000"},
        {"%.0f", 0.5, "0"},
        {"%.0f", 1.5, "2"},
        {"%.0f", 2.5, "2"},
        {"%10.3f|", 2.71828, "     2.718|"},
        {"%-10.2f|", 2.71828, "2.72      |"},
        {"%+08.2f", 2.71828, "+0002.72"},
        {"%.20f", 0.1, "0.10000000000000000555"},
        {"%.3f", 1e15, "1000000000000000.000"},
        {"%e", 12345.678, "1.234568e+04"},
        {"%.0e", 5e-324, "5e-324"},
        {"%E", 1e100, "1.000000E+100"},
        {"%g", 100000.0, "100000"},
        {"%g", 1000000.0, "1e+06"},
        {"%g", 0.0001, "0.0001"},
        {"%g", 0.00001, "1e-05"},
        {"%#g", 1.0, "1.00000"},
        {"%.17g", 0.1, "0.10000000000000001"},
        {"%.17g", DBL_MAX, "1.7976931348623157e+308"},
        {"%.17g", DBL_MIN, "2.2250738585072014e-308"},
        {"%f", INFINITY, "inf"},
        {"%F", -INFINITY, "-INF"},
        {"%5.1f|", NAN, "  nan|"},
        {"%a", 1.0, "0x1p+0"},
        {"%a", -0.1, "-0x1.999999999999ap-4"},
    };
    char text[400];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        snprintf(text, sizeof(text), cases[i].format, cases[i].value);
        if (strcmp(text, cases[i].text) != 0) {
            FAIL("%s gives '%s', not '%s'", cases[i].format, text, cases[i].text);
        }
    }
    snprintf(text, sizeof(text), "%d %f %s %g %lld %.1f %c %Lg", 1, 2.5, "three", 4.0, 5LL, 6.25,
             '7', 8.5L);
    CHECK(strcmp(text, "1 2.500000 three 4 5 6.2 7 8.5") == 0);
}

/* Decimal to binary is exact: also half-way between two numbers, and where they are subnormal. */
static void test_strtod(void)
{
    static const struct {
        const char *text;
        uint64_t bits;
    } cases[] = {
        {"0", 0},
        {"-0.0", 0x8000000000000000},
        {"1", 0x3ff0000000000000},
        {"0.1", 0x3fb999999999999a},
        {"  +12.5e-1x", 0x3ff4000000000000},
        {"9007199254740993", 0x4340000000000000}, /* 2^53 + 1: to even */
        {"9007199254740993.0000000000000000000001", 0x4340000000000001},
        {"9007199254740995", 0x4340000000000002},
        {"1.7976931348623157e308", 0x7fefffffffffffff},
        {"2.2250738585072011e-308", 0x000fffffffffffff},
        {"4.9e-324", 1},
        {"2.4703282292062327e-324", 0}, /* less than half of the smallest */
        {"2.4703282292062328e-324", 1},
        {"0x1.8p1", 0x4008000000000000},
        {"0x1p-1074", 1},
        {"inf", 0x7ff0000000000000},
        {"-INFINITY", 0xfff0000000000000},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint64_t bits = to_bits(strtod(cases[i].text, NULL));
        if (bits != cases[i].bits) {
            FAIL("strtod(%s) is %#llx, not %#llx", cases[i].text, (unsigned long long)bits,
                 (unsigned long long)cases[i].bits);
        }
    }
    CHECK(isnan(strtod("nan", NULL)));
    errno = 0;
    CHECK(isinf(strtod("1e309", NULL)) && errno == ERANGE);
    float one;
    int count = sscanf("2.5 -1e3", "%f", &one);
    CHECK_EQ(count, 1);
    CHECK(one == 2.5f);
}

static void test_round_trip(void)
{
    uint32_t seed = 1;
    char text[40];
    for (int i = 0; i < 500; i++) {
        uint64_t bits = (uint64_t)next_random(&seed) << 40 ^ (uint64_t)next_random(&seed) << 20 ^
                        next_random(&seed);
        double value = from_bits(bits);
        if (isnan(value)) {
            continue;
        }
        snprintf(text, sizeof(text), "%.17g", value);
        CHECK(to_bits(strtod(text, NULL)) == bits);
        snprintf(text, sizeof(text), "%a", value);
        CHECK(to_bits(strtod(text, NULL)) == bits);
    }
}

/* ---- rounding modes and flags */

static void test_rounding(void)
{
    static const struct {
        int mode;
        double third, minus_third; /* in units of the last place from the nearest */
        long of_2_5, of_minus_2_5;
    } modes[] = {
        {FE_TONEAREST, 0x1.5555555555555p-2, -0x1.5555555555555p-2, 2, -2},
        {FE_TOWARDZERO, 0x1.5555555555555p-2, -0x1.5555555555555p-2, 2, -2},
        {FE_UPWARD, 0x1.5555555555556p-2, -0x1.5555555555555p-2, 3, -2},
        {FE_DOWNWARD, 0x1.5555555555555p-2, -0x1.5555555555556p-2, 2, -3},
    };
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        CHECK_EQ(fesetround(modes[i].mode), 0);
        CHECK_EQ(fegetround(), modes[i].mode);
        CHECK(opaque(1) / opaque(3) == modes[i].third);
        CHECK(opaque(-1) / opaque(3) == modes[i].minus_third);
        CHECK_EQ(lrint(opaque(2.5)), modes[i].of_2_5);
        CHECK_EQ(lrint(opaque(-2.5)), modes[i].of_minus_2_5);
        CHECK(rint(opaque(-2.5)) == (double)modes[i].of_minus_2_5);
        CHECK(nearbyint(opaque(2.5)) == (double)modes[i].of_2_5);
        CHECK_EQ(lround(opaque(2.5)), 3); /* away from zero in every mode */
        CHECK(floor(opaque(-0.5)) == -1 && ceil(opaque(0.5)) == 1);
        CHECK_EQ((long)opaque(-2.9), -2);
    }
    CHECK(fesetround(12345) != 0);
    CHECK_EQ(fegetround(), FE_DOWNWARD);
}

static void expect_flags(double (*compute)(void), int want)
{
    volatile double result;
    CHECK_EQ(feclearexcept(FE_ALL_EXCEPT), 0);
    result = compute();
    (void)result;
    CHECK_EQ(fetestexcept(FE_ALL_EXCEPT), want);
}

static double exactly(void)
{
    return opaque(1) + opaque(2);
}

static double inexactly(void)
{
    return opaque(1) / opaque(3);
}

static double by_zero(void)
{
    return opaque(1) / opaque(0);
}

static double invalid(void)
{
    return opaque(0) / opaque(0);
}

static double root_of_minus(void)
{
    return sqrt(opaque(-1));
}

static double overflow(void)
{
    return opaque(DBL_MAX) * opaque(2);
}

static double underflow(void)
{
    return opaque(DBL_MIN) / opaque(3);
}

static double compare_nan(void)
{
    return opaque(NAN) < opaque(1);
}

static double equal_nan(void)
{
    return opaque(NAN) == opaque(1);
}

static void test_flags(void)
{
    expect_flags(exactly, 0);
    expect_flags(inexactly, FE_INEXACT);
    expect_flags(by_zero, FE_DIVBYZERO);
    expect_flags(invalid, FE_INVALID);
    expect_flags(root_of_minus, FE_INVALID);
    expect_flags(overflow, FE_OVERFLOW | FE_INEXACT);
    expect_flags(underflow, FE_UNDERFLOW | FE_INEXACT);
    expect_flags(compare_nan, FE_INVALID);
    expect_flags(equal_nan, 0);
}

/* An environment can be put away, be quiet meanwhile, and come back with what was raised since. */
static void test_environment(void)
{
    fenv_t saved;
    feclearexcept(FE_ALL_EXCEPT);
    CHECK_EQ(fesetround(FE_UPWARD), 0);
    feraiseexcept(FE_INEXACT);
    CHECK_EQ(feholdexcept(&saved), 0);
    CHECK_EQ(fetestexcept(FE_ALL_EXCEPT), 0);
    CHECK_EQ(fegetround(), FE_UPWARD);
    CHECK_EQ(fesetround(FE_TOWARDZERO), 0);
    by_zero();
    CHECK_EQ(feupdateenv(&saved), 0);
    CHECK_EQ(fetestexcept(FE_ALL_EXCEPT), FE_INEXACT | FE_DIVBYZERO);
    CHECK_EQ(fegetround(), FE_UPWARD);
    CHECK_EQ(fesetenv(FE_DFL_ENV), 0);
    CHECK_EQ(fetestexcept(FE_ALL_EXCEPT), 0);
    CHECK_EQ(fegetround(), FE_TONEAREST);
}

static void test_exception_flags(void)
{
    fexcept_t inexact, none;
    CHECK_EQ(feclearexcept(FE_ALL_EXCEPT), 0);
    CHECK_EQ(fegetexceptflag(&none, FE_ALL_EXCEPT), 0);
    CHECK_EQ(feraiseexcept(FE_INEXACT), 0);
    CHECK_EQ(fegetexceptflag(&inexact, FE_INEXACT), 0);
    CHECK_EQ(feraiseexcept(FE_DIVBYZERO), 0);
    CHECK_EQ(fesetexceptflag(&none, FE_INEXACT), 0);
    CHECK_EQ(fetestexcept(FE_ALL_EXCEPT), FE_DIVBYZERO);
    CHECK_EQ(fesetexceptflag(&inexact, FE_INEXACT), 0);
    CHECK_EQ(fetestexcept(FE_ALL_EXCEPT), FE_DIVBYZERO | FE_INEXACT);
    CHECK_EQ(feraiseexcept(0), 0);
}

/* Two processes, two environments. */
static void test_environment_is_own(void)
{
    feclearexcept(FE_ALL_EXCEPT);
    CHECK_EQ(fesetround(FE_DOWNWARD), 0);
    pid_t pid = must_fork();
    if (pid == 0) {
        CHECK_EQ(fegetround(), FE_DOWNWARD);
        fesetround(FE_UPWARD);
        by_zero();
        CHECK_EQ(fetestexcept(FE_ALL_EXCEPT), FE_DIVBYZERO);
        exit(0);
    }
    must_succeed(pid);
    CHECK_EQ(fegetround(), FE_DOWNWARD);
    CHECK_EQ(fetestexcept(FE_ALL_EXCEPT), 0);
}

/* ---- calls */

/* `kinds`: a letter for each argument. */
static double sum_of(const char *kinds, ...)
{
    double sum = 0;
    va_list list;
    va_start(list, kinds);
    for (; *kinds; kinds++) {
        switch (*kinds) {
        case 'd': sum = sum * 2 + va_arg(list, double); break;
        case 'i': sum = sum * 2 + va_arg(list, int); break;
        case 'q': sum = sum * 2 + (double)va_arg(list, long long); break;
        case 'L': sum = sum * 2 + (double)va_arg(list, long double); break;
        default: FAIL("no kind %c", *kinds);
        }
    }
    va_end(list);
    return sum;
}

static void test_variable_arguments(void)
{
    CHECK(sum_of("d", 1.5) == 1.5);
    CHECK(sum_of("dd", 1.5, 2.0) == 5);
    CHECK(sum_of("id", 1, 2.5) == 4.5);
    CHECK(sum_of("ididid", 1, 1.5, 2, 2.5, 3, 3.5) == 32 + 24 + 16 + 10 + 6 + 3.5);
    CHECK(sum_of("dddddddddd", 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.) == 1023);
    CHECK(sum_of("qidqid", 1LL, 2, 3.0, 4LL, 5, 6.0) == 32 + 32 + 24 + 16 + 10 + 6);
    CHECK(sum_of("iLdL", 1, 2.0L, 3.5, 4.25L) == 8 + 8 + 7 + 4.25);
}

struct mixed {
    float single;
    int number;
};

struct pair {
    double first, second;
};

/* More than the registers hold, and structures that go in registers of both kinds. */
static __attribute__((noinline)) struct pair many(double a, float b, struct mixed c, struct pair d,
                                                  double e, float f, double g, double h, double i,
                                                  double j, struct mixed k, long l, struct pair m)
{
    return (struct pair){a + b * 2 + c.single * 4 + c.number * 8 + d.first * 16 + d.second * 32,
                         e + f * 2 + g * 4 + h * 8 + i * 16 + j * 32 + k.single * 64 +
                             k.number * 128 + (double)l * 256 + m.first * 512 + m.second * 1024};
}

static void test_arguments(void)
{
    struct mixed mixed = {3, 4};
    struct pair pair = {5, 6};
    struct pair got = many(opaque(1), 2, mixed, pair, 1, 2, 3, 4, 5, 6, mixed, 9, pair);
    CHECK(got.first == 1 + 4 + 12 + 32 + 80 + 192);
    CHECK(got.second == 1 + 4 + 12 + 32 + 80 + 192 + 192 + 512 + 2304 + 2560 + 6144);
}

static jmp_buf target;

static __attribute__((noinline)) double jump_back(double value)
{
    if (value > 0) {
        longjmp(target, 1);
    }
    return value;
}

/* Doubles that live across a call which comes back by longjmp(). */
static void test_longjmp(void)
{
    const double a = opaque(1.25), b = opaque(-2.5), c = opaque(1e300), d = opaque(0.1);
    if (setjmp(target) == 0) {
        double noise = 0;
        for (int i = 0; i < 20; i++) {
            noise += jump_back(-i) * a;
        }
        jump_back(-noise);
        FAIL("longjmp() comes back here with %f", noise);
    }
    CHECK(a == 1.25 && b == -2.5 && c == 1e300 && d == 0.1);
}

/* ---- arithmetic */

static void test_conversions(void)
{
    CHECK(opaque((double)INT64_MAX) == 0x1p63);
    CHECK((double)(uint64_t)opaque(0x1p63) == 0x1p63);
    CHECK_EQ((int64_t)opaque(-0x1p63), INT64_MIN);
    CHECK_EQ((int)(float)opaque(16777217), 16777216);
    CHECK((float)opaque(1e40) == INFINITY);
    CHECK(opaque((float)opaque(0.1)) == 0x1.99999ap-4);
    CHECK(fma(opaque(0x1.0000000000001p0), 0x1.0000000000001p0, -1) == 0x1.00000000000008p-51);
    CHECK(sqrt(opaque(2)) == 0x1.6a09e667f3bcdp0);
    CHECK(isnan(opaque(NAN)) && isinf(opaque(INFINITY)) && signbit(opaque(-0.0)));
    CHECK_EQ(fpclassify(opaque(5e-324)), FP_SUBNORMAL);
    CHECK(fmin(opaque(NAN), 1) == 1 && fmax(opaque(NAN), 1) == 1);
}

const struct test tests_math[] = {
    {"printf", test_printf, 0},
    {"strtod", test_strtod, 0},
    {"round_trip", test_round_trip, 0},
    {"rounding", test_rounding, 0},
    {"flags", test_flags, 0},
    {"environment", test_environment, 0},
    {"exception_flags", test_exception_flags, 0},
    {"environment_is_own", test_environment_is_own, 0},
    {"variable_arguments", test_variable_arguments, 0},
    {"arguments", test_arguments, 0},
    {"longjmp", test_longjmp, 0},
    {"conversions", test_conversions, 0},
    {0},
};
