/* The page cache: finding, filling, reading and writing pages. See page_cache.h. */
#include "fs/page_cache.h"
#include "fs/internal.h"
#include "fs/page_cache_internal.h"

#define AHEAD_MIN 4 /* pages: the first read-ahead of a reader */

/* ---- transfers */

struct page_io *page_io_alloc(struct page_cache *cache, bool write, unsigned room)
{
    struct page_io *io = kmalloc(sizeof *io + room * (sizeof *io->segs + sizeof(struct page *)));
    if (!io)
        return NULL;
    io->cache = cache;
    io->write = write;
    io->count = 0;
    io->segs = (struct block_seg *)io->space;
    io->pages = (struct page **)(io->segs + room);
    return io;
}

void page_io_start(struct page_io *io)
{
    struct page_cache *cache = io->cache;
    spin_lock(&cache->pages->lock);
    cache->transfers++;
    spin_unlock(&cache->pages->lock);
    cache->ops->submit(io);
}

/* One page is no longer moving. The tree's lock is held. True: it left the tree. */
static bool end_page(struct page_io *io, unsigned i, int error)
{
    struct page_cache *cache = io->cache;
    struct page *page = io->pages[i];
    if (io->write) {
        page->spare &= (uint16_t)~CACHED_WRITING;
        cache_count_writing(-1);
        cache->writing--;
        return false;
    }
    page->spare &= (uint16_t)~CACHED_READING;
    if (error == 0) {
        page->spare |= CACHED_VALID;
        return false;
    }
    if (page_tree_find(cache->pages, io->index + i) != page)
        return false;
    page_tree_remove(cache->pages, io->index + i);
    return true;
}

void page_io_done(struct page_io *io, int error)
{
    struct page_cache *cache = io->cache;
    spin_lock(&cache->pages->lock);
    for (unsigned i = 0; i < io->count; i++) {
        if (end_page(io, i, error)) {
            page_put(io->pages[i]);
            cache_count_pages(-1);
        }
    }
    if (io->write && error < 0) {
        cache->errors++;
        cache->untold = true;
    }
    cache->transfers--;
    waitq_wake_all(&cache->wait);
    spin_unlock(&cache->pages->lock);
    for (unsigned i = 0; i < io->count; i++)
        page_put(io->pages[i]);
    kfree(io);
}

/* ---- filling */

/* How many pages from index on the object has, at most `count`. */
static unsigned clip_to_size(struct page_cache *cache, uint64_t index, unsigned count)
{
    uint64_t end = ((uint64_t)cache->ops->size(cache) + PAGE_MASK) >> PAGE_SHIFT;
    if (index >= end)
        return 0;
    return end - index < count ? (unsigned)(end - index) : count;
}

/* A new page in the tree, with a reference for the caller: 0, -ENOMEM, or -EEXIST. */
static int add_page(struct page_cache *cache, uint64_t index, struct page *page, uint16_t flags)
{
    page->spare = flags | CACHED_RECENT;
    page_get(page); /* the tree's */
    int err = page_tree_insert(cache->pages, index, page);
    if (err < 0)
        page_put(page);
    else
        cache_count_pages(1);
    return err;
}

/*
 * Starts reading the missing pages from `index` on: `count` at most, up to the first that is there.
 * *first gets the first with a reference, unless NULL. 0, -ENOMEM, -ENXIO, or -EEXIST: the first
 * one is there by now.
 */
static int start_reading(struct page_cache *cache, uint64_t index, unsigned count,
                         struct page **first)
{
    count = clip_to_size(cache, index, count < cache->io_max ? count : cache->io_max);
    if (count == 0)
        return -ENXIO;
    struct page_io *io = page_io_alloc(cache, false, count);
    int err = 0;
    if (!io)
        return -ENOMEM;
    io->index = index;
    while (err == 0 && io->count < count) {
        struct page *page = cache_alloc_page();
        err = page ? add_page(cache, index + io->count, page, CACHED_READING) : -ENOMEM;
        if (err == 0)
            io->pages[io->count++] = page;
        else if (page)
            page_put(page);
    }
    if (io->count == 0) {
        kfree(io);
        return err;
    }
    if (first)
        page_get(*first = io->pages[0]);
    page_io_start(io);
    return 0;
}

/*
 * Waits until the page, of which the caller has a reference, is filled: 0, -EIO, or -EINTR if the
 * wait is `killable`.
 */
