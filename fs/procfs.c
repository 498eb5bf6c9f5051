/*
 * procfs: a view of the kernel as files. Nothing is kept: names are looked up each time, and a
 * file's content is made when a reader starts at its beginning.
 *
 * Inode numbers: 1 the root; from 3 the registered entries, the same + DIR_INO for a directory that
 * an entry is the first of; PID << 8 | index for a process's.
 */
#include "abi/dirent.h"
#include "fs/internal.h"
#include "lib/fmt.h"

#define ROOT_INO  1
#define SELF_INO  2
#define ENTRY_INO 3 /* of the first entry */
#define DIR_INO   0x80

#define STORE_MAX 64 /* bytes that can be written to an entry at a time, and a NUL */

static struct proc_entry *entries; /* only ever added, at the end */
static const struct proc_pid_ops *pids;
static struct spinlock register_lock = SPINLOCK_INIT;

void proc_register(struct proc_entry *entry)
{
    spin_lock(&register_lock);
    struct proc_entry **p = &entries;
    while (*p)
        p = &(*p)->next;
    __atomic_store_n(p, entry, __ATOMIC_RELEASE);
    spin_unlock(&register_lock);
}

void proc_register_pids(const struct proc_pid_ops *ops)
{
    __atomic_store_n(&pids, ops, __ATOMIC_RELEASE);
}

/* What an inode shows: an entry, a directory of them, or a process (its directory, a file in it).
 */
struct proc_node {
    const char *prefix; /* directories: what the names of its entries start with */
    size_t prefix_len;
    const struct proc_entry *entry;
    const struct proc_pid_entry *pid_entry;
    int pid;
};

static const struct inode_ops root_ops, pid_dir_ops, leaf_ops;
static const struct file_ops root_fops, pid_dir_fops, leaf_fops;

static void proc_evict(struct inode *inode)
{
    kfree(inode->priv);
}

static struct inode *new_node(struct super *super, uint32_t mode, uint64_t ino,
                              struct proc_node node)
{
    struct proc_node *priv = kmalloc(sizeof *priv);
    if (!priv)
        return NULL;
    *priv = node;
    struct inode *inode = inode_alloc(super, mode);
    if (!inode) {
        kfree(priv);
        return NULL;
    }
    inode->priv = priv;
    inode->ino = ino;
    inode->ops = &leaf_ops;
    inode->fops = &leaf_fops;
    return inode;
}

/* Binds the entry of a directory to a new inode: 0 or -ENOMEM. */
static int bind(struct dentry *d, struct inode *inode)
{
    if (inode)
        dentry_bind(d, inode);
    return inode ? 0 : -ENOMEM;
}

static int parse_pid(const struct dentry *d)
{
    int pid = 0;
    if (d->len > 9 || d->name[0] == '0')
        return 0;
    for (const char *p = d->name; *p; p++) {
        if (*p < '0' || *p > '9')
            return 0;
        pid = pid * 10 + (*p - '0');
    }
    return pid;
}

/* The part of an entry's name below a directory, or NULL if it is not in there. */
static const char *name_below(const struct proc_entry *e, const struct proc_node *dir)
{
    if (dir->prefix_len > 0 && strncmp(e->name, dir->prefix, dir->prefix_len) != 0)
        return NULL;
    return e->name + dir->prefix_len;
}

static struct inode *new_dir(struct super *super, uint64_t ino, struct proc_node node)
{
    struct inode *inode = new_node(super, S_IFDIR | 0555, ino, node);
    if (!inode)
        return NULL;
    inode->ops = node.pid ? &pid_dir_ops : &root_ops;
    inode->fops = node.pid ? &pid_dir_fops : &root_fops;
    inode->nlink = 2;
    return inode;
}

/* Looks among the registered entries: 0 found, -ENOENT, -ENOMEM. */
static int entry_lookup(struct inode *dir, struct dentry *d)
{
    const struct proc_node *node = dir->priv;
    uint64_t ino = ENTRY_INO;
    for (const struct proc_entry *e = entries; e; e = e->next, ino++) {
        const char *below = name_below(e, node);
        if (!below || strncmp(below, d->name, d->len) != 0)
            continue;
        if (below[d->len] == '\0')
            return bind(d,
                        new_node(dir->super, S_IFREG | 0444, ino, (struct proc_node){.entry = e}));
        if (below[d->len] == '/')
            return bind(d,
                        new_dir(dir->super, ino + DIR_INO,
                                (struct proc_node){.prefix = e->name,
                                                   .prefix_len = node->prefix_len + d->len + 1}));
    }
    return -ENOENT;
}

