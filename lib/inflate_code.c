/* DEFLATE: Huffman codes. */
#include "lib/inflate_private.h"
#include "lib/string.h"

int inflate_take_bits(struct inflate *inf, unsigned n)
{
    struct input s = load_input(inf);
    int value = take(&s, n);
    store_input(inf, &s);
    return value;
}

/*
 * Build a code from the n lengths of its symbols' codes (RFC 1951, section 3.2.2). It must be
 * complete, except that one code of one bit may stand alone, or none at all.
 */
static int build_code(struct inflate_code *code, uint16_t *fast, unsigned fast_bits,
                      const uint8_t *lengths, unsigned n)
{
    uint16_t next_code[MAX_BITS + 1], next_index[MAX_BITS + 1];
    memset(code->count, 0, sizeof code->count);
    for (unsigned i = 0; i < n; i++)
        code->count[lengths[i]]++;
    unsigned used = n - code->count[0];
    code->count[0] = 0;
    int left = 1;
    unsigned first = 0, index = 0;
    for (unsigned len = 1; len <= MAX_BITS; len++) {
        left = left * 2 - code->count[len];
        if (left < 0)
            return -INFLATE_ECODE;
        first = (first + code->count[len - 1]) << 1;
        next_code[len] = (uint16_t)first;
        next_index[len] = (uint16_t)index;
        index += code->count[len];
    }
    if (left > 0 && used > code->count[1])
        return -INFLATE_ECODE;
    memset(fast, 0, sizeof *fast << fast_bits);
    for (unsigned sym = 0; sym < n; sym++) {
        unsigned len = lengths[sym];
        if (len == 0)
            continue;
        code->symbol[next_index[len]++] = (uint16_t)sym;
        unsigned bits = next_code[len]++, reversed = 0;
        if (len > fast_bits)
            continue;
        for (unsigned i = 0; i < len; i++)
            reversed |= (bits >> i & 1) << (len - 1 - i);
        for (unsigned i = reversed; i < 1U << fast_bits; i += 1U << len)
            fast[i] = (uint16_t)(sym << 4 | len);
    }
    return 0;
}

int inflate_decode_slow(struct input *s, const struct inflate_code *code)
{
    int bits = 0, first = 0, index = 0;
    for (unsigned len = 1; len <= MAX_BITS; len++) {
        if (len > s->count)
            return -INFLATE_ETRUNC;
        bits = bits << 1 | (int)(s->bits >> (len - 1) & 1);
        int count = code->count[len];
        if (bits - first < count) {
            drop(s, len);
            return code->symbol[index + bits - first];
        }
        index += count;
        first = (first + count) << 1;
    }
    return -INFLATE_ESYMBOL;
}

int inflate_fixed_codes(struct inflate *inf)
{
    uint8_t lengths[288];
    memset(lengths, 8, 144);
    memset(lengths + 144, 9, 112);
    memset(lengths + 256, 7, 24);
    memset(lengths + 280, 8, 8);
    build_code(&inf->lit, inf->lit_fast, INFLATE_LIT_BITS, lengths, 288);
    memset(lengths, 5, 32);
    return build_code(&inf->dist, inf->dist_fast, INFLATE_DIST_BITS, lengths, 32);
}

/* Read the lengths of the two codes, themselves coded with inf->lit (section 3.2.7). */
static int read_lengths(struct inflate *inf, uint8_t *lengths, unsigned n)
{
    struct input s = load_input(inf);
    for (unsigned i = 0; i < n;) {
        int sym = decode(&s, &inf->lit, inf->lit_fast, INFLATE_LIT_BITS);
        if (sym < 0)
            return sym;
        if (sym < 16) {
            lengths[i++] = (uint8_t)sym;
            continue;
        }
        if (sym == 16 && i == 0)
            return -INFLATE_ECODE;
        int more = take(&s, sym == 16 ? 2 : sym == 17 ? 3 : 7);
        if (more < 0)
            return more;
        unsigned repeat = (unsigned)more + (sym == 18 ? 11 : 3);
        if (repeat > n - i)
            return -INFLATE_ECODE;
        memset(lengths + i, sym == 16 ? lengths[i - 1] : 0, repeat);
        i += repeat;
    }
    store_input(inf, &s);
    return 0;
}

int inflate_dynamic_codes(struct inflate *inf)
{
    static const uint8_t order[19] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                      11, 4,  12, 3, 13, 2, 14, 1, 15};
    uint8_t lengths[MAX_LIT + MAX_DIST] = {0};
    int head = inflate_take_bits(inf, 14);
    if (head < 0)
        return head;
    unsigned lit = (head & 0x1f) + 257, dist = (head >> 5 & 0x1f) + 1, n = (head >> 10) + 4;
    if (lit > MAX_LIT || dist > MAX_DIST)
        return -INFLATE_ECODE;
    for (unsigned i = 0; i < n; i++) {
        int len = inflate_take_bits(inf, 3);
        if (len < 0)
            return len;
        lengths[order[i]] = (uint8_t)len;
    }
    int error = build_code(&inf->lit, inf->lit_fast, INFLATE_LIT_BITS, lengths, 19);
    if (!error)
        error = read_lengths(inf, lengths, lit + dist);
    if (!error && lengths[END_OF_BLOCK] == 0)
        error = -INFLATE_ECODE;
    if (!error)
        error = build_code(&inf->lit, inf->lit_fast, INFLATE_LIT_BITS, lengths, lit);
    if (!error)
        error = build_code(&inf->dist, inf->dist_fast, INFLATE_DIST_BITS, lengths + lit, dist);
    return error;
}
