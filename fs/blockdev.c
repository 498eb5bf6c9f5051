/*
 * Block devices as files: /dev/NAME, through the page cache. Whatever inode one is opened by, the
 * device's pages are the same.
 */
#include "abi/ioctl.h"
#include "fs/internal.h"
#include "fs/page_cache.h"

struct blockdev {
    struct fs_device node;
    struct block_device *dev;
    struct page_tree pages;
    struct page_cache cache;
    unsigned long failures[2]; /* reads and writes that failed; atomic */
    struct blockdev *next;
};

/* What an open file keeps. */
struct blockdev_file {
    struct blockdev *bd;
    struct readahead ahead;
    uint32_t errors_seen; /* under pos_lock's like: a lost update reports an error twice */
};

static struct blockdev *blockdevs; /* entries are only ever added, at the front */

/* ---- requests */

static int64_t bytes_of(struct blockdev *bd)
{
    return (int64_t)(block_sectors(bd->dev) * BLOCK_SECTOR);
}

static int64_t cache_size(struct page_cache *cache)
{
    return bytes_of(cache->owner);
}

/* The 1st, 2nd, 4th... error is worth a line: a dead disk must not fill the log. */
static void log_error(struct blockdev *bd, const struct page_io *io, int error)
{
    unsigned long count = __atomic_add_fetch(&bd->failures[io->write], 1, __ATOMIC_RELAXED);
    if ((count & (count - 1)) != 0)
        return;
    klog(LOG_ERR, "%s: cannot %s %u KiB from sector %llu on: error %d (%lu so far)", bd->dev->name,
         io->write ? "write" : "read", (unsigned)(io->count * (PAGE_SIZE / 1024)),
         (unsigned long long)io->request.sector, -error, count);
}

static void transfer_done(struct block_request *request, int error)
{
    struct page_io *io = container_of(request, struct page_io, request);
    if (error < 0)
        log_error(io->cache->owner, io, error);
    page_io_done(io, error);
}

/* Pages are adjacent on the device; what lies beyond its end is not moved, and reads as zeros. */
static void cache_submit(struct page_io *io)
{
    struct blockdev *bd = io->cache->owner;
    int64_t left = bytes_of(bd) - (int64_t)(io->index << PAGE_SHIFT);
    unsigned count = 0;
    for (; count < io->count && left > 0; count++, left -= (int64_t)PAGE_SIZE) {
        uint32_t len = left < (int64_t)PAGE_SIZE ? (uint32_t)left : (uint32_t)PAGE_SIZE;
        uint8_t *va = page_va(io->pages[count]);
        io->segs[count] = (struct block_seg){va, len};
        if (!io->write)
            memset(va + len, 0, PAGE_SIZE - len);
    }
    io->request = (struct block_request){
        .op = io->write ? BLOCK_WRITE : BLOCK_READ,
        .sector = io->index * (PAGE_SIZE / BLOCK_SECTOR),
        .segs = io->segs,
        .seg_count = count,
        .done = transfer_done,
    };
    if (count == io->count)
        block_submit(bd->dev, &io->request);
    else
        page_io_done(io, -EIO); /* the device has shrunk */
}

static const struct page_cache_ops cache_ops = {cache_size, cache_submit};

/* Requests without data, which the caller waits for. */
struct command {
    struct block_request request;
    struct spinlock lock; /* the rest */
    struct waitq wait;
    bool done;
    int error;
};

static void command_done(struct block_request *request, int error)
{
    struct command *command = container_of(request, struct command, request);
    spin_lock(&command->lock);
    command->done = true;
    command->error = error;
    waitq_wake_all(&command->wait);
    spin_unlock(&command->lock);
}

static int command_run(struct blockdev *bd, enum block_op op, uint64_t sector, uint64_t count)
{
    struct command command = {
        .request = {.op = op, .sector = sector, .count = count, .done = command_done}};
    spin_init(&command.lock);
    waitq_init(&command.wait);
    block_submit(bd->dev, &command.request);
    spin_lock(&command.lock);
    while (!command.done)
        waitq_sleep_hard(&command.wait, &command.lock);
    spin_unlock(&command.lock);
    return command.error;
}