static int root_lookup(struct inode *dir, struct dentry *d)
{
    int err = entry_lookup(dir, d);
    if (err != -ENOENT || dir->ino != ROOT_INO)
        return err;
    if (strcmp(d->name, "self") == 0)
        return bind(d, new_node(dir->super, S_IFLNK | 0777, SELF_INO, (struct proc_node){0}));
    int pid = parse_pid(d);
    if (pid == 0 || !pids || !pids->alive(pid))
        return -ENOENT;
    return bind(d, new_dir(dir->super, (uint64_t)pid << 8, (struct proc_node){.pid = pid}));
}

static int pid_lookup(struct inode *dir, struct dentry *d)
{
    const struct proc_node *node = dir->priv;
    if (!pids->alive(node->pid))
        return -ENOENT;
    for (size_t i = 0; i < pids->entry_count; i++) {
        const struct proc_pid_entry *e = &pids->entries[i];
        uint32_t mode = e->link ? S_IFLNK | 0777 : S_IFREG | (e->store ? 0644 : 0444);
        if (strcmp(d->name, e->name) == 0)
            return bind(d, new_node(dir->super, mode, dir->ino + 1 + i,
                                    (struct proc_node){.pid_entry = e, .pid = node->pid}));
    }
    return -ENOENT;
}

/* A process's names die with it, though somebody may still hold them open. */
static bool proc_revalidate(struct dentry *d)
{
    const struct proc_node *node = d->inode->priv;
    return !node || node->pid == 0 || pids->alive(node->pid);
}

static long leaf_readlink(struct inode *inode, char *buf, size_t size)
{
    const struct proc_node *node = inode->priv;
    if (node->pid_entry)
        return node->pid_entry->link(node->pid, buf, size);
    int pid = job_current_pid();
    return pid > 0 ? fmt_snprint(buf, size, "%d", pid) : -ENOENT;
}

/* ---- listing; positions: 0 ".", 1 "..", then root: 2 "self", 3.. entries, PID_POS + pid */

#define PID_POS 0x10000

static int emit_at(struct file *file, struct dir_context *ctx, const char *name, uint64_t ino,
                   unsigned type, int64_t next)
{
    int err = ctx->emit(ctx, name, strlen(name), ino, type, next);
    if (err == 0)
        file->pos = next;
    return err;
}

static int emit_dots(struct file *file, struct dir_context *ctx)
{
    int err = 0;
    if (file->pos == 0)
        err = emit_at(file, ctx, ".", file->inode->ino, ABI_DT_DIR, 1);
    if (err == 0 && file->pos == 1)
        err = emit_at(file, ctx, "..", ROOT_INO, ABI_DT_DIR, 2);
    return err;
}

/* Whether an earlier entry lies in the same directory, whose name is `below` up to a slash. */
static bool dir_seen(const struct proc_entry *e, const struct proc_node *dir, size_t len)
{
    size_t n = dir->prefix_len + len + 1;
    for (const struct proc_entry *p = entries; p != e; p = p->next) {
        if (strncmp(p->name, e->name, n) == 0)
            return true;
    }
    return false;
}

static int emit_entry(struct file *file, struct dir_context *ctx, const struct proc_entry *e,
                      uint64_t ino)
{
    const struct proc_node *dir = file->inode->priv;
    const char *below = name_below(e, dir);
    size_t len = below ? strcspn(below, "/") : 0;
    bool is_dir = below && below[len] == '/';
    int err = 0;
    if (below && !(is_dir && dir_seen(e, dir, len)))
        err = ctx->emit(ctx, below, len, is_dir ? ino + DIR_INO : ino,
                        is_dir ? ABI_DT_DIR : ABI_DT_REG, file->pos + 1);
    if (err == 0)
        file->pos++;
    return err;
}

static int root_readdir(struct file *file, struct dir_context *ctx)
{
    int err = emit_dots(file, ctx);
    if (err == 0 && file->pos == 2) {
        if (file->inode->ino == ROOT_INO)
            err = emit_at(file, ctx, "self", SELF_INO, ABI_DT_LNK, 3);
        else
            file->pos = 3;
    }
    int64_t at = 3;
    for (const struct proc_entry *e = entries; e && err == 0; e = e->next, at++) {
        if (file->pos == at)
            err = emit_entry(file, ctx, e, ENTRY_INO + (uint64_t)at - 3);
    }
    if (err || !pids || file->inode->ino != ROOT_INO || file->pos > INT32_MAX)
        return err;
    int pid = file->pos > PID_POS ? (int)file->pos - PID_POS : 0;
    while (err == 0 && (pid = pids->next(pid)) > 0) {
        char name[12];
        fmt_snprint(name, sizeof name, "%d", pid);
        err = emit_at(file, ctx, name, (uint64_t)pid << 8, ABI_DT_DIR, PID_POS + pid);
    }
    return err;
}

