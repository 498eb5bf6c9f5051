/* What the files of the decompressor share: the bits of the input and their codes. */
#pragma once

#include <limits.h>

#include "lib/inflate.h"

enum {
    MAX_BITS = 15,
    MAX_LIT = 286, /* literals, end of block, lengths; 286 and 287 are reserved */
    MAX_DIST = 30,
    END_OF_BLOCK = 256,
};

/*
 * The place in the input. Loops work on a copy, which the compiler keeps in registers: stores to
 * the output could otherwise change it for all it knows.
 */
struct input {
    const uint8_t *in, *end;
    unsigned long bits;
    unsigned count;
};

static inline struct input load_input(const struct inflate *inf)
{
    return (struct input){inf->in, inf->in_end, inf->bits, inf->bit_count};
}

static inline void store_input(struct inflate *inf, const struct input *s)
{
    inf->in = s->in;
    inf->bits = s->bits;
    inf->bit_count = s->count;
}

/* Have at least n <= 25 bits, as far as the input goes; beyond it there are zeros. */
static inline void need(struct input *s, unsigned n)
{
    if (s->count >= n)
        return;
    while (s->count <= sizeof s->bits * CHAR_BIT - 8 && s->in < s->end) {
        s->bits |= (unsigned long)*s->in++ << s->count;
        s->count += 8;
    }
}

static inline void drop(struct input *s, unsigned n)
{
    s->bits >>= n;
    s->count -= n;
}

/* Take n <= 16 bits; -INFLATE_ETRUNC if they are not there. */
static inline int take(struct input *s, unsigned n)
{
    need(s, n);
    if (s->count < n)
        return -INFLATE_ETRUNC;
    int value = (int)(s->bits & ((1UL << n) - 1));
    drop(s, n);
    return value;
}

/* Decode a symbol whose code is longer than the fast table's, or none at all, bit by bit. */
int inflate_decode_slow(struct input *s, const struct inflate_code *code);

/* The next symbol, or an error. */
static inline int decode(struct input *s, const struct inflate_code *code, const uint16_t *fast,
                         unsigned fast_bits)
{
    need(s, MAX_BITS);
    unsigned entry = fast[s->bits & ((1UL << fast_bits) - 1)], len = entry & 0xf;
    if (__builtin_expect(entry == 0 || len > s->count, 0)) {
        struct input copy = *s; /* *s itself could no longer be kept in registers */
        int sym = inflate_decode_slow(&copy, code);
        *s = copy;
        return sym;
    }
    drop(s, len);
    return (int)(entry >> 4);
}

/* Take n <= 16 bits of the input, outside of loops. */
int inflate_take_bits(struct inflate *inf, unsigned n);

/* Set up the codes of a block: those of the standard, or those that stand in the input. */
int inflate_fixed_codes(struct inflate *inf);
int inflate_dynamic_codes(struct inflate *inf);
