/*
 * Directory entries in memory: the tree of names that path walks follow, and its hash table.
 *
 * Entries in the tree are always bound to an inode; there are no negative ones. One spinlock covers
 * table, tree links and names, so a walk of many cached names takes it once (walk.c).
 */
#include "abi/dirent.h"
#include "fs/internal.h"

#define TABLE_MIN 256

struct spinlock dcache_lock = SPINLOCK_INIT;

static struct dentry *first_table[TABLE_MIN];
static struct {
    struct dentry **buckets;
    unsigned bits; /* buckets: 1 << bits */
    size_t count;
} table = {first_table, 8, 0};

struct name name_scan(const char *s)
{
    uint32_t hash = 0;
    const char *p = s;
    for (; *p && *p != '/'; p++)
        hash = hash * 31 + (unsigned char)*p;
    return (struct name){s, (uint32_t)(p - s), hash};
}

static struct dentry **bucket(const struct dentry *parent, uint32_t hash)
{
    uint32_t mixed = (hash ^ (uint32_t)((uintptr_t)parent >> 4)) * 0x9e3779b1u;
    return &table.buckets[mixed >> (32 - table.bits)];
}

/* Doubles the table when it is crowded; without memory it just stays as it is. */
static void table_grow(void)
{
    size_t size = (size_t)1 << table.bits;
    if (table.count < 2 * size || table.bits >= 18)
        return;
    struct dentry **bigger = kzalloc(2 * size * sizeof(*bigger));
    if (!bigger)
        return;
    spin_lock(&dcache_lock);
    struct dentry **old = table.buckets;
    if ((size_t)1 << table.bits != size) { /* somebody else was quicker */
        spin_unlock(&dcache_lock);
        kfree(bigger);
        return;
    }
    table.buckets = bigger;
    table.bits++;
    for (size_t i = 0; i < size; i++) {
        for (struct dentry *d = old[i], *next; d; d = next) {
            next = d->hash_next;
            struct dentry **b = bucket(d->parent, d->hash);
            d->hash_next = *b;
            *b = d;
        }
    }
    spin_unlock(&dcache_lock);
    if (old != first_table)
        kfree(old);
}

/* ---- life */

struct dentry *dentry_alloc(struct dentry *parent, const struct name *name)
{
    struct dentry *d = kmalloc(sizeof *d);
    if (!d)
        return NULL;
    d->name = d->short_name;
    if (name->len >= DENTRY_INLINE && !(d->name = kmalloc(name->len + 1))) {
        kfree(d);
        return NULL;
    }
    memcpy(d->name, name->text, name->len);
    d->name[name->len] = '\0';
    d->len = (uint16_t)name->len;
    d->hash = name->hash;
    d->refs = 1;
    d->flags = 0;
    d->inode = NULL;
    d->cookie = 0;
    d->parent = parent ? dentry_get(parent) : d;
    list_init(&d->siblings);
    list_init(&d->children);
    return d;
}

struct dentry *dentry_alloc_root(struct inode *inode)
{
    struct dentry *d = dentry_alloc(NULL, &(struct name){"", 0, 0});
    if (d)
        dentry_bind(d, inode);
    else
        inode_put(inode);
    return d;
}

struct dentry *dentry_get(struct dentry *d)
{
    __atomic_add_fetch(&d->refs, 1, __ATOMIC_RELAXED);
    return d;
}

static void unlink_locked(struct dentry *d)
{
    struct dentry **p = bucket(d->parent, d->hash);
    while (*p != d)
        p = &(*p)->hash_next;
    *p = d->hash_next;
    table.count--;
    list_del(&d->siblings);
    d->flags &= (uint8_t)~DENTRY_HASHED;
}

