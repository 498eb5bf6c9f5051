#pragma once
/*
 * The virtual file system: what the rest of the kernel calls, and what a file system implements.
 *
 * Objects, all counted. A `struct inode` is a file's identity, attributes and page cache. A `struct
 * dentry` is a name in a directory; the dentries form the tree that path walks follow, found by a
 * hash of (parent, name), so a walk costs one probe per component whatever the size of the
 * directory. A `struct mount` puts the root dentry of a `struct super` (a mounted file system)
 * on another dentry; a place in the name space is therefore a `struct path` of (mount, dentry). A
 * `struct file` is an open file description; `struct files` is a table of descriptors; `struct
 * fs_context` holds a process's root, working directory and umask.
 *
 * Locks, outermost first:
 *   super->rename_lock   mutex: one rename across directories at a time; the tree's shape is fixed
 *   inode->lock          mutex: a directory's entries, a file's size changes, attributes. Two
 *                        directories: ancestor first; a directory before what is in it
 *   file->pos_lock       mutex: a seekable file's position (only ever outside inode->lock)
 *   (mm->lock: user memory is touched with the mutexes above held, so page faults, which come to
 *   inode_get_page(), must take none of them)
 *   files->lock, pipe locks   spinlocks, leaves
 *   dcache lock          spinlock, leaf: hash, tree links, names, mounts, working directories
 *   inode->pages.lock    spinlock, leaf: the page tree and inode->size
 *
 * Errors are negative errno values (abi/errno.h). Byte counts are `long`, positions int64_t.
 * Only uid 0 exists so far: permission bits are kept and shown, and only execution consults them.
 */
#include "fs/port.h"
#include "lib/list.h"

/* ---------------------------------------------------------------- moving data */

/* A stretch of memory, kernel's or user's; also Linux's struct iovec (abi: two registers wide). */
struct uio_seg {
    uintptr_t base;
    size_t len;
};

/*
 * The far side of a read or write: where the caller's bytes are. File systems move bytes by
 * uio_put() and uio_get() and never learn whose memory it is. `left` counts down as they do.
 */
struct uio {
    uintptr_t base;             /* where the current segment goes on */
    size_t seg_left;            /* bytes left in it */
    size_t left;                /* bytes left in all */
    const struct uio_seg *next; /* the segments after it; the array outlives the uio */
    bool user;                  /* addresses are the current process's */
};

void uio_kernel(struct uio *uio, void *buf, size_t n);
void uio_user(struct uio *uio, uintptr_t va, size_t n);
/* Sum of the lengths must not exceed LONG_MAX (the caller has checked). */
void uio_segments(struct uio *uio, const struct uio_seg *segs, size_t count, bool user);

/*
 * Move n <= uio->left bytes out of (get) or into (put, zero) the caller's memory. 0 or -EFAULT;
 * after -EFAULT uio->left still counts what was not completed. May sleep when the memory is the
 * user's.
 */
int uio_get(struct uio *uio, void *dst, size_t n);
int uio_put(struct uio *uio, const void *src, size_t n);
int uio_zero(struct uio *uio, size_t n);

/* ---------------------------------------------------------------- pages of an object */

struct page_node;

/* The page cache's part for one object (an inode): a radix tree from index to page. */
struct page_tree {
    struct spinlock lock;
    void *root; /* height 0: the page at index 0; else a struct page_node */
    uint8_t height;
    bool root_tagged; /* height 0: the page is tagged */
    size_t count;     /* pages present */
};

void page_tree_init(struct page_tree *t);
/* The page at `index` with a reference for the caller, or NULL. Takes the lock. */
struct page *page_tree_get(struct page_tree *t, uint64_t index);
/*
 * Puts `page` at `index`; the tree takes over the caller's reference. 0, -ENOMEM, or -EEXIST when
 * another page is there. Takes the lock.
 */
int page_tree_insert(struct page_tree *t, uint64_t index, struct page *page);
/* Drops every page at index >= first and returns how many that were. Takes the lock. */
size_t page_tree_truncate(struct page_tree *t, uint64_t first);
/* The smallest index >= first that is present (or, with want false, absent); UINT64_MAX: none. */
uint64_t page_tree_next(struct page_tree *t, uint64_t first, bool want);

