/*
 * DEFLATE, pulled: a state machine that stops wherever the output buffer is full.
 *
 * Matches reach back into the buffer of the current call, and before that into the window, where
 * each call leaves the end of what it has produced.
 */
#include "lib/inflate_private.h"
#include "lib/string.h"

enum state {
    STATE_HEADER,
    STATE_BLOCK,
    STATE_STORED,
    STATE_CODES,
    STATE_MATCH,
    STATE_TRAILER,
    STATE_END
};

enum { GZIP_HEADER_SIZE = 10 };

/* Go on at a byte boundary of the input, with no bits held. */
static void align_input(struct inflate *inf)
{
    inf->in -= inf->bit_count / 8;
    inf->bits = 0;
    inf->bit_count = 0;
}

/*
 * ---- Output -------------------------------------------------------------------------------------
 */

struct output {
    uint8_t *start, *pos, *end;
};

/* Copy as much of the match under way as there is room for. */
static void copy_match(struct inflate *inf, struct output *out)
{
    size_t room = (size_t)(out->end - out->pos);
    uint32_t n = inf->left < room ? inf->left : (uint32_t)room;
    inf->left -= n;
    size_t made = (size_t)(out->pos - out->start);
    for (; n > 0 && made < inf->distance; n--, made++) {
        size_t from = (size_t)(inf->total + made - inf->distance) % INFLATE_WINDOW;
        *out->pos++ = inf->window[from];
    }
    if (n == 0)
        return;
    /* byte by byte: what is copied may be part of the copy */
    const uint8_t *from = out->pos - inf->distance;
    for (; n > 0; n--)
        *out->pos++ = *from++;
}

/* Leave the last bytes of this call's output where the next one finds them. */
static void save_window(struct inflate *inf, const struct output *out)
{
    size_t made = (size_t)(out->pos - out->start);
    if (made == 0)
        return;
    size_t n = made < INFLATE_WINDOW ? made : INFLATE_WINDOW;
    inf->total += made;
    size_t at = (size_t)(inf->total - n) % INFLATE_WINDOW;
    size_t head = n < INFLATE_WINDOW - at ? n : INFLATE_WINDOW - at;
    memcpy(inf->window + at, out->pos - n, head);
    memcpy(inf->window, out->pos - n + head, n - head);
}

/*
 * ---- States -------------------------------------------------------------------------------------
 *
 * Each function does what its state allows and sets the next one; it returns 0 or an error.
 */

/* Skip a zero-terminated text at p; NULL if it has no end. */
static const uint8_t *skip_text(const uint8_t *p, const uint8_t *end)
{
    p = memchr(p, '\0', (size_t)(end - p));
    return p ? p + 1 : NULL;
}

/* The header of a gzip member (RFC 1952, section 2.3). */
static int gzip_header(struct inflate *inf)
{
    enum { FHCRC = 2, FEXTRA = 4, FNAME = 8, FCOMMENT = 16, RESERVED = 0xe0 };
    const uint8_t *p = inf->in, *end = inf->in_end;
    if (end - p < GZIP_HEADER_SIZE)
        return -INFLATE_ETRUNC;
    unsigned flags = p[3];
    if (!inflate_is_gzip(p, GZIP_HEADER_SIZE) || p[2] != 8 || (flags & RESERVED))
        return -INFLATE_EHEADER;
    p += GZIP_HEADER_SIZE;
    if (flags & FEXTRA) {
        if (end - p < 2 || end - p - 2 < (p[0] | p[1] << 8))
            return -INFLATE_ETRUNC;
        p += 2 + (p[0] | p[1] << 8);
    }
    if (flags & FNAME)
        p = skip_text(p, end);
    if (p && (flags & FCOMMENT))
        p = skip_text(p, end);
    if (!p || (flags & FHCRC && end - p < 2))
        return -INFLATE_ETRUNC;
    if (flags & FHCRC) {
        uint32_t crc = inflate_crc32(0, inf->in, (size_t)(p - inf->in));
        if ((p[0] | (unsigned)p[1] << 8) != (crc & 0xffff))
            return -INFLATE_EHEADER;
        p += 2;
    }
    inf->in = p;
    inf->state = STATE_BLOCK;
    return 0;
}

