/* Our VFS as a struct world. */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/stat.h"
#include "fs/fs.h"
#include "tests/unit/support/fs_world.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct fs_context *fs;
static struct files *files;
#define AT ((struct fs_at){fs, NULL})

static int tarn_flags(int flags)
{
    static const int map[][2] = {
        {W_CREAT, O_CREAT},       {W_EXCL, O_EXCL},           {W_TRUNC, O_TRUNC},
        {W_APPEND, O_APPEND},     {W_DIRECTORY, O_DIRECTORY}, {W_NOFOLLOW, O_NOFOLLOW},
        {W_NONBLOCK, O_NONBLOCK}, {W_CLOEXEC, O_CLOEXEC},     {W_PATH, O_PATH},
    };
    int out = flags & 3;
    for (size_t i = 0; i < sizeof map / sizeof *map; i++)
        out |= flags & map[i][0] ? map[i][1] : 0;
    return out;
}

static int install(struct fs_at at, const char *path, int flags, unsigned mode)
{
    struct file *file;
    int err = vfs_open(at, path, tarn_flags(flags), mode, &file);
    if (err < 0)
        return err;
    int fd = files_install(files, file, 0, flags & W_CLOEXEC);
    if (fd < 0)
        file_put(file);
    return fd;
}

static int t_open(const char *path, int flags, unsigned mode)
{
    return install(AT, path, flags, mode);
}

static int t_openat(int dir, const char *path, int flags, unsigned mode)
{
    struct file *file = files_lookup(files, dir);
    if (!file)
        return -EBADF;
    int fd = install((struct fs_at){fs, &file->path}, path, flags, mode);
    file_put(file);
    return fd;
}

static int t_close(int fd)
{
    return files_close(files, fd);
}

enum rw { READ, WRITE, PREAD, PWRITE };

static long transfer(enum rw how, int fd, void *buf, size_t n, int64_t pos)
{
    struct file *file = files_lookup(files, fd);
    if (!file)
        return -EBADF;
    struct uio uio;
    uio_user(&uio, (uintptr_t)buf, n);
    long done = how == READ    ? file_read(file, &uio)
                : how == WRITE ? file_write(file, &uio)
                : how == PREAD ? file_pread(file, &uio, pos)
                               : file_pwrite(file, &uio, pos);
    file_put(file);
    return done;
}

static long t_read(int fd, void *buf, size_t n)
{
    return transfer(READ, fd, buf, n, 0);
}
static long t_write(int fd, const void *buf, size_t n)
{
    return transfer(WRITE, fd, (void *)(uintptr_t)buf, n, 0);
}
static long t_pread(int fd, void *buf, size_t n, int64_t pos)
{
    return transfer(PREAD, fd, buf, n, pos);
}
static long t_pwrite(int fd, const void *buf, size_t n, int64_t pos)
{
    return transfer(PWRITE, fd, (void *)(uintptr_t)buf, n, pos);
}

static int64_t t_lseek(int fd, int64_t offset, int whence)
{
    struct file *file = files_lookup(files, fd);
    if (!file)
        return -EBADF;
    int64_t pos = file_seek(file, offset, whence);
    file_put(file);
    return pos;
}

static int t_ftruncate(int fd, int64_t size)
{
    struct file *file = files_lookup(files, fd);
    if (!file)
        return -EBADF;
    int err = file_truncate(file, size);
    file_put(file);
    return err;
}

static int t_dup(int fd)
{
    struct file *file = files_lookup(files, fd);
    if (!file)
        return -EBADF;
    int copy = files_install(files, file, 0, false);
    if (copy < 0)
        file_put(file);
    return copy;
}

static int t_dup2(int fd, int to, int cloexec)
{
    if (fd == to)
        return -EINVAL;
    struct file *file = files_lookup(files, fd);
    if (!file)
        return -EBADF;
    int copy = files_install_at(files, file, to, cloexec);
    if (copy < 0)
        file_put(file);
    return copy;
}

static int t_pipe(int fds[2], int flags)
{
    struct file *ends[2];
    int err = pipe_create(&ends[0], &ends[1], tarn_flags(flags) & O_NONBLOCK);
    if (err < 0)
        return err;
    for (int i = 0; i < 2; i++) {
        fds[i] = files_install(files, ends[i], 0, flags & W_CLOEXEC);
        assert(fds[i] >= 0);
    }
    return 0;
}

static int t_mkdir(const char *path, unsigned mode)
{
    return vfs_mkdir(AT, path, mode);
}
static int t_rmdir(const char *path)
{
    return vfs_rmdir(AT, path);
}
static int t_unlink(const char *path)
{
    return vfs_unlink(AT, path);
}
static int t_link(const char *old, const char *path)
{
    return vfs_link(AT, old, AT, path, false);
}
static int t_symlink(const char *target, const char *path)
{
    return vfs_symlink(AT, target, path);
}

static long t_readlink(const char *path, char *buf, size_t n)
{
    char whole[FS_PATH_MAX];
    long len = vfs_readlink(AT, path, whole, sizeof whole);
    if (len > (long)n)
        len = (long)n;
    if (len > 0)
        memcpy(buf, whole, (size_t)len);
    return len;
}