/*
 * The same with t->lock held, and more that needs it: the page at `index` without a reference, or
 * NULL; taking it out (the tree's reference becomes the caller's); its tag, which inserting leaves
 * clear (the page is there); the smallest tagged index >= first, UINT64_MAX: none.
 */
uint64_t page_tree_next_locked(struct page_tree *t, uint64_t first, bool want);
struct page *page_tree_find(struct page_tree *t, uint64_t index);
struct page *page_tree_remove(struct page_tree *t, uint64_t index);
void page_tree_tag(struct page_tree *t, uint64_t index, bool tagged);
uint64_t page_tree_next_tagged(struct page_tree *t, uint64_t first);

/* ---------------------------------------------------------------- inodes and dentries */

struct inode;
struct dentry;
struct file;
struct file_ops;
struct super;
struct dir_context;

/* What a directory or other inode can do. NULL means -EPERM for changes, -EINVAL else. */
struct inode_ops {
    /*
     * Finds d's name in dir and sets d->inode by dentry_bind(), or leaves it unbound: no such
     * entry. dir->lock is held. NULL: every name of this file system is in the dentry cache
     * already.
     */
    int (*lookup)(struct inode *dir, struct dentry *d);
    /*
     * Makes a new inode of type and permissions `mode` and binds d to it. target is a symbolic
     * link's content, rdev a device's number. dir->lock held, d unbound and new.
     */
    int (*make)(struct inode *dir, struct dentry *d, uint32_t mode, uint32_t rdev,
                const char *target);
    /* A further name d for the file inode. dir->lock and inode->lock held. */
    int (*link)(struct inode *inode, struct inode *dir, struct dentry *d);
    /* Removes the entry d (a directory: -ENOTEMPTY if it has entries). dir and d->inode locked. */
    int (*unlink)(struct inode *dir, struct dentry *d);
    /*
     * Moves the entry `from` to directory `dir` under the name of `to`; to->inode, if bound, is
     * replaced (a directory must be empty: -ENOTEMPTY). flags: RENAME_EXCHANGE or 0. Everything
     * involved is locked. The caller moves the dentries afterwards.
     */
    int (*rename)(struct inode *from_dir, struct dentry *from, struct inode *dir, struct dentry *to,
                  unsigned flags);
    /* Puts the content of a symbolic link (no NUL) in buf: its length, or -ENAMETOOLONG. */
    long (*readlink)(struct inode *inode, char *buf, size_t size);
    /* Sets a regular file's size; inode->lock held. */
    int (*truncate)(struct inode *inode, int64_t size);
    /* See inode_get_page(). */
    int (*get_page)(struct inode *inode, uint64_t index, struct page **page);
    /* Whether a cached entry still means the same object; NULL: always. No locks held. */
    bool (*revalidate)(struct dentry *d);
    /* The last reference is gone: free what `priv` holds. Pages are dropped by the caller. */
    void (*evict)(struct inode *inode);
};

struct inode {
    int refs;
    uint32_t mode; /* S_IF... and permission bits */
    uint32_t nlink;
    uint32_t uid, gid;
    uint32_t rdev; /* device files: DEV_MAKE(major, minor) */
    uint64_t ino;
    int64_t size;                       /* bytes; written under lock and pages.lock */
    int64_t atime, mtime, ctime, btime; /* nanoseconds since 1970 */
    struct mutex lock;
    struct super *super;
    const struct inode_ops *ops;
    const struct file_ops *fops;
    struct page_tree pages;
    uint64_t next_cookie;    /* directories: for the next dentry made in it */
    struct vm_object object; /* what regions map, see inode_object() */
    void *priv;              /* the file system's */
};

#define DENTRY_INLINE 40 /* longest name (with NUL) kept inside the dentry */

