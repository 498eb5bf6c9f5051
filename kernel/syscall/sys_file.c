/* Files by descriptor: open, read, write and their kin. */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/limits.h"
#include "kernel/syscall/file_args.h"
#include "kernel/syscall/syscall.h"

/* ---- opening and closing */

/* Gives a new file its number; the reference to it is taken over. */
static long install(struct file *file, bool cloexec)
{
    int fd = files_install(current_files(), file, 0, cloexec);
    if (fd < 0)
        file_put(file);
    return fd;
}

long sys_openat(int dirfd, struct uaddr path, int flags, uint32_t mode)
{
    struct path_arg arg;
    struct file *file;
    long err = path_arg_begin(&arg, dirfd, path);
    if (err < 0)
        return err;
    err = vfs_open(arg.at, arg.text, flags, mode, &file);
    path_arg_end(&arg);
    return err < 0 ? err : install(file, flags & O_CLOEXEC);
}

long sys_close(int fd)
{
    return files_close(current_files(), fd);
}

long sys_pipe2(struct uaddr fds, int flags)
{
    struct file *ends[2];
    int numbers[2];
    if (flags & ~(O_CLOEXEC | O_NONBLOCK))
        return -EINVAL;
    int err = pipe_create(&ends[0], &ends[1], flags & O_NONBLOCK);
    if (err < 0)
        return err;
    numbers[0] = (int)install(ends[0], flags & O_CLOEXEC);
    if (numbers[0] < 0) {
        file_put(ends[1]);
        return numbers[0];
    }
    numbers[1] = (int)install(ends[1], flags & O_CLOEXEC);
    err = numbers[1] < 0 ? numbers[1] : copy_out(fds, numbers, sizeof numbers);
    if (err < 0) {
        files_close(current_files(), numbers[0]);
        if (numbers[1] >= 0)
            files_close(current_files(), numbers[1]);
    }
    return err;
}

/* ---- moving data */

typedef long transfer_fn(struct file *file, struct uio *uio);

static long transfer(int fd, struct uaddr buf, size_t count, transfer_fn *move)
{
    struct file *file = fd_file(fd);
    if (!file)
        return -EBADF;
    struct uio uio;
    uio_user(&uio, buf.va, count);
    long done = (long)count < 0 ? -EINVAL : move(file, &uio);
    file_put(file);
    return done;
}

long sys_read(int fd, struct uaddr buf, size_t count)
{
    return transfer(fd, buf, count, file_read);
}

long sys_write(int fd, struct uaddr buf, size_t count)
{
    return transfer(fd, buf, count, file_write);
}

typedef long transfer_at_fn(struct file *file, struct uio *uio, int64_t pos);

static long transfer_at(int fd, struct uaddr buf, size_t count, int64_t pos, transfer_at_fn *move)
{
    struct file *file = fd_file(fd);
    if (!file)
        return -EBADF;
    struct uio uio;
    uio_user(&uio, buf.va, count);
    long done = (long)count < 0 ? -EINVAL : move(file, &uio, pos);
    file_put(file);
    return done;
}

long sys_pread64(int fd, struct uaddr buf, size_t count, int64_t offset)
{
    return transfer_at(fd, buf, count, offset, file_pread);
}

long sys_pwrite64(int fd, struct uaddr buf, size_t count, int64_t offset)
{
    return transfer_at(fd, buf, count, offset, file_pwrite);
}

#define IOV_MAX   1024
#define IOV_SMALL 8

static long transfer_vector(int fd, struct uaddr iov, int count, transfer_fn *move)
{
    struct uio_seg small[IOV_SMALL], *segs = small;
    if (count < 0 || count > IOV_MAX)
        return -EINVAL;
    size_t size = (size_t)count * sizeof *segs, total = 0;
    struct file *file = fd_file(fd);
    if (!file)
        return -EBADF;
    if (count > IOV_SMALL)
        segs = kmalloc(size);
    long done = !segs ? -ENOMEM : copy_in(segs, iov, size);
    for (int i = 0; i < count && done == 0; i++) {
        if (__builtin_add_overflow(total, segs[i].len, &total) || (long)total < 0)
            done = -EINVAL;
    }
    if (done == 0) {
        struct uio uio;
        uio_segments(&uio, segs, (size_t)count, true);
        done = move(file, &uio);
    }
    if (segs != small)
        kfree(segs);
    file_put(file);
    return done;
}

