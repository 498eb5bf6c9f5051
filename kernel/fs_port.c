/*
 * Where the file system layer and the rest of the kernel meet: what fs/port.h asks for beyond the
 * kernel's own functions, devices as files, and the root file system's way up.
 */
#include "kernel/fs_port.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/poll.h"
#include "abi/stat.h"
#include "fs/fs.h"
#include "fs/page_cache.h"
#include "kernel/dev/dev.h"
#include "kernel/proc/procfs.h"

#define SMALL_IO 512 /* bytes that go over the stack */

int64_t port_realtime_ns(void)
{
    return clock_realtime_ns();
}

void port_random(void *buf, size_t n)
{
    random_bytes(buf, n);
}

/* ---- character devices as files */

static unsigned device_flags(const struct file *file)
{
    return (file->status & O_NONBLOCK ? CHARDEV_NONBLOCK : 0) |
           (file->status & O_NOCTTY ? CHARDEV_NOCTTY : 0);
}

static int device_open(struct inode *inode, struct file *file)
{
    struct chardev *dev = file->priv;
    if (dev->stream)
        file->flags |= FILE_STREAM;
    int err = dev->ops->open ? dev->ops->open(&dev, device_flags(file)) : 0;
    file->priv = dev;
    return err;
}

static void device_release(struct file *file)
{
    struct chardev *dev = file->priv;
    if (dev->ops->close)
        dev->ops->close(dev);
}

/* Memory for one transfer: the caller's small one, or a page. */
static char *io_buffer(char *small, size_t *n)
{
    if (*n <= SMALL_IO)
        return small;
    *n = *n < PAGE_SIZE ? *n : PAGE_SIZE;
    return kmalloc(*n);
}

/* A stream decides itself how much it hands out at a time; others are read to the end. */
static long device_read(struct file *file, struct uio *uio, int64_t *pos)
{
    struct chardev *dev = file->priv;
    char small[SMALL_IO];
    size_t n = uio->left;
    long done = 0, result = 0;
    if (!dev->ops->read)
        return -EINVAL;
    char *buf = io_buffer(small, &n);
    if (!buf)
        return -ENOMEM;
    do {
        size_t part = uio->left < n ? uio->left : n;
        result = dev->ops->read(dev, buf, part, *pos, device_flags(file));
        if (result > 0 && uio_put(uio, buf, (size_t)result) < 0)
            result = -EFAULT;
        if (result <= 0)
            break;
        done += result;
        *pos += result;
    } while (!dev->stream && uio->left > 0);
    if (buf != small)
        kfree(buf);
    return done > 0 ? done : result;
}

static long device_write(struct file *file, struct uio *uio, int64_t *pos)
{
    struct chardev *dev = file->priv;
    char small[SMALL_IO];
    size_t n = uio->left;
    long done = 0, result = 0;
    if (!dev->ops->write)
        return -EINVAL;
    char *buf = io_buffer(small, &n);
    if (!buf)
        return -ENOMEM;
    while (uio->left > 0) {
        size_t part = uio->left < n ? uio->left : n;
        result = uio_get(uio, buf, part);
        if (result == 0)
            result = dev->ops->write(dev, buf, part, *pos, device_flags(file));
        if (result <= 0)
            break;
        done += result;
        *pos += result;
        if ((size_t)result < part)
            break;
    }
    if (buf != small)
        kfree(buf);
    return done > 0 ? done : result;
}

static long device_ioctl(struct file *file, uint32_t request, uintptr_t arg)
{
    struct chardev *dev = file->priv;
    return dev->ops->ioctl ? dev->ops->ioctl(dev, request, arg) : -ENOTTY;
}

static unsigned device_poll(struct file *file)
{
    struct chardev *dev = file->priv;
    return dev->ops->poll ? dev->ops->poll(dev) : POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
}

