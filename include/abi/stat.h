#pragma once
/* File status as it crosses an ecall: Linux's asm-generic struct stat (rv64 only) and statx (both).
 */
#include <stdint.h>

#ifndef S_IFMT
#    define S_IFMT   0170000
#    define S_IFSOCK 0140000
#    define S_IFLNK  0120000
#    define S_IFREG  0100000
#    define S_IFBLK  0060000
#    define S_IFDIR  0040000
#    define S_IFCHR  0020000
#    define S_IFIFO  0010000
#    define S_ISUID  0004000
#    define S_ISGID  0002000
#    define S_ISVTX  0001000
#endif
#ifndef S_ISDIR
#    define S_ISLNK(m)  (((m)&S_IFMT) == S_IFLNK)
#    define S_ISREG(m)  (((m)&S_IFMT) == S_IFREG)
#    define S_ISDIR(m)  (((m)&S_IFMT) == S_IFDIR)
#    define S_ISCHR(m)  (((m)&S_IFMT) == S_IFCHR)
#    define S_ISBLK(m)  (((m)&S_IFMT) == S_IFBLK)
#    define S_ISFIFO(m) (((m)&S_IFMT) == S_IFIFO)
#    define S_ISSOCK(m) (((m)&S_IFMT) == S_IFSOCK)
#endif

/* What fstat(2) and newfstatat(2) write; rv32 has neither and uses statx(2). */
struct abi_stat {
    uint64_t st_dev; /* as abi_makedev() */
    uint64_t st_ino;
    uint32_t st_mode;
    uint32_t st_nlink;
    uint32_t st_uid;
    uint32_t st_gid;
    uint64_t st_rdev; /* as abi_makedev() */
    uint64_t pad1;
    int64_t st_size;
    int32_t st_blksize;
    int32_t pad2;
    int64_t st_blocks; /* of 512 bytes */
    int64_t st_atime_sec;
    uint64_t st_atime_nsec;
    int64_t st_mtime_sec;
    uint64_t st_mtime_nsec;
    int64_t st_ctime_sec;
    uint64_t st_ctime_nsec;
    uint32_t unused[2];
};

struct abi_statx_timestamp {
    int64_t tv_sec;
    uint32_t tv_nsec;
    int32_t reserved;
};

/* What statx(2) writes. */
struct abi_statx {
    uint32_t stx_mask; /* which of the fields below are valid: ABI_STATX_* */
    uint32_t stx_blksize;
    uint64_t stx_attributes;
    uint32_t stx_nlink;
    uint32_t stx_uid;
    uint32_t stx_gid;
    uint16_t stx_mode;
    uint16_t spare0;
    uint64_t stx_ino;
    uint64_t stx_size;
    uint64_t stx_blocks; /* of 512 bytes */
    uint64_t stx_attributes_mask;
    struct abi_statx_timestamp stx_atime;
    struct abi_statx_timestamp stx_btime;
    struct abi_statx_timestamp stx_ctime;
    struct abi_statx_timestamp stx_mtime;
    uint32_t stx_rdev_major;
    uint32_t stx_rdev_minor;
    uint32_t stx_dev_major;
    uint32_t stx_dev_minor;
    uint64_t stx_mnt_id;
    uint32_t stx_dio_mem_align;
    uint32_t stx_dio_offset_align;
    uint64_t spare3[12];
};

#define ABI_STATX_TYPE        0x0001u
#define ABI_STATX_MODE        0x0002u
#define ABI_STATX_NLINK       0x0004u
#define ABI_STATX_UID         0x0008u
#define ABI_STATX_GID         0x0010u
#define ABI_STATX_ATIME       0x0020u
#define ABI_STATX_MTIME       0x0040u
#define ABI_STATX_CTIME       0x0080u
#define ABI_STATX_INO         0x0100u
#define ABI_STATX_SIZE        0x0200u
#define ABI_STATX_BLOCKS      0x0400u
#define ABI_STATX_BASIC_STATS 0x07ffu
#define ABI_STATX_BTIME       0x0800u
#define ABI_STATX_MNT_ID      0x1000u
#define ABI_STATX_RESERVED    0x80000000u /* in a request: -EINVAL */

/* tv_nsec values utimensat(2) takes in place of a time */
#define ABI_UTIME_NOW  0x3fffffff
#define ABI_UTIME_OMIT 0x3ffffffe

_Static_assert(sizeof(struct abi_stat) == 128, "struct stat of asm-generic");
_Static_assert(sizeof(struct abi_statx) == 256, "struct statx");

/* A device number as Linux encodes it for user space: 12 and 20 bits of each half come first. */
static inline uint64_t abi_makedev(uint32_t major, uint32_t minor)
{
    return ((uint64_t)(major & 0xfffff000u) << 32) | ((major & 0xfffu) << 8) |
           ((uint64_t)(minor & 0xffffff00u) << 12) | (minor & 0xffu);
}

static inline uint32_t abi_major(uint64_t dev)
{
    return ((dev >> 32) & 0xfffff000u) | ((dev >> 8) & 0xfffu);
}

static inline uint32_t abi_minor(uint64_t dev)
{
    return ((dev >> 12) & 0xffffff00u) | (dev & 0xffu);
}
