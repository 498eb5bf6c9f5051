/*
 * Path resolution (POSIX.1-2017 4.13; path_resolution(7)).
 *
 * The walk runs over cached names under the dcache lock, taking no references on the way; it leaves
 * the lock only for what may sleep: a name the cache lacks, a symbolic link, the end.
 */
#include "fs/internal.h"

int walk_begin(struct walk *w, struct fs_at at, const char *path)
{
    *w = (struct walk){.fs = at.fs, .rest = path};
    if (!*path)
        return -ENOENT;
    if (*path == '/') {
        w->dir = path_get(at.fs->root);
    } else if (at.at) {
        w->dir = path_get(*at.at);
    } else {
        spin_lock(&dcache_lock);
        w->dir = path_get(at.fs->cwd);
        spin_unlock(&dcache_lock);
    }
    return 0;
}

void walk_end(struct walk *w)
{
    if (w->dir.dentry)
        path_put(w->dir);
    kfree(w->buf);
    w->dir = (struct path){NULL, NULL};
    w->buf = NULL;
}

static void follow_mounts_locked(struct path *path)
{
    while (path->dentry->flags & DENTRY_MOUNTED) {
        struct mount *mnt = mount_on(path->mnt, path->dentry);
        if (!mnt)
            break;
        *path = (struct path){mnt, mnt->super->root};
    }
}

void path_follow_mounts(struct path *path)
{
    struct path old = *path;
    spin_lock(&dcache_lock);
    follow_mounts_locked(path);
    path_get(*path);
    spin_unlock(&dcache_lock);
    path_put(old);
}

static void step_up_locked(const struct walk *w, struct path *path)
{
    for (;;) {
        if (path->dentry == w->fs->root.dentry && path->mnt == w->fs->root.mnt)
            return;
        if (path->dentry != path->mnt->super->root)
            break;
        if (!path->mnt->parent)
            return;
        *path = (struct path){path->mnt->parent, path->mnt->mountpoint};
    }
    path->dentry = path->dentry->parent;
    follow_mounts_locked(path);
}

/* Replaces the counted place the walk stands at by the one given, counted already. */
static void walk_stand(struct walk *w, struct path path)
{
    struct path old = w->dir;
    w->dir = path;
    path_put(old);
}

/* Goes on with the content of a symbolic link before the rest. */
static int push_link(struct walk *w, struct dentry *link, const char *rest)
{
    if (++w->links > FS_SYMLINK_MAX)
        return -ELOOP;
    char *target = kmalloc(FS_PATH_MAX);
    if (!target)
        return -ENOMEM;
    long len = inode_readlink(link->inode, target, FS_PATH_MAX);
    if (len == 0)
        len = -ENOENT;
    size_t rest_len = strlen(rest);
    char *buf = len > 0 ? kmalloc((size_t)len + rest_len + 1) : NULL;
    if (buf) {
        memcpy(buf, target, (size_t)len);
        memcpy(buf + len, rest, rest_len + 1);
        kfree(w->buf);
        w->buf = buf;
        w->rest = buf;
        if (*buf == '/')
            walk_stand(w, path_get(w->fs->root));
    }
    kfree(target);
    return len < 0 ? (int)len : buf ? 0 : -ENOMEM;
}

/* Finds a name through the file system; the walk stands at its directory. 0 or an error. */
static int slow_lookup(struct walk *w, const struct name *name, struct dentry **d)
{
    struct inode *dir = w->dir.dentry->inode;
    mutex_lock(&dir->lock);
    int err = dentry_lookup(w->dir.dentry, name, d);
    mutex_unlock(&dir->lock);
    return err;
}

enum step { STEP_DONE, STEP_LOOKUP, STEP_LINK, STEP_ERROR };

/*
 * Walks as far as the cache goes, `at` being uncounted. STEP_LOOKUP: *name is needed from the file
 * system. STEP_LINK: *link (counted) is a symbolic link in `at`. w->rest is what follows.
 */
