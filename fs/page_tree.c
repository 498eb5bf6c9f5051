/*
 * The page cache's index: a radix tree of 64-way nodes per object. An object of one page (most
 * files) needs no node at all. Nodes are allocated before the lock is taken, never under it.
 */
#include "fs/internal.h"

#define NODE_SHIFT 6
#define NODE_SLOTS (1u << NODE_SHIFT)
#define MAX_HEIGHT 6 /* 2^36 pages, beyond FS_FILE_SIZE_MAX */

_Static_assert((FS_FILE_SIZE_MAX >> PAGE_SHIFT) <= (int64_t)1 << (NODE_SHIFT * MAX_HEIGHT),
               "the largest file fits into the tree");

struct page_node {
    void *slot[NODE_SLOTS]; /* nodes, or pages at the lowest level */
    uint64_t tags;          /* a bit per slot: the page, or one below it, is tagged */
    unsigned used;
};

_Static_assert(NODE_SLOTS == 64, "a bit of tags for every slot");

void page_tree_init(struct page_tree *t)
{
    spin_init(&t->lock);
    t->root = NULL;
    t->height = 0;
    t->root_tagged = false;
    t->count = 0;
}

/* Whether anything below p, a subtree of this height, is tagged. */
static bool any_tagged(const struct page_tree *t, const void *p, unsigned height)
{
    return height == 0 ? t->root_tagged : ((const struct page_node *)p)->tags != 0;
}

static bool fits(unsigned height, uint64_t index)
{
    return height >= MAX_HEIGHT || index >> (NODE_SHIFT * height) == 0;
}

static unsigned slot_of(uint64_t index, unsigned level)
{
    return (unsigned)(index >> (NODE_SHIFT * level)) & (NODE_SLOTS - 1);
}

struct page *page_tree_find(struct page_tree *t, uint64_t index)
{
    void *p = t->root;
    if (!fits(t->height, index))
        return NULL;
    for (unsigned level = t->height; level-- > 0 && p;)
        p = ((struct page_node *)p)->slot[slot_of(index, level)];
    return p;
}

struct page *page_tree_get(struct page_tree *t, uint64_t index)
{
    spin_lock(&t->lock);
    struct page *page = page_tree_find(t, index);
    if (page)
        page_get(page);
    spin_unlock(&t->lock);
    return page;
}

/* The nodes that inserting at `index` would add. */
static unsigned nodes_needed(const struct page_tree *t, uint64_t index)
{
    unsigned height = t->height;
    while (!fits(height, index))
        height++;
    if (!t->root)
        return height;
    if (height > t->height) /* new levels on top, and a path of its own below the topmost */
        return height - t->height + height - 1;
    const void *p = t->root;
    for (unsigned level = height; level > 0; level--) {
        if (!p)
            return level;
        p = ((const struct page_node *)p)->slot[slot_of(index, level - 1)];
    }
    return 0;
}

/* Inserts with exactly the nodes needed: 0 or -EEXIST. */
static int insert_locked(struct page_tree *t, uint64_t index, struct page *page,
                         struct page_node **nodes)
{
    for (; !fits(t->height, index); t->height++) {
        if (!t->root)
            continue;
        struct page_node *node = *nodes++;
        node->slot[0] = t->root;
        node->tags = any_tagged(t, t->root, t->height);
        node->used = 1;
        t->root = node;
        t->root_tagged = false;
    }
    void **p = &t->root;
    struct page_node *parent = NULL;
    for (unsigned level = t->height; level-- > 0;) {
        if (!*p) {
            *p = *nodes++;
            if (parent)
                parent->used++;
        }
        parent = *p;
        p = &parent->slot[slot_of(index, level)];
    }
    if (*p)
        return -EEXIST;
    *p = page;
    if (parent)
        parent->used++;
    t->count++;
    return 0;
}

int page_tree_insert(struct page_tree *t, uint64_t index, struct page *page)
{
    struct page_node *nodes[2 * MAX_HEIGHT];
    unsigned have = 0;
    int err;
    for (;;) {
        spin_lock(&t->lock);
        unsigned need = nodes_needed(t, index);
        err = need <= have ? insert_locked(t, index, page, nodes + have - need) : -ENOMEM;
        spin_unlock(&t->lock);
        if (need <= have) {
            have -= need;
            break;
        }
        for (; have < need; have++) {
            nodes[have] = kzalloc(sizeof(struct page_node));
            if (!nodes[have])
                goto out;
        }
    }
out:
    while (have > 0)
        kfree(nodes[--have]);
    return err;
}

/*
 * Empties slots from index `first` on, counted within this subtree; frees nodes that become empty
 * and returns whether this one did. Pages are put under the lock: page_put() does not sleep.
 */
