/* rename(2) and renameat2(2). */
#include "fs/internal.h"

struct rename {
    struct walk from, to;
    struct dentry *source; /* what is renamed */
    struct dentry *victim; /* what is there already, or NULL */
    struct dentry *fresh;  /* carries the new name; NULL for an exchange */
    unsigned flags;
};

static bool is_dir(const struct dentry *d)
{
    return inode_is_dir(d->inode);
}

/* Locks both parents, the ancestor first; across directories the tree's shape is frozen before. */
static void lock_parents(struct dentry *a, struct dentry *b)
{
    if (a == b) {
        mutex_lock(&a->inode->lock);
        return;
    }
    mutex_lock(&a->inode->super->rename_lock);
    bool b_first = dentry_is_below(a, b);
    mutex_lock(b_first ? &b->inode->lock : &a->inode->lock);
    mutex_lock(b_first ? &a->inode->lock : &b->inode->lock);
}

static void unlock_parents(struct dentry *a, struct dentry *b)
{
    mutex_unlock(&a->inode->lock);
    if (a == b)
        return;
    mutex_unlock(&b->inode->lock);
    mutex_unlock(&a->inode->super->rename_lock);
}

/* Finds both ends; what rename(2) says about names and slashes. */
static int find_ends(struct rename *r)
{
    struct dentry *dir = r->to.dir.dentry;
    int err = dentry_lookup(r->from.dir.dentry, &r->from.last, &r->source);
    if (err < 0)
        return err;
    err = dir->inode->nlink > 0 ? dentry_lookup(dir, &r->to.last, &r->victim) : -ENOENT;
    if (dir->inode->nlink == 0 || (err < 0 && err != -ENOENT))
        return err;
    if (r->victim && r->flags & RENAME_NOREPLACE)
        return -EEXIST;
    if (r->flags & RENAME_EXCHANGE) {
        if (!r->victim)
            return -ENOENT;
        if (!is_dir(r->victim) && r->to.slash)
            return -ENOTDIR;
    }
    if (!is_dir(r->source) && (r->from.slash || (r->to.slash && !(r->flags & RENAME_EXCHANGE))))
        return -ENOTDIR;
    if (dir == r->from.dir.dentry)
        return 0;
    /* Into its own subtree; or over a directory it lies in. */
    if (dentry_is_below(dir, r->source))
        return -EINVAL;
    if (r->victim && dentry_is_below(r->from.dir.dentry, r->victim))
        return r->flags & RENAME_EXCHANGE ? -EINVAL : -ENOTEMPTY;
    return 0;
}

static int check_kinds(const struct rename *r)
{
    int err = mount_writable(r->from.dir.mnt);
    if (err < 0)
        return err;
    if (r->victim && !(r->flags & RENAME_EXCHANGE)) {
        if (is_dir(r->source) && !is_dir(r->victim))
            return -ENOTDIR;
        if (!is_dir(r->source) && is_dir(r->victim))
            return -EISDIR;
    }
    return r->source->flags & DENTRY_MOUNTED ? -EBUSY : 0;
}

static int do_rename(struct rename *r)
{
    struct dentry *from_dir = r->from.dir.dentry, *to_dir = r->to.dir.dentry;
    int err = find_ends(r);
    if (err < 0)
        return err;
    if (r->victim && r->victim->inode == r->source->inode)
        return 0; /* two names of one file: nothing happens (POSIX) */
    err = check_kinds(r);
    if (err < 0)
        return err;
    if (!from_dir->inode->ops->rename)
        return -EPERM;
    bool exchange = r->flags & RENAME_EXCHANGE;
    if (!exchange && !(r->fresh = dentry_alloc(to_dir, &r->to.last)))
        return -ENOMEM;
    struct dentry *to = r->victim ? r->victim : r->fresh;
    if (r->victim)
        mutex_lock(&r->victim->inode->lock);
    if (r->victim && r->victim->flags & DENTRY_MOUNTED)
        err = -EBUSY;
    else
        err = from_dir->inode->ops->rename(from_dir->inode, r->source, to_dir->inode, to, r->flags);
    if (err == 0 && exchange)
        dentry_exchange(r->source, r->victim);
    else if (err == 0)
        dentry_move(r->source, r->fresh, r->victim);
    if (r->victim)
        mutex_unlock(&r->victim->inode->lock);
    return err;
}

static int find_parents(struct rename *r, struct fs_at from, const char *old, struct fs_at to,
                        const char *path)
{
    int err = walk_begin(&r->from, from, old);
    if (err == 0)
        err = walk_parent(&r->from);
    if (err == 0)
        err = walk_begin(&r->to, to, path);
    if (err == 0)
        err = walk_parent(&r->to);
    if (err < 0)
        return err;
    if (r->from.dir.mnt != r->to.dir.mnt)
        return -EXDEV;
    if (r->from.last_type != LAST_NORMAL)
        return -EBUSY;
    if (r->to.last_type != LAST_NORMAL)
        return r->flags & RENAME_NOREPLACE ? -EEXIST : -EBUSY;
    return 0;
}

int vfs_rename(struct fs_at from, const char *old, struct fs_at to, const char *path,
               unsigned flags)
{
    const unsigned both = RENAME_NOREPLACE | RENAME_EXCHANGE;
    if (flags & ~both || flags == both)
        return -EINVAL;
    struct rename r = {.flags = flags};
    int err = find_parents(&r, from, old, to, path);
    if (err == 0) {
        lock_parents(r.from.dir.dentry, r.to.dir.dentry);
        err = do_rename(&r);
        unlock_parents(r.from.dir.dentry, r.to.dir.dentry);
    }
    if (r.fresh)
        dentry_put(r.fresh);
    if (r.victim)
        dentry_put(r.victim);
    if (r.source)
        dentry_put(r.source);
    walk_end(&r.from);
    walk_end(&r.to);
    return err;
}
