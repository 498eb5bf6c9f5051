/* Files by name. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tarn/syscall.h"

int access(const char *path, int mode)
{
    return (int)sys_result(sys_faccessat(AT_FDCWD, path, mode));
}

/* faccessat(2) takes no flags. There is one user, so the effective id is the real one. */
int faccessat(int dirfd, const char *path, int mode, int flags)
{
    if (flags & ~AT_EACCESS) {
        errno = EINVAL;
        return -1;
    }
    return (int)sys_result(sys_faccessat(dirfd, path, mode));
}

int mkdir(const char *path, mode_t mode)
{
    return (int)sys_result(sys_mkdirat(AT_FDCWD, path, mode));
}

int mkdirat(int dirfd, const char *path, mode_t mode)
{
    return (int)sys_result(sys_mkdirat(dirfd, path, mode));
}

int unlink(const char *path)
{
    return (int)sys_result(sys_unlinkat(AT_FDCWD, path, 0));
}

int unlinkat(int dirfd, const char *path, int flags)
{
    return (int)sys_result(sys_unlinkat(dirfd, path, flags));
}

int rmdir(const char *path)
{
    return (int)sys_result(sys_unlinkat(AT_FDCWD, path, AT_REMOVEDIR));
}

/* As POSIX has it and newlib's own does not: a directory is removed as well. */
int remove(const char *path)
{
    long result = sys_unlinkat(AT_FDCWD, path, 0);
    if (result == -EISDIR) {
        result = sys_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
    }
    return (int)sys_result(result);
}

int rename(const char *from, const char *to)
{
    return (int)sys_result(sys_renameat2(AT_FDCWD, from, AT_FDCWD, to, 0));
}

int renameat(int fromfd, const char *from, int tofd, const char *to)
{
    return (int)sys_result(sys_renameat2(fromfd, from, tofd, to, 0));
}

int renameat2(int fromfd, const char *from, int tofd, const char *to, unsigned flags)
{
    return (int)sys_result(sys_renameat2(fromfd, from, tofd, to, flags));
}

int chmod(const char *path, mode_t mode)
{
    return (int)sys_result(sys_fchmodat(AT_FDCWD, path, mode));
}

/* fchmodat(2) takes no flags, and Linux cannot change a link's own mode. */
int fchmodat(int dirfd, const char *path, mode_t mode, int flags)
{
    if (flags) {
        errno = flags == AT_SYMLINK_NOFOLLOW ? ENOTSUP : EINVAL;
        return -1;
    }
    return (int)sys_result(sys_fchmodat(dirfd, path, mode));
}

int chown(const char *path, uid_t owner, gid_t group)
{
    return (int)sys_result(sys_fchownat(AT_FDCWD, path, owner, group, 0));
}

int lchown(const char *path, uid_t owner, gid_t group)
{
    return (int)sys_result(sys_fchownat(AT_FDCWD, path, owner, group, AT_SYMLINK_NOFOLLOW));
}

int fchownat(int dirfd, const char *path, uid_t owner, gid_t group, int flags)
{
    return (int)sys_result(sys_fchownat(dirfd, path, owner, group, flags));
}

int mknod(const char *path, mode_t mode, dev_t dev)
{
    return mknodat(AT_FDCWD, path, mode, dev);
}

int mknodat(int dirfd, const char *path, mode_t mode, dev_t dev)
{
    return (int)sys_result(sys_mknodat(dirfd, path, mode, (uint32_t)dev));
}

int mkfifo(const char *path, mode_t mode)
{
    return mknodat(AT_FDCWD, path, S_IFIFO | mode, 0);
}

int link(const char *from, const char *to)
{
    return (int)sys_result(sys_linkat(AT_FDCWD, from, AT_FDCWD, to, 0));
}

int linkat(int fromfd, const char *from, int tofd, const char *to, int flags)
{
    return (int)sys_result(sys_linkat(fromfd, from, tofd, to, flags));
}

int symlink(const char *target, const char *path)
{
    return (int)sys_result(sys_symlinkat(target, AT_FDCWD, path));
}

int symlinkat(const char *target, int dirfd, const char *path)
{
    return (int)sys_result(sys_symlinkat(target, dirfd, path));
}

/* What a symbolic link says, without a NUL: the bytes of it that fitted. */
ssize_t readlink(const char *restrict path, char *restrict buf, size_t size)
{
    return sys_result(sys_readlinkat(AT_FDCWD, path, buf, size));
}

ssize_t readlinkat(int dirfd, const char *restrict path, char *restrict buf, size_t size)
{
    return sys_result(sys_readlinkat(dirfd, path, buf, size));
}

int chdir(const char *path)
{
    return (int)sys_result(sys_chdir(path));
}

int fchdir(int fd)
{
    return (int)sys_result(sys_fchdir(fd));
}

/* With no buffer the result is malloc()ed, `size` bytes or as many as it takes. */
char *getcwd(char *buf, size_t size)
{
    char *room = buf;
    if (!buf) {
        size = size ? size : PATH_MAX;
        room = malloc(size);
        if (!room) {
            return NULL;
        }
    } else if (size == 0) {
        errno = EINVAL;
        return NULL;
    }
    if (sys_result(sys_getcwd(room, size)) < 0) {
        if (!buf) {
            free(room);
        }
        return NULL;
    }
    if (!buf) {
        char *fitted = realloc(room, strlen(room) + 1);
        return fitted ? fitted : room;
    }
    return buf;
}

mode_t umask(mode_t mask)
{
    return (mode_t)sys_umask(mask);
}