struct dentry {
    int refs; /* atomic; 0 -> freed only under the dcache lock */
    uint32_t hash;
    uint16_t len;
    uint8_t flags;
    struct dentry *parent; /* counted; itself for a root */
    struct inode *inode;   /* NULL while unbound */
    struct dentry *hash_next;
    struct list siblings;
    struct list children; /* in order of cookie */
    uint64_t cookie;      /* position in getdents */
    char *name;
    char short_name[DENTRY_INLINE];
};

#define DEV_MAKE(major, minor) ((uint32_t)((major) << 8 | ((minor)&0xff)))
#define DEV_MAJOR(dev)         ((dev) >> 8)
#define DEV_MINOR(dev)         ((dev)&0xff)

#define FS_NAME_MAX      255
#define FS_PATH_MAX      4096 /* with the NUL */
#define FS_SYMLINK_MAX   40   /* links followed in one walk before -ELOOP */
#define FS_FILE_SIZE_MAX ((int64_t)1 << 43)

/* A new inode of `super` with one reference, times set to now, nlink 1; NULL without memory. */
struct inode *inode_alloc(struct super *super, uint32_t mode);
struct inode *inode_get(struct inode *inode);
void inode_put(struct inode *inode);

/* The inode's current size in bytes (whole, also where 64-bit loads are not). */
int64_t inode_size(struct inode *inode);

/*
 * The page holding bytes [index * PAGE_SIZE, ...) of the file, with a reference for the caller:
 * the very page read() and write() use, zero beyond the end of the file. For exec and mmap. 0,
 * -ENOMEM, -EIO, or -ENXIO when the page lies wholly beyond the end. Takes no mutex of inode or
 * file, so it may be called from a page fault under the address-space lock.
 */
int inode_get_page(struct inode *inode, uint64_t index, struct page **page);

/* The inode as mm's regions see it (vm_map); they count references to the inode through it. */
struct vm_object *inode_object(struct inode *inode);

/* ---------------------------------------------------------------- open files */

/* Readiness bits are poll(2)'s: POLLIN and so on, see abi/poll.h. */
struct file_ops {
    /* Called by open with file->inode set; may replace file->ops and set file->priv. */
    int (*open)(struct inode *inode, struct file *file);
    void (*release)(struct file *file); /* the last reference is gone */
    /*
     * Moves up to uio->left bytes at *pos and advances *pos: the count, 0 at the end of the file,
     * or an error when nothing was moved. *pos is meaningless for a file that cannot seek.
     */
    long (*read)(struct file *file, struct uio *uio, int64_t *pos);
    long (*write)(struct file *file, struct uio *uio, int64_t *pos);
    /* NULL: -ESPIPE when FILE_STREAM is set, else positions within inode->size. */
    int64_t (*seek)(struct file *file, int64_t offset, int whence);
    /* Directories: calls emit for each entry from file->pos on; NULL: from the dentry cache. */
    int (*readdir)(struct file *file, struct dir_context *ctx);
    /* arg is a value or user address as the request says; -ENOTTY for unknown requests. */
    long (*ioctl)(struct file *file, uint32_t request, uintptr_t arg);
    unsigned (*poll)(struct file *file); /* NULL: always readable and writable */
    int (*fsync)(struct file *file);
};

enum file_flags {
    FILE_READ = 1 << 0, /* opened for reading */
    FILE_WRITE = 1 << 1,
    FILE_STREAM = 1 << 2, /* has no position: pipes, terminals (lseek, pread: -ESPIPE) */
};

struct file {
    int refs;        /* atomic */
    unsigned flags;  /* enum file_flags */
    unsigned status; /* O_APPEND, O_NONBLOCK and the access mode as F_GETFL shows them */
    const struct file_ops *ops;
    struct inode *inode; /* counted through path.dentry, or by itself when there is none */
    struct path {
        struct mount *mnt;
        struct dentry *dentry; /* NULL for pipes */
    } path;
    struct mutex pos_lock;
    int64_t pos;
    void *priv;
};

struct dir_context {
    /*
     * One entry; `next` is the position after it, `type` a DT_... value. Non-zero stops the listing
     * and the entry is not consumed. May sleep.
     */
    int (*emit)(struct dir_context *ctx, const char *name, size_t len, uint64_t ino, unsigned type,
                int64_t next);
};

