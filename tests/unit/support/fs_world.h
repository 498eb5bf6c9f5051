#pragma once
/*
 * File operations with one face and two bodies: our VFS, and the host's kernel in a scratch folder.
 * The same script run in both must give the same results; the host is the witness.
 *
 * Results are counts, descriptors or negative errno values, which Linux numbers alike everywhere.
 * Flags are the tests' own, because hosts number O_... differently.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum world_open {
    W_RDONLY = 0,
    W_WRONLY = 1,
    W_RDWR = 2,
    W_CREAT = 1 << 2,
    W_EXCL = 1 << 3,
    W_TRUNC = 1 << 4,
    W_APPEND = 1 << 5,
    W_DIRECTORY = 1 << 6,
    W_NOFOLLOW = 1 << 7,
    W_NONBLOCK = 1 << 8,
    W_CLOEXEC = 1 << 9,
    W_PATH = 1 << 10,
};

enum world_whence { W_SET, W_CUR, W_END, W_DATA, W_HOLE };
enum world_rename { W_NOREPLACE = 1, W_EXCHANGE = 2 };

struct world_stat {
    uint32_t mode, nlink, rdev_major, rdev_minor;
    int64_t size;
    uint64_t ino;
    int64_t mtime_sec;
};

struct world {
    const char *name;
    int (*open)(const char *path, int flags, unsigned mode);
    int (*openat)(int dir, const char *path, int flags, unsigned mode);
    int (*close)(int fd);
    long (*read)(int fd, void *buf, size_t n);
    long (*write)(int fd, const void *buf, size_t n);
    long (*pread)(int fd, void *buf, size_t n, int64_t pos);
    long (*pwrite)(int fd, const void *buf, size_t n, int64_t pos);
    int64_t (*lseek)(int fd, int64_t offset, int whence);
    int (*ftruncate)(int fd, int64_t size);
    int (*dup)(int fd);
    int (*dup2)(int fd, int to, int cloexec);
    int (*pipe)(int fds[2], int flags);
    int (*mkdir)(const char *path, unsigned mode);
    int (*rmdir)(const char *path);
    int (*unlink)(const char *path);
    int (*link)(const char *old, const char *path);
    int (*symlink)(const char *target, const char *path);
    long (*readlink)(const char *path, char *buf, size_t n);
    int (*rename)(const char *old, const char *path, int flags);
    int (*mkfifo)(const char *path, unsigned mode);
    int (*stat)(const char *path, struct world_stat *st, int follow);
    int (*fstat)(int fd, struct world_stat *st);
    int (*chmod)(const char *path, unsigned mode);
    int (*chdir)(const char *path);
    int (*fchdir)(int fd);
    long (*getcwd)(char *buf, size_t n); /* relative to the world's own root, "/..." */
    int (*list)(const char *path, char *buf, size_t n); /* sorted "name type\n" */
};

extern const struct world world_host, world_tarn;

/*
 * Makes an empty folder the host's world: root (if it can be: returns whether) and working
 * directory. For good, so this is for a child process.
 */
bool world_host_enter(const char *folder);

void world_tarn_begin(void); /* once per process: vfs_init() and a fresh context */
void world_tarn_reset(void); /* removes every file, closes every descriptor */
void world_tarn_end(void);
