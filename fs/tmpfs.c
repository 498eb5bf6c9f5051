/*
 * tmpfs: files whose only home is the page cache, directories whose only home is the dentry cache.
 *
 * A file's pages change only under inode->lock; readers take none but pages.lock for each page, so
 * a page beyond the end of the file, and the last page beyond it, must always be zero.
 */
#include "abi/dirent.h"
#include "fs/internal.h"

static const struct inode_ops dir_ops, file_inode_ops, link_ops, special_ops;
static const struct file_ops tmpfs_file_ops;

const struct file_ops dir_file_ops = {.readdir = dentry_readdir};

/* ---- limits: one super's share of memory, so that files cannot starve everything else */

static size_t all_pages; /* of every tmpfs; atomic */

size_t tmpfs_pages(void)
{
    return __atomic_load_n(&all_pages, __ATOMIC_RELAXED);
}

static bool charge(size_t *count, size_t limit)
{
    if (__atomic_add_fetch(count, 1, __ATOMIC_RELAXED) <= limit)
        return true;
    __atomic_sub_fetch(count, 1, __ATOMIC_RELAXED);
    return false;
}

static void uncharge(size_t *count, size_t n)
{
    __atomic_sub_fetch(count, n, __ATOMIC_RELAXED);
}

/* ---- file content */

/*
 * Puts `page` (NULL: there was no memory) at index, keeping the caller's reference: 0, -EEXIST or
 * -ENOSPC. The page is charged to the file system.
 */
static int page_add(struct inode *inode, uint64_t index, struct page *page)
{
    struct super *super = inode->super;
    if (!page || !charge(&super->pages, super->max_pages))
        return -ENOSPC;
    page_get(page); /* the tree's */
    int err = page_tree_insert(&inode->pages, index, page);
    if (err == 0) {
        __atomic_add_fetch(&all_pages, 1, __ATOMIC_RELAXED);
        return 0;
    }
    page_put(page);
    uncharge(&super->pages, 1);
    return err == -EEXIST ? err : -ENOSPC;
}

/* The page at index, made (zero) if it is missing, with a reference: 0 or -ENOSPC. */
static int page_make(struct inode *inode, uint64_t index, struct page **out)
{
    struct page *page = page_alloc_zeroed();
    int err = page_add(inode, index, page);
    if (err < 0 && page)
        page_put(page);
    if (err == -EEXIST) {
        page = page_tree_get(&inode->pages, index); /* a page fault was quicker */
        err = page ? 0 : -ENOSPC;
    }
    *out = page;
    return err;
}

static int tmpfs_get_page(struct inode *inode, uint64_t index, struct page **page)
{
    if (index > FS_FILE_SIZE_MAX >> PAGE_SHIFT ||
        (int64_t)(index << PAGE_SHIFT) >= inode_size(inode))
        return -ENXIO;
    *page = page_tree_get(&inode->pages, index);
    if (*page)
        return 0;
    int err = page_make(inode, index, page);
    return err == -ENOSPC ? -ENOMEM : err;
}

static long tmpfs_read(struct file *file, struct uio *uio, int64_t *pos)
{
    struct inode *inode = file->inode;
    long done = 0;
    int err = 0;
    while (uio->left > 0 && err == 0) {
        int64_t size = inode_size(inode);
        if (*pos >= size)
            break;
        size_t offset = (size_t)*pos & PAGE_MASK;
        size_t n = PAGE_SIZE - offset;
        if ((int64_t)n > size - *pos)
            n = (size_t)(size - *pos);
        if (n > uio->left)
            n = uio->left;
        struct page *page = page_tree_get(&inode->pages, (uint64_t)*pos >> PAGE_SHIFT);
        if (page) {
            err = uio_put(uio, (char *)page_va(page) + offset, n);
            page_put(page);
        } else {
            err = uio_zero(uio, n);
        }
        if (err == 0) {
            *pos += (int64_t)n;
            done += (long)n;
        }
    }
    if (inode->atime <= inode->mtime) /* the first read since it was changed: relatime */
        inode->atime = port_realtime_ns();
    return done > 0 ? done : err;
}

static void set_size(struct inode *inode, int64_t size)
{
    spin_lock(&inode->pages.lock);
    inode->size = size;
    spin_unlock(&inode->pages.lock);
}

