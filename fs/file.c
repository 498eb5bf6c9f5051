/* Open file descriptions: reading, writing, positions, readiness. */
#include "abi/poll.h"
#include "fs/internal.h"

#define RW_MAX ((size_t)0x7ffff000) /* bytes one read or write moves at most (Linux's) */

struct file *file_get(struct file *file)
{
    __atomic_add_fetch(&file->refs, 1, __ATOMIC_RELAXED);
    return file;
}

void file_put(struct file *file)
{
    if (__atomic_sub_fetch(&file->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    if (file->ops->release)
        file->ops->release(file);
    inode_put(file->inode);
    if (file->path.dentry)
        path_put(file->path);
    kfree(file);
    __atomic_sub_fetch(&file_count, 1, __ATOMIC_RELAXED);
}

static int check_read(const struct file *file)
{
    if (!(file->flags & FILE_READ))
        return -EBADF;
    if (inode_is_dir(file->inode))
        return -EISDIR;
    return file->ops->read ? 0 : -EINVAL;
}

static int check_write(const struct file *file)
{
    if (!(file->flags & FILE_WRITE))
        return -EBADF;
    return file->ops->write ? 0 : -EINVAL;
}

static void clip(struct uio *uio)
{
    if (uio->left > RW_MAX)
        uio->left = RW_MAX;
}

long file_read(struct file *file, struct uio *uio)
{
    int err = check_read(file);
    if (err < 0)
        return err;
    clip(uio);
    if (file->flags & FILE_STREAM)
        return file->ops->read(file, uio, &file->pos);
    mutex_lock(&file->pos_lock);
    long n = file->ops->read(file, uio, &file->pos);
    mutex_unlock(&file->pos_lock);
    return n;
}

long file_write(struct file *file, struct uio *uio)
{
    int err = check_write(file);
    if (err < 0)
        return err;
    clip(uio);
    if (file->flags & FILE_STREAM)
        return file->ops->write(file, uio, &file->pos);
    mutex_lock(&file->pos_lock);
    long n = file->ops->write(file, uio, &file->pos);
    mutex_unlock(&file->pos_lock);
    return n;
}

static int check_pos(const struct file *file, int64_t pos)
{
    if (pos < 0)
        return -EINVAL;
    return file->flags & FILE_STREAM ? -ESPIPE : 0;
}

long file_pread(struct file *file, struct uio *uio, int64_t pos)
{
    int err = check_pos(file, pos);
    if (err == 0)
        err = check_read(file);
    if (err < 0)
        return err;
    clip(uio);
    return file->ops->read(file, uio, &pos);
}

long file_pwrite(struct file *file, struct uio *uio, int64_t pos)
{
    int err = check_pos(file, pos);
    if (err == 0)
        err = check_write(file);
    if (err < 0)
        return err;
    clip(uio);
    return file->ops->write(file, uio, &pos);
}

long file_read_kernel(struct file *file, void *buf, size_t n, int64_t pos)
{
    struct uio uio;
    uio_kernel(&uio, buf, n);
    return file_pread(file, &uio, pos);
}

/* ---- positions */

/* SEEK_DATA and SEEK_HOLE: pages the cache lacks are holes, the end of the file is one. */
static int64_t seek_sparse(struct inode *inode, int64_t offset, bool data)
{
    int64_t size = inode_size(inode);
    if (offset < 0 || offset >= size)
        return -ENXIO;
    uint64_t first = (uint64_t)offset >> PAGE_SHIFT;
    uint64_t index = page_tree_next(&inode->pages, first, data);
    if (index == first)
        return offset;
    uint64_t end = ((uint64_t)size + PAGE_SIZE - 1) >> PAGE_SHIFT;
    if (index >= end)
        return data ? -ENXIO : size;
    return (int64_t)(index << PAGE_SHIFT);
}

static int64_t seek_target(struct file *file, int64_t offset, int whence)
{
    int64_t base;
    switch (whence) {
    case SEEK_SET: base = 0; break;
    case SEEK_CUR: base = file->pos; break;
    case SEEK_END:
        if (inode_is_dir(file->inode))
            return -EINVAL; /* its positions are not sizes */
        base = inode_size(file->inode);
        break;
    case SEEK_DATA:
    case SEEK_HOLE:
        if (!S_ISREG(file->inode->mode))
            return -EINVAL;
        return seek_sparse(file->inode, offset, whence == SEEK_DATA);
    default: return -EINVAL;
    }
    int64_t pos;
    if (__builtin_add_overflow(base, offset, &pos))
        return -EOVERFLOW;
    /* Directory positions are cookies and may be anything; see dentry_readdir(). */
    if (pos < 0 || (pos > FS_FILE_SIZE_MAX && S_ISREG(file->inode->mode)))
        return -EINVAL;
    return pos;
}

int64_t file_seek(struct file *file, int64_t offset, int whence)
{
    if (file->status & O_PATH)
        return -EBADF;
    if (file->flags & FILE_STREAM)
        return -ESPIPE;
    mutex_lock(&file->pos_lock);
    int64_t pos =
        file->ops->seek ? file->ops->seek(file, offset, whence) : seek_target(file, offset, whence);
    if (pos >= 0)
        file->pos = pos;
    mutex_unlock(&file->pos_lock);
    return pos;
}

/* ---- the other operations */

int file_readdir(struct file *file, struct dir_context *ctx)
{
    if (file->status & O_PATH)
        return -EBADF;
    if (!file->ops->readdir)
        return -ENOTDIR;
    struct inode *dir = file->inode;
    mutex_lock(&file->pos_lock);
    mutex_lock(&dir->lock); /* names stay what they are */
    int err = dir->nlink > 0 ? file->ops->readdir(file, ctx) : -ENOENT;
    mutex_unlock(&dir->lock);
    mutex_unlock(&file->pos_lock);
    return err;
}

long file_ioctl(struct file *file, uint32_t request, uintptr_t arg)
{
    if (file->status & O_PATH)
        return -EBADF;
    return file->ops->ioctl ? file->ops->ioctl(file, request, arg) : -ENOTTY;
}

int file_truncate(struct file *file, int64_t size)
{
    if (size < 0)
        return -EINVAL;
    if (file->status & O_PATH)
        return -EBADF;
    if (!(file->flags & FILE_WRITE) || !file->path.dentry || !S_ISREG(file->inode->mode))
        return -EINVAL;
    return inode_truncate(file->path, size);
}

int file_fsync(struct file *file)
{
    if (file->status & O_PATH)
        return -EBADF;
    if (file->ops->fsync)
        return file->ops->fsync(file);
    /* What has nothing behind it is always in sync; pipes and terminals cannot be. */
    return file->flags & FILE_STREAM ? -EINVAL : 0;
}

/* ---- readiness */

static struct spinlock poll_lock = SPINLOCK_INIT;
static struct waitq poll_waiters;
static unsigned poll_generation, poll_sleepers;
static bool poll_waiters_ready; /* poll_lock */

unsigned file_poll(struct file *file)
{
    if (file->status & O_PATH)
        return POLLNVAL;
    return file->ops->poll ? file->ops->poll(file) : POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
}

void fs_poll_wake(void)
{
    __atomic_add_fetch(&poll_generation, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&poll_sleepers, __ATOMIC_SEQ_CST) == 0)
        return;
    spin_lock(&poll_lock);
    waitq_wake_all(&poll_waiters);
    spin_unlock(&poll_lock);
}

unsigned fs_poll_generation(void)
{
    return __atomic_load_n(&poll_generation, __ATOMIC_SEQ_CST);
}

int fs_poll_wait(unsigned generation, uint64_t deadline_ns)
{
    int err = 0;
    spin_lock(&poll_lock);
    if (!poll_waiters_ready) {
        waitq_init(&poll_waiters);
        poll_waiters_ready = true;
    }
    __atomic_add_fetch(&poll_sleepers, 1, __ATOMIC_SEQ_CST);
    while (err == 0 && fs_poll_generation() == generation)
        err = waitq_sleep_until(&poll_waiters, &poll_lock, deadline_ns);
    __atomic_sub_fetch(&poll_sleepers, 1, __ATOMIC_SEQ_CST);
    spin_unlock(&poll_lock);
    return err;
}