static bool prune(struct page_tree *t, void *p, unsigned height, uint64_t first)
{
    if (height == 0) {
        page_put(p);
        t->count--;
        return true;
    }
    struct page_node *node = p;
    unsigned level = height - 1;
    for (unsigned i = slot_of(first, level); i < NODE_SLOTS; i++) {
        uint64_t base = (uint64_t)i << (NODE_SHIFT * level);
        if (!node->slot[i])
            continue;
        bool gone = prune(t, node->slot[i], level, first > base ? first - base : 0);
        if (gone || (level > 0 && !any_tagged(t, node->slot[i], level)))
            node->tags &= ~((uint64_t)1 << i);
        if (gone) {
            node->slot[i] = NULL;
            node->used--;
        }
    }
    if (node->used > 0)
        return false;
    kfree(node);
    return true;
}

size_t page_tree_truncate(struct page_tree *t, uint64_t first)
{
    spin_lock(&t->lock);
    size_t before = t->count;
    if (t->root && fits(t->height, first) && prune(t, t->root, t->height, first)) {
        t->root = NULL;
        t->height = 0;
        t->root_tagged = false;
    }
    size_t dropped = before - t->count;
    spin_unlock(&t->lock);
    return dropped;
}

/* The nodes from the root down to the slot of a page that is there. */
static void path_to(struct page_tree *t, uint64_t index, struct page_node *path[MAX_HEIGHT])
{
    void *p = t->root;
    for (unsigned level = t->height; level-- > 0;) {
        path[level] = p;
        p = path[level]->slot[slot_of(index, level)];
    }
}

void page_tree_tag(struct page_tree *t, uint64_t index, bool tagged)
{
    struct page_node *path[MAX_HEIGHT];
    if (t->height == 0)
        t->root_tagged = tagged;
    path_to(t, index, path);
    for (unsigned level = 0; level < t->height; level++) {
        uint64_t bit = (uint64_t)1 << slot_of(index, level);
        if (tagged)
            path[level]->tags |= bit;
        else
            path[level]->tags &= ~bit;
        if (!tagged && path[level]->tags != 0)
            break; /* its node is tagged still */
    }
}

struct page *page_tree_remove(struct page_tree *t, uint64_t index)
{
    struct page_node *path[MAX_HEIGHT];
    struct page *page = page_tree_find(t, index);
    if (!page)
        return NULL;
    page_tree_tag(t, index, false);
    path_to(t, index, path);
    t->count--;
    for (unsigned level = 0; level < t->height; level++) {
        path[level]->slot[slot_of(index, level)] = NULL;
        if (--path[level]->used > 0)
            return page;
        kfree(path[level]);
    }
    t->root = NULL;
    t->height = 0;
    return page;
}

/* The first tagged index >= first in the subtree p, counted within it; UINT64_MAX: none. */
static uint64_t tagged_in(const struct page_tree *t, const void *p, unsigned height, uint64_t first)
{
    if (height == 0)
        return t->height > 0 || t->root_tagged ? first : UINT64_MAX;
    const struct page_node *node = p;
    unsigned level = height - 1;
    for (unsigned i = slot_of(first, level); i < NODE_SLOTS; i++) {
        uint64_t base = (uint64_t)i << (NODE_SHIFT * level);
        if (!(node->tags >> i & 1))
            continue;
        uint64_t found = tagged_in(t, node->slot[i], level, first > base ? first - base : 0);
        if (found != UINT64_MAX)
            return base + found;
    }
    return UINT64_MAX;
}

uint64_t page_tree_next_tagged(struct page_tree *t, uint64_t first)
{
    return t->root && fits(t->height, first) ? tagged_in(t, t->root, t->height, first) : UINT64_MAX;
}

static uint64_t next_in(void *p, unsigned height, uint64_t first, bool want)
{
    if (!p)
        return want ? UINT64_MAX : first;
    if (height == 0)
        return want ? first : UINT64_MAX;
    struct page_node *node = p;
    unsigned level = height - 1;
    for (unsigned i = slot_of(first, level); i < NODE_SLOTS; i++) {
        uint64_t base = (uint64_t)i << (NODE_SHIFT * level);
        uint64_t found = next_in(node->slot[i], level, first > base ? first - base : 0, want);
        if (found != UINT64_MAX)
            return base + found;
    }
    return UINT64_MAX;
}

uint64_t page_tree_next_locked(struct page_tree *t, uint64_t first, bool want)
{
    uint64_t found;
    if (!fits(t->height, first))
        found = want ? UINT64_MAX : first;
    else
        found = next_in(t->root, t->height, first, want);
    if (found == UINT64_MAX && !want)
        found = (uint64_t)1 << (NODE_SHIFT * t->height); /* beyond all that is there */
    return found;
}

uint64_t page_tree_next(struct page_tree *t, uint64_t first, bool want)
{
    spin_lock(&t->lock);
    uint64_t found = page_tree_next_locked(t, first, want);
    spin_unlock(&t->lock);
    return found;
}