static int flush(struct blockdev *bd)
{
    int err = command_run(bd, BLOCK_FLUSH, 0, 0);
    return err == -EOPNOTSUPP ? 0 : err;
}

int fs_sync(void)
{
    int err = page_cache_sync_all();
    for (struct blockdev *bd = __atomic_load_n(&blockdevs, __ATOMIC_ACQUIRE); bd; bd = bd->next) {
        int result = flush(bd);
        if (err == 0)
            err = result;
    }
    return err;
}

/* ---- file operations */

static int blockdev_open(struct inode *inode, struct file *file)
{
    struct blockdev_file *bf = kzalloc(sizeof *bf);
    if (!bf)
        return -ENOMEM;
    bf->bd = file->priv;
    bf->errors_seen = page_cache_seen(&bf->bd->cache);
    file->priv = bf;
    return 0;
}

static void blockdev_release(struct file *file)
{
    kfree(file->priv);
}

static long blockdev_read(struct file *file, struct uio *uio, int64_t *pos)
{
    struct blockdev_file *bf = file->priv;
    return page_cache_read(&bf->bd->cache, &bf->ahead, uio, pos);
}

static int blockdev_fsync(struct file *file)
{
    struct blockdev_file *bf = file->priv;
    int err = page_cache_sync(&bf->bd->cache, &bf->errors_seen);
    int flush_err = flush(bf->bd);
    return err < 0 ? err : flush_err;
}

static long blockdev_write(struct file *file, struct uio *uio, int64_t *pos)
{
    struct blockdev_file *bf = file->priv;
    if (bf->bd->dev->read_only)
        return -EPERM;
    if (uio->left == 0)
        return 0;
    if (file->status & O_APPEND || *pos >= bytes_of(bf->bd))
        return -ENOSPC;
    long n = page_cache_write(&bf->bd->cache, uio, pos);
    if (n > 0 && file->status & O_DSYNC) {
        int err = blockdev_fsync(file);
        if (err < 0)
            return err;
    }
    return n;
}

static int64_t blockdev_seek(struct file *file, int64_t offset, int whence)
{
    struct blockdev_file *bf = file->priv;
    int64_t size = bytes_of(bf->bd), base;
    switch (whence) {
    case SEEK_SET: base = 0; break;
    case SEEK_CUR: base = file->pos; break;
    case SEEK_END: base = size; break;
    case SEEK_DATA:
    case SEEK_HOLE: /* all of it is data */
        if (offset < 0 || offset >= size)
            return -ENXIO;
        return whence == SEEK_DATA ? offset : size;
    default: return -EINVAL;
    }
    int64_t pos;
    if (__builtin_add_overflow(base, offset, &pos) || pos < 0 || pos > size)
        return -EINVAL;
    return pos;
}

/* ---- ioctl */

static long put_int(uintptr_t arg, int value)
{
    return copy_out(uaddr_of(arg), &value, sizeof value);
}

static long put_u64(uintptr_t arg, uint64_t value)
{
    return copy_out(uaddr_of(arg), &value, sizeof value);
}

static long put_ulong(uintptr_t arg, uint64_t value)
{
    unsigned long narrow = (unsigned long)value;
    return narrow == value ? copy_out(uaddr_of(arg), &narrow, sizeof narrow) : -EFBIG;
}

static long flush_buffers(struct file *file)
{
    struct blockdev_file *bf = file->priv;
    int err = blockdev_fsync(file);
    page_cache_invalidate(&bf->bd->cache, 0, UINT64_MAX);
    return err;
}