void dentry_put(struct dentry *d)
{
    while (d) {
        /* Only the last reference needs the lock: a walk may be about to take another. */
        int refs = __atomic_load_n(&d->refs, __ATOMIC_RELAXED);
        while (refs > 1) {
            if (__atomic_compare_exchange_n(&d->refs, &refs, refs - 1, true, __ATOMIC_RELEASE,
                                            __ATOMIC_RELAXED))
                return;
        }
        spin_lock(&dcache_lock);
        if (__atomic_sub_fetch(&d->refs, 1, __ATOMIC_ACQ_REL) > 0) {
            spin_unlock(&dcache_lock);
            return;
        }
        if (d->flags & DENTRY_HASHED)
            unlink_locked(d);
        spin_unlock(&dcache_lock);
        struct dentry *parent = d->parent != d ? d->parent : NULL;
        if (d->inode)
            inode_put(d->inode);
        if (d->name != d->short_name)
            kfree(d->name);
        kfree(d);
        d = parent;
    }
}

void dentry_bind(struct dentry *d, struct inode *inode)
{
    d->inode = inode;
}

/* ---- the tree */

static void link_locked(struct dentry *d)
{
    struct dentry **b = bucket(d->parent, d->hash);
    d->hash_next = *b;
    *b = d;
    table.count++;
    d->cookie = ++d->parent->inode->next_cookie;
    list_add_tail(&d->parent->children, &d->siblings);
    d->flags |= DENTRY_HASHED;
}

void dentry_publish(struct dentry *d)
{
    table_grow();
    spin_lock(&dcache_lock);
    link_locked(d);
    if (d->inode->super->type->resident) {
        d->flags |= DENTRY_PINNED;
        dentry_get(d);
    }
    spin_unlock(&dcache_lock);
}

/* Takes d out of the tree; true if the caller must drop the pin. */
static bool remove_locked(struct dentry *d)
{
    bool pinned = d->flags & DENTRY_PINNED;
    if (d->flags & DENTRY_HASHED)
        unlink_locked(d);
    d->flags &= (uint8_t)~DENTRY_PINNED;
    return pinned;
}

void dentry_unhash(struct dentry *d)
{
    spin_lock(&dcache_lock);
    bool pinned = remove_locked(d);
    spin_unlock(&dcache_lock);
    if (pinned)
        dentry_put(d);
}

struct dentry *dentry_find(struct dentry *parent, const struct name *name)
{
    for (struct dentry *d = *bucket(parent, name->hash); d; d = d->hash_next) {
        if (d->hash == name->hash && d->parent == parent && d->len == name->len &&
            memcmp(d->name, name->text, name->len) == 0)
            return d;
    }
    return NULL;
}

int dentry_lookup(struct dentry *parent, const struct name *name, struct dentry **out)
{
    spin_lock(&dcache_lock);
    struct dentry *d = dentry_find(parent, name);
    if (d)
        dentry_get(d);
    spin_unlock(&dcache_lock);
    struct inode *dir = parent->inode;
    if (d && dir->ops->revalidate && !dir->ops->revalidate(d)) {
        dentry_unhash(d);
        dentry_put(d);
        d = NULL;
    }
    if (d) {
        *out = d;
        return 0;
    }
    if (!dir->ops->lookup)
        return -ENOENT;
    d = dentry_alloc(parent, name);
    if (!d)
        return -ENOMEM;
    int err = dir->ops->lookup(dir, d);
    if (err == 0 && !d->inode)
        err = -ENOENT;
    if (err < 0) {
        dentry_put(d);
        return err;
    }
    dentry_publish(d);
    *out = d;
    return 0;
}

bool dentry_has_children(struct dentry *d)
{
    spin_lock(&dcache_lock);
    bool any = !list_empty(&d->children);
    spin_unlock(&dcache_lock);
    return any;
}

static void swap_names(struct dentry *a, struct dentry *b)
{
    struct dentry old = *a; /* names and what belongs to them only */
    bool a_inline = a->name == a->short_name;
    bool b_inline = b->name == b->short_name;
    memcpy(a->short_name, b->short_name, DENTRY_INLINE);
    memcpy(b->short_name, old.short_name, DENTRY_INLINE);
    a->name = b_inline ? a->short_name : b->name;
    b->name = a_inline ? b->short_name : old.name;
    a->len = b->len;
    b->len = old.len;
    a->hash = b->hash;
    b->hash = old.hash;
    a->parent = b->parent;
    b->parent = old.parent;
}

