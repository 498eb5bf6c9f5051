/* Bitmaps: ranges and searches, a word at a time. */
#include "lib/bitmap.h"

/* Bits [from, to) of one word, from < to <= BITMAP_WORD_BITS. */
static unsigned long word_bits(size_t from, size_t to)
{
    return (~0UL << from) & (~0UL >> (BITMAP_WORD_BITS - to));
}

static void change_range(unsigned long *map, size_t start, size_t count, bool set)
{
    for (size_t end = start + count; start < end;) {
        size_t from = start % BITMAP_WORD_BITS;
        size_t to = end - start < BITMAP_WORD_BITS - from ? from + (end - start) : BITMAP_WORD_BITS;
        unsigned long mask = word_bits(from, to);
        if (set)
            BITMAP_WORD(map, start) |= mask;
        else
            BITMAP_WORD(map, start) &= ~mask;
        start += to - from;
    }
}

void bitmap_set_range(unsigned long *map, size_t start, size_t count)
{
    change_range(map, start, count, true);
}

void bitmap_clear_range(unsigned long *map, size_t start, size_t count)
{
    change_range(map, start, count, false);
}

/* First bit that differs from those of `skip` (all ones or all zeros). */
static size_t find(const unsigned long *map, size_t size, size_t from, unsigned long skip)
{
    if (from >= size)
        return size;
    unsigned long word = (BITMAP_WORD(map, from) ^ skip) & (~0UL << from % BITMAP_WORD_BITS);
    size_t base = from - from % BITMAP_WORD_BITS;
    while (word == 0) {
        base += BITMAP_WORD_BITS;
        if (base >= size)
            return size;
        word = BITMAP_WORD(map, base) ^ skip;
    }
    size_t found = base + (size_t)__builtin_ctzl(word);
    return found < size ? found : size;
}

size_t bitmap_find_set(const unsigned long *map, size_t size, size_t from)
{
    return find(map, size, from, 0);
}

size_t bitmap_find_clear(const unsigned long *map, size_t size, size_t from)
{
    return find(map, size, from, ~0UL);
}

size_t bitmap_find_clear_run(const unsigned long *map, size_t size, size_t from, size_t count,
                             size_t align)
{
    for (;;) {
        size_t start = bitmap_find_clear(map, size, from);
        size_t aligned = (start + align - 1) & ~(align - 1);
        if (aligned < start || aligned >= size || count > size - aligned)
            return size;
        size_t blocker = bitmap_find_set(map, aligned + count, aligned);
        if (blocker == aligned + count)
            return aligned;
        from = blocker + 1;
    }
}

size_t bitmap_count(const unsigned long *map, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size / BITMAP_WORD_BITS; i++)
        count += (size_t)__builtin_popcountl(map[i]);
    if (size % BITMAP_WORD_BITS)
        count += (size_t)__builtin_popcountl(BITMAP_WORD(map, size) &
                                             word_bits(0, size % BITMAP_WORD_BITS));
    return count;
}
