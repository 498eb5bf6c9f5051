/*
 * Making, removing and renaming names (POSIX.1-2017: mkdir, link, symlink, unlink, rmdir; where
 * POSIX leaves a choice, Linux's).
 */
#include "fs/internal.h"

/* Resolves the parent of a name to be made and locks it. 0: walk_finish() must follow. */
static int begin_make(struct walk *w, struct fs_at at, const char *path)
{
    int err = walk_begin(w, at, path);
    if (err == 0)
        err = walk_parent(w);
    if (err == 0 && w->last_type != LAST_NORMAL)
        err = -EEXIST;
    if (err < 0) {
        walk_end(w);
        return err;
    }
    mutex_lock(&w->dir.dentry->inode->lock);
    return 0;
}

static void finish(struct walk *w)
{
    mutex_unlock(&w->dir.dentry->inode->lock);
    walk_end(w);
}

/*
 * A fresh unbound entry for the last name, if none is there and one may be made: -EEXIST, -EROFS,
 * -ENOENT (the directory has been removed, or `dir_only` and the name ends in a slash), -ENOMEM.
 */
static int fresh_entry(struct walk *w, bool is_dir, struct dentry **out)
{
    struct dentry *parent = w->dir.dentry;
    struct dentry *old;
    int err = parent->inode->nlink > 0 ? dentry_lookup(parent, &w->last, &old) : -ENOENT;
    if (err == 0) {
        dentry_put(old);
        return -EEXIST;
    }
    if (err != -ENOENT)
        return err;
    if (parent->inode->nlink == 0 || (w->slash && !is_dir))
        return -ENOENT;
    err = mount_writable(w->dir.mnt);
    if (err < 0)
        return err;
    *out = dentry_alloc(parent, &w->last);
    return *out ? 0 : -ENOMEM;
}

static int make(struct fs_at at, const char *path, uint32_t mode, uint32_t rdev, const char *target)
{
    struct walk w;
    int err = begin_make(&w, at, path);
    if (err < 0)
        return err;
    struct inode *dir = w.dir.dentry->inode;
    struct dentry *d;
    err = fresh_entry(&w, S_ISDIR(mode), &d);
    if (err == 0) {
        err = dir->ops->make ? dir->ops->make(dir, d, mode, rdev, target) : -EPERM;
        if (err == 0)
            dentry_publish(d);
        dentry_put(d);
    }
    finish(&w);
    return err;
}

int vfs_mknod(struct fs_at at, const char *path, uint32_t mode, uint32_t rdev)
{
    uint32_t type = mode & S_IFMT ? mode & S_IFMT : S_IFREG;
    if (type == S_IFDIR)
        return -EPERM;
    if (type == S_IFLNK)
        return -EINVAL;
    return make(at, path, type | (mode & 07777 & ~at.fs->umask), rdev, NULL);
}

int vfs_mkdir(struct fs_at at, const char *path, uint32_t mode)
{
    return make(at, path, S_IFDIR | (mode & 01777 & ~at.fs->umask), 0, NULL);
}

int vfs_symlink(struct fs_at at, const char *target, const char *path)
{
    if (!*target)
        return -ENOENT;
    return make(at, path, S_IFLNK | 0777, 0, target);
}

int vfs_link(struct fs_at from, const char *old, struct fs_at to, const char *path, bool follow)
{
    struct path source;
    int err = vfs_lookup(from, old, follow, &source);
    if (err < 0)
        return err;
    struct inode *inode = source.dentry->inode;
    struct walk w;
    err = begin_make(&w, to, path);
    if (err < 0)
        goto out;
    struct inode *dir = w.dir.dentry->inode;
    struct dentry *d = NULL;
    err = fresh_entry(&w, false, &d);
    if (err == 0) {
        if (w.dir.mnt != source.mnt)
            err = -EXDEV;
        else if (inode_is_dir(inode) || !dir->ops->link)
            err = -EPERM;
    }
    if (err == 0) {
        mutex_lock(&inode->lock);
        err = inode->nlink > 0 ? dir->ops->link(inode, dir, d) : -ENOENT;
        mutex_unlock(&inode->lock);
    }
    if (err == 0)
        dentry_publish(d);
    if (d)
        dentry_put(d);
    finish(&w);
out:
    path_put(source);
    return err;
}

long vfs_readlink(struct fs_at at, const char *path, char *buf, size_t size)
{
    struct path found;
    long err = vfs_lookup(at, path, false, &found);
    if (err < 0)
        return err;
    err = inode_readlink(found.dentry->inode, buf, size);
    path_put(found);
    return err;
}

/* ---- removing */

/* Removes the entry d of the locked directory the walk stands at. */
static int remove_entry(struct walk *w, struct dentry *d)
{
    struct inode *dir = w->dir.dentry->inode;
    int err = mount_writable(w->dir.mnt);
    if (err < 0)
        return err;
    if (!dir->ops->unlink)
        return -EPERM;
    mutex_lock(&d->inode->lock);
    err = d->flags & DENTRY_MOUNTED ? -EBUSY : dir->ops->unlink(dir, d);
    if (err == 0)
        dentry_unhash(d);
    mutex_unlock(&d->inode->lock);
    return err;
}

static int remove_name(struct fs_at at, const char *path, bool want_dir)
{
    static const int special[2][4] = {
        {0, -EISDIR, -EISDIR, -EISDIR},
        {0, -EINVAL, -ENOTEMPTY, -EBUSY},
    };
    struct walk w;
    int err = walk_begin(&w, at, path);
    if (err == 0)
        err = walk_parent(&w);
    if (err == 0)
        err = special[want_dir][w.last_type];
    if (err < 0) {
        walk_end(&w);
        return err;
    }
    struct dentry *d;
    mutex_lock(&w.dir.dentry->inode->lock);
    err = dentry_lookup(w.dir.dentry, &w.last, &d);
    if (err == 0) {
        bool is_dir = inode_is_dir(d->inode);
        if (is_dir != want_dir)
            err = is_dir ? -EISDIR : -ENOTDIR;
        else if (w.slash && !is_dir)
            err = -ENOTDIR;
        else
            err = remove_entry(&w, d);
        mutex_unlock(&w.dir.dentry->inode->lock);
        dentry_put(d); /* may free the file's pages: not under the directory's lock */
    } else {
        mutex_unlock(&w.dir.dentry->inode->lock);
    }
    walk_end(&w);
    return err;
}

int vfs_unlink(struct fs_at at, const char *path)
{
    return remove_name(at, path, false);
}

int vfs_rmdir(struct fs_at at, const char *path)
{
    return remove_name(at, path, true);
}
