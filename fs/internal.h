#pragma once
/* What the files of fs/ share among themselves. */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/stat.h"
#include "fs/fs.h"
#include "lib/string.h"

/* ---------------------------------------------------------------- dentries (dentry.c) */

enum dentry_flags {
    DENTRY_HASHED = 1 << 0,  /* in the tree: walks find it */
    DENTRY_MOUNTED = 1 << 1, /* a mount's mountpoint */
    DENTRY_PINNED = 1 << 2,  /* holds a reference to itself (resident file systems) */
};

extern struct spinlock dcache_lock;

struct name {
    const char *text; /* not terminated */
    uint32_t len;
    uint32_t hash; /* of the text alone */
};

/* Takes the name at s up to a '/' or the end. */
struct name name_scan(const char *s);

/* A new unbound entry outside the tree, one reference; it counts its parent. NULL: no memory. */
struct dentry *dentry_alloc(struct dentry *parent, const struct name *name);
/* A root: its own parent, bound to inode, whose reference it takes over (also on failure). */
struct dentry *dentry_alloc_root(struct inode *inode);
struct dentry *dentry_get(struct dentry *d);
void dentry_put(struct dentry *d);
/* Binds a new entry to its inode, taking over the caller's reference. */
void dentry_bind(struct dentry *d, struct inode *inode);
/* Puts a bound entry into the tree; parent->inode->lock is held. Pins it if resident. */
void dentry_publish(struct dentry *d);
/* Takes an entry out of the tree and drops the pin; parent->inode->lock is held. */
void dentry_unhash(struct dentry *d);
/* Finds a child; the dcache lock is held and no reference is taken. */
struct dentry *dentry_find(struct dentry *parent, const struct name *name);
/*
 * The child called `name` with a reference, asking the file system when it is not in the tree:
 * -ENOENT. parent->inode->lock is held.
 */
int dentry_lookup(struct dentry *parent, const struct name *name, struct dentry **out);
/* Whether a directory has entries in the tree. */
bool dentry_has_children(struct dentry *d);
/*
 * Renames: `from` gets the name, parent and place of the unbound `fresh` (and fresh those of from);
 * victim, if any, leaves the tree. All parents locked.
 */
void dentry_move(struct dentry *from, struct dentry *fresh, struct dentry *victim);
/* Two entries trade places. */
void dentry_exchange(struct dentry *a, struct dentry *b);
/* Whether `d` is `ancestor` or below it; under rename_lock or the dcache lock the answer lasts. */
bool dentry_is_below(struct dentry *d, struct dentry *ancestor);
/* Lists a directory from the tree: file_ops.readdir of resident file systems. */
int dentry_readdir(struct file *file, struct dir_context *ctx);
/* Drops every entry below a root (unmount, or a failed mount). */
void dentry_drop_tree(struct dentry *root);

/* ---------------------------------------------------------------- walks (walk.c) */

enum last_type { LAST_NORMAL, LAST_DOT, LAST_DOTDOT, LAST_ROOT };

/* A path being resolved. Between calls `dir` is counted; walk_end() drops it. */
struct walk {
    struct fs_context *fs;
    struct path dir;  /* where the walk stands */
    const char *rest; /* what is still to be resolved */
    char *buf;        /* owns `rest` once a link was followed */
    unsigned links;
    struct name last; /* of walk_parent() */
    enum last_type last_type;
    bool slash; /* something like a '/' follows the last name: it must be a directory */
};

/* Starts at `at`: 0 or -ENOENT for an empty path. Call walk_end() in any case. */
int walk_begin(struct walk *w, struct fs_at at, const char *path);
void walk_end(struct walk *w);
/* Resolves the whole rest; afterwards `dir` is what the path names. */
int walk_all(struct walk *w, bool follow);
/* Resolves all but the last name, which is left in last, last_type and slash. */
int walk_parent(struct walk *w);
/* After walk_parent(): the last name is the symbolic link d; goes on with its target. */
int walk_follow(struct walk *w, struct dentry *d);
/* Climbs to what is mounted on *path, exchanging counted references. */
void path_follow_mounts(struct path *path);

/* ---------------------------------------------------------------- the rest */

/* Marks a change of the directory or file now. */
void inode_touch(struct inode *inode, bool data);
/* Reads a symbolic link; buf gets a NUL. */
long inode_readlink(struct inode *inode, char *buf, size_t size);

struct super *super_create(struct fs_type *type, const char *source, const char *data, int *err);
void super_destroy(struct super *super);
void super_put(struct super *super);
extern struct list mount_list; /* dcache lock */
/* The mount on d in mnt, or NULL. dcache lock held. */
struct mount *mount_on(struct mount *mnt, struct dentry *d);
static inline struct mount *mount_get(struct mount *mnt)
{
    __atomic_add_fetch(&mnt->refs, 1, __ATOMIC_RELAXED);
    return mnt;
}
static inline void mount_put(struct mount *mnt)
{
    __atomic_sub_fetch(&mnt->refs, 1, __ATOMIC_RELEASE);
}
/* The root of the name space; -EROFS when a mount may not be changed. */
struct path mount_root(void);
int mount_writable(const struct mount *mnt);

/* Opens what a resolved path names; takes its own references. */
int file_open_path(const struct path *path, int flags, struct file **out);

extern const struct file_ops dir_file_ops;    /* directories of resident file systems */
extern const struct file_ops device_file_ops; /* devices: looks for the driver */
extern const struct file_ops bad_file_ops;    /* sockets: -ENXIO */

/* Parts of vfs_init(). */
void devfs_init(void);
void pipe_init(void);

/* tmpfs's operations, for file systems that are a tmpfs with something in it. */
int tmpfs_mount(struct super *super, const char *source, const char *data);

static inline bool inode_is_dir(const struct inode *inode)
{
    return S_ISDIR(inode->mode);
}
static inline bool inode_is_link(const struct inode *inode)
{
    return S_ISLNK(inode->mode);
}