static int64_t device_seek(struct file *file, int64_t offset, int whence)
{
    struct chardev *dev = file->priv;
    int64_t base = 0, pos;
    if (whence == SEEK_CUR)
        base = file->pos;
    else if (whence == SEEK_END)
        base = dev->ops->size ? dev->ops->size(dev) : 0;
    else if (whence != SEEK_SET)
        return -EINVAL;
    if (__builtin_add_overflow(base, offset, &pos))
        return -EOVERFLOW;
    return pos < 0 ? -EINVAL : pos;
}

static int device_fsync(struct file *file)
{
    struct chardev *dev = file->priv;
    if (dev->ops->fsync)
        return dev->ops->fsync(dev);
    return dev->stream ? -EINVAL : 0;
}

static const struct file_ops device_ops = {
    .open = device_open,
    .release = device_release,
    .read = device_read,
    .write = device_write,
    .ioctl = device_ioctl,
    .poll = device_poll,
    .seek = device_seek,
    .fsync = device_fsync,
};

static void device_added(struct chardev *dev)
{
    struct fs_device *node = kzalloc(sizeof *node);
    int err = -ENOMEM;
    if (node) {
        node->name = dev->name;
        node->mode = S_IFCHR | dev->mode;
        node->rdev = DEV_MAKE(dev->major, dev->minor);
        node->ops = &device_ops;
        node->priv = dev;
        err = devfs_add(node);
    }
    if (err < 0) {
        klog(LOG_ERR, "devfs: no node for %s: error %d", dev->name, -err);
        kfree(node);
    }
}

static const struct chardev_listener listener = {device_added, fs_poll_wake};

/* ---- block devices */

static void block_added(struct block_device *dev)
{
    static bool flushing;
    int err = blockdev_add(dev);
    if (err < 0)
        klog(LOG_ERR, "devfs: no node for %s: error %d", dev->name, -err);
    else if (!flushing && !(flushing = thread_create("flush", page_cache_flusher, NULL) != NULL))
        klog(LOG_ERR, "%s: no thread that writes it: only sync will", dev->name);
}

/* ---- the way up */

static void unpack_initrd(struct fs_context *fs)
{
    paddr_t pa;
    size_t size;
    if (!mm_initrd(&pa, &size)) {
        klog(LOG_WARNING, "initrd: there is none");
        return;
    }
    const void *image = mm_phys_view(pa, size);
    if (image)
        initrd_unpack(fs, image, size);
    else
        klog(LOG_ERR, "initrd: out of reach");
    mm_release_range(pa, size);
}

static void mount_at(struct fs_context *fs, const char *type, const char *target)
{
    struct fs_at at = {fs, NULL};
    int err = vfs_mkdir(at, target, 0755);
    if (err == 0 || err == -EEXIST)
        err = vfs_mount(at, type, target, type, 0, "");
    if (err < 0)
        klog(LOG_ERR, "mount: %s on %s: error %d", type, target, -err);
}

int fs_boot(void)
{
    int err = vfs_init();
    if (err < 0)
        return err;
    err = memdev_init();
    if (err < 0)
        klog(LOG_ERR, "devfs: memory devices: error %d", -err);
    chardev_listen(&listener);
    block_listen(block_added);
    procfs_init();
    struct fs_context *fs = fs_context_create();
    if (!fs)
        return -ENOMEM;
    unpack_initrd(fs);
    mount_at(fs, "devtmpfs", "/dev");
    mount_at(fs, "proc", "/proc");
    fs_context_put(fs);
    return 0;
}

int fs_open_console(struct fs_context *fs, struct files *files)
{
    struct file *file;
    int err = vfs_open((struct fs_at){fs, NULL}, "/dev/console", O_RDWR | O_NOCTTY, 0, &file);
    if (err < 0)
        return err;
    for (int i = 0; i < 3 && err >= 0; i++) {
        err = files_install(files, file_get(file), 0, false);
        if (err < 0)
            file_put(file);
    }
    file_put(file);
    return err < 0 ? err : 0;
}
