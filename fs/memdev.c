/* The devices that are nothing but memory: null, zero, full, random, urandom (mem(4), random(4)).
 */
#include "fs/internal.h"

#define MEM_MAJOR 1

static long null_read(struct file *file, struct uio *uio, int64_t *pos)
{
    return 0;
}

static long null_write(struct file *file, struct uio *uio, int64_t *pos)
{
    size_t n = uio->left;
    uio->left = 0;
    return (long)n;
}

/* Moves in steps, so that a fault far into the buffer still reports what came before it. */
static long in_steps(struct uio *uio, int (*step)(struct uio *uio, size_t n))
{
    long done = 0;
    while (uio->left > 0) {
        size_t n = uio->left < PAGE_SIZE ? uio->left : PAGE_SIZE;
        int err = step(uio, n);
        if (err < 0)
            return done > 0 ? done : err;
        done += (long)n;
        if (thread_killed())
            break;
    }
    return done;
}

static long zero_read(struct file *file, struct uio *uio, int64_t *pos)
{
    return in_steps(uio, uio_zero);
}

static long full_write(struct file *file, struct uio *uio, int64_t *pos)
{
    return -ENOSPC;
}

static int random_step(struct uio *uio, size_t n)
{
    uint8_t bytes[256];
    int err = 0;
    while (n > 0 && err == 0) {
        size_t part = n < sizeof bytes ? n : sizeof bytes;
        port_random(bytes, part);
        err = uio_put(uio, bytes, part);
        n -= part;
    }
    return err;
}

static long random_read(struct file *file, struct uio *uio, int64_t *pos)
{
    return in_steps(uio, random_step);
}

/* Positions stay where they are: lseek() succeeds and means nothing. */
static int64_t mem_seek(struct file *file, int64_t offset, int whence)
{
    return whence == SEEK_SET || whence == SEEK_CUR || whence == SEEK_END ? 0 : -EINVAL;
}

static const struct file_ops null_ops = {.read = null_read, .write = null_write, .seek = mem_seek};
static const struct file_ops zero_ops = {.read = zero_read, .write = null_write, .seek = mem_seek};
static const struct file_ops full_ops = {.read = zero_read, .write = full_write, .seek = mem_seek};
static const struct file_ops random_ops = {
    .read = random_read, .write = null_write, .seek = mem_seek};

static struct fs_device mem_devices[] = {
    {.name = "null", .mode = S_IFCHR | 0666, .rdev = DEV_MAKE(MEM_MAJOR, 3), .ops = &null_ops},
    {.name = "zero", .mode = S_IFCHR | 0666, .rdev = DEV_MAKE(MEM_MAJOR, 5), .ops = &zero_ops},
    {.name = "full", .mode = S_IFCHR | 0666, .rdev = DEV_MAKE(MEM_MAJOR, 7), .ops = &full_ops},
    {.name = "random", .mode = S_IFCHR | 0666, .rdev = DEV_MAKE(MEM_MAJOR, 8), .ops = &random_ops},
    {.name = "urandom", .mode = S_IFCHR | 0666, .rdev = DEV_MAKE(MEM_MAJOR, 9), .ops = &random_ops},
};

int memdev_init(void)
{
    int err = 0;
    for (size_t i = 0; i < sizeof mem_devices / sizeof *mem_devices && err == 0; i++)
        err = devfs_add(&mem_devices[i]);
    return err;
}
