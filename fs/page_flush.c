/*
 * Dirty pages on their way home: by sync, by the flusher some seconds after they were changed,
 * and by writers who have dirtied a large share of memory.
 */
#include "fs/internal.h"
#include "fs/page_cache_internal.h"

#define FLUSH_NS    5000000000ull /* from the first dirty page to the flusher's round */
#define DIRTY_SHARE 4             /* of the memory that is free: the most that may be dirty */

static size_t dirty_pages, writing_pages; /* atomic; the first without those on their way */

static struct spinlock flusher_lock = SPINLOCK_INIT;
static struct waitq flusher_wait;
static bool flusher_ready, flusher_hurry; /* under flusher_lock */

/* ---- starting transfers */

/*
 * The next run of dirty pages from *index on, marked as on their way: their number, and *index
 * where they begin. Pages that are on their way already are passed over. The tree's lock is held.
 */
static unsigned take_run(struct page_cache *cache, struct page_io *io, uint64_t *index)
{
    struct page_tree *tree = cache->pages;
    uint64_t at = page_tree_next_tagged(tree, *index);
    while (at != UINT64_MAX && page_tree_find(tree, at)->spare & CACHED_WRITING)
        at = page_tree_next_tagged(tree, at + 1);
    *index = at;
    while (io->count < cache->io_max && at != UINT64_MAX && at == *index + io->count) {
        struct page *page = page_tree_find(tree, at);
        if (page->spare & CACHED_WRITING)
            break;
        page->spare = (uint16_t)((page->spare & ~CACHED_DIRTY) | CACHED_WRITING);
        page_tree_tag(tree, at, false);
        page_get(page);
        io->pages[io->count++] = page;
        at = page_tree_next_tagged(tree, at + 1);
    }
    cache->dirty -= io->count;
    cache->writing += io->count;
    return io->count;
}

/* Starts writing one run from *index on, which moves behind it: its pages, 0: none, or -ENOMEM. */
static int start_run(struct page_cache *cache, uint64_t *index)
{
    struct page_io *io = page_io_alloc(cache, true, cache->io_max);
    if (!io)
        return -ENOMEM;
    spin_lock(&cache->pages->lock);
    unsigned count = take_run(cache, io, index);
    spin_unlock(&cache->pages->lock);
    if (count == 0) {
        kfree(io);
        return 0;
    }
    io->index = *index;
    *index += count;
    cache_count_dirty(-(long)count);
    cache_count_writing(count);
    page_io_start(io);
    return (int)count;
}

static int start_all(struct page_cache *cache)
{
    uint64_t index = 0;
    int n;
    do {
        n = start_run(cache, &index);
    } while (n > 0);
    return n;
}

/* Waits until no more than `rest` pages are on their way. */
static void wait_written(struct page_cache *cache, size_t rest)
{
    spin_lock(&cache->pages->lock);
    while (cache->writing > rest)
        waitq_sleep_hard(&cache->wait, &cache->pages->lock);
    spin_unlock(&cache->pages->lock);
}

/* The same for a process that may be killed meanwhile: 0 or -EINTR. */
static int wait_written_killable(struct page_cache *cache, size_t rest)
{
    int err = 0;
    spin_lock(&cache->pages->lock);
    while (err == 0 && cache->writing > rest)
        err = waitq_sleep_killable(&cache->wait, &cache->pages->lock);
    spin_unlock(&cache->pages->lock);
    return err;
}

/* ---- sync */

/*
 * Two rounds: a page that was on its way and dirty again when the first one came by is written by
 * the second.
 */
static int write_all(struct page_cache *cache)
{
    int err = 0;
    for (int round = 0; round < 2; round++) {
        err = start_all(cache);
        wait_written(cache, 0);
        if (err == -ENOMEM) { /* what was on its way has given memory back */
            err = start_all(cache);
            wait_written(cache, 0);
        }
    }
    return err;
}

int page_cache_sync(struct page_cache *cache, uint32_t *seen)
{
    int err = write_all(cache);
    spin_lock(&cache->pages->lock);
    if (cache->errors != *seen) {
        err = -EIO;
        cache->untold = false;
    }
    *seen = cache->errors;
    spin_unlock(&cache->pages->lock);
    return err;
}

uint32_t page_cache_seen(struct page_cache *cache)
{
    spin_lock(&cache->pages->lock);
    uint32_t seen = cache->errors - cache->untold;
    spin_unlock(&cache->pages->lock);
    return seen;
}

/* Errors stay untold: sync(2) cannot tell them. */
static int sync_one(struct page_cache *cache)
{
    uint32_t before = cache->errors;
    int err = write_all(cache);
    return cache->errors != before ? -EIO : err;
}

int page_cache_sync_all(void)
{
    return cache_for_each(sync_one);
}

static int start_one(struct page_cache *cache)
{
    start_all(cache); /* without memory: the next round */
    return 0;
}

void page_cache_start_all(void)
{
    cache_for_each(start_one);
}

/* ---- how much may be dirty */

size_t page_cache_dirty_pages(void)
{
    return __atomic_load_n(&dirty_pages, __ATOMIC_RELAXED);
}

size_t page_cache_writing_pages(void)
{
    return __atomic_load_n(&writing_pages, __ATOMIC_RELAXED);
}

void cache_count_writing(long n)
{
    __atomic_add_fetch(&writing_pages, (size_t)n, __ATOMIC_RELAXED);
}

void cache_count_dirty(long n)
{
    size_t now = __atomic_add_fetch(&dirty_pages, (size_t)n, __ATOMIC_RELAXED);
    if (n <= 0 || now > (size_t)n)
        return;
    spin_lock(&flusher_lock); /* the first one */
    if (flusher_ready)
        waitq_wake_all(&flusher_wait);
    spin_unlock(&flusher_lock);
}

int cache_throttle(struct page_cache *cache)
{
    uint64_t index = 0;
    size_t limit = page_free_count() / DIRTY_SHARE + PAGE_IO_MAX;
    if (thread_killed())
        return -EINTR;
    if (page_cache_dirty_pages() + page_cache_writing_pages() <= limit)
        return 0;
    while (page_cache_dirty_pages() > limit / 2 && start_run(cache, &index) > 0)
        continue;
    int err = wait_written_killable(cache, limit / 2);
    cache_wake_flusher(); /* the others' share */
    return err;
}

bool cache_wait_memory(struct page_cache *cache)
{
    uint64_t index = 0;
    start_run(cache, &index);
    spin_lock(&cache->pages->lock);
    bool some = cache->writing > 0;
    spin_unlock(&cache->pages->lock);
    if (some)
        wait_written(cache, 0);
    return some;
}

/* ---- the flusher */

void cache_wake_flusher(void)
{
    spin_lock(&flusher_lock);
    flusher_hurry = true;
    if (flusher_ready)
        waitq_wake_all(&flusher_wait);
    spin_unlock(&flusher_lock);
}

/* Sleeps until there is something to write that is old enough, or memory is short. */
static void wait_for_work(void)
{
    spin_lock(&flusher_lock);
    if (!flusher_ready)
        waitq_init(&flusher_wait);
    flusher_ready = true;
    while (page_cache_dirty_pages() == 0)
        waitq_sleep(&flusher_wait, &flusher_lock);
    uint64_t deadline = time_ns() + FLUSH_NS;
    while (!flusher_hurry)
        if (waitq_sleep_until(&flusher_wait, &flusher_lock, deadline) < 0)
            break;
    flusher_hurry = false;
    spin_unlock(&flusher_lock);
}

void page_cache_flusher(void *arg)
{
    for (;;) {
        wait_for_work();
        page_cache_start_all();
    }
}