void dentry_move(struct dentry *from, struct dentry *fresh, struct dentry *victim)
{
    spin_lock(&dcache_lock);
    bool pinned = victim && remove_locked(victim);
    unlink_locked(from);
    swap_names(from, fresh);
    link_locked(from);
    spin_unlock(&dcache_lock);
    if (pinned)
        dentry_put(victim);
}

void dentry_exchange(struct dentry *a, struct dentry *b)
{
    spin_lock(&dcache_lock);
    unlink_locked(a);
    unlink_locked(b);
    swap_names(a, b);
    link_locked(a);
    link_locked(b);
    spin_unlock(&dcache_lock);
}

bool dentry_is_below(struct dentry *d, struct dentry *ancestor)
{
    while (d != ancestor && d->parent != d)
        d = d->parent;
    return d == ancestor;
}

void dentry_drop_tree(struct dentry *root)
{
    struct dentry *d = dentry_get(root);
    for (;;) {
        spin_lock(&dcache_lock);
        struct dentry *child = NULL;
        if (!list_empty(&d->children))
            child = dentry_get(list_first(&d->children, struct dentry, siblings));
        spin_unlock(&dcache_lock);
        if (child) {
            dentry_put(d);
            d = child;
            continue;
        }
        if (d == root)
            break;
        struct dentry *parent = dentry_get(d->parent);
        dentry_unhash(d);
        dentry_put(d);
        d = parent;
    }
    dentry_put(d);
}

/* ---- listing */

/* The first child with cookie >= from, counted, or NULL. */
static struct dentry *child_from(struct dentry *dir, uint64_t from)
{
    struct dentry *d, *found = NULL;
    spin_lock(&dcache_lock);
    /* Readers mostly go on where the newest entries are not: search from the front. */
    list_for_each_entry (d, &dir->children, siblings) {
        if (d->cookie >= from) {
            found = dentry_get(d);
            break;
        }
    }
    spin_unlock(&dcache_lock);
    return found;
}

/* The sibling after d, counted, taking over the reference to d. */
static struct dentry *child_after(struct dentry *dir, struct dentry *d)
{
    struct dentry *next = NULL;
    uint64_t cookie = d->cookie;
    spin_lock(&dcache_lock);
    bool linked = d->flags & DENTRY_HASHED && d->parent == dir && d->cookie == cookie;
    if (linked && d->siblings.next != &dir->children)
        next = dentry_get(list_entry(d->siblings.next, struct dentry, siblings));
    spin_unlock(&dcache_lock);
    dentry_put(d);
    return linked ? next : child_from(dir, cookie + 1);
}

/* Positions: 0 ".", 1 "..", 2 + cookie for the entries, so a listing survives changes. */
int dentry_readdir(struct file *file, struct dir_context *ctx)
{
    struct dentry *dir = file->path.dentry;
    int err = 0;
    if (file->pos == 0) {
        err = ctx->emit(ctx, ".", 1, dir->inode->ino, ABI_DT_DIR, 1);
        if (err)
            return err;
        file->pos = 1;
    }
    if (file->pos == 1) {
        err = ctx->emit(ctx, "..", 2, dir->parent->inode->ino, ABI_DT_DIR, 2);
        if (err)
            return err;
        file->pos = 2;
    }
    struct dentry *d = child_from(dir, (uint64_t)file->pos - 2);
    while (d) {
        int64_t next = (int64_t)d->cookie + 3;
        err = ctx->emit(ctx, d->name, d->len, d->inode->ino, (d->inode->mode & S_IFMT) >> 12, next);
        if (err)
            break;
        file->pos = next;
        d = child_after(dir, d);
    }
    if (d)
        dentry_put(d);
    return err;
}
