/* The host's kernel as a struct world. */
#include "tests/unit/support/fs_world.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/syscall.h>
#include <unistd.h>

static char root[PATH_MAX]; /* of the world, on the host */
static bool rooted;         /* it is the process's root directory */

#define RESULT(call)                           \
    do {                                       \
        long result_ = (call);                 \
        return result_ < 0 ? -errno : result_; \
    } while (0)

static int host_flags(int flags)
{
    static const int map[][2] = {
        {W_CREAT, O_CREAT},       {W_EXCL, O_EXCL},           {W_TRUNC, O_TRUNC},
        {W_APPEND, O_APPEND},     {W_DIRECTORY, O_DIRECTORY}, {W_NOFOLLOW, O_NOFOLLOW},
        {W_NONBLOCK, O_NONBLOCK}, {W_CLOEXEC, O_CLOEXEC},     {W_PATH, O_PATH},
    };
    int out = (flags & 3) == W_RDWR ? O_RDWR : (flags & 3) == W_WRONLY ? O_WRONLY : O_RDONLY;
    for (size_t i = 0; i < sizeof map / sizeof *map; i++)
        out |= flags & map[i][0] ? map[i][1] : 0;
    return out;
}

static int h_open(const char *path, int flags, unsigned mode)
{
    RESULT(open(path, host_flags(flags), mode));
}
static int h_openat(int dir, const char *path, int flags, unsigned mode)
{
    RESULT(openat(dir, path, host_flags(flags), mode));
}
static int h_close(int fd)
{
    RESULT(close(fd));
}
static long h_read(int fd, void *buf, size_t n)
{
    RESULT(read(fd, buf, n));
}
static long h_write(int fd, const void *buf, size_t n)
{
    RESULT(write(fd, buf, n));
}
static long h_pread(int fd, void *buf, size_t n, int64_t pos)
{
    RESULT(pread(fd, buf, n, pos));
}
static long h_pwrite(int fd, const void *buf, size_t n, int64_t pos)
{
    RESULT(pwrite(fd, buf, n, pos));
}
static int64_t h_lseek(int fd, int64_t offset, int whence)
{
    static const int map[] = {SEEK_SET, SEEK_CUR, SEEK_END, SEEK_DATA, SEEK_HOLE};
    RESULT(lseek(fd, offset, whence >= 0 && whence <= W_HOLE ? map[whence] : 99));
}
static int h_ftruncate(int fd, int64_t size)
{
    RESULT(ftruncate(fd, size));
}
static int h_dup(int fd)
{
    RESULT(dup(fd));
}
static int h_dup2(int fd, int to, int cloexec)
{
    RESULT(dup3(fd, to, cloexec ? O_CLOEXEC : 0));
}
static int h_pipe(int fds[2], int flags)
{
    RESULT(pipe2(fds, host_flags(flags) & (O_NONBLOCK | O_CLOEXEC)));
}
static int h_mkdir(const char *path, unsigned mode)
{
    RESULT(mkdir(path, mode));
}
static int h_rmdir(const char *path)
{
    RESULT(rmdir(path));
}
static int h_unlink(const char *path)
{
    RESULT(unlink(path));
}
static int h_link(const char *old, const char *path)
{
    RESULT(linkat(AT_FDCWD, old, AT_FDCWD, path, 0));
}
static int h_symlink(const char *target, const char *path)
{
    RESULT(symlink(target, path));
}
static long h_readlink(const char *path, char *buf, size_t n)
{
    RESULT(readlink(path, buf, n));
}
static int h_rename(const char *old, const char *path, int flags)
{
    RESULT(syscall(SYS_renameat2, AT_FDCWD, old, AT_FDCWD, path, flags));
}
static int h_mkfifo(const char *path, unsigned mode)
{
    RESULT(mkfifo(path, mode));
}

static int fill(int result, const struct stat *from, struct world_stat *st)
{
    if (result < 0)
        return -errno;
    *st = (struct world_stat){
        .mode = from->st_mode,
        .nlink = (uint32_t)from->st_nlink,
        .rdev_major = major(from->st_rdev),
        .rdev_minor = minor(from->st_rdev),
        .size = from->st_size,
        .ino = from->st_ino,
        .mtime_sec = from->st_mtime,
    };
    return 0;
}

static int h_stat(const char *path, struct world_stat *st, int follow)
{
    struct stat buf;
    return fill(follow ? stat(path, &buf) : lstat(path, &buf), &buf, st);
}
static int h_fstat(int fd, struct world_stat *st)
{
    struct stat buf;
    return fill(fstat(fd, &buf), &buf, st);
}
static int h_chmod(const char *path, unsigned mode)
{
    RESULT(chmod(path, mode));
}
static int h_chdir(const char *path)
{
    RESULT(chdir(path));
}
static int h_fchdir(int fd)
{
    RESULT(fchdir(fd));
}

/* The system call itself: the library's getcwd() works around -ENOENT. */
static long h_getcwd(char *buf, size_t n)
{
    static char full[8192];
    long len = syscall(SYS_getcwd, full, sizeof full);
    if (len < 0)
        return -errno;
    size_t skip = rooted ? 0 : strlen(root);
    if (strncmp(full, root, skip) != 0)
        return -ENOENT;
    const char *rest = full[skip] ? full + skip : "/";
    if (strlen(rest) + 1 > n)
        return -ERANGE;
    strcpy(buf, rest);
    return (long)strlen(rest) + 1;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int h_list(const char *path, char *buf, size_t n)
{
    struct dirent **names;
    int count = scandir(path, &names, NULL, by_name);
    if (count < 0)
        return -errno;
    size_t at = 0;
    for (int i = 0; i < count; i++) {
        at += (size_t)snprintf(buf + at, n - at, "%s %d\n", names[i]->d_name, names[i]->d_type);
        free(names[i]);
    }
    free(names);
    return count;
}

const struct world world_host = {
    "host",   h_open,   h_openat,    h_close,   h_read,     h_write,  h_pread,
    h_pwrite, h_lseek,  h_ftruncate, h_dup,     h_dup2,     h_pipe,   h_mkdir,
    h_rmdir,  h_unlink, h_link,      h_symlink, h_readlink, h_rename, h_mkfifo,
    h_stat,   h_fstat,  h_chmod,     h_chdir,   h_fchdir,   h_getcwd, h_list,
};

static void put_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    if (f) {
        fputs(text, f);
        fclose(f);
    }
}

/* Makes the world the root directory; without the right to, in a user namespace of our own. */
static bool take_root(void)
{
    if (chroot(root) == 0)
        return true;
    char map[64];
    snprintf(map, sizeof map, "0 %u 1", (unsigned)getuid());
    if (unshare(CLONE_NEWUSER) < 0)
        return false;
    put_file("/proc/self/uid_map", map);
    put_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "0 %u 1", (unsigned)getgid());
    put_file("/proc/self/gid_map", map);
    return chroot(root) == 0;
}

bool world_host_enter(const char *folder)
{
    umask(022);
    if (!realpath(folder, root) || chdir(root) < 0) {
        perror(folder);
        exit(99);
    }
    rooted = take_root();
    return rooted;
}
