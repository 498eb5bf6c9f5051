/*
 * Random numbers: a ChaCha20 generator (RFC 8439 block function) whose key is replaced from its own
 * output with every use, so that what was handed out cannot be computed back from memory.
 *
 * Until an entropy device feeds it (random_add()), the seed is what the device tree's rng-seed and
 * the boot's timing give.
 */
#include "kernel/arch/arch.h"
#include "kernel/dev/internal.h"
#include "kernel/sched/sched.h"
#include "lib/fdt.h"
#include "lib/string.h"

#define KEY_WORDS 8

static uint32_t key[KEY_WORDS];
static uint64_t counter;
static struct spinlock random_lock = SPINLOCK_INIT; /* both */

static uint32_t rotate(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static void quarter_round(uint32_t *s, unsigned a, unsigned b, unsigned c, unsigned d)
{
    s[a] += s[b], s[d] = rotate(s[d] ^ s[a], 16);
    s[c] += s[d], s[b] = rotate(s[b] ^ s[c], 12);
    s[a] += s[b], s[d] = rotate(s[d] ^ s[a], 8);
    s[c] += s[d], s[b] = rotate(s[b] ^ s[c], 7);
}

/* One block under the key; half of it becomes the next key, out gets the other. random_lock held.
 */
static void next_block(uint32_t out[KEY_WORDS])
{
    uint32_t start[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}, s[16];
    memcpy(start + 4, key, sizeof key);
    start[12] = (uint32_t)++counter;
    start[13] = (uint32_t)(counter >> 32);
    start[14] = start[15] = 0;
    memcpy(s, start, sizeof s);
    for (unsigned round = 0; round < 10; round++) {
        for (unsigned i = 0; i < 4; i++)
            quarter_round(s, i, 4 + i, 8 + i, 12 + i);
        for (unsigned i = 0; i < 4; i++)
            quarter_round(s, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
    }
    for (unsigned i = 0; i < 16; i++)
        s[i] += start[i];
    memcpy(key, s, sizeof key);
    memcpy(out, s + 8, KEY_WORDS * sizeof *out);
}

void random_bytes(void *buf, size_t n)
{
    uint8_t *p = buf;
    while (n > 0) {
        uint32_t block[KEY_WORDS];
        size_t part = n < sizeof block ? n : sizeof block;
        spin_lock(&random_lock);
        next_block(block);
        spin_unlock(&random_lock);
        memcpy(p, block, part);
        p += part;
        n -= part;
    }
}

void random_add(const void *data, size_t n)
{
    const uint8_t *p = data;
    uint32_t block[KEY_WORDS];
    spin_lock(&random_lock);
    while (n > 0) {
        for (unsigned i = 0; i < sizeof key && n > 0; i++, n--)
            ((uint8_t *)key)[i] ^= *p++;
        next_block(block);
    }
    spin_unlock(&random_lock);
}

void random_init(struct fdt *fdt)
{
    int len;
    const void *seed = fdt_prop(fdt, fdt_node_by_path(fdt, "/chosen"), "rng-seed", &len);
    uint64_t times[2] = {time_ns(), arch_instret()};
    random_add(times, sizeof times);
    if (seed && len > 0)
        random_add(seed, (size_t)len);
}
