/* File status, by statx(2): the one call for it that both XLENs have. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include "tarn/syscall.h"

static struct timespec stat_time(const struct abi_statx_timestamp *ts)
{
    return (struct timespec){.tv_sec = ts->tv_sec, .tv_nsec = (long)ts->tv_nsec};
}

int fstatat(int dirfd, const char *restrict path, struct stat *restrict st, int flags)
{
    struct abi_statx x;
    if (sys_result(sys_statx(dirfd, path, flags, ABI_STATX_BASIC_STATS, &x)) < 0) {
        return -1;
    }
    *st = (struct stat){
        .st_dev = makedev(x.stx_dev_major, x.stx_dev_minor),
        .st_ino = x.stx_ino,
        .st_mode = x.stx_mode,
        .st_nlink = (nlink_t)x.stx_nlink,
        .st_uid = x.stx_uid,
        .st_gid = x.stx_gid,
        .st_rdev = makedev(x.stx_rdev_major, x.stx_rdev_minor),
        .st_size = (off_t)x.stx_size,
        .st_blksize = (blksize_t)x.stx_blksize,
        .st_blocks = (blkcnt_t)x.stx_blocks,
        .st_atim = stat_time(&x.stx_atime),
        .st_mtim = stat_time(&x.stx_mtime),
        .st_ctim = stat_time(&x.stx_ctime),
    };
    return 0;
}

int stat(const char *restrict path, struct stat *restrict st)
{
    return fstatat(AT_FDCWD, path, st, 0);
}

int lstat(const char *restrict path, struct stat *restrict st)
{
    return fstatat(AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW);
}

int fstat(int fd, struct stat *st)
{
    return fstatat(fd, "", st, AT_EMPTY_PATH);
}