static enum step walk_cached(struct walk *w, struct path *at, bool parent, bool follow,
                             struct name *name, struct dentry **link, int *err)
{
    for (;;) {
        while (*w->rest == '/')
            w->rest++;
        if (!*w->rest)
            return STEP_DONE;
        *err = -ENOTDIR;
        if (!inode_is_dir(at->dentry->inode))
            return STEP_ERROR;
        *name = name_scan(w->rest);
        const char *next = name->text + name->len;
        const char *end = next;
        while (*end == '/')
            end++;
        bool last = !*end;
        if (parent && last) {
            w->last = *name;
            w->slash = *next == '/';
            return STEP_DONE;
        }
        if (name->text[0] == '.' && name->len <= 2) {
            if (name->len == 1 || name->text[1] == '.') {
                if (name->len == 2)
                    step_up_locked(w, at);
                w->rest = next;
                continue;
            }
        }
        *err = -ENAMETOOLONG;
        if (name->len > FS_NAME_MAX)
            return STEP_ERROR;
        const struct inode_ops *ops = at->dentry->inode->ops;
        struct dentry *d = ops->revalidate ? NULL : dentry_find(at->dentry, name);
        if (!d) {
            *err = -ENOENT;
            return ops->lookup ? STEP_LOOKUP : STEP_ERROR;
        }
        w->rest = next;
        if (inode_is_link(d->inode) && (follow || !last || *next == '/')) {
            *link = dentry_get(d);
            return STEP_LINK;
        }
        at->dentry = d;
        follow_mounts_locked(at);
    }
}

static int walk_path(struct walk *w, bool parent, bool follow)
{
    for (;;) {
        struct path at = w->dir;
        struct name name;
        struct dentry *d = NULL;
        int err = 0;
        spin_lock(&dcache_lock);
        enum step step = walk_cached(w, &at, parent, follow, &name, &d, &err);
        path_get(at);
        spin_unlock(&dcache_lock);
        walk_stand(w, at);
        if (step == STEP_DONE)
            return 0;
        if (step == STEP_ERROR)
            return err;
        if (step == STEP_LOOKUP) {
            err = slow_lookup(w, &name, &d);
            if (err < 0)
                return err;
            w->rest = name.text + name.len;
            bool last = w->rest[strspn(w->rest, "/")] == '\0';
            if (!inode_is_link(d->inode) || (!follow && last && *w->rest != '/')) {
                struct path found = {mount_get(w->dir.mnt), d};
                walk_stand(w, found);
                path_follow_mounts(&w->dir);
                continue;
            }
        }
        err = push_link(w, d, w->rest);
        dentry_put(d);
        if (err < 0)
            return err;
    }
}

int walk_all(struct walk *w, bool follow)
{
    const char *text = w->rest;
    int err = walk_path(w, false, follow);
    if (err < 0)
        return err;
    /* w->rest stands at the end of whatever string was walked last. */
    text = w->buf ? w->buf : text;
    bool slash = w->rest > text && w->rest[-1] == '/';
    return slash && !inode_is_dir(w->dir.dentry->inode) ? -ENOTDIR : 0;
}

int walk_parent(struct walk *w)
{
    w->last = (struct name){w->rest, 0, 0};
    w->slash = false;
    int err = walk_path(w, true, true);
    if (err < 0)
        return err;
    const struct name *last = &w->last;
    if (last->len == 0)
        w->last_type = LAST_ROOT; /* nothing but slashes */
    else if (last->len == 1 && last->text[0] == '.')
        w->last_type = LAST_DOT;
    else if (last->len == 2 && last->text[0] == '.' && last->text[1] == '.')
        w->last_type = LAST_DOTDOT;
    else
        w->last_type = LAST_NORMAL;
    return w->last_type == LAST_NORMAL && last->len > FS_NAME_MAX ? -ENAMETOOLONG : 0;
}

int walk_follow(struct walk *w, struct dentry *d)
{
    return push_link(w, d, w->last.text + w->last.len);
}
