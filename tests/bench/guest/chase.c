/*
 * Pointer chase and copy: a walk along a random cycle through 4 MiB of nodes, and copies of blocks
 * of many sizes inside another 4 MiB.
 */
#include "bench.h"

#define NODES  (1u << 16)
#define BYTES  (4u << 20)
#define ROUNDS 120
#define COPIES 120

/* 64 bytes whatever a pointer's size: a cache line each. */
struct node {
    union {
        struct node *next;
        uint64_t room;
    };
    uint32_t value;
    uint32_t fill[13];
};

static struct node nodes[NODES];
static uint32_t order[NODES];
static unsigned char bytes[BYTES];

/* One cycle through all nodes in random order (Sattolo's shuffle). */
static void make_cycle(void)
{
    uint32_t seed = 99;
    for (uint32_t i = 0; i < NODES; i++)
        order[i] = i;
    for (uint32_t i = NODES - 1; i > 0; i--) {
        uint32_t j = bench_random(&seed) % i, t = order[i];
        order[i] = order[j];
        order[j] = t;
    }
    for (uint32_t i = 0; i < NODES; i++) {
        nodes[order[i]].next = &nodes[order[(i + 1) % NODES]];
        nodes[order[i]].value = bench_random(&seed);
    }
}

static uint32_t chase(uint32_t sum)
{
    const struct node *n = nodes;
    for (uint32_t i = 0; i < NODES; i++) {
        sum = (sum << 5) - sum + n->value;
        n = n->next;
    }
    return sum;
}

static uint32_t copy(uint32_t sum, uint32_t *seed)
{
    for (int i = 0; i < COPIES; i++) {
        uint32_t size = bench_random(seed) & 0x7fff;
        uint32_t from = bench_random(seed) & (BYTES / 2 - 0x8000) & ~7u;
        uint32_t to = BYTES / 2 + (bench_random(seed) & (BYTES / 2 - 0x8000) & ~7u);
        memcpy(bytes + to, bytes + from, size);
        bytes[from + (size >> 1)] ^= (unsigned char)(sum + size);
        sum = bench_mix(sum, bytes[to] + bytes[to + (size >> 1)] + size);
    }
    return sum;
}

uint32_t bench_run(void)
{
    uint32_t sum = BENCH_SEED, seed = 4711;
    for (uint32_t i = 0; i < BYTES / 2; i++)
        bytes[i] = (unsigned char)(i * 7 ^ i >> 9);
    make_cycle();
    for (int i = 0; i < ROUNDS; i++) {
        sum = chase(sum);
        sum = copy(sum, &seed);
    }
    return sum;
}
