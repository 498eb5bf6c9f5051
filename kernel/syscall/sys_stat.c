/* What files are: stat, statx, statfs, times, and the entries of directories. */
#include "abi/dirent.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/stat.h"
#include "abi/statfs.h"
#include "abi/time.h"
#include "kernel/dev/dev.h"
#include "kernel/syscall/file_args.h"
#include "kernel/syscall/syscall.h"
#include "lib/string.h"

#define NS_PER_S 1000000000

/* A time in ns as seconds and a remainder that is never negative. */
static int64_t split(int64_t ns, uint32_t *rest)
{
    int64_t s = ns / NS_PER_S;
    int64_t r = ns % NS_PER_S;
    if (r < 0)
        s--, r += NS_PER_S;
    *rest = (uint32_t)r;
    return s;
}

/* st_dev and st_rdev as user space unpacks them. */
static uint64_t pack_dev(uint32_t rdev)
{
    uint32_t major = DEV_MAJOR(rdev), minor = DEV_MINOR(rdev);
    return (minor & 0xff) | (uint64_t)(major & 0xfff) << 8 | (uint64_t)(minor & 0xfff00) << 12;
}

static uint64_t blocks_of(struct inode *inode)
{
    return (uint64_t)inode->pages.count * (PAGE_SIZE / 512);
}

static long put_stat(struct inode *inode, struct uaddr to)
{
    struct abi_stat st = {
        .st_dev = pack_dev(DEV_MAKE(0, inode->super->dev)),
        .st_ino = inode->ino,
        .st_mode = inode->mode,
        .st_nlink = inode->nlink,
        .st_uid = inode->uid,
        .st_gid = inode->gid,
        .st_rdev = pack_dev(inode->rdev),
        .st_size = inode_size(inode),
        .st_blksize = (int32_t)PAGE_SIZE,
        .st_blocks = (int64_t)blocks_of(inode),
    };
    uint32_t rest;
    st.st_atime_sec = split(inode->atime, &rest), st.st_atime_nsec = rest;
    st.st_mtime_sec = split(inode->mtime, &rest), st.st_mtime_nsec = rest;
    st.st_ctime_sec = split(inode->ctime, &rest), st.st_ctime_nsec = rest;
    return copy_out_obj(to, &st);
}

/* The inode the triple names: *path and *file are what must be put afterwards. */
static int inode_at(int dirfd, struct uaddr path, int flags, struct path *found, struct file **file,
                    struct inode **inode)
{
    int err = path_at(dirfd, path, flags, found, file);
    if (err == 0)
        *inode = *file ? (*file)->inode : found->dentry->inode;
    return err;
}

static void at_done(struct path found, struct file *file)
{
    if (file)
        file_put(file);
    else
        path_put(found);
}

long sys_newfstatat(int dirfd, struct uaddr path, struct uaddr st, int flags)
{
    struct path found;
    struct file *file;
    struct inode *inode = NULL;
    if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT))
        return -EINVAL;
    long err = inode_at(dirfd, path, flags, &found, &file, &inode);
    if (err < 0)
        return err;
    err = put_stat(inode, st);
    at_done(found, file);
    return err;
}

long sys_fstat(int fd, struct uaddr st)
{
    struct file *file = fd_file(fd);
    if (!file)
        return -EBADF;
    long err = put_stat(file->inode, st);
    file_put(file);
    return err;
}

static struct abi_statx_timestamp statx_time(int64_t ns)
{
    struct abi_statx_timestamp t = {0};
    t.tv_sec = split(ns, &t.tv_nsec);
    return t;
}

#define STATX_SYNC_TYPE 0x6000 /* flags that only matter where a server is involved */

long sys_statx(int dirfd, struct uaddr path, int flags, uint32_t mask, struct uaddr to)
{
    struct path found;
    struct file *file;
    struct inode *inode = NULL;
    const int known = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT | STATX_SYNC_TYPE;
    if (flags & ~known || (flags & STATX_SYNC_TYPE) == STATX_SYNC_TYPE || mask & ABI_STATX_RESERVED)
        return -EINVAL;
    long err = inode_at(dirfd, path, flags, &found, &file, &inode);
    if (err < 0)
        return err;
    struct abi_statx st = {
        .stx_mask = ABI_STATX_BASIC_STATS | ABI_STATX_BTIME,
        .stx_blksize = (uint32_t)PAGE_SIZE,
        .stx_nlink = inode->nlink,
        .stx_uid = inode->uid,
        .stx_gid = inode->gid,
        .stx_mode = (uint16_t)inode->mode,
        .stx_ino = inode->ino,
        .stx_size = (uint64_t)inode_size(inode),
        .stx_blocks = blocks_of(inode),
        .stx_atime = statx_time(inode->atime),
        .stx_btime = statx_time(inode->btime),
        .stx_ctime = statx_time(inode->ctime),
        .stx_mtime = statx_time(inode->mtime),
        .stx_rdev_major = DEV_MAJOR(inode->rdev),
        .stx_rdev_minor = DEV_MINOR(inode->rdev),
        .stx_dev_minor = inode->super->dev,
    };
    err = copy_out_obj(to, &st);
    at_done(found, file);
    return err;
}

/* ---- times */

static int64_t join(const struct abi_timespec *ts, int64_t now)
{
    uint32_t ns = (uint32_t)ts->tv_nsec;
    if (ns == ABI_UTIME_OMIT)
        return INT64_MIN;
    if (ns == ABI_UTIME_NOW)
        return now;
    /* Beyond the years 1678 and 2262 the clock of files ends. */
    const int64_t limit = INT64_MAX / NS_PER_S - 1;
    int64_t s = ts->tv_sec > limit ? limit : ts->tv_sec < -limit ? -limit : ts->tv_sec;
    return s * NS_PER_S + ns;
}

