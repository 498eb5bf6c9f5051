/* cpio archives in the newc format. */
#include "lib/cpio.h"
#include "lib/string.h"

enum {
    HEADER_SIZE = 110, /* magic and 13 numbers of 8 hexadecimal digits, no padding */
    MAGIC_SIZE = 6,
    FIELD_SIZE = 8,
    FIELD_COUNT = 13,
    FORMAT_CRC = '2', /* last digit of the magic 070702 */
};

static const char trailer[] = "TRAILER!!!";

/* What a header says, beside the entry that others see. */
struct header {
    uint32_t name_size; /* with its terminator */
    uint32_t check;
    bool has_check;
};

/* Bytes to add to n to make it a multiple of four. */
static uint32_t padding(size_t n)
{
    return (uint32_t)(0 - n) & 3;
}

static bool is_magic(const uint8_t *p)
{
    return memcmp(p, "07070", 5) == 0 && (p[5] == '1' || p[5] == FORMAT_CRC);
}

/* Eight hexadecimal digits. */
static bool parse_field(const uint8_t *p, uint32_t *value)
{
    uint32_t v = 0;
    for (unsigned i = 0; i < FIELD_SIZE; i++) {
        unsigned c = p[i], digit;
        if (c >= '0' && c <= '9')
            digit = c - '0';
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            digit = (c | 0x20) - 'a' + 10;
        else
            return false;
        v = v << 4 | digit;
    }
    *value = v;
    return true;
}

/* Read the numbers of a header, HEADER_SIZE bytes at p. Returns 0 or an error. */
static int parse_header(const uint8_t *p, struct header *h, struct cpio_entry *e)
{
    uint32_t *const fields[FIELD_COUNT] = {
        &e->ino,        &e->mode,      &e->uid,       &e->gid,       &e->nlink,
        &e->mtime,      &e->size,      &e->dev_major, &e->dev_minor, &e->rdev_major,
        &e->rdev_minor, &h->name_size, &h->check};
    if (!is_magic(p))
        return CPIO_EMAGIC;
    h->has_check = p[MAGIC_SIZE - 1] == FORMAT_CRC;
    p += MAGIC_SIZE;
    for (unsigned i = 0; i < FIELD_COUNT; i++, p += FIELD_SIZE) {
        if (!parse_field(p, fields[i]))
            return CPIO_EFIELD;
    }
    return h->name_size < 2 || h->name_size > CPIO_NAME_MAX ? CPIO_ENAME : 0;
}

/* Whether the first NUL of the name's bytes is its last. */
static bool name_terminated(const char *name, uint32_t name_size)
{
    return memchr(name, '\0', name_size) == name + name_size - 1;
}

/*
 * ---- In memory ----------------------------------------------------------------------------------
 */

void cpio_open(struct cpio *cpio, const void *bytes, size_t size)
{
    *cpio = (struct cpio){.bytes = bytes, .size = size};
}

/* Between archives: pass over zeros. Returns whether a header may follow, else the result. */
static int find_archive(struct cpio *cpio)
{
    const uint8_t *b = cpio->bytes;
    while (cpio->pos < cpio->size && b[cpio->pos] == 0)
        cpio->pos++;
    if (cpio->pos == cpio->size)
        return CPIO_END;
    if (cpio->size - cpio->pos < MAGIC_SIZE || !is_magic(b + cpio->pos))
        return CPIO_OTHER;
    return CPIO_ENTRY;
}

/* The sum of a regular file's bytes; writers leave that of symbolic links at zero. */
static bool checksum_matches(const struct cpio_entry *e, uint32_t check)
{
    enum { TYPE = 0170000, REGULAR = 0100000 };
    uint32_t sum = 0;
    if ((e->mode & TYPE) != REGULAR)
        return true;
    for (uint32_t i = 0; i < e->size; i++)
        sum += e->data[i];
    return sum == check;
}

/* The entry at pos; *next becomes the place after it. */
static int parse_entry(const struct cpio *cpio, struct cpio_entry *e, size_t *next)
{
    struct header h;
    size_t left = cpio->size - cpio->pos;
    const uint8_t *p = cpio->bytes + cpio->pos;
    if (left < HEADER_SIZE)
        return left >= MAGIC_SIZE && !is_magic(p) ? CPIO_EMAGIC : CPIO_ETRUNC;
    int error = parse_header(p, &h, e);
    if (error)
        return error;
    left -= HEADER_SIZE, p += HEADER_SIZE;
    size_t name_room = h.name_size + padding(HEADER_SIZE + h.name_size);
    if (left < name_room)
        return CPIO_ETRUNC;
    e->name = (const char *)p;
    e->name_len = h.name_size - 1;
    if (!name_terminated(e->name, h.name_size))
        return CPIO_ENAME;
    left -= name_room, p += name_room;
    if (left < e->size)
        return CPIO_ETRUNC;
    e->data = p;
    if (h.has_check && !checksum_matches(e, h.check))
        return CPIO_ECHECKSUM;
    /* the padding of the very last entry may be missing */
    left -= e->size;
    *next = cpio->size - left + (left < padding(e->size) ? left : padding(e->size));
    return CPIO_ENTRY;
}

