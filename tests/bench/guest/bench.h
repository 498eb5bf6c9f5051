#pragma once
/*
 * A benchmark program: one function of fixed work, built for the bare machine (start.S, guest.c)
 * and, as the witness of its result, for the host (host.c).
 */
#include <stddef.h>
#include <stdint.h>

/*
 * Does the work and returns a checksum over what came out, which depends on neither XLEN nor byte
 * sizes of pointers. Needs no library but what is declared below.
 */
uint32_t bench_run(void);

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memset(void *to, int value, size_t size);

/* Mixes a value into a checksum (FNV-1a over its four bytes). */
static inline uint32_t bench_mix(uint32_t sum, uint32_t value)
{
    for (int i = 0; i < 4; i++, value >>= 8)
        sum = (sum ^ (value & 0xff)) * 16777619u;
    return sum;
}

#define BENCH_SEED 2166136261u

/* Marsaglia's 32-bit xorshift: a sequence that is the same everywhere. */
static inline uint32_t bench_random(uint32_t *state)
{
    uint32_t x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}