/* A whole new page: filled before it is seen, so that it need not be cleared first. */
static long write_new_page(struct inode *inode, struct uio *uio, uint64_t index)
{
    struct page *page = page_alloc();
    if (!page)
        return -ENOSPC;
    int err = uio_get(uio, page_va(page), PAGE_SIZE);
    if (err == 0)
        err = page_add(inode, index, page);
    if (err == -EEXIST) { /* a page fault put an empty one there */
        struct page *other = page_tree_get(&inode->pages, index);
        err = other ? 0 : -ENOSPC;
        if (other) {
            memcpy(page_va(other), page_va(page), PAGE_SIZE);
            page_put(other);
        }
    }
    page_put(page);
    return err < 0 ? err : (long)PAGE_SIZE;
}

/* Copies at most a page's worth to pos: the count or an error. inode->lock is held. */
static long write_page(struct inode *inode, struct uio *uio, int64_t pos)
{
    size_t offset = (size_t)pos & PAGE_MASK;
    size_t n = PAGE_SIZE - offset < uio->left ? PAGE_SIZE - offset : uio->left;
    uint64_t index = (uint64_t)pos >> PAGE_SHIFT;
    struct page *page = page_tree_get(&inode->pages, index);
    if (!page && n == PAGE_SIZE)
        return write_new_page(inode, uio, index);
    int err = page ? 0 : page_make(inode, index, &page);
    if (err < 0)
        return err;
    char *to = (char *)page_va(page) + offset;
    err = uio_get(uio, to, n);
    if (err < 0 && pos + (int64_t)n > inode->size) {
        /* A part may have been copied: beyond the end there must be zeros again. */
        size_t keep = inode->size > pos ? (size_t)(inode->size - pos) : 0;
        memset(to + keep, 0, n - keep);
    }
    page_put(page);
    return err < 0 ? err : (long)n;
}

static long tmpfs_write(struct file *file, struct uio *uio, int64_t *pos)
{
    struct inode *inode = file->inode;
    long done = 0, n = 0;
    if (uio->left == 0)
        return 0;
    mutex_lock(&inode->lock);
    int64_t at = file->status & O_APPEND ? inode->size : *pos;
    if (at >= FS_FILE_SIZE_MAX)
        n = -EFBIG;
    else if ((int64_t)uio->left > FS_FILE_SIZE_MAX - at)
        uio->left = (size_t)(FS_FILE_SIZE_MAX - at);
    while (uio->left > 0 && n >= 0) {
        n = write_page(inode, uio, at);
        if (n <= 0)
            break;
        at += n;
        done += n;
        if (at > inode->size)
            set_size(inode, at);
    }
    if (done > 0) {
        inode_touch(inode, true);
        *pos = at;
    }
    mutex_unlock(&inode->lock);
    return done > 0 ? done : n;
}

static void drop_pages(struct inode *inode, uint64_t first)
{
    size_t n = page_tree_truncate(&inode->pages, first);
    uncharge(&inode->super->pages, n);
    uncharge(&all_pages, n);
}

static int tmpfs_truncate(struct inode *inode, int64_t size)
{
    int64_t old = inode->size;
    set_size(inode, size);
    if (size < old) {
        uint64_t first = ((uint64_t)size + PAGE_MASK) >> PAGE_SHIFT;
        drop_pages(inode, first);
        size_t offset = (size_t)size & PAGE_MASK;
        struct page *page =
            offset ? page_tree_get(&inode->pages, (uint64_t)size >> PAGE_SHIFT) : NULL;
        if (page) {
            memset((char *)page_va(page) + offset, 0, PAGE_SIZE - offset);
            page_put(page);
        }
    }
    inode_touch(inode, true);
    return 0;
}

/* ---- names */

static struct inode *new_inode(struct super *super, uint32_t mode)
{
    if (!charge(&super->inodes, super->max_inodes))
        return NULL;
    struct inode *inode = inode_alloc(super, mode);
    if (!inode) {
        uncharge(&super->inodes, 1);
        return NULL;
    }
    inode->ops = &special_ops;
    switch (mode & S_IFMT) {
    case S_IFDIR:
        inode->ops = &dir_ops;
        inode->fops = &dir_file_ops;
        inode->nlink = 2;
        break;
    case S_IFREG:
        inode->ops = &file_inode_ops;
        inode->fops = &tmpfs_file_ops;
        break;
    case S_IFLNK: inode->ops = &link_ops; break;
    case S_IFCHR:
    case S_IFBLK: inode->fops = &device_file_ops; break;
    case S_IFIFO: inode->fops = &fifo_file_ops; break;
    default: inode->fops = &bad_file_ops; break;
    }
    return inode;
}