static int pid_readdir(struct file *file, struct dir_context *ctx)
{
    const struct proc_node *node = file->inode->priv;
    if (!pids->alive(node->pid))
        return -ENOENT;
    int err = emit_dots(file, ctx);
    for (size_t i = 0; i < pids->entry_count && err == 0; i++) {
        const struct proc_pid_entry *e = &pids->entries[i];
        if (file->pos == (int64_t)i + 2)
            err = emit_at(file, ctx, e->name, file->inode->ino + 1 + i,
                          e->link ? ABI_DT_LNK : ABI_DT_REG, (int64_t)i + 3);
    }
    return err;
}

/* ---- content */

static bool can_store(const struct proc_node *node)
{
    return node->pid_entry && node->pid_entry->store;
}

static int leaf_open(struct inode *inode, struct file *file)
{
    if (file->flags & FILE_WRITE && !can_store(inode->priv))
        return -EACCES;
    file->priv = kzalloc(sizeof(struct text));
    return file->priv ? 0 : -ENOMEM;
}

static void leaf_release(struct file *file)
{
    struct text *text = file->priv;
    kfree(text->buf);
    kfree(text);
}

/* Writes the content anew; the last one stays when that fails. */
static int leaf_fill(const struct proc_node *node, struct text *text)
{
    struct text fresh = {NULL, 0, 0, false};
    int err = 0;
    if (node->entry)
        node->entry->show(&fresh);
    else
        err = node->pid_entry->show(&fresh, node->pid);
    if (err == 0 && fresh.failed)
        err = -ENOMEM;
    if (err < 0) {
        kfree(fresh.buf);
        return err;
    }
    kfree(text->buf);
    *text = fresh;
    return 0;
}

static long leaf_read(struct file *file, struct uio *uio, int64_t *pos)
{
    struct inode *inode = file->inode;
    struct text *text = file->priv;
    long result = 0;
    mutex_lock(&inode->lock); /* of this open's text too: each look-up makes its own inode */
    if (*pos == 0)
        result = leaf_fill(inode->priv, text);
    if (result == 0 && *pos < (int64_t)text->len) {
        size_t n = text->len - (size_t)*pos;
        if (n > uio->left)
            n = uio->left;
        result = uio_put(uio, text->buf + *pos, n);
        if (result == 0) {
            *pos += (int64_t)n;
            result = (long)n;
        }
    }
    mutex_unlock(&inode->lock);
    return result;
}

/* ---- mounting */

static const struct inode_ops root_ops = {
    .lookup = root_lookup, .revalidate = proc_revalidate, .evict = proc_evict};
static const struct inode_ops pid_dir_ops = {
    .lookup = pid_lookup, .revalidate = proc_revalidate, .evict = proc_evict};
/* A write is one value, whatever the position. */
static long leaf_write(struct file *file, struct uio *uio, int64_t *pos)
{
    const struct proc_node *node = file->inode->priv;
    char value[STORE_MAX];
    size_t n = uio->left;
    if (!can_store(node) || n >= sizeof value)
        return -EINVAL;
    int err = uio_get(uio, value, n);
    if (err < 0)
        return err;
    value[n] = '\0';
    err = node->pid_entry->store(node->pid, value);
    return err < 0 ? err : (long)n;
}

/* Opening with O_TRUNC, as the shell's > does. */
static int leaf_truncate(struct inode *inode, int64_t size)
{
    return can_store(inode->priv) ? 0 : -EPERM;
}

static const struct inode_ops leaf_ops = {
    .readlink = leaf_readlink, .truncate = leaf_truncate, .evict = proc_evict};
static const struct file_ops root_fops = {.readdir = root_readdir};
static const struct file_ops pid_dir_fops = {.readdir = pid_readdir};
static const struct file_ops leaf_fops = {
    .open = leaf_open, .release = leaf_release, .read = leaf_read, .write = leaf_write};

static int procfs_mount(struct super *super, const char *source, const char *data)
{
    struct inode *root = new_dir(super, ROOT_INO, (struct proc_node){0});
    if (!root)
        return -ENOMEM;
    super->root = dentry_alloc_root(root);
    return super->root ? 0 : -ENOMEM;
}

struct fs_type procfs_type = {
    .name = "proc",
    .nodev = true,
    .magic = 0x9fa0,
    .mount = procfs_mount,
};
