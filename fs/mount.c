/* File system types, mounted file systems, and where they are in the name space. */
#include "abi/mount.h"
#include "fs/internal.h"

struct list mount_list = LIST_INIT(mount_list);

static struct fs_type *types;
static struct mount *root_mount;
static uint32_t next_dev;
static struct mutex mount_lock; /* one mount or unmount at a time; outermost of all */

void fs_type_register(struct fs_type *type)
{
    struct fs_type **p = &types;
    while (*p)
        p = &(*p)->next;
    *p = type;
}

static struct fs_type *fs_type_find(const char *name)
{
    struct fs_type *type = types;
    while (type && strcmp(type->name, name) != 0)
        type = type->next;
    return type;
}

struct mount *mount_on(struct mount *mnt, struct dentry *d)
{
    struct mount *m;
    list_for_each_entry (m, &mount_list, mounts) {
        if (m->mountpoint == d && m->parent == mnt)
            return m;
    }
    return NULL;
}

int mount_writable(const struct mount *mnt)
{
    return mnt->flags & ABI_MS_RDONLY ? -EROFS : 0;
}

struct path mount_root(void)
{
    return (struct path){root_mount, root_mount->super->root};
}

/* ---- making and unmaking */

struct super *super_create(struct fs_type *type, const char *source, const char *data, int *err)
{
    struct super *super = kzalloc(sizeof *super);
    *err = -ENOMEM;
    if (!super)
        return NULL;
    super->refs = 1;
    super->type = type;
    super->dev = __atomic_add_fetch(&next_dev, 1, __ATOMIC_RELAXED);
    super->max_pages = super->max_inodes = SIZE_MAX;
    mutex_init(&super->rename_lock);
    *err = type->mount(super, source, data);
    if (*err < 0) {
        super_destroy(super);
        return NULL;
    }
    return super;
}

void super_put(struct super *super)
{
    if (__atomic_sub_fetch(&super->refs, 1, __ATOMIC_ACQ_REL) == 0)
        kfree(super);
}

void super_destroy(struct super *super)
{
    if (super->root) {
        dentry_drop_tree(super->root);
        if (super->type->unmount)
            super->type->unmount(super);
        dentry_put(super->root);
    }
    super_put(super); /* programs may still run from inodes of it */
}

static char *copy_string(const char *s)
{
    size_t size = strlen(s) + 1;
    char *copy = kmalloc(size);
    if (copy)
        memcpy(copy, s, size);
    return copy;
}

/* A mount that is nowhere yet. */
static struct mount *mount_create(struct fs_type *type, const char *source, unsigned flags,
                                  const char *data, int *err)
{
    struct mount *mnt = kzalloc(sizeof *mnt);
    *err = -ENOMEM;
    if (!mnt)
        return NULL;
    mnt->refs = 1;
    mnt->flags = flags;
    list_init(&mnt->mounts);
    mnt->source = copy_string(*source ? source : type->name);
    if (mnt->source)
        mnt->super = super_create(type, source, data, err);
    if (!mnt->super) {
        kfree(mnt->source);
        kfree(mnt);
        return NULL;
    }
    return mnt;
}

int vfs_init(void)
{
    int err;
    mutex_init(&mount_lock);
    devfs_init();
    pipe_init();
    fs_type_register(&tmpfs_type);
    fs_type_register(&devfs_type);
    fs_type_register(&procfs_type);
    root_mount = mount_create(&tmpfs_type, "rootfs", 0, "", &err);
    if (!root_mount)
        return err;
    list_add_tail(&mount_list, &root_mount->mounts);
    return 0;
}

/* ---- mount(2), umount2(2) */

static int mount_attach(struct mount *mnt, struct path *target)
{
    int err = 0;
    struct inode *dir = target->dentry->inode;
    mutex_lock(&dir->lock); /* it cannot be removed meanwhile */
    if (dir->nlink == 0) {
        err = -ENOENT;
    } else {
        path_get(*target);
        spin_lock(&dcache_lock);
        mnt->parent = target->mnt;
        mnt->mountpoint = target->dentry;
        mnt->mountpoint->flags |= DENTRY_MOUNTED;
        list_add_tail(&mount_list, &mnt->mounts);
        spin_unlock(&dcache_lock);
    }
    mutex_unlock(&dir->lock);
    return err;
}