int cpio_next(struct cpio *cpio, struct cpio_entry *entry)
{
    for (;;) {
        if (!cpio->inside) {
            int result = find_archive(cpio);
            if (result != CPIO_ENTRY)
                return result;
            cpio->inside = true;
        }
        size_t next = 0;
        int result = parse_entry(cpio, entry, &next);
        if (result != CPIO_ENTRY)
            return result;
        cpio->pos = next;
        if (strcmp(entry->name, trailer) != 0)
            return CPIO_ENTRY;
        cpio->inside = false;
    }
}

/*
 * ---- As a stream --------------------------------------------------------------------------------
 */

void cpio_stream_open(struct cpio_stream *cs, cpio_read_fn *read, void *arg)
{
    cs->read = read;
    cs->arg = arg;
    cs->left = cs->padding = 0;
    cs->inside = false;
}

/* Read n bytes whatever pieces they come in; returns the number, less only at the end. */
static long read_full(struct cpio_stream *cs, void *buf, size_t n)
{
    size_t done = 0;
    while (done < n) {
        long got = cs->read(cs->arg, (uint8_t *)buf + done, n - done);
        if (got < 0)
            return CPIO_EREAD;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (long)done;
}

/* Pass over n bytes, using the name buffer as a bin. */
static int discard(struct cpio_stream *cs, uint32_t n)
{
    while (n > 0) {
        uint32_t piece = n < sizeof cs->name ? n : (uint32_t)sizeof cs->name;
        long got = read_full(cs, cs->name, piece);
        if (got < 0)
            return (int)got;
        if (got < (long)piece)
            return CPIO_ETRUNC;
        n -= piece;
    }
    return 0;
}

/* The zero bytes between archives, then a header's first byte. */
static int stream_find_archive(struct cpio_stream *cs, uint8_t *header)
{
    do {
        long got = read_full(cs, header, 1);
        if (got <= 0)
            return (int)got; /* CPIO_END or an error */
    } while (*header == 0);
    long got = read_full(cs, header + 1, HEADER_SIZE - 1);
    if (got < 0)
        return (int)got;
    if (got < MAGIC_SIZE - 1 || !is_magic(header))
        return CPIO_OTHER;
    return got < HEADER_SIZE - 1 ? CPIO_ETRUNC : CPIO_ENTRY;
}

static int stream_header(struct cpio_stream *cs, uint8_t *header)
{
    int error = discard(cs, cs->left);
    if (error)
        return error;
    cs->left = 0;
    if (cs->inside) {
        error = discard(cs, cs->padding);
        if (error)
            return error;
        long got = read_full(cs, header, HEADER_SIZE);
        if (got == HEADER_SIZE)
            return CPIO_ENTRY;
        return got < 0                                  ? (int)got
               : got >= MAGIC_SIZE && !is_magic(header) ? CPIO_EMAGIC
                                                        : CPIO_ETRUNC;
    }
    cs->padding = 0;
    return stream_find_archive(cs, header);
}

/* Read the rest of an entry's head. */
static int stream_entry(struct cpio_stream *cs, const uint8_t *header, struct cpio_entry *e)
{
    struct header h;
    uint8_t unused[4];
    int error = parse_header(header, &h, e);
    if (error)
        return error;
    uint32_t pad = padding(HEADER_SIZE + h.name_size);
    long got = read_full(cs, cs->name, h.name_size);
    if (got == (long)h.name_size)
        got = read_full(cs, unused, pad) == (long)pad ? got : CPIO_ETRUNC;
    if (got != (long)h.name_size)
        return got < 0 ? (int)got : CPIO_ETRUNC;
    e->name = cs->name;
    e->name_len = h.name_size - 1;
    e->data = NULL;
    if (!name_terminated(e->name, h.name_size))
        return CPIO_ENAME;
    cs->left = e->size;
    cs->padding = padding(e->size);
    return CPIO_ENTRY;
}

int cpio_stream_next(struct cpio_stream *cs, struct cpio_entry *entry)
{
    uint8_t header[HEADER_SIZE];
    for (;;) {
        int result = stream_header(cs, header);
        if (result != CPIO_ENTRY)
            return result;
        cs->inside = true;
        result = stream_entry(cs, header, entry);
        if (result != CPIO_ENTRY || strcmp(entry->name, trailer) != 0)
            return result;
        /* a trailer has no data; its padding, if any, are zeros between archives */
        cs->inside = false;
    }
}

long cpio_stream_read(struct cpio_stream *cs, void *buf, size_t n)
{
    if (n > cs->left)
        n = cs->left;
    long got = read_full(cs, buf, n);
    if (got < 0)
        return got;
    cs->left -= (uint32_t)got;
    return (size_t)got < n ? CPIO_ETRUNC : got;
}

const char *cpio_strerror(int result)
{
    switch (result) {
    case CPIO_END: return "end of the archive";
    case CPIO_ENTRY: return "no error";
    case CPIO_OTHER: return "not a cpio archive";
    case CPIO_EMAGIC: return "no cpio header where one should be";
    case CPIO_EFIELD: return "malformed number in a cpio header";
    case CPIO_ETRUNC: return "cpio archive cut short";
    case CPIO_ENAME: return "malformed name in a cpio header";
    case CPIO_ECHECKSUM: return "wrong checksum in a cpio archive";
    case CPIO_EREAD: return "source of the cpio archive failed";
    default: return "unknown cpio error";
    }
}