/*
 * A new open file description of `inode` (whose reference it takes over, also on failure) that is
 * not in the name space: pipes and the like. Reference for the caller, or NULL without memory.
 */
struct file *file_alloc(struct inode *inode, const struct file_ops *ops, unsigned open_flags);
struct file *file_get(struct file *file);
extern unsigned long file_count;  /* open file descriptions in the system; atomic */
void file_put(struct file *file); /* may sleep; the last one releases */

/* read(2) and its kin: position kept in the file. -EBADF when not opened for it. */
long file_read(struct file *file, struct uio *uio);
long file_write(struct file *file, struct uio *uio);
/* pread(2) and its kin. -ESPIPE for streams, -EINVAL for pos < 0. */
long file_pread(struct file *file, struct uio *uio, int64_t pos);
long file_pwrite(struct file *file, struct uio *uio, int64_t pos);
/* For the kernel itself (exec's headers): n bytes or fewer at the end of the file into buf. */
long file_read_kernel(struct file *file, void *buf, size_t n, int64_t pos);
int64_t file_seek(struct file *file, int64_t offset, int whence);
/* Lists a directory from the file's position on: 0 or what emit or the file system returned. */
int file_readdir(struct file *file, struct dir_context *ctx);
long file_ioctl(struct file *file, uint32_t request, uintptr_t arg);
int file_truncate(struct file *file, int64_t size);
int file_fsync(struct file *file);

/* Readiness bits (abi/poll.h) now. To wait: read the generation, look at the files, then wait. */
unsigned file_poll(struct file *file);
/* Whoever changes a file's readiness says so, from any context; cheap while nobody polls. */
void fs_poll_wake(void);
unsigned fs_poll_generation(void);
/*
 * Sleeps until fs_poll_wake() is called (at once if it was since `generation` was read): 0, -EINTR,
 * or -ETIMEDOUT at the deadline on time_ns()'s clock (UINT64_MAX: none).
 */
int fs_poll_wait(unsigned generation, uint64_t deadline_ns);

/* ---------------------------------------------------------------- descriptors */

#define FILES_MAX 1024 /* RLIMIT_NOFILE */

struct files {
    int refs; /* atomic; threads share a table */
    struct spinlock lock;
    unsigned size;  /* slots */
    unsigned first; /* no slot below is free */
    struct file **slots;
    uint8_t *cloexec; /* a byte per slot */
};

struct files *files_create(void); /* empty, one reference; NULL without memory */
struct files *files_get(struct files *files);
void files_put(struct files *files); /* the last one closes everything; may sleep */
/* A private copy, as fork makes one: the same descriptions under the same numbers. NULL: no memory.
 */
struct files *files_copy(struct files *files);
/* Closes the descriptors with FD_CLOEXEC. The table must not be shared any more. */
void files_exec(struct files *files);
/* The file behind fd with a reference for the caller (file_put), or NULL. */
struct file *files_lookup(struct files *files, int fd);
/*
 * Puts `file` (whose reference it takes over on success) at the lowest free descriptor >= min: the
 * number, -EMFILE or -ENOMEM; -EINVAL for min out of range.
 */
int files_install(struct files *files, struct file *file, int min, bool cloexec);
/* dup3(2): exactly fd, closing what was there. The reference is taken over on success. fd or
 * -EBADF. */
int files_install_at(struct files *files, struct file *file, int fd, bool cloexec);
int files_close(struct files *files, int fd);
/* FD_CLOEXEC: get it (0 or 1) or set it; -EBADF. */
int files_get_cloexec(struct files *files, int fd);
int files_set_cloexec(struct files *files, int fd, bool cloexec);
unsigned files_count(struct files *files); /* open descriptors */

/* ---------------------------------------------------------------- processes and paths */

struct fs_context {
    int refs; /* atomic; CLONE_FS shares it */
    uint32_t umask;
    struct path root; /* where absolute paths start; never changes yet */
    struct path cwd;  /* dcache lock */
};