static int tmpfs_make(struct inode *dir, struct dentry *d, uint32_t mode, uint32_t rdev,
                      const char *target)
{
    struct inode *inode = new_inode(dir->super, mode);
    if (!inode)
        return -ENOSPC;
    inode->rdev = rdev;
    if (target) {
        size_t size = strlen(target) + 1;
        inode->priv = kmalloc(size);
        if (!inode->priv) {
            inode_put(inode);
            return -ENOSPC;
        }
        memcpy(inode->priv, target, size);
        inode->size = (int64_t)size - 1;
    }
    if (inode_is_dir(inode))
        dir->nlink++;
    inode_touch(dir, true);
    dentry_bind(d, inode);
    return 0;
}

static int tmpfs_link(struct inode *inode, struct inode *dir, struct dentry *d)
{
    if (inode->nlink >= UINT32_MAX - 1)
        return -EMLINK;
    inode->nlink++;
    inode_touch(inode, false);
    inode_touch(dir, true);
    dentry_bind(d, inode_get(inode));
    return 0;
}

/* One name less for an inode; a directory loses "." with it, and its parent "..". */
static void drop_name(struct inode *dir, struct inode *inode)
{
    if (inode_is_dir(inode)) {
        inode->nlink = 0;
        dir->nlink--;
    } else {
        inode->nlink--;
    }
    inode_touch(inode, false);
}

static int tmpfs_unlink(struct inode *dir, struct dentry *d)
{
    if (inode_is_dir(d->inode) && dentry_has_children(d))
        return -ENOTEMPTY;
    drop_name(dir, d->inode);
    inode_touch(dir, true);
    return 0;
}

static int tmpfs_rename(struct inode *from_dir, struct dentry *from, struct inode *dir,
                        struct dentry *to, unsigned flags)
{
    struct inode *victim = to->inode;
    bool exchange = flags & RENAME_EXCHANGE;
    if (victim && !exchange) {
        if (inode_is_dir(victim) && dentry_has_children(to))
            return -ENOTEMPTY;
        drop_name(dir, victim);
    }
    if (inode_is_dir(from->inode)) {
        from_dir->nlink--;
        dir->nlink++;
    }
    if (exchange && inode_is_dir(victim)) {
        dir->nlink--;
        from_dir->nlink++;
    }
    inode_touch(from->inode, false);
    if (exchange)
        inode_touch(victim, false);
    inode_touch(from_dir, true);
    inode_touch(dir, true);
    return 0;
}

static long tmpfs_readlink(struct inode *inode, char *buf, size_t size)
{
    size_t len = (size_t)inode->size;
    if (len > size)
        len = size;
    memcpy(buf, inode->priv, len);
    return (long)len;
}

static void tmpfs_evict(struct inode *inode)
{
    uncharge(&inode->super->inodes, 1);
    drop_pages(inode, 0);
    kfree(inode->priv);
}

int tmpfs_mount(struct super *super, const char *source, const char *data)
{
    super->max_pages = super->max_inodes = page_free_count() / 2;
    struct inode *root = new_inode(super, S_IFDIR | 0755);
    if (!root)
        return -ENOMEM;
    super->root = dentry_alloc_root(root);
    return super->root ? 0 : -ENOMEM;
}

static const struct inode_ops dir_ops = {
    .make = tmpfs_make,
    .link = tmpfs_link,
    .unlink = tmpfs_unlink,
    .rename = tmpfs_rename,
    .evict = tmpfs_evict,
};

static const struct inode_ops file_inode_ops = {
    .truncate = tmpfs_truncate,
    .get_page = tmpfs_get_page,
    .evict = tmpfs_evict,
};

static const struct inode_ops link_ops = {.readlink = tmpfs_readlink, .evict = tmpfs_evict};
static const struct inode_ops special_ops = {.evict = tmpfs_evict};

static const struct file_ops tmpfs_file_ops = {.read = tmpfs_read, .write = tmpfs_write};

struct fs_type tmpfs_type = {
    .name = "tmpfs",
    .nodev = true,
    .resident = true,
    .magic = 0x01021994,
    .mount = tmpfs_mount,
};
