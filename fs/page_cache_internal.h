#pragma once
/* Between page_cache.c (pages), page_flush.c (dirty ones) and page_evict.c (memory). */
#include "fs/page_cache.h"

/* In page->spare, under the lock of the page's tree. */
enum cached_flags {
    CACHED_VALID = 1 << 0,   /* holds the object's bytes */
    CACHED_READING = 1 << 1, /* will hold them */
    CACHED_DIRTY = 1 << 2,   /* changed since it was read or written; tagged in the tree */
    CACHED_WRITING = 1 << 3, /* on its way out */
    CACHED_RECENT = 1 << 4,  /* used since the search for pages to drop came by */
};

#define CACHED_BUSY (CACHED_READING | CACHED_DIRTY | CACHED_WRITING)

/* A transfer of up to `room` pages, for kfree() or page_io_start(); NULL without memory. */
struct page_io *page_io_alloc(struct page_cache *cache, bool write, unsigned room);
void page_io_start(struct page_io *io);

/* page_flush.c: pages more or less are dirty, or on their way; a writer may have to wait until
 * fewer are, and may be killed then: 0 or -EINTR. */
void cache_count_dirty(long n);
void cache_count_writing(long n);
int cache_throttle(struct page_cache *cache);
/* There was no memory: waits for pages to become clean. False: none will. */
bool cache_wait_memory(struct page_cache *cache);
void cache_wake_flusher(void);

/* page_evict.c: a page for a cache, keeping some memory for everybody else; pages in all caches. */
struct page *cache_alloc_page(void);
void cache_count_pages(long n);
/* Calls visit(), which may sleep, for every cache: the first error it returns, or 0. */
int cache_for_each(int (*visit)(struct page_cache *cache));