/* Both directories at the root of the name space, umask 022. NULL without memory. */
struct fs_context *fs_context_create(void);
struct fs_context *fs_context_get(struct fs_context *fs);
void fs_context_put(struct fs_context *fs);
struct fs_context *fs_context_copy(struct fs_context *fs); /* for fork; NULL without memory */

struct path path_get(struct path path); /* one more reference to each half */
void path_put(struct path path);

/*
 * All of these take the process's context, `at`: where relative paths start (NULL: the working
 * directory), and a NUL-terminated path in kernel memory. Errors are those of the system calls of
 * like names: -ENOENT (also for ""), -ENOTDIR, -ELOOP, -ENAMETOOLONG, -EEXIST, -EISDIR, -EROFS...
 */
struct fs_at {
    struct fs_context *fs;
    const struct path *at;
};

/* A new open file description; flags are openat's (abi/fcntl.h); the umask is applied to mode. */
int vfs_open(struct fs_at at, const char *path, int flags, uint32_t mode, struct file **file);
/* Resolves a path, following a final symbolic link or not; *out is counted. */
int vfs_lookup(struct fs_at at, const char *path, bool follow, struct path *out);
/* mode with S_IFDIR, S_IFREG, S_IFCHR, S_IFIFO... (type 0: regular); umask applied. */
int vfs_mknod(struct fs_at at, const char *path, uint32_t mode, uint32_t rdev);
int vfs_mkdir(struct fs_at at, const char *path, uint32_t mode);
int vfs_symlink(struct fs_at at, const char *target, const char *path);
int vfs_link(struct fs_at from, const char *old, struct fs_at to, const char *path, bool follow);
int vfs_unlink(struct fs_at at, const char *path);
int vfs_rmdir(struct fs_at at, const char *path);
int vfs_rename(struct fs_at from, const char *old, struct fs_at to, const char *path,
               unsigned flags);
long vfs_readlink(struct fs_at at, const char *path, char *buf, size_t size);
int vfs_chdir(struct fs_at at, const char *path);
int vfs_fchdir(struct fs_context *fs, struct file *file);
/* The working directory as a path from the context's root: length with NUL, or -ERANGE, -ENOENT. */
long vfs_getcwd(struct fs_context *fs, char *buf, size_t size);
/* The path of `path` from the context's root, as getcwd; " (deleted)" is appended like Linux's. */
long vfs_path_name(struct fs_context *fs, struct path path, char *buf, size_t size);

/* Attribute changes on a resolved path or open file. */
int inode_chmod(struct path path, uint32_t mode);
int inode_chown(struct path path, uint32_t uid, uint32_t gid); /* UINT32_MAX: leave */
/* Times in ns; INT64_MIN leaves one as it is. */
int inode_utimes(struct path path, int64_t atime, int64_t mtime);
int inode_truncate(struct path path, int64_t size);
/* access(2) for uid 0: mode is R_OK | W_OK | X_OK. */
int inode_access(struct path path, int mode);

/* ---------------------------------------------------------------- file systems and mounts */

struct super {
    struct fs_type *type;
    uint32_t dev; /* st_dev, unique */
    int refs;     /* atomic; its mount and every inode */
    struct dentry *root;
    struct mutex rename_lock;
    unsigned long next_ino; /* atomic */
    size_t pages;           /* atomic: page frames in use, at most max_pages */
    size_t inodes;          /* atomic, at most max_inodes */
    size_t max_pages, max_inodes;
    void *priv;
};

struct fs_type {
    const char *name;
    bool nodev;     /* needs no device, as /proc/filesystems says */
    bool resident;  /* every name is in the dentry cache, pinned: a miss is -ENOENT */
    uint32_t magic; /* statfs f_type */
    /* Makes super->root. `source` and `data` are mount(2)'s strings, possibly "". */
    int (*mount)(struct super *super, const char *source, const char *data);
    void (*unmount)(struct super *super); /* may be NULL; before the dentries go */
    struct fs_type *next;
};