static int wait_filled(struct page_cache *cache, struct page *page, bool killable)
{
    int err = 0;
    spin_lock(&cache->pages->lock);
    while (err == 0 && page->spare & CACHED_READING) {
        if (killable)
            err = waitq_sleep_killable(&cache->wait, &cache->pages->lock);
        else
            waitq_sleep_hard(&cache->wait, &cache->pages->lock);
    }
    if (err == 0 && !(page->spare & CACHED_VALID))
        err = -EIO;
    spin_unlock(&cache->pages->lock);
    return err;
}

/* The page if it is there, with a reference; its flags as they were. */
static struct page *look_up(struct page_cache *cache, uint64_t index, unsigned *flags)
{
    spin_lock(&cache->pages->lock);
    struct page *page = page_tree_find(cache->pages, index);
    if (page) {
        page_get(page);
        page->spare |= CACHED_RECENT;
        *flags = page->spare;
    }
    spin_unlock(&cache->pages->lock);
    return page;
}

/* ---- read-ahead */

/* How many pages to read from a missing one on, when `want` are asked for. */
static unsigned ahead_missed(struct readahead *ra, uint64_t index, unsigned want)
{
    if (!ra)
        return want;
    bool straight = index == ra->next || index == 0;
    ra->window = !straight ? 0 : ra->window == 0 ? AHEAD_MIN : 2 * ra->window;
    if (ra->window > PAGE_IO_MAX)
        ra->window = PAGE_IO_MAX;
    unsigned count = want > ra->window ? want : ra->window;
    ra->start = index;
    ra->end = straight ? index + count : index;
    return count;
}

/* A page that was brought in ahead has been reached: starts on what comes after those. */
static void ahead_reached(struct page_cache *cache, struct readahead *ra, uint64_t index)
{
    if (!ra || index < ra->start || index >= ra->end || ra->end - ra->start > PAGE_IO_MAX)
        return;
    ra->window = 2 * ra->window < PAGE_IO_MAX ? 2 * ra->window : PAGE_IO_MAX;
    ra->start = ra->end;
    ra->end += ra->window;
    unsigned done = 0;
    while (done < ra->window) { /* the device may take less at a time */
        if (start_reading(cache, ra->start + done, ra->window - done, NULL) < 0)
            break;
        done += cache->io_max;
    }
}

/* The page with a reference, filled or being filled; `want` pages are read if it is missing. */
static int find_or_read(struct page_cache *cache, struct readahead *ra, uint64_t index,
                        unsigned want, struct page **page, unsigned *flags)
{
    int err = -EEXIST;
    *flags = 0;
    while (err == -EEXIST && !(*page = look_up(cache, index, flags)))
        err = start_reading(cache, index, ahead_missed(ra, index, want), page);
    return *page ? 0 : err;
}

/* page_cache_get() for a reader who will want `want` pages, and may be killed if `killable`. */
static int get_page(struct page_cache *cache, struct readahead *ra, uint64_t index, unsigned want,
                    bool killable, struct page **out)
{
    struct page *page;
    unsigned flags;
    int err = find_or_read(cache, ra, index, want, &page, &flags);
    if (err < 0)
        return err;
    ahead_reached(cache, ra, index);
    if (ra)
        ra->next = index + 1;
    err = flags & CACHED_VALID ? 0 : wait_filled(cache, page, killable);
    if (err == -EIO) { /* which may be another page's fault: this one by itself */
        page_put(page);
        err = find_or_read(cache, NULL, index, 1, &page, &flags);
        if (err < 0)
            return err;
        err = wait_filled(cache, page, killable);
    }
    if (err < 0)
        page_put(page);
    else
        *out = page;
    return err;
}

int page_cache_get(struct page_cache *cache, uint64_t index, struct page **page)
{
    if (clip_to_size(cache, index, 1) == 0)
        return -ENXIO;
    return get_page(cache, NULL, index, 1, false, page);
}

/* ---- reading */

/* Pages that [pos, pos + n) touches, as far as one transfer can bring them. */
static unsigned pages_wanted(int64_t pos, size_t n)
{
    uint64_t pages = (((uint64_t)pos & PAGE_MASK) + n + PAGE_MASK) >> PAGE_SHIFT;
    return pages < PAGE_IO_MAX ? (unsigned)pages : PAGE_IO_MAX;
}

