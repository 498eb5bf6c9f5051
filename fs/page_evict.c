/*
 * Memory for the page cache, and from it: the list of all caches, and the search for pages to drop.
 *
 * The search goes round through the caches and their pages like the hand of a clock: a page that
 * was used since it last came by is passed over once.
 */
#include "fs/internal.h"
#include "fs/page_cache_internal.h"

#define KEEP_SHARE 16 /* of memory: below that the cache drops pages of its own for new ones */
#define BATCH      64 /* pages it drops then */
#define STEP       64 /* pages looked at with a tree's lock held */

/* Steps before pages go that were used lately: allocators are not made to wait for long. */
#define POLITE_STEPS 16

static struct list caches = {&caches, &caches};
static struct spinlock list_lock =
    SPINLOCK_INIT;              /* the list, its order, `users`; before a tree's */
static struct page_cache *turn; /* whose pages are looked at next; NULL: the first */
static size_t all_pages;        /* atomic */

/* ---- counting */

size_t page_cache_pages(void)
{
    return __atomic_load_n(&all_pages, __ATOMIC_RELAXED);
}

void cache_count_pages(long n)
{
    __atomic_add_fetch(&all_pages, (size_t)n, __ATOMIC_RELAXED);
}

/* Roughly: pages on their way or in use count as well. */
size_t page_cache_idle_pages(void)
{
    size_t pages = page_cache_pages();
    size_t busy = page_cache_dirty_pages() + page_cache_writing_pages();
    return pages > busy ? pages - busy : 0;
}

/* ---- dropping pages */

/*
 * Looks at STEP pages from the hand on, drops up to `want`: how many. `polite`: not those used
 * lately. *end: came to the last page. list_lock is held.
 */
static size_t drop_some(struct page_cache *cache, size_t want, bool polite, bool *end)
{
    struct page_tree *tree = cache->pages;
    size_t dropped = 0;
    *end = false;
    spin_lock(&tree->lock);
    for (unsigned i = 0; i < STEP && dropped < want; i++) {
        uint64_t index = page_tree_next_locked(tree, cache->hand, true);
        if (index == UINT64_MAX) {
            cache->hand = 0;
            *end = true;
            break;
        }
        cache->hand = index + 1;
        struct page *page = page_tree_find(tree, index);
        if (polite && page->spare & CACHED_RECENT) {
            page->spare &= (uint16_t)~CACHED_RECENT;
        } else if (!(page->spare & CACHED_BUSY) && page_refs(page) == 1) {
            page_tree_remove(tree, index);
            page_put(page);
            dropped++;
        }
    }
    spin_unlock(&tree->lock);
    cache_count_pages(-(long)dropped);
    return dropped;
}

static struct page_cache *next_cache(struct page_cache *cache)
{
    struct list *next = cache ? cache->caches.next : caches.next;
    if (next == &caches)
        next = caches.next;
    return next == &caches ? NULL : list_entry(next, struct page_cache, caches);
}

/* Through every cache twice at most, the one it begins in a third time: its hand may stand
 * anywhere. */
static size_t reclaim(size_t want)
{
    size_t dropped = 0, steps = 0, ends = 0, limit = 1;
    struct list *pos;
    spin_lock(&list_lock);
    list_for_each (pos, &caches)
        limit += 2;
    if (!turn)
        turn = next_cache(NULL);
    while (turn && dropped < want && ends < limit) {
        bool end;
        dropped += drop_some(turn, want - dropped, steps++ < POLITE_STEPS, &end);
        if (end) {
            turn = next_cache(turn);
            ends++;
        }
    }
    spin_unlock(&list_lock);
    if (dropped < want && page_cache_dirty_pages() > 0)
        cache_wake_flusher();
    return dropped;
}

struct page *cache_alloc_page(void)
{
    if (page_unused_count() < page_total() / KEEP_SHARE)
        reclaim(BATCH);
    return page_alloc();
}

void page_cache_invalidate(struct page_cache *cache, uint64_t first, uint64_t last)
{
    struct page_tree *tree = cache->pages;
    uint64_t index = first;
    long dropped = 0;
    spin_lock(&tree->lock);
    while ((index = page_tree_next_locked(tree, index, true)) <= last && index != UINT64_MAX) {
        struct page *page = page_tree_find(tree, index);
        if (!(page->spare & CACHED_BUSY) && page_refs(page) == 1) {
            page_put(page_tree_remove(tree, index));
            dropped++;
        }
        index++;
    }
    spin_unlock(&tree->lock);
    cache_count_pages(-dropped);
}

/* ---- the list */

static const struct page_reclaim page_cache_reclaim = {page_cache_idle_pages, reclaim};

void page_cache_init(struct page_cache *cache, struct page_tree *pages,
                     const struct page_cache_ops *ops, void *owner, unsigned io_max)
{
    *cache = (struct page_cache){.pages = pages,
                                 .ops = ops,
                                 .owner = owner,
                                 .io_max = io_max < PAGE_IO_MAX ? io_max : PAGE_IO_MAX};
    waitq_init(&cache->wait);
    spin_lock(&list_lock);
    list_add_tail(&caches, &cache->caches);
    spin_unlock(&list_lock);
    page_set_reclaim(&page_cache_reclaim);
}

void page_cache_destroy(struct page_cache *cache)
{
    spin_lock(&list_lock);
    while (cache->users > 0)
        waitq_sleep_hard(&cache->wait, &list_lock);
    if (turn == cache)
        turn = NULL;
    list_del(&cache->caches);
    spin_unlock(&list_lock);
    spin_lock(&cache->pages->lock);
    while (cache->transfers > 0)
        waitq_sleep_hard(&cache->wait, &cache->pages->lock);
    size_t dirty = cache->dirty;
    spin_unlock(&cache->pages->lock);
    cache_count_dirty(-(long)dirty);
    cache_count_pages(-(long)page_tree_truncate(cache->pages, 0));
}

int cache_for_each(int (*visit)(struct page_cache *cache))
{
    int err = 0;
    spin_lock(&list_lock);
    struct list *pos = caches.next;
    while (pos != &caches) {
        struct page_cache *cache = list_entry(pos, struct page_cache, caches);
        cache->users++;
        spin_unlock(&list_lock);
        int result = visit(cache);
        if (err == 0)
            err = result;
        spin_lock(&list_lock);
        cache->users--;
        waitq_wake_all(&cache->wait);
        pos = pos->next;
    }
    spin_unlock(&list_lock);
    return err;
}