/* Drops the bytes [range[0], range[0] + range[1]), in the cache and on the device. */
static int discard(struct file *file, const uint64_t range[2])
{
    struct blockdev_file *bf = file->priv;
    struct blockdev *bd = bf->bd;
    uint64_t size = (uint64_t)bytes_of(bd), at = range[0], left = range[1];
    if (!(file->flags & FILE_WRITE))
        return -EBADF;
    if (bd->dev->max_discard == 0)
        return -EOPNOTSUPP;
    if (bd->dev->read_only)
        return -EPERM;
    if ((at | left) % bd->dev->block_size != 0 || at > size || left > size - at || left == 0)
        return -EINVAL;
    /* What shares a page with it must not be lost. */
    int err = page_cache_sync(&bd->cache, &bf->errors_seen);
    uint64_t max = (uint64_t)bd->dev->max_discard * BLOCK_SECTOR / bd->dev->block_size;
    max *= bd->dev->block_size;
    while (err == 0 && left > 0) {
        uint64_t n = left < max ? left : max;
        err = command_run(bd, BLOCK_DISCARD, at / BLOCK_SECTOR, n / BLOCK_SECTOR);
        page_cache_invalidate(&bd->cache, at >> PAGE_SHIFT, (at + n - 1) >> PAGE_SHIFT);
        at += n;
        left -= n;
    }
    return err;
}

static long blockdev_ioctl(struct file *file, uint32_t request, uintptr_t arg)
{
    struct blockdev_file *bf = file->priv;
    struct block_device *dev = bf->bd->dev;
    uint64_t range[2];
    switch (request) {
    case BLKGETSIZE: return put_ulong(arg, block_sectors(dev));
    case BLKGETSIZE64: return put_u64(arg, (uint64_t)bytes_of(bf->bd));
    case BLKSSZGET: return put_int(arg, (int)dev->block_size);
    case BLKPBSZGET: return put_int(arg, (int)dev->physical_size);
    case BLKBSZGET: return put_int(arg, (int)PAGE_SIZE);
    case BLKROGET: return put_int(arg, dev->read_only);
    case BLKFLSBUF: return flush_buffers(file);
    case BLKDISCARD:
        if (copy_in(range, uaddr_of(arg), sizeof range) < 0)
            return -EFAULT;
        return discard(file, range);
    default: return -ENOTTY;
    }
}

static const struct file_ops blockdev_ops = {
    .open = blockdev_open,
    .release = blockdev_release,
    .read = blockdev_read,
    .write = blockdev_write,
    .seek = blockdev_seek,
    .ioctl = blockdev_ioctl,
    .fsync = blockdev_fsync,
};

/* The page that its end was in has zeros beyond it, and pages beyond its end are no more. */
static void blockdev_resized(struct block_device *dev, uint64_t before)
{
    struct blockdev *bd = dev->user;
    uint64_t now = block_sectors(dev), kept = before < now ? before : now;
    page_cache_invalidate(&bd->cache, kept / (PAGE_SIZE / BLOCK_SECTOR), UINT64_MAX);
}

int blockdev_add(struct block_device *dev)
{
    struct blockdev *bd = kzalloc(sizeof *bd);
    if (!bd)
        return -ENOMEM;
    bd->dev = dev;
    bd->node = (struct fs_device){
        .name = dev->name,
        .mode = S_IFBLK | 0660,
        .rdev = DEV_MAKE(dev->major, dev->minor),
        .ops = &blockdev_ops,
        .priv = bd,
    };
    page_tree_init(&bd->pages);
    page_cache_init(&bd->cache, &bd->pages, &cache_ops, bd, dev->max_segs);
    int err = devfs_add(&bd->node);
    if (err < 0) {
        page_cache_destroy(&bd->cache);
        kfree(bd);
        return err;
    }
    dev->user = bd;
    __atomic_store_n(&dev->resized, blockdev_resized, __ATOMIC_RELEASE);
    bd->next = blockdevs;
    __atomic_store_n(&blockdevs, bd, __ATOMIC_RELEASE);
    return 0;
}
