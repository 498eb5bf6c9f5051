#pragma once
/*
 * Flags of the file calls: Linux's asm-generic values, in the spelling of the host's headers so
 * that files built for both may include either or both.
 */

/* openat(2) and F_GETFL/F_SETFL */
#define O_ACCMODE 0003
#define O_RDONLY  00
#define O_WRONLY  01
#define O_RDWR    02
#ifndef O_CREAT
#    define O_CREAT     0100
#    define O_EXCL      0200
#    define O_NOCTTY    0400
#    define O_TRUNC     01000
#    define O_APPEND    02000
#    define O_NONBLOCK  04000
#    define O_DSYNC     010000
#    define O_LARGEFILE 0100000
#    define O_DIRECTORY 0200000
#    define O_NOFOLLOW  0400000
#    define O_NOATIME   01000000
#    define O_CLOEXEC   02000000
#    define O_SYNC      04010000
#    define O_PATH      010000000
#endif

/* fcntl(2) commands */
#ifndef F_DUPFD
#    define F_DUPFD 0
#    define F_GETFD 1
#    define F_SETFD 2
#    define F_GETFL 3
#    define F_SETFL 4
#endif
#ifndef F_DUPFD_CLOEXEC
#    define F_DUPFD_CLOEXEC 1030
#endif
#ifndef FD_CLOEXEC
#    define FD_CLOEXEC 1
#endif

/* the *at(2) calls */
#ifndef AT_FDCWD
#    define AT_FDCWD            -100
#    define AT_SYMLINK_NOFOLLOW 0x100
#    define AT_EACCESS          0x200
#    define AT_REMOVEDIR        0x200
#    define AT_SYMLINK_FOLLOW   0x400
#endif
#ifndef AT_NO_AUTOMOUNT
#    define AT_NO_AUTOMOUNT 0x800
#endif
#ifndef AT_EMPTY_PATH
#    define AT_EMPTY_PATH 0x1000
#endif

/* renameat2(2) */
#ifndef RENAME_NOREPLACE
#    define RENAME_NOREPLACE (1 << 0)
#    define RENAME_EXCHANGE  (1 << 1)
#endif

/* faccessat(2) */
#ifndef R_OK
#    define F_OK 0
#    define X_OK 1
#    define W_OK 2
#    define R_OK 4
#endif

/* lseek(2) */
#ifndef SEEK_DATA
#    define SEEK_DATA 3
#    define SEEK_HOLE 4
#endif
#ifndef SEEK_SET
#    define SEEK_SET 0
#    define SEEK_CUR 1
#    define SEEK_END 2
#endif
