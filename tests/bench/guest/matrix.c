/*
 * Products (by fused multiply-add) and LU decompositions with partial pivoting (without) of
 * matrices of doubles. Compile with -ffp-contract=off: the result must be the host's to the last
 * bit.
 */
#include "bench.h"

#define SIDE   64
#define ROUNDS 60

typedef double matrix[SIDE][SIDE];

static matrix a, b, c;

static void fill(matrix m, uint32_t seed)
{
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++)
            m[i][j] = (double)(int32_t)bench_random(&seed) / 1048576.0;
}

static void multiply(matrix to, matrix x, matrix y)
{
    for (int i = 0; i < SIDE; i++) {
        for (int j = 0; j < SIDE; j++) {
            double sum = 0;
            for (int k = 0; k < SIDE; k++)
                sum = __builtin_fma(x[i][k], y[k][j], sum);
            to[i][j] = sum;
        }
    }
}

static void swap_rows(matrix m, int i, int j)
{
    for (int k = 0; k < SIDE; k++) {
        double t = m[i][k];
        m[i][k] = m[j][k];
        m[j][k] = t;
    }
}

static double magnitude(double x)
{
    return x < 0 ? -x : x;
}

/* In place; returns the determinant's sign. */
static int decompose(matrix m)
{
    int sign = 1;
    for (int k = 0; k < SIDE; k++) {
        int best = k;
        for (int i = k + 1; i < SIDE; i++)
            if (magnitude(m[i][k]) > magnitude(m[best][k]))
                best = i;
        if (best != k) {
            swap_rows(m, k, best);
            sign = -sign;
        }
        for (int i = k + 1; i < SIDE; i++) {
            double factor = m[i][k] / m[k][k];
            m[i][k] = factor;
            for (int j = k + 1; j < SIDE; j++)
                m[i][j] -= factor * m[k][j];
        }
    }
    return sign;
}

static uint32_t mix_double(uint32_t sum, double x)
{
    uint64_t bits;
    __builtin_memcpy(&bits, &x, sizeof(bits));
    return bench_mix(bench_mix(sum, (uint32_t)bits), (uint32_t)(bits >> 32));
}

uint32_t bench_run(void)
{
    uint32_t sum = BENCH_SEED;
    for (int i = 0; i < ROUNDS; i++) {
        fill(a, (uint32_t)i * 2 + 1);
        fill(b, (uint32_t)i * 2 + 2);
        multiply(c, a, b);
        sum = bench_mix(sum, (uint32_t)decompose(c));
        for (int k = 0; k < SIDE; k++)
            sum = mix_double(sum, c[k][SIDE - 1 - k]);
    }
    return sum;
}