/* Bytes from pos on that lie in its page, in the object, and in the caller's wish. */
static size_t stretch(struct page_cache *cache, const struct uio *uio, int64_t pos)
{
    int64_t size = cache->ops->size(cache);
    size_t n = PAGE_SIZE - ((size_t)pos & PAGE_MASK);
    if (pos >= size)
        return 0;
    if ((int64_t)n > size - pos)
        n = (size_t)(size - pos);
    return n < uio->left ? n : uio->left;
}

long page_cache_read(struct page_cache *cache, struct readahead *ra, struct uio *uio, int64_t *pos)
{
    long done = 0;
    int err = 0;
    size_t n;
    while (err == 0 && (n = stretch(cache, uio, *pos)) > 0) {
        struct page *page;
        err = get_page(cache, ra, (uint64_t)*pos >> PAGE_SHIFT, pages_wanted(*pos, uio->left), true,
                       &page);
        if (err < 0)
            break;
        err = uio_put(uio, (char *)page_va(page) + ((size_t)*pos & PAGE_MASK), n);
        page_put(page);
        if (err == 0) {
            *pos += (int64_t)n;
            done += (long)n;
            err = thread_killed() ? -EINTR : 0;
        }
    }
    return done > 0 || err == -ENXIO ? done : err;
}

/* ---- writing */

void page_cache_dirty(struct page_cache *cache, uint64_t index, struct page *page)
{
    bool fresh = false;
    spin_lock(&cache->pages->lock);
    page->spare |= CACHED_VALID | CACHED_RECENT;
    if (!(page->spare & CACHED_DIRTY) && page_tree_find(cache->pages, index) == page) {
        page->spare |= CACHED_DIRTY;
        page_tree_tag(cache->pages, index, true);
        cache->dirty++;
        fresh = true;
    }
    spin_unlock(&cache->pages->lock);
    if (fresh)
        cache_count_dirty(1);
}

/* Writes part of a page: what is around it is read first. */
static int write_part(struct page_cache *cache, struct uio *uio, uint64_t index, size_t offset,
                      size_t n)
{
    struct page *page;
    int err = get_page(cache, NULL, index, 1, true, &page);
    if (err < 0)
        return err;
    err = uio_get(uio, (char *)page_va(page) + offset, n);
    page_cache_dirty(cache, index, page); /* a part may have been copied even so */
    page_put(page);
    return err;
}

/*
 * Writes all of a page (n bytes of the last one) that is not there: filled before it is seen, so
 * that nothing is read and no lock is held while the caller's memory is touched.
 */
static int write_whole(struct page_cache *cache, struct uio *uio, uint64_t index, size_t n)
{
    struct page *page = cache_alloc_page(), *other;
    if (!page)
        return -ENOMEM;
    int err = uio_get(uio, page_va(page), n);
    memset((char *)page_va(page) + n, 0, PAGE_SIZE - n);
    if (err == 0)
        err = add_page(cache, index, page, CACHED_VALID);
    if (err == 0) {
        page_cache_dirty(cache, index, page);
    } else if (err == -EEXIST) { /* somebody reads it meanwhile */
        err = get_page(cache, NULL, index, 1, true, &other);
        if (err == 0) {
            memcpy(page_va(other), page_va(page), PAGE_SIZE);
            page_cache_dirty(cache, index, other);
            page_put(other);
        }
    }
    page_put(page);
    return err;
}

static bool is_missing(struct page_cache *cache, uint64_t index)
{
    spin_lock(&cache->pages->lock);
    bool missing = !page_tree_find(cache->pages, index);
    spin_unlock(&cache->pages->lock);
    return missing;
}

long page_cache_write(struct page_cache *cache, struct uio *uio, int64_t *pos)
{
    long done = 0;
    int err = 0;
    size_t n;
    while (err == 0 && (n = stretch(cache, uio, *pos)) > 0) {
        uint64_t index = (uint64_t)*pos >> PAGE_SHIFT;
        size_t offset = (size_t)*pos & PAGE_MASK;
        bool whole =
            offset == 0 && (n == PAGE_SIZE || *pos + (int64_t)n >= cache->ops->size(cache));
        if (whole && is_missing(cache, index))
            err = write_whole(cache, uio, index, n);
        else
            err = write_part(cache, uio, index, offset, n);
        if (err == -ENOMEM && cache_wait_memory(cache)) {
            err = 0;
            continue;
        }
        if (err == 0) {
            *pos += (int64_t)n;
            done += (long)n;
            err = cache_throttle(cache);
        }
    }
    return done > 0 ? done : err;
}
