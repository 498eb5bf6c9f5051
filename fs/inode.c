/* Inodes: life, attributes, pages. */
#include "fs/internal.h"

static int object_get_page(struct vm_object *object, uint64_t index, struct page **page)
{
    return inode_get_page(container_of(object, struct inode, object), index, page);
}

static void object_get(struct vm_object *object)
{
    inode_get(container_of(object, struct inode, object));
}

static void object_put(struct vm_object *object)
{
    inode_put(container_of(object, struct inode, object));
}

static const struct vm_object_ops object_ops = {object_get_page, object_get, object_put};

struct inode *inode_alloc(struct super *super, uint32_t mode)
{
    struct inode *inode = kzalloc(sizeof *inode);
    if (!inode)
        return NULL;
    inode->refs = 1;
    inode->mode = mode;
    inode->nlink = 1;
    inode->ino = __atomic_add_fetch(&super->next_ino, 1, __ATOMIC_RELAXED);
    inode->super = super;
    __atomic_add_fetch(&super->refs, 1, __ATOMIC_RELAXED);
    inode->object.ops = &object_ops;
    mutex_init(&inode->lock);
    page_tree_init(&inode->pages);
    inode->atime = inode->mtime = inode->ctime = inode->btime = port_realtime_ns();
    return inode;
}

struct inode *inode_get(struct inode *inode)
{
    __atomic_add_fetch(&inode->refs, 1, __ATOMIC_RELAXED);
    return inode;
}

void inode_put(struct inode *inode)
{
    if (__atomic_sub_fetch(&inode->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    if (inode->ops && inode->ops->evict)
        inode->ops->evict(inode);
    page_tree_truncate(&inode->pages, 0);
    super_put(inode->super);
    kfree(inode);
}

int64_t inode_size(struct inode *inode)
{
    if (sizeof(long) == sizeof(int64_t))
        return __atomic_load_n(&inode->size, __ATOMIC_RELAXED);
    spin_lock(&inode->pages.lock);
    int64_t size = inode->size;
    spin_unlock(&inode->pages.lock);
    return size;
}

int inode_get_page(struct inode *inode, uint64_t index, struct page **page)
{
    return inode->ops->get_page ? inode->ops->get_page(inode, index, page) : -EIO;
}

struct vm_object *inode_object(struct inode *inode)
{
    return &inode->object;
}

void inode_touch(struct inode *inode, bool data)
{
    inode->ctime = port_realtime_ns();
    if (data)
        inode->mtime = inode->ctime;
}

long inode_readlink(struct inode *inode, char *buf, size_t size)
{
    if (!inode->ops->readlink)
        return -EINVAL;
    long len = inode->ops->readlink(inode, buf, size - 1);
    if (len >= 0)
        buf[len] = '\0';
    return len;
}

/* ---- attributes */

int inode_chmod(struct path path, uint32_t mode)
{
    struct inode *inode = path.dentry->inode;
    int err = mount_writable(path.mnt);
    if (err < 0)
        return err;
    mutex_lock(&inode->lock);
    inode->mode = (inode->mode & S_IFMT) | (mode & 07777);
    inode_touch(inode, false);
    mutex_unlock(&inode->lock);
    return 0;
}

int inode_chown(struct path path, uint32_t uid, uint32_t gid)
{
    struct inode *inode = path.dentry->inode;
    int err = mount_writable(path.mnt);
    if (err < 0)
        return err;
    mutex_lock(&inode->lock);
    if (uid != UINT32_MAX)
        inode->uid = uid;
    if (gid != UINT32_MAX)
        inode->gid = gid;
    inode_touch(inode, false);
    mutex_unlock(&inode->lock);
    return 0;
}

int inode_utimes(struct path path, int64_t atime, int64_t mtime)
{
    struct inode *inode = path.dentry->inode;
    int err = mount_writable(path.mnt);
    if (err < 0)
        return err;
    mutex_lock(&inode->lock);
    if (atime != INT64_MIN)
        inode->atime = atime;
    if (mtime != INT64_MIN)
        inode->mtime = mtime;
    inode_touch(inode, false);
    mutex_unlock(&inode->lock);
    return 0;
}

int inode_truncate(struct path path, int64_t size)
{
    struct inode *inode = path.dentry->inode;
    if (size < 0)
        return -EINVAL;
    if (inode_is_dir(inode))
        return -EISDIR;
    if (!S_ISREG(inode->mode) || !inode->ops->truncate)
        return -EINVAL;
    int err = mount_writable(path.mnt);
    if (err < 0)
        return err;
    if (size > FS_FILE_SIZE_MAX)
        return -EFBIG;
    mutex_lock(&inode->lock);
    err = inode->ops->truncate(inode, size);
    mutex_unlock(&inode->lock);
    return err;
}

int inode_access(struct path path, int mode)
{
    const struct inode *inode = path.dentry->inode;
    if (mode & ~(R_OK | W_OK | X_OK))
        return -EINVAL;
    if (mode & W_OK && (S_ISREG(inode->mode) || inode_is_dir(inode) || inode_is_link(inode))) {
        int err = mount_writable(path.mnt);
        if (err < 0)
            return err;
    }
    /* The superuser reads and writes anything, but executes only what somebody may. */
    if (mode & X_OK && !inode_is_dir(inode) && !(inode->mode & 0111))
        return -EACCES;
    return 0;
}