static uint32_t get_le32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The end of the data; with gzip, checksum and size behind it. */
static int trailer(struct inflate *inf, const struct output *out)
{
    align_input(inf);
    if (inf->format == INFLATE_GZIP) {
        size_t made = (size_t)(out->pos - out->start);
        if (inf->in_end - inf->in < 8)
            return -INFLATE_ETRUNC;
        if (get_le32(inf->in) != inflate_crc32(inf->crc, out->start, made))
            return -INFLATE_ECRC;
        if (get_le32(inf->in + 4) != (uint32_t)(inf->total + made))
            return -INFLATE_ESIZE;
        inf->in += 8;
    }
    inf->state = STATE_END;
    return 0;
}

static int stored_header(struct inflate *inf)
{
    align_input(inf);
    const uint8_t *p = inf->in;
    if (inf->in_end - p < 4)
        return -INFLATE_ETRUNC;
    inf->left = p[0] | (uint32_t)p[1] << 8;
    if ((inf->left ^ 0xffff) != (p[2] | (uint32_t)p[3] << 8))
        return -INFLATE_ESTORED;
    inf->in += 4;
    inf->state = STATE_STORED;
    return 0;
}

static int block_header(struct inflate *inf)
{
    if (inf->last_block) {
        inf->state = STATE_TRAILER;
        return 0;
    }
    int head = inflate_take_bits(inf, 3);
    if (head < 0)
        return head;
    inf->last_block = head & 1;
    inf->state = STATE_CODES;
    switch (head >> 1) {
    case 0: return stored_header(inf);
    case 1: return inflate_fixed_codes(inf);
    case 2: return inflate_dynamic_codes(inf);
    default: return -INFLATE_EBLOCK;
    }
}

static int stored_bytes(struct inflate *inf, struct output *out)
{
    size_t n = inf->left, room = (size_t)(out->end - out->pos);
    if (n > room)
        n = room;
    if ((size_t)(inf->in_end - inf->in) < n)
        return -INFLATE_ETRUNC;
    memcpy(out->pos, inf->in, n);
    out->pos += n;
    inf->in += n;
    inf->left -= (uint32_t)n;
    if (inf->left == 0)
        inf->state = STATE_BLOCK;
    return 0;
}

