/*
 * A disk image that forgets what is written to it: -drive ...,snapshot=on. Writes go to a temporary
 * file of the same layout, by whole clusters; a bit per cluster says where it is.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/emu/host/backends.h"

enum { CLUSTER = 4096 };

struct snapshot {
    struct block_backend block;
    struct block_backend *below;
    FILE *file;
    uint8_t *written; /* a bit per cluster: it is in the file */
};

static bool is_written(const struct snapshot *s, uint64_t cluster)
{
    return s->written[cluster / 8] >> cluster % 8 & 1;
}

static int file_read(const struct snapshot *s, uint64_t offset, void *buf, size_t n)
{
    ssize_t got = pread(fileno(s->file), buf, n, (off_t)offset);

    if (got < 0)
        return -errno;
    memset((char *)buf + got, 0, n - (size_t)got);
    return 0;
}

static int file_write(const struct snapshot *s, uint64_t offset, const void *buf, size_t n)
{
    ssize_t put = pwrite(fileno(s->file), buf, n, (off_t)offset);

    return put == (ssize_t)n ? 0 : put < 0 ? -errno : -ENOSPC;
}

/* One piece, inside one cluster. */
static int read_piece(struct snapshot *s, uint64_t offset, void *buf, size_t n)
{
    struct iovec iov = {buf, n};

    if (is_written(s, offset / CLUSTER))
        return file_read(s, offset, buf, n);
    return s->below->read(s->below, offset, &iov, 1);
}

/* A cluster that is written in part for the first time is fetched from below. */
static int fetch(struct snapshot *s, uint64_t cluster)
{
    uint8_t bytes[CLUSTER];
    uint64_t offset = cluster * CLUSTER, left = s->block.size - offset;
    struct iovec iov = {bytes, left < CLUSTER ? (size_t)left : CLUSTER};
    int err = s->below->read(s->below, offset, &iov, 1);

    return err != 0 ? err : file_write(s, offset, bytes, iov.iov_len);
}

static int write_piece(struct snapshot *s, uint64_t offset, void *buf, size_t n)
{
    uint64_t cluster = offset / CLUSTER;
    int err = 0;

    if (!is_written(s, cluster) && n < CLUSTER)
        err = fetch(s, cluster);
    if (err == 0)
        err = file_write(s, offset, buf, n);
    if (err == 0)
        s->written[cluster / 8] |= (uint8_t)(1u << cluster % 8);
    return err;
}

static size_t piece_size(uint64_t offset, uint64_t left)
{
    uint64_t n = CLUSTER - offset % CLUSTER;

    return (size_t)(n < left ? n : left);
}

/* Does something with each piece of a request; returns the first error. */
static int each_piece(struct snapshot *s, uint64_t offset, const struct iovec *iov, unsigned count,
                      int (*piece)(struct snapshot *s, uint64_t offset, void *buf, size_t n))
{
    for (unsigned i = 0; i < count; i++) {
        for (size_t done = 0, n; done < iov[i].iov_len; done += n, offset += n) {
            int err;
            n = piece_size(offset, iov[i].iov_len - done);
            err = piece(s, offset, (char *)iov[i].iov_base + done, n);
            if (err != 0)
                return err;
        }
    }
    return 0;
}

static int snapshot_read(struct block_backend *b, uint64_t offset, const struct iovec *iov,
                         unsigned count)
{
    return each_piece((struct snapshot *)b, offset, iov, count, read_piece);
}

static int snapshot_write(struct block_backend *b, uint64_t offset, const struct iovec *iov,
                          unsigned count)
{
    return each_piece((struct snapshot *)b, offset, iov, count, write_piece);
}

/* Nothing outlives the run anyway. */
static int snapshot_flush(struct block_backend *b)
{
    (void)b;
    return 0;
}

static int snapshot_discard(struct block_backend *b, uint64_t offset, uint64_t n, bool zero,
                            bool unmap)
{
    uint8_t zeros[CLUSTER] = {0};
    int err = 0;

    (void)unmap;
    while (zero && n > 0 && err == 0) {
        size_t piece = piece_size(offset, n);
        err = write_piece((struct snapshot *)b, offset, zeros, piece);
        offset += piece;
        n -= piece;
    }
    return err;
}

static void snapshot_close(struct backend *b)
{
    struct snapshot *s = (struct snapshot *)b;

    s->below->backend.close(&s->below->backend);
    fclose(s->file);
    free(s->written);
    free(s);
}

struct block_backend *host_snapshot_open(struct block_backend *below)
{
    struct snapshot *s = calloc(1, sizeof *s);
    FILE *file = tmpfile();
    uint8_t *written = calloc(1, (size_t)(below->size / CLUSTER / 8) + 1);

    if (s == NULL || file == NULL || written == NULL) {
        free(s);
        free(written);
        if (file != NULL)
            fclose(file);
        return NULL;
    }
    *s = (struct snapshot){
        .block = {.backend = below->backend,
                  .size = below->size,
                  .read_only = below->read_only,
                  .read = snapshot_read,
                  .write = snapshot_write,
                  .flush = snapshot_flush,
                  .discard = snapshot_discard},
        .below = below,
        .file = file,
        .written = written,
    };
    s->block.backend.close = snapshot_close;
    return &s->block;
}