struct mount {
    int refs;       /* atomic; paths that are in it */
    unsigned flags; /* MS_RDONLY... */
    struct super *super;
    struct mount *parent;      /* NULL: the root, or detached */
    struct dentry *mountpoint; /* counted, in parent */
    struct list mounts;        /* all mounts, in order */
    char *source;
};

/* Adds a type to the list mount(2) knows; `type` lives for ever. */
void fs_type_register(struct fs_type *type);

/*
 * Initialises the VFS and mounts an empty tmpfs as the root of the name space. Once, before
 * anything else here. 0 or -ENOMEM.
 */
int vfs_init(void);
/* mount(2): -ENODEV unknown type, -EBUSY, -ENOTDIR... flags: MS_RDONLY, MS_REMOUNT. */
int vfs_mount(struct fs_at at, const char *source, const char *target, const char *type,
              unsigned flags, const char *data);
int vfs_umount(struct fs_at at, const char *target, unsigned flags);

/* ---------------------------------------------------------------- particular file systems */

extern struct fs_type tmpfs_type;
extern struct fs_type devfs_type;
extern struct fs_type procfs_type;

size_t tmpfs_pages(void); /* page frames in all of them */

/*
 * Fills the tree below the context's root from cpio newc archives, plain or gzip, concatenated. Bad
 * input is logged and ends the filling: -EINVAL, with everything before it kept; -ENOMEM likewise.
 */
int initrd_unpack(struct fs_context *fs, const void *image, size_t size);

/* The two ends of a new pipe; open_flags: O_NONBLOCK. 0, -ENOMEM. */
int pipe_create(struct file **read_end, struct file **write_end, int open_flags);
extern const struct file_ops fifo_file_ops; /* what an S_IFIFO inode opens to */

/*
 * A device: an S_IFCHR or S_IFBLK inode with this number opens to `ops` (file->priv is set to
 * `priv` first). The struct lives for ever.
 */
struct fs_device {
    const char *name;
    uint32_t mode; /* S_IFCHR or S_IFBLK, and permission bits */
    uint32_t rdev;
    const struct file_ops *ops;
    void *priv;
    struct fs_device *next;
};

/* Registers it: /dev/NAME appears in every devfs. 0, -EEXIST (name or number), -ENOMEM. */
int devfs_add(struct fs_device *device);
/* null, zero, full, random, urandom. Once. */
int memdev_init(void);

/* Shows a block device as /dev/NAME, through the page cache: 0, -EEXIST, -ENOMEM. */
int blockdev_add(struct block_device *dev);

/* sync(2): writes everything dirty, down to what the devices keep in caches of their own. */
int fs_sync(void);

/* Text being written for a reader of /proc; grows as needed. */
struct text {
    char *buf;
    size_t len;
    size_t room;
    bool failed; /* out of memory: the reader gets -ENOMEM */
};
void text_print(struct text *text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void text_write(struct text *text, const char *s, size_t n);

/* /proc/mounts and /proc/filesystems. Sleep. */
void fs_show_mounts(struct text *text);
void fs_show_types(struct text *text);

/* A file /proc/NAME (directories in NAME come by themselves); show() writes its whole content each
 * time a reader starts at position 0. */
struct proc_entry {
    const char *name;
    void (*show)(struct text *text);
    struct proc_entry *next;
};
void proc_register(struct proc_entry *entry); /* before or after mounting; lives for ever */

/* A file /proc/PID/NAME, or a symbolic link when `link` is set. -ESRCH: the process is gone. */
struct proc_pid_entry {
    const char *name;
    int (*show)(struct text *text, int pid);
    long (*link)(int pid, char *buf, size_t size);
    int (*store)(int pid, const char *value); /* a write, terminated; NULL: read-only */
};

/* How procfs learns of processes; registered once by proc. */
struct proc_pid_ops {
    int (*next)(int pid); /* the smallest process id > pid, 0: none */
    bool (*alive)(int pid);
    const struct proc_pid_entry *entries;
    size_t entry_count;
};
void proc_register_pids(const struct proc_pid_ops *ops);
