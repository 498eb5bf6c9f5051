/* openat(2): from a path to an open file description. */
#include "fs/internal.h"

unsigned long file_count;

static const struct file_ops path_only_ops; /* O_PATH: a place, nothing to read */

struct file *file_alloc(struct inode *inode, const struct file_ops *ops, unsigned open_flags)
{
    struct file *file = kzalloc(sizeof *file);
    if (!file) {
        inode_put(inode);
        return NULL;
    }
    __atomic_add_fetch(&file_count, 1, __ATOMIC_RELAXED);
    unsigned mode = open_flags & O_ACCMODE;
    file->refs = 1;
    /* Access mode 3 opens for neither (ioctl only), as on Linux. */
    file->flags = (mode == O_RDONLY || mode == O_RDWR ? FILE_READ : 0) |
                  (mode == O_WRONLY || mode == O_RDWR ? FILE_WRITE : 0);
    file->status =
        open_flags & (O_ACCMODE | O_APPEND | O_NONBLOCK | O_DIRECTORY | O_LARGEFILE | O_SYNC);
    file->ops = ops;
    file->inode = inode;
    mutex_init(&file->pos_lock);
    return file;
}

/* The checks openat(2) makes once the inode is known. */
static int check_open(const struct path *path, int flags)
{
    const struct inode *inode = path->dentry->inode;
    bool write = (flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC;
    if (inode_is_link(inode))
        return flags & O_DIRECTORY ? -ENOTDIR : -ELOOP;
    if (flags & O_DIRECTORY && !inode_is_dir(inode))
        return -ENOTDIR;
    if (inode_is_dir(inode) && (write || flags & O_CREAT))
        return -EISDIR;
    if (write && S_ISREG(inode->mode))
        return mount_writable(path->mnt);
    return 0;
}

static int open_path_only(const struct path *path, int flags, struct file **out)
{
    if (flags & O_DIRECTORY && !inode_is_dir(path->dentry->inode))
        return -ENOTDIR;
    struct file *file = file_alloc(inode_get(path->dentry->inode), &path_only_ops, O_RDONLY);
    if (!file)
        return -ENOMEM;
    file->flags = 0;
    file->status = O_PATH;
    file->path = path_get(*path);
    *out = file;
    return 0;
}

int file_open_path(const struct path *path, int flags, struct file **out)
{
    if (flags & O_PATH)
        return open_path_only(path, flags, out);
    int err = check_open(path, flags);
    if (err < 0)
        return err;
    struct inode *inode = path->dentry->inode;
    struct file *file = file_alloc(inode_get(inode), inode->fops, (unsigned)flags);
    if (!file)
        return -ENOMEM;
    file->path = path_get(*path);
    file->status |= flags & O_NOCTTY; /* for open() only, F_GETFL does not show it */
    if (file->ops->open && (err = file->ops->open(inode, file)) < 0)
        file->ops = &path_only_ops; /* release() is for what open() accepted */
    file->status &= ~(unsigned)O_NOCTTY;
    if (err == 0 && flags & O_TRUNC && S_ISREG(inode->mode))
        err = inode_truncate(*path, 0);
    if (err < 0) {
        file_put(file);
        return err;
    }
    *out = file;
    return 0;
}

/*
 * One try at open(O_CREAT) in the directory the walk stands at: makes the file, finds it, or
 * follows the link that is there. 1: the last name was a link; walk on. 0: w->dir is what to open.
 */
static int create_last(struct walk *w, int flags, uint32_t mode)
{
    struct dentry *parent = w->dir.dentry;
    struct inode *dir = parent->inode;
    struct dentry *d = NULL;
    if (w->slash)
        return -EISDIR;
    mutex_lock(&dir->lock);
    int err = dir->nlink > 0 ? dentry_lookup(parent, &w->last, &d) : -ENOENT;
    if (err == -ENOENT && dir->nlink > 0) {
        err = mount_writable(w->dir.mnt);
        if (err == 0 && !(d = dentry_alloc(parent, &w->last)))
            err = -ENOMEM;
        if (err == 0)
            err = dir->ops->make ? dir->ops->make(dir, d, mode, 0, NULL) : -EACCES;
        if (err == 0)
            dentry_publish(d);
    } else if (err == 0 && flags & O_EXCL) {
        err = -EEXIST;
    }
    mutex_unlock(&dir->lock);
    if (err == 0 && inode_is_link(d->inode) && !(flags & O_NOFOLLOW)) {
        err = walk_follow(w, d);
        if (err == 0)
            err = 1;
    } else if (err == 0) {
        struct path old = w->dir;
        w->dir = (struct path){mount_get(old.mnt), dentry_get(d)};
        path_put(old);
        path_follow_mounts(&w->dir);
    }
    if (d)
        dentry_put(d);
    return err;
}

static int walk_create(struct walk *w, int flags, uint32_t mode)
{
    int err;
    do {
        err = walk_parent(w);
        if (err < 0)
            return err;
        if (w->last_type != LAST_NORMAL)
            return flags & O_EXCL ? -EEXIST : -EISDIR;
        err = create_last(w, flags, mode);
    } while (err > 0);
    return err;
}

int vfs_open(struct fs_at at, const char *path, int flags, uint32_t mode, struct file **file)
{
    if (flags & O_PATH)
        flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    if (flags & O_CREAT && flags & O_DIRECTORY)
        return -EINVAL;
    struct walk w;
    int err = walk_begin(&w, at, path);
    if (err == 0 && flags & O_CREAT)
        err = walk_create(&w, flags, S_IFREG | (mode & 07777 & ~at.fs->umask));
    else if (err == 0)
        err = walk_all(&w, !(flags & O_NOFOLLOW));
    if (err == 0)
        err = file_open_path(&w.dir, flags, file);
    walk_end(&w);
    return err;
}