static bool ns_valid(const struct abi_timespec *ts)
{
    uint32_t ns = (uint32_t)ts->tv_nsec;
    if (sizeof(long) == 8 && ts->tv_nsec >> 32 != 0)
        return false;
    return ns < NS_PER_S || ns == ABI_UTIME_NOW || ns == ABI_UTIME_OMIT;
}

long sys_utimensat(int dirfd, struct uaddr path, struct uaddr times, int flags)
{
    struct abi_timespec ts[2] = {{0, ABI_UTIME_NOW}, {0, ABI_UTIME_NOW}};
    struct path found;
    struct file *file;
    if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    if (times.va != 0 && copy_in(ts, times, sizeof ts) < 0)
        return -EFAULT;
    if (!ns_valid(&ts[0]) || !ns_valid(&ts[1]))
        return -EINVAL;
    if (path.va == 0) /* Linux: no path, the descriptor itself */
        flags |= AT_EMPTY_PATH;
    int err = path_at(dirfd, path, flags, &found, &file);
    if (err < 0)
        return err;
    int64_t now = clock_realtime_ns();
    if (file)
        err = 0; /* a pipe's times are nobody's business */
    else
        err = inode_utimes(found, join(&ts[0], now), join(&ts[1], now));
    at_done(found, file);
    return err;
}

long sys_utimensat_time64(int dirfd, struct uaddr path, struct uaddr times, int flags)
{
    return sys_utimensat(dirfd, path, times, flags);
}

/* ---- file systems */

static long put_statfs(const struct super *super, struct uaddr to)
{
    struct abi_statfs st = {.f_bsize = PAGE_SIZE, .f_frsize = PAGE_SIZE, .f_namelen = FS_NAME_MAX};
    st.f_type = super->type->magic;
    if (super->max_pages != SIZE_MAX) {
        size_t left = super->max_pages - super->pages, real = page_free_count();
        st.f_blocks = super->max_pages;
        st.f_bfree = st.f_bavail = left < real ? left : real;
        st.f_files = super->max_inodes;
        st.f_ffree = super->max_inodes - super->inodes;
    }
    st.f_fsid[0] = (int32_t)super->dev;
    return copy_out_obj(to, &st);
}

long sys_statfs(struct uaddr path, struct uaddr to)
{
    struct path found;
    struct file *file;
    long err = path_at(AT_FDCWD, path, 0, &found, &file);
    if (err < 0)
        return err;
    err = put_statfs(found.mnt->super, to);
    path_put(found);
    return err;
}

long sys_fstatfs(int fd, struct uaddr to)
{
    struct file *file = fd_file(fd);
    if (!file)
        return -EBADF;
    long err = put_statfs(file->inode->super, to);
    file_put(file);
    return err;
}

long sys_statfs64(struct uaddr path, size_t size, struct uaddr to)
{
    return size == sizeof(struct abi_statfs) ? sys_statfs(path, to) : -EINVAL;
}

long sys_fstatfs64(int fd, size_t size, struct uaddr to)
{
    return size == sizeof(struct abi_statfs) ? sys_fstatfs(fd, to) : -EINVAL;
}

/* ---- directories */

#define DENTS_BUF 1024 /* records are gathered in pieces of this before they are copied out */

struct dents {
    struct dir_context ctx;
    struct uaddr to;
    size_t room; /* left in the user's buffer */
    size_t done; /* copied out */
    size_t used; /* in buf */
    int error;
    _Alignas(8) char buf[DENTS_BUF];
};

static int dents_flush(struct dents *d)
{
    if (d->used > 0 && copy_out(uaddr_add(d->to, d->done), d->buf, d->used) < 0)
        return d->error = -EFAULT;
    d->done += d->used;
    d->used = 0;
    return 0;
}

static int dents_emit(struct dir_context *ctx, const char *name, size_t len, uint64_t ino,
                      unsigned type, int64_t next)
{
    struct dents *d = container_of(ctx, struct dents, ctx);
    size_t head = offsetof(struct abi_dirent64, d_name);
    size_t size = (head + len + 1 + 7) & ~(size_t)7;
    if (size > d->room) {
        if (d->done + d->used == 0)
            d->error = -EINVAL; /* not even one fits */
        return 1;
    }
    if (size > sizeof d->buf - d->used && dents_flush(d) < 0)
        return 1;
    struct abi_dirent64 *entry = (struct abi_dirent64 *)(d->buf + d->used);
    memset(d->buf + d->used + size - 8, 0, 8);
    entry->d_ino = ino;
    entry->d_off = next;
    entry->d_reclen = (uint16_t)size;
    entry->d_type = (uint8_t)type;
    memcpy(entry->d_name, name, len);
    entry->d_name[len] = '\0';
    d->used += size;
    d->room -= size;
    return 0;
}

long sys_getdents64(int fd, struct uaddr buf, size_t count)
{
    struct file *file = fd_file(fd);
    if (!file)
        return -EBADF;
    struct dents d;
    d.ctx.emit = dents_emit;
    d.to = buf;
    d.room = count < INT32_MAX ? count : INT32_MAX;
    d.done = d.used = 0;
    d.error = 0;
    long err = file_readdir(file, &d.ctx);
    if (err >= 0 && d.error == 0)
        dents_flush(&d);
    if (d.error < 0)
        err = d.error;
    file_put(file);
    return err < 0 ? err : (long)d.done;
}