/* The length symbol sym: how long a match is. */
static inline int match_length(struct input *s, unsigned sym)
{
    static const uint16_t base[29] = {3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                      15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                      67, 83, 99, 115, 131, 163, 195, 227, 258};
    static const uint8_t extra[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                      2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
    if (sym >= MAX_LIT)
        return -INFLATE_ESYMBOL;
    int more = take(s, extra[sym - 257]);
    return more < 0 ? more : base[sym - 257] + more;
}

/* A distance symbol and what follows it. */
static inline int match_distance(struct inflate *inf, struct input *s)
{
    static const uint16_t base[MAX_DIST] = {
        1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
        193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
    int sym = decode(s, &inf->dist, inf->dist_fast, INFLATE_DIST_BITS);
    if (sym < 0 || sym >= MAX_DIST)
        return sym < 0 ? sym : -INFLATE_ESYMBOL;
    int more = take(s, sym < 4 ? 0 : (unsigned)sym / 2 - 1);
    return more < 0 ? more : base[sym] + more;
}

/* Literals and matches, until the buffer is full or the block ends. */
static int compressed_bytes(struct inflate *inf, struct output *out)
{
    struct input s = load_input(inf);
    uint8_t *pos = out->pos, *const end = out->end;
    int error = 0;
    while (pos < end) {
        int sym = decode(&s, &inf->lit, inf->lit_fast, INFLATE_LIT_BITS);
        if (sym >= 0 && sym < END_OF_BLOCK) {
            *pos++ = (uint8_t)sym;
            continue;
        }
        if (sym == END_OF_BLOCK) {
            inf->state = STATE_BLOCK;
            break;
        }
        int len = sym < 0 ? sym : match_length(&s, (unsigned)sym);
        int distance = len < 0 ? len : match_distance(inf, &s);
        if (distance < 0) {
            error = distance;
            break;
        }
        if ((uint64_t)distance > inf->total + (size_t)(pos - out->start)) {
            error = -INFLATE_EDISTANCE;
            break;
        }
        inf->left = (uint32_t)len;
        inf->distance = (uint32_t)distance;
        out->pos = pos;
        copy_match(inf, out);
        pos = out->pos;
        if (inf->left > 0) {
            inf->state = STATE_MATCH;
            break;
        }
    }
    out->pos = pos;
    store_input(inf, &s);
    return error;
}

static int step(struct inflate *inf, struct output *out)
{
    switch (inf->state) {
    case STATE_HEADER: return gzip_header(inf);
    case STATE_BLOCK: return block_header(inf);
    case STATE_STORED: return stored_bytes(inf, out);
    case STATE_CODES: return compressed_bytes(inf, out);
    case STATE_MATCH:
        copy_match(inf, out);
        if (inf->left == 0)
            inf->state = STATE_CODES;
        return 0;
    default: return trailer(inf, out);
    }
}

/*
 * ---- Interface ----------------------------------------------------------------------------------
 */

void inflate_init(struct inflate *inf, enum inflate_format format, const void *in, size_t size)
{
    inf->in_start = inf->in = in;
    inf->in_end = inf->in + size;
    inf->bits = 0;
    inf->bit_count = 0;
    inf->format = (uint8_t)format;
    inf->state = format == INFLATE_GZIP ? STATE_HEADER : STATE_BLOCK;
    inf->last_block = false;
    inf->error = 0;
    inf->left = inf->distance = 0;
    inf->crc = 0;
    inf->total = 0;
}

long inflate_read(struct inflate *inf, void *buf, size_t n)
{
    if (n > LONG_MAX)
        n = LONG_MAX;
    struct output out = {buf, buf, (uint8_t *)buf + n};
    /* Without this the last call would return the last bytes before the trailer is checked. */
    while (inf->error == 0 && inf->state != STATE_END &&
           (out.pos < out.end || inf->state == STATE_BLOCK || inf->state == STATE_TRAILER))
        inf->error = step(inf, &out);
    if (inf->error)
        return inf->error;
    size_t made = (size_t)(out.pos - out.start);
    if (inf->format == INFLATE_GZIP && inf->state != STATE_END)
        inf->crc = inflate_crc32(inf->crc, out.start, made);
    if (inf->state != STATE_END)
        save_window(inf, &out);
    return (long)made;
}

size_t inflate_consumed(const struct inflate *inf)
{
    return (size_t)(inf->in - inf->in_start) - inf->bit_count / 8;
}

long inflate_all(struct inflate *inf, enum inflate_format format, const void *in, size_t size,
                 void *out, size_t room, size_t *consumed)
{
    uint8_t beyond;
    inflate_init(inf, format, in, size);
    long n = inflate_read(inf, out, room);
    if (n == (long)room) {
        long more = inflate_read(inf, &beyond, 1);
        if (more != 0)
            n = more < 0 ? more : -INFLATE_EROOM;
    }
    if (consumed)
        *consumed = inflate_consumed(inf);
    return n;
}

bool inflate_is_gzip(const void *in, size_t size)
{
    const uint8_t *p = in;
    return size >= 2 && p[0] == 0x1f && p[1] == 0x8b;
}

const char *inflate_strerror(int error)
{
    static const char *const text[INFLATE_ERROR_COUNT] = {
        [INFLATE_OK] = "no error",
        [INFLATE_ETRUNC] = "compressed data cut short",
        [INFLATE_EHEADER] = "bad gzip header",
        [INFLATE_EBLOCK] = "unknown type of compressed block",
        [INFLATE_ESTORED] = "bad length of a stored block",
        [INFLATE_ECODE] = "impossible code in compressed data",
        [INFLATE_ESYMBOL] = "bad symbol in compressed data",
        [INFLATE_EDISTANCE] = "reference to before the start of the data",
        [INFLATE_ECRC] = "wrong checksum of compressed data",
        [INFLATE_ESIZE] = "wrong size of compressed data",
        [INFLATE_EROOM] = "no room for the uncompressed data",
    };
    unsigned n = error < 0 ? 0U - (unsigned)error : (unsigned)error;
    return n < INFLATE_ERROR_COUNT ? text[n] : "unknown compression error";
}
