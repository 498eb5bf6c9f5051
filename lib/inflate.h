/*
 * Decompression of DEFLATE data (RFC 1951), raw or as a gzip member (RFC 1952).
 *
 * The input lies in memory as a whole; the output is pulled in pieces of any size, so nothing has
 * to know beforehand how large it is. Any input is safe. Speed is best with large pieces.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum inflate_format { INFLATE_RAW, INFLATE_GZIP };

/* Errors, returned negated. */
enum inflate_error {
    INFLATE_OK,
    INFLATE_ETRUNC,    /* the input ends too early */
    INFLATE_EHEADER,   /* not a gzip header, or an unknown flag or method in it */
    INFLATE_EBLOCK,    /* unknown block type */
    INFLATE_ESTORED,   /* stored block with a wrong length check */
    INFLATE_ECODE,     /* impossible set of code lengths */
    INFLATE_ESYMBOL,   /* bits that are no code, or a reserved symbol */
    INFLATE_EDISTANCE, /* reference to before the start of the output */
    INFLATE_ECRC,      /* gzip: wrong checksum */
    INFLATE_ESIZE,     /* gzip: wrong size of the output */
    INFLATE_EROOM,     /* inflate_all(): the output does not fit */
    INFLATE_ERROR_COUNT,
};

enum {
    INFLATE_WINDOW = 32768,
    INFLATE_LIT_BITS = 10, /* codes up to this length are decoded by one look-up */
    INFLATE_DIST_BITS = 8,
};

/* A canonical Huffman code. */
struct inflate_code {
    uint16_t count[16];   /* how many codes there are of each length */
    uint16_t symbol[288]; /* in order of their codes */
};

/* The whole state, about 37 KiB: not for a kernel stack. Private to inflate.c. */
struct inflate {
    const uint8_t *in_start, *in, *in_end;
    unsigned long bits; /* the next bits of the input, low end first */
    unsigned bit_count;
    uint8_t state, format;
    bool last_block;
    int error;
    uint32_t left;     /* bytes still to copy of a match or a stored block */
    uint32_t distance; /* of the match */
    uint32_t crc;
    uint64_t total; /* bytes produced by earlier calls */
    struct inflate_code lit, dist;
    /* By the next bits of the input: symbol << 4 | length of its code; 0 for a longer code. */
    uint16_t lit_fast[1 << INFLATE_LIT_BITS];
    uint16_t dist_fast[1 << INFLATE_DIST_BITS];
    uint8_t window[INFLATE_WINDOW]; /* the last bytes of the total, a ring */
};

/* Start on in[0..size), which must stay unchanged until the end is reached. */
void inflate_init(struct inflate *inf, enum inflate_format format, const void *in, size_t size);

/*
 * Produce up to n > 0 bytes at out. Returns their number, less than n only at the end; 0 at the
 * end of the data, when the checksum and size of a gzip member have been found right; -INFLATE_E...
 * on bad data (bytes produced in the same call are lost then; every later call fails as well).
 */
long inflate_read(struct inflate *inf, void *out, size_t n);

/*
 * Bytes of input used so far; after inflate_read() returned 0, the length of the compressed data
 * with header and trailer, so what follows a gzip member can be found.
 */
size_t inflate_consumed(const struct inflate *inf);

/*
 * All of it into out[0..room). inf is working memory. Returns the size of the output or
 * -INFLATE_E...; *consumed (unless NULL) is set as by inflate_consumed().
 */
long inflate_all(struct inflate *inf, enum inflate_format format, const void *in, size_t size,
                 void *out, size_t room, size_t *consumed);

/* Whether the bytes start with gzip's magic number. */
bool inflate_is_gzip(const void *in, size_t size);

/* CRC-32 of gzip (reflected, polynomial 0xedb88320) of n bytes, continuing crc; start with 0. */
uint32_t inflate_crc32(uint32_t crc, const void *data, size_t n);

/* Text for an error, with or without its minus sign; never NULL. */
const char *inflate_strerror(int error);
