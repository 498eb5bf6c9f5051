#pragma once
/*
 * virtio-9p, and the protocol it carries: 9P2000.L ("9P2000.L protocol", protocol.md of diod, and
 * section 5 of the Plan 9 manual). The device (identifier 9) has one queue; each buffer's readable
 * part is a request, its writable part takes the response. Numbers are little-endian.
 *
 * A message is size[4] type[1] tag[2], size counting itself, then the fields of its type. Strings
 * are a 16-bit length and as many bytes. A response's type is its request's plus 1.
 */
#include <stdint.h>

enum {
    VIRTIO_9P_MOUNT_TAG = 0, /* feature: the configuration space has the tag */
    VIRTIO_9P_REQUESTQ = 0,
};

struct virtio_9p_config {
    uint16_t tag_len;
    uint8_t tag[]; /* no NUL at its end */
};

enum p9_size {
    P9_HEADER_SIZE = 7,
    P9_QID_SIZE = 13,
    P9_IO_HEADER_SIZE =
        24,           /* what clients leave for the fields around the data of read and write */
    P9_MAX_WALK = 16, /* names in one Twalk */
};

#define P9_NOTAG   0xffffu
#define P9_NOFID   0xffffffffu
#define P9_NOUID   0xffffffffu
#define P9_VERSION "9P2000.L"

/* Request types: name, number, and whether it changes the file system. */
#define P9_REQUESTS(REQUEST)    \
    REQUEST(statfs, 8, 0)       \
    REQUEST(lopen, 12, 0)       \
    REQUEST(lcreate, 14, 1)     \
    REQUEST(symlink, 16, 1)     \
    REQUEST(mknod, 18, 1)       \
    REQUEST(rename, 20, 1)      \
    REQUEST(readlink, 22, 0)    \
    REQUEST(getattr, 24, 0)     \
    REQUEST(setattr, 26, 1)     \
    REQUEST(xattrwalk, 30, 0)   \
    REQUEST(xattrcreate, 32, 1) \
    REQUEST(readdir, 40, 0)     \
    REQUEST(fsync, 50, 0)       \
    REQUEST(lock, 52, 0)        \
    REQUEST(getlock, 54, 0)     \
    REQUEST(link, 70, 1)        \
    REQUEST(mkdir, 72, 1)       \
    REQUEST(renameat, 74, 1)    \
    REQUEST(unlinkat, 76, 1)    \
    REQUEST(version, 100, 0)    \
    REQUEST(auth, 102, 0)       \
    REQUEST(attach, 104, 0)     \
    REQUEST(flush, 108, 0)      \
    REQUEST(walk, 110, 0)       \
    REQUEST(read, 116, 0)       \
    REQUEST(write, 118, 1)      \
    REQUEST(clunk, 120, 0)      \
    REQUEST(remove, 122, 1)

#define P9_REQUEST_NUMBER(name, number, changes) P9_T##name = (number), P9_R##name = (number) + 1,
enum p9_type {
    P9_Rlerror = 7, /* ecode[4]: an error number of Linux */
    P9_REQUESTS(P9_REQUEST_NUMBER)
};
#undef P9_REQUEST_NUMBER

/* A qid is type[1] version[4] path[8]. */
enum p9_qid_type {
    P9_QTFILE = 0,
    P9_QTSYMLINK = 0x02,
    P9_QTDIR = 0x80,
};

/* Flags of lopen and lcreate: those of open(2) as most Linux architectures number them. */
enum p9_open_flag {
    P9_RDONLY = 0,
    P9_WRONLY = 1,
    P9_RDWR = 2,
    P9_ACCMODE = 3,
    P9_CREATE = 0100,
    P9_EXCL = 0200,
    P9_NOCTTY = 0400,
    P9_TRUNC = 01000,
    P9_APPEND = 02000,
    P9_NONBLOCK = 04000,
    P9_DSYNC = 010000,
    P9_FASYNC = 020000,
    P9_DIRECT = 040000,
    P9_LARGEFILE = 0100000,
    P9_DIRECTORY = 0200000,
    P9_NOFOLLOW = 0400000,
    P9_NOATIME = 01000000,
    P9_CLOEXEC = 02000000,
    P9_SYNC = 04000000,
};

/* Which fields are asked for in getattr, and valid in its answer. */
enum p9_getattr_mask {
    P9_GETATTR_MODE = 0x1,
    P9_GETATTR_NLINK = 0x2,
    P9_GETATTR_UID = 0x4,
    P9_GETATTR_GID = 0x8,
    P9_GETATTR_RDEV = 0x10,
    P9_GETATTR_ATIME = 0x20,
    P9_GETATTR_MTIME = 0x40,
    P9_GETATTR_CTIME = 0x80,
    P9_GETATTR_INO = 0x100,
    P9_GETATTR_SIZE = 0x200,
    P9_GETATTR_BLOCKS = 0x400,
    P9_GETATTR_BASIC = 0x7ff,
};

enum p9_setattr_mask {
    P9_SETATTR_MODE = 0x1,
    P9_SETATTR_UID = 0x2,
    P9_SETATTR_GID = 0x4,
    P9_SETATTR_SIZE = 0x8,
    P9_SETATTR_ATIME = 0x10, /* to now, unless P9_SETATTR_ATIME_SET */
    P9_SETATTR_MTIME = 0x20,
    P9_SETATTR_CTIME = 0x40,
    P9_SETATTR_ATIME_SET = 0x80,
    P9_SETATTR_MTIME_SET = 0x100,
};

enum p9_unlinkat_flag {
    P9_AT_REMOVEDIR = 0x200,
};

enum p9_lock_type {
    P9_LOCK_TYPE_RDLCK = 0,
    P9_LOCK_TYPE_WRLCK = 1,
    P9_LOCK_TYPE_UNLCK = 2,
};

enum p9_lock_flag {
    P9_LOCK_FLAGS_BLOCK = 1,
    P9_LOCK_FLAGS_RECLAIM = 2,
};

enum p9_lock_status {
    P9_LOCK_SUCCESS = 0,
    P9_LOCK_BLOCKED = 1,
    P9_LOCK_ERROR = 2,
    P9_LOCK_GRACE = 3,
};
