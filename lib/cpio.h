/*
 * Readers of cpio archives in the "newc" format (magic 070701, and 070702 with checksums), the
 * format of an initial ram disk: any number of archives one after the other, with any number of
 * zero bytes before, between and after them; parts may be compressed instead.
 * (Linux Documentation/driver-api/early-userspace/buffer-format.rst; cpio(5).)
 *
 * struct cpio walks bytes in memory without copying. struct cpio_stream pulls them out of a
 * function, for archives that are being decompressed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CPIO_NAME_MAX = 4096, /* longest path accepted, with its terminator */
};

/* What cpio_next() and cpio_stream_next() return. */
enum cpio_result {
    CPIO_END = 0,        /* no more data */
    CPIO_ENTRY = 1,      /* an entry was delivered */
    CPIO_OTHER = 2,      /* where an archive could start, there is something else (gzip?) */
    CPIO_EMAGIC = -1,    /* an entry does not start with the magic number */
    CPIO_EFIELD = -2,    /* a number in a header is not hexadecimal */
    CPIO_ETRUNC = -3,    /* the data ends inside an archive */
    CPIO_ENAME = -4,     /* a name is empty, too long, or not terminated where it should be */
    CPIO_ECHECKSUM = -5, /* 070702: the sum of the bytes is wrong (not checked by streams) */
    CPIO_EREAD = -6,     /* stream: the source reported an error */
};

struct cpio_entry {
    const char *name; /* terminated, no '/' or "./" stripped; not empty */
    size_t name_len;
    const uint8_t *data; /* size bytes; NULL in streams */
    uint32_t size;
    uint32_t ino, mode, uid, gid, nlink;
    uint32_t mtime;                  /* seconds since 1970 */
    uint32_t dev_major, dev_minor;   /* of the file itself; with ino it tells hard links */
    uint32_t rdev_major, rdev_minor; /* of a device node */
};

/* An archive in memory. pos may be read, and set to skip what CPIO_OTHER stopped at. */
struct cpio {
    const uint8_t *bytes;
    size_t size;
    size_t pos;
    bool inside; /* an archive has begun and its trailer has not been seen */
};

/* Start at the first of size bytes, which must stay unchanged. No alignment is required. */
void cpio_open(struct cpio *cpio, const void *bytes, size_t size);

/*
 * Deliver the next entry; pointers in it point into the archive. Trailers are passed over.
 * Returns enum cpio_result; on CPIO_OTHER and errors pos stays at the offending header.
 */
int cpio_next(struct cpio *cpio, struct cpio_entry *entry);

/*
 * Source of a stream: put up to n bytes at buf. Returns the number, 0 at the end, negative for an
 * error (which becomes CPIO_EREAD). It need not fill the buffer.
 */
typedef long cpio_read_fn(void *arg, void *buf, size_t n);

/* An archive that arrives in order. About 4 KiB: not for a kernel stack. */
struct cpio_stream {
    cpio_read_fn *read;
    void *arg;
    uint32_t left;    /* bytes of the current entry's data not yet read */
    uint32_t padding; /* after them */
    bool inside;
    char name[CPIO_NAME_MAX];
};

void cpio_stream_open(struct cpio_stream *cs, cpio_read_fn *read, void *arg);

/*
 * Deliver the next entry (passing over what was not read of the last one's data). The name is valid
 * until the next call. Returns enum cpio_result; after CPIO_OTHER and errors the stream is over.
 */
int cpio_stream_next(struct cpio_stream *cs, struct cpio_entry *entry);

/*
 * Read data of the current entry: returns the number of bytes, less than n only at its end, or a
 * negative cpio_result.
 */
long cpio_stream_read(struct cpio_stream *cs, void *buf, size_t n);

/* Text for a result of the functions above; never NULL. */
const char *cpio_strerror(int result);
