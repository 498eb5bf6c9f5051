/*
 * Bitmaps: arrays of unsigned long, bit n in word n / BITMAP_WORD_BITS.
 *
 * Sizes and positions are in bits. Positions must lie inside the map; bits of the last word beyond
 * the size are never looked at as members. Not atomic: the caller does the locking.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define BITMAP_WORD_BITS (sizeof(unsigned long) * CHAR_BIT)
/* Words needed for a map of n bits: unsigned long map[BITMAP_WORDS(n)]. */
#define BITMAP_WORDS(n)     (((n) + BITMAP_WORD_BITS - 1) / BITMAP_WORD_BITS)
#define BITMAP_WORD(map, n) ((map)[(n) / BITMAP_WORD_BITS])
#define BITMAP_MASK(n)      (1UL << ((n) % BITMAP_WORD_BITS))

static inline bool bitmap_test(const unsigned long *map, size_t n)
{
    return (BITMAP_WORD(map, n) & BITMAP_MASK(n)) != 0;
}

static inline void bitmap_set(unsigned long *map, size_t n)
{
    BITMAP_WORD(map, n) |= BITMAP_MASK(n);
}

static inline void bitmap_clear(unsigned long *map, size_t n)
{
    BITMAP_WORD(map, n) &= ~BITMAP_MASK(n);
}

/* Set or clear count bits from start. */
void bitmap_set_range(unsigned long *map, size_t start, size_t count);
void bitmap_clear_range(unsigned long *map, size_t start, size_t count);

/* First set or clear bit at or after from; size if there is none. from may be size. */
size_t bitmap_find_set(const unsigned long *map, size_t size, size_t from);
size_t bitmap_find_clear(const unsigned long *map, size_t size, size_t from);

/*
 * First run of count > 0 clear bits at or after from whose start is a multiple of align (a power
 * of two); size if there is none.
 */
size_t bitmap_find_clear_run(const unsigned long *map, size_t size, size_t from, size_t count,
                             size_t align);

/* Number of set bits. */
size_t bitmap_count(const unsigned long *map, size_t size);
