/* A process's view of the name space: root, working directory, umask. */
#include "fs/internal.h"

struct path path_get(struct path path)
{
    dentry_get(path.dentry);
    mount_get(path.mnt);
    return path;
}

void path_put(struct path path)
{
    dentry_put(path.dentry); /* first: the mount keeps its file system there */
    mount_put(path.mnt);
}

struct fs_context *fs_context_create(void)
{
    struct fs_context *fs = kmalloc(sizeof *fs);
    if (fs)
        *fs = (struct fs_context){1, 022, path_get(mount_root()), path_get(mount_root())};
    return fs;
}

struct fs_context *fs_context_get(struct fs_context *fs)
{
    __atomic_add_fetch(&fs->refs, 1, __ATOMIC_RELAXED);
    return fs;
}

void fs_context_put(struct fs_context *fs)
{
    if (__atomic_sub_fetch(&fs->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    path_put(fs->cwd);
    path_put(fs->root);
    kfree(fs);
}

struct fs_context *fs_context_copy(struct fs_context *fs)
{
    struct fs_context *copy = kmalloc(sizeof *copy);
    if (!copy)
        return NULL;
    spin_lock(&dcache_lock);
    *copy = (struct fs_context){1, fs->umask, path_get(fs->root), path_get(fs->cwd)};
    spin_unlock(&dcache_lock);
    return copy;
}

int vfs_lookup(struct fs_at at, const char *path, bool follow, struct path *out)
{
    struct walk w;
    int err = walk_begin(&w, at, path);
    if (err == 0)
        err = walk_all(&w, follow);
    if (err == 0)
        *out = path_get(w.dir);
    walk_end(&w);
    return err;
}

/* Takes over the reference to `path`. */
static int set_cwd(struct fs_context *fs, struct path path)
{
    if (!inode_is_dir(path.dentry->inode)) {
        path_put(path);
        return -ENOTDIR;
    }
    spin_lock(&dcache_lock);
    struct path old = fs->cwd;
    fs->cwd = path;
    spin_unlock(&dcache_lock);
    path_put(old);
    return 0;
}

int vfs_chdir(struct fs_at at, const char *path)
{
    struct path found;
    int err = vfs_lookup(at, path, true, &found);
    return err < 0 ? err : set_cwd(at.fs, found);
}

int vfs_fchdir(struct fs_context *fs, struct file *file)
{
    if (!file->path.dentry)
        return -ENOTDIR;
    return set_cwd(fs, path_get(file->path));
}

/* Writes the name of `path` to the end of buf: where it starts, or NULL if it does not fit. */
static char *name_backwards(const struct fs_context *fs, struct path path, char *buf, char *end)
{
    char *p = end;
    for (;;) {
        if (path.dentry == fs->root.dentry && path.mnt == fs->root.mnt)
            break;
        if (path.dentry == path.mnt->super->root) {
            if (!path.mnt->parent)
                break;
            path = (struct path){path.mnt->parent, path.mnt->mountpoint};
            continue;
        }
        const struct dentry *d = path.dentry;
        if (p - buf < d->len + 1)
            return NULL;
        p -= d->len;
        memcpy(p, d->name, d->len);
        *--p = '/';
        path.dentry = d->parent;
    }
    if (p == end) {
        if (p == buf)
            return NULL;
        *--p = '/';
    }
    return p;
}

static bool path_deleted(const struct path *path)
{
    const struct dentry *d = path->dentry;
    return d != path->mnt->super->root && !(d->flags & DENTRY_HASHED);
}

static long path_name(struct fs_context *fs, const struct path *path, char *buf, size_t size,
                      bool deleted_fails)
{
    static const char suffix[] = " (deleted)";
    long result = -ERANGE;
    spin_lock(&dcache_lock);
    bool deleted = path_deleted(path);
    size_t tail = deleted ? sizeof suffix : 1; /* with the NUL */
    if (deleted && deleted_fails) {
        result = -ENOENT;
    } else if (size > tail) {
        char *end = buf + size - tail;
        char *p = name_backwards(fs, *path, buf, end);
        if (p) {
            memcpy(end, deleted ? suffix : "", tail);
            result = buf + size - p;
            memmove(buf, p, (size_t)result);
        }
    }
    spin_unlock(&dcache_lock);
    return result;
}

long vfs_getcwd(struct fs_context *fs, char *buf, size_t size)
{
    return path_name(fs, &fs->cwd, buf, size, true);
}

long vfs_path_name(struct fs_context *fs, struct path path, char *buf, size_t size)
{
    return path_name(fs, &path, buf, size, false);
}