long sys_readv(int fd, struct uaddr iov, int count)
{
    return transfer_vector(fd, iov, count, file_read);
}

long sys_writev(int fd, struct uaddr iov, int count)
{
    return transfer_vector(fd, iov, count, file_write);
}

/* ---- positions and sizes */

static int64_t seek(int fd, int64_t offset, int whence)
{
    struct file *file = fd_file(fd);
    if (!file)
        return -EBADF;
    int64_t pos = file_seek(file, offset, whence);
    file_put(file);
    return pos;
}

long sys_lseek(int fd, long offset, int whence)
{
    return (long)seek(fd, offset, whence);
}

long sys__llseek(int fd, ulong_t offset_high, ulong_t offset_low, struct uaddr result, int whence)
{
    uint64_t offset = (uint64_t)(uint32_t)offset_high << 32 | (uint32_t)offset_low;
    int64_t pos = seek(fd, (int64_t)offset, whence);
    return pos < 0 ? (long)pos : copy_out_obj(result, &pos);
}

long sys_ftruncate(int fd, int64_t length)
{
    struct file *file = fd_file(fd);
    if (!file)
        return -EBADF;
    int err = file_truncate(file, length);
    file_put(file);
    return err;
}

long sys_fsync(int fd)
{
    struct file *file = fd_file(fd);
    if (!file)
        return -EBADF;
    int err = file_fsync(file);
    file_put(file);
    return err;
}

long sys_fdatasync(int fd)
{
    return sys_fsync(fd);
}

long sys_sync(void)
{
    fs_sync(); /* what cannot be written is for fsync() to tell */
    return 0;
}

long sys_syncfs(int fd)
{
    struct file *file = fd_file(fd);
    if (!file)
        return -EBADF;
    int err = file->status & O_PATH ? -EBADF : 0; /* no file system keeps anything back */
    file_put(file);
    return err;
}

/* ---- descriptors */

static long duplicate(int fd, int min, bool cloexec)
{
    struct file *file = fd_file(fd);
    if (!file)
        return -EBADF;
    int copy = files_install(current_files(), file, min, cloexec);
    if (copy < 0)
        file_put(file);
    return copy;
}

long sys_dup(int fd)
{
    return duplicate(fd, 0, false);
}

long sys_dup3(int oldfd, int newfd, int flags)
{
    if (flags & ~O_CLOEXEC || oldfd == newfd)
        return -EINVAL;
    struct file *file = fd_file(oldfd);
    if (!file)
        return -EBADF;
    int fd = files_install_at(current_files(), file, newfd, flags & O_CLOEXEC);
    if (fd < 0)
        file_put(file);
    return fd;
}

/* What F_SETFL can change. */
#define SETFL_MASK ((unsigned)(O_APPEND | O_NONBLOCK))

static long status_flags(int fd, int cmd, unsigned arg)
{
    struct file *file = fd_file(fd);
    if (!file)
        return -EBADF;
    long result = 0;
    if (cmd == F_GETFL)
        result = file->status;
    else if (file->status & O_PATH)
        result = -EBADF;
    else
        file->status = (file->status & ~SETFL_MASK) | (arg & SETFL_MASK);
    file_put(file);
    return result;
}

long sys_fcntl(int fd, int cmd, ulong_t arg)
{
    switch (cmd) {
    case F_DUPFD: return duplicate(fd, arg > FILES_MAX ? -1 : (int)arg, false);
    case F_DUPFD_CLOEXEC: return duplicate(fd, arg > FILES_MAX ? -1 : (int)arg, true);
    case F_GETFD: return files_get_cloexec(current_files(), fd);
    case F_SETFD: return files_set_cloexec(current_files(), fd, arg & FD_CLOEXEC);
    case F_GETFL:
    case F_SETFL: return status_flags(fd, cmd, (unsigned)arg);
    default: return files_get_cloexec(current_files(), fd) < 0 ? -EBADF : -EINVAL;
    }
}

long sys_ioctl(int fd, uint32_t request, ulong_t arg)
{
    struct file *file = fd_file(fd);
    if (!file)
        return -EBADF;
    long result = file_ioctl(file, request, arg);
    file_put(file);
    return result;
}