static int t_rename(const char *old, const char *path, int flags)
{
    return vfs_rename(AT, old, AT, path, (unsigned)flags);
}
static int t_mkfifo(const char *path, unsigned mode)
{
    return vfs_mknod(AT, path, S_IFIFO | mode, 0);
}

static void fill(struct inode *inode, struct world_stat *st)
{
    *st = (struct world_stat){
        .mode = inode->mode,
        .nlink = inode->nlink,
        .rdev_major = DEV_MAJOR(inode->rdev),
        .rdev_minor = DEV_MINOR(inode->rdev),
        .size = inode_size(inode),
        .ino = inode->ino,
        .mtime_sec = inode->mtime / 1000000000,
    };
}

static int t_stat(const char *path, struct world_stat *st, int follow)
{
    struct path found;
    int err = vfs_lookup(AT, path, follow, &found);
    if (err < 0)
        return err;
    fill(found.dentry->inode, st);
    path_put(found);
    return 0;
}

static int t_fstat(int fd, struct world_stat *st)
{
    struct file *file = files_lookup(files, fd);
    if (!file)
        return -EBADF;
    fill(file->inode, st);
    file_put(file);
    return 0;
}

static int t_chmod(const char *path, unsigned mode)
{
    struct path found;
    int err = vfs_lookup(AT, path, true, &found);
    if (err < 0)
        return err;
    err = inode_chmod(found, mode);
    path_put(found);
    return err;
}

static int t_chdir(const char *path)
{
    return vfs_chdir(AT, path);
}

static int t_fchdir(int fd)
{
    struct file *file = files_lookup(files, fd);
    if (!file)
        return -EBADF;
    int err = vfs_fchdir(fs, file);
    file_put(file);
    return err;
}

static long t_getcwd(char *buf, size_t n)
{
    return vfs_getcwd(fs, buf, n);
}

struct lister {
    struct dir_context ctx;
    char *names[4096];
    int count, room;
};

static int emit(struct dir_context *ctx, const char *name, size_t len, uint64_t ino, unsigned type,
                int64_t next)
{
    struct lister *l = (struct lister *)ctx;
    assert(name[len] == '\0' && ino != 0 && next > 0);
    if (l->room-- == 0)
        return 1; /* like a full buffer: the listing goes on in a further call */
    char line[300];
    snprintf(line, sizeof line, "%s %u\n", name, type);
    l->names[l->count++] = strdup(line);
    return 0;
}

/* As scandir() sorts: by the name alone. */
static int by_name(const void *a, const void *b)
{
    const char *x = *(char *const *)a, *y = *(char *const *)b;
    size_t nx = strcspn(x, " "), ny = strcspn(y, " ");
    int order = memcmp(x, y, nx < ny ? nx : ny);
    return order ? order : (nx > ny) - (nx < ny);
}

static int t_list(const char *path, char *buf, size_t n)
{
    struct file *file;
    int err = vfs_open(AT, path, O_RDONLY | O_DIRECTORY, 0, &file);
    if (err < 0)
        return err;
    static struct lister l;
    l.ctx.emit = emit;
    l.count = 0;
    do {
        l.room = 3;
        err = file_readdir(file, &l.ctx);
    } while (err > 0);
    file_put(file);
    qsort(l.names, (size_t)l.count, sizeof *l.names, by_name);
    size_t at = 0;
    for (int i = 0; i < l.count; i++) {
        at += (size_t)snprintf(buf + at, n - at, "%s", l.names[i]);
        free(l.names[i]);
    }
    return err < 0 && err != -ENOENT ? err : l.count; /* as readdir(3): a removed one is empty */
}

const struct world world_tarn = {
    "tarn",   t_open,   t_openat,    t_close,   t_read,     t_write,  t_pread,
    t_pwrite, t_lseek,  t_ftruncate, t_dup,     t_dup2,     t_pipe,   t_mkdir,
    t_rmdir,  t_unlink, t_link,      t_symlink, t_readlink, t_rename, t_mkfifo,
    t_stat,   t_fstat,  t_chmod,     t_chdir,   t_fchdir,   t_getcwd, t_list,
};

void world_tarn_begin(void)
{
    if (!fs && vfs_init() < 0)
        abort();
    fs = fs_context_create();
    files = files_create();
    assert(fs && files);
}

static void remove_tree(const char *path)
{
    char *names = malloc(1 << 16), *save = NULL;
    if (t_list(path, names, 1 << 16) < 0)
        names[0] = '\0';
    for (char *line = strtok_r(names, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        *strrchr(line, ' ') = '\0';
        if (strcmp(line, ".") == 0 || strcmp(line, "..") == 0)
            continue;
        char full[FS_PATH_MAX];
        snprintf(full, sizeof full, "%s/%s", path, line);
        if (t_unlink(full) == -EISDIR && t_rmdir(full) == -ENOTEMPTY) {
            remove_tree(full);
            t_rmdir(full);
        }
    }
    free(names);
}

void world_tarn_reset(void)
{
    files_put(files);
    files = files_create();
    t_chdir("/");
    remove_tree("/");
    assert(files);
}

void world_tarn_end(void)
{
    world_tarn_reset();
    files_put(files);
    fs_context_put(fs);
    fs = fs_context_create();
    files = NULL;
    fs_context_put(fs);
}
