/* Files by descriptor. */
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include "tarn/syscall.h"
#include "user/arch/calls.h"

/* openat(2) reads a mode only where it can use one; O_LARGEFILE is what every offset here is. */
static int open_at(int dirfd, const char *path, int flags, va_list list)
{
    mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0;
    return (int)sys_result(sys_openat(dirfd, path, flags | O_LARGEFILE, mode));
}

int open(const char *path, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    int fd = open_at(AT_FDCWD, path, flags, list);
    va_end(list);
    return fd;
}

int openat(int dirfd, const char *path, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    int fd = open_at(dirfd, path, flags, list);
    va_end(list);
    return fd;
}

int creat(const char *path, mode_t mode)
{
    return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

int close(int fd)
{
    return (int)sys_result(sys_close(fd));
}

ssize_t read(int fd, void *buf, size_t count)
{
    return sys_result(sys_read(fd, buf, count));
}

ssize_t write(int fd, const void *buf, size_t count)
{
    return sys_result(sys_write(fd, buf, count));
}

ssize_t pread(int fd, void *buf, size_t count, off_t offset)
{
    return sys_result(sys_pread64(fd, buf, count, offset));
}

ssize_t pwrite(int fd, const void *buf, size_t count, off_t offset)
{
    return sys_result(sys_pwrite64(fd, buf, count, offset));
}

off_t lseek(int fd, off_t offset, int whence)
{
    int64_t result = sys_seek(fd, offset, whence);
    if (result < 0 && result >= -SYSCALL_MAX_ERROR) {
        errno = (int)-result;
        return -1;
    }
    return result;
}

int fsync(int fd)
{
    return (int)sys_result(sys_fsync(fd));
}

int ftruncate(int fd, off_t length)
{
    return (int)sys_result(sys_ftruncate(fd, length));
}

int truncate(const char *path, off_t length)
{
    return (int)sys_result(sys_truncate(path, length));
}

int fdatasync(int fd)
{
    return (int)sys_result(sys_fdatasync(fd));
}

void sync(void)
{
    sys_sync();
}

int syncfs(int fd)
{
    return (int)sys_result(sys_syncfs(fd));
}

int fchmod(int fd, mode_t mode)
{
    return (int)sys_result(sys_fchmod(fd, mode));
}

int fchown(int fd, uid_t owner, gid_t group)
{
    return (int)sys_result(sys_fchown(fd, owner, group));
}

ssize_t readv(int fd, const struct iovec *parts, int count)
{
    return sys_result(sys_readv(fd, parts, count));
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    return sys_result(sys_writev(fd, parts, count));
}

int dup(int fd)
{
    return (int)sys_result(sys_dup(fd));
}

/* dup3(2) refuses equal descriptors; dup2() then returns an open one as it is. */
int dup2(int oldfd, int newfd)
{
    if (oldfd == newfd) {
        return fcntl(oldfd, F_GETFD) < 0 ? -1 : newfd;
    }
    return (int)sys_result(sys_dup3(oldfd, newfd, 0));
}

int dup3(int oldfd, int newfd, int flags)
{
    return (int)sys_result(sys_dup3(oldfd, newfd, flags));
}

int pipe(int fds[2])
{
    return (int)sys_result(sys_pipe2(fds, 0));
}

int pipe2(int fds[2], int flags)
{
    return (int)sys_result(sys_pipe2(fds, flags));
}

int fcntl(int fd, int cmd, ...)
{
    va_list list;
    va_start(list, cmd);
    ulong_t arg = va_arg(list, ulong_t);
    va_end(list);
    return (int)sys_result(sys_fcntl(fd, cmd, arg));
}