static int mount_new(struct path *target, const char *source, const char *type_name, unsigned flags,
                     const char *data)
{
    struct fs_type *type = fs_type_find(type_name);
    if (!type)
        return -ENODEV;
    if (!inode_is_dir(target->dentry->inode))
        return -ENOTDIR;
    int err;
    struct mount *mnt = mount_create(type, source, flags & ABI_MS_RDONLY, data, &err);
    if (!mnt)
        return err;
    err = mount_attach(mnt, target);
    if (err < 0) {
        super_destroy(mnt->super);
        kfree(mnt->source);
        kfree(mnt);
    }
    return err;
}

int vfs_mount(struct fs_at at, const char *source, const char *target, const char *type,
              unsigned flags, const char *data)
{
    struct path path;
    int err = vfs_lookup(at, target, true, &path);
    if (err < 0)
        return err;
    mutex_lock(&mount_lock);
    path_follow_mounts(&path); /* what was mounted there while we waited */
    if (!(flags & ABI_MS_REMOUNT))
        err = mount_new(&path, source, type, flags, data);
    else if (path.dentry != path.mnt->super->root)
        err = -EINVAL;
    else
        path.mnt->flags = (path.mnt->flags & ~(unsigned)ABI_MS_RDONLY) | (flags & ABI_MS_RDONLY);
    mutex_unlock(&mount_lock);
    path_put(path);
    return err;
}

/* Takes a mount out of the name space if `held` references are all there are. */
static int mount_detach(struct mount *mnt, int held)
{
    int err = 0;
    spin_lock(&dcache_lock);
    if (__atomic_load_n(&mnt->refs, __ATOMIC_ACQUIRE) != held)
        err = -EBUSY;
    if (err == 0) {
        list_del(&mnt->mounts);
        mnt->mountpoint->flags &= (uint8_t)~DENTRY_MOUNTED;
    }
    spin_unlock(&dcache_lock);
    return err;
}

int vfs_umount(struct fs_at at, const char *target, unsigned flags)
{
    /* Forcing means nothing to what lives in memory; lazy unmounting is not offered. */
    if (flags & ~(unsigned)ABI_MNT_FORCE)
        return -EINVAL;
    struct path path;
    int err = vfs_lookup(at, target, true, &path);
    if (err < 0)
        return err;
    struct mount *mnt = path.mnt;
    mutex_lock(&mount_lock);
    if (path.dentry != mnt->super->root || list_empty(&mnt->mounts))
        err = -EINVAL;
    else if (!mnt->parent)
        err = -EBUSY;
    else
        err = mount_detach(mnt, 2);
    mutex_unlock(&mount_lock);
    path_put(path);
    if (err < 0)
        return err;
    path_put((struct path){mnt->parent, mnt->mountpoint});
    super_destroy(mnt->super);
    kfree(mnt->source);
    kfree(mnt);
    return 0;
}

/* ---- what /proc shows of it */

/* A field of /proc/mounts: blanks and backslashes are written as octal numbers (getmntent(3)). */
static void show_field(struct text *text, const char *s)
{
    for (; *s; s++) {
        if (strchr(" \t\n\\", *s))
            text_print(text, "\\%03o", (unsigned)*s);
        else
            text_write(text, s, 1);
    }
}

void fs_show_mounts(struct text *text)
{
    struct fs_context root = {.root = mount_root()};
    struct mount *mnt;
    char *name = kmalloc(FS_PATH_MAX);
    if (!name) {
        text->failed = true;
        return;
    }
    mutex_lock(&mount_lock);
    list_for_each_entry (mnt, &mount_list, mounts) {
        struct path path = {mnt, mnt->super->root};
        if (vfs_path_name(&root, path, name, FS_PATH_MAX) < 0)
            continue;
        show_field(text, mnt->source);
        text_write(text, " ", 1);
        show_field(text, name);
        text_print(text, " %s %s 0 0\n", mnt->super->type->name,
                   mnt->flags & ABI_MS_RDONLY ? "ro" : "rw");
    }
    mutex_unlock(&mount_lock);
    kfree(name);
}

void fs_show_types(struct text *text)
{
    for (const struct fs_type *type = types; type; type = type->next)
        text_print(text, "%s\t%s\n", type->nodev ? "nodev" : "", type->name);
}
