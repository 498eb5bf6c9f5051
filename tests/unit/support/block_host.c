/* See block_host.h. */
#include "tests/unit/support/block_host.h"
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UNDER_WAY_MAX 256

static struct {
    struct block_host *disk;
    struct block_request *request;
} under_way[UNDER_WAY_MAX];
static unsigned count;

void block_host_init(struct block_host *disk, const char *name, uint32_t minor, int fd,
                     uint64_t sectors)
{
    *disk = (struct block_host){
        .dev = {.name = name,
                .major = 254,
                .minor = minor,
                .block_size = BLOCK_SECTOR,
                .physical_size = BLOCK_SECTOR,
                .max_segs = BLOCK_SEGS_MAX},
        .fd = fd,
        .sectors = sectors,
        .bad_read = UINT64_MAX,
        .bad_write = UINT64_MAX,
    };
    disk->dev.priv = disk;
}

uint64_t block_sectors(struct block_device *dev)
{
    return ((struct block_host *)dev->priv)->sectors;
}

void block_submit(struct block_device *dev, struct block_request *request)
{
    assert(count < UNDER_WAY_MAX);
    under_way[count].disk = dev->priv;
    under_way[count].request = request;
    count++;
    if (count > under_way[count - 1].disk->most)
        under_way[count - 1].disk->most = count;
}

static uint64_t request_sectors(const struct block_request *request)
{
    uint64_t n = 0;
    if (request->op == BLOCK_DISCARD)
        return request->count;
    for (unsigned i = 0; i < request->seg_count; i++) {
        assert(request->segs[i].len % BLOCK_SECTOR == 0 && request->segs[i].len > 0);
        n += request->segs[i].len / BLOCK_SECTOR;
    }
    return n;
}

static bool touches(const struct block_request *request, uint64_t n, uint64_t bad)
{
    return bad >= request->sector && bad - request->sector < n;
}

static void move(struct block_host *disk, const struct block_request *request)
{
    off_t at = (off_t)(request->sector * BLOCK_SECTOR);
    for (unsigned i = 0; i < request->seg_count; i++) {
        const struct block_seg *seg = &request->segs[i];
        ssize_t n = request->op == BLOCK_READ ? pread(disk->fd, seg->va, seg->len, at)
                                              : pwrite(disk->fd, seg->va, seg->len, at);
        assert(n == (ssize_t)seg->len);
        at += n;
    }
}

static void discard(struct block_host *disk, const struct block_request *request)
{
    static const char zeros[BLOCK_SECTOR];
    for (uint64_t i = 0; i < request->count; i++) {
        off_t at = (off_t)((request->sector + i) * BLOCK_SECTOR);
        assert(pwrite(disk->fd, zeros, sizeof zeros, at) == (ssize_t)sizeof zeros);
    }
}

static int carry_out(struct block_host *disk, const struct block_request *request)
{
    uint64_t n = request_sectors(request);
    if (request->op == BLOCK_FLUSH) {
        disk->flushes++;
        disk->unflushed = 0;
        return 0;
    }
    assert(n > 0 && request->seg_count <= disk->dev.max_segs);
    if (request->sector >= disk->sectors || n > disk->sectors - request->sector)
        return -EIO;
    if (touches(request, n, request->op == BLOCK_READ ? disk->bad_read : disk->bad_write))
        return -EIO;
    if (request->op == BLOCK_DISCARD) {
        discard(disk, request);
        disk->discards++;
        return 0;
    }
    move(disk, request);
    if (request->op == BLOCK_READ) {
        disk->reads++;
        disk->sectors_read += n;
    } else {
        disk->writes++;
        disk->unflushed++;
        disk->sectors_written += n;
    }
    return 0;
}

bool block_host_end_one(void)
{
    if (count == 0)
        return false;
    unsigned i = (unsigned)random() % count;
    struct block_host *disk = under_way[i].disk;
    struct block_request *request = under_way[i].request;
    under_way[i] = under_way[--count];
    request->done(request, carry_out(disk, request));
    return true;
}
