#pragma once
/*
 * The page cache of what has its home elsewhere: block devices, and files of file systems on them.
 * (A tmpfs file is its pages and needs none of this.)
 *
 * A `struct page_cache` is the pages of one object. Reading brings missing pages in, several at a
 * time when the reader goes straight on (read-ahead); writing changes pages, tags them dirty in the
 * object's page tree, and leaves them to the flusher, to page_cache_sync(), or to a writer who
 * has dirtied too much. Clean pages that nobody has used lately go when memory is short.
 *
 * Who supplies an object gives `struct page_cache_ops`: its size, and submit(), which starts moving
 * pages and says page_io_done() at the end.
 *
 * Lock: the tree's, a leaf; it guards the flags in page->spare, and is taken in interrupts.
 * Functions sleep unless they say otherwise, and may be called with inode and mm locks held, but
 * page_cache_write() and page_cache_read() touch the caller's memory (see fs.h on mm->lock).
 */
#include "fs/fs.h"

#define PAGE_IO_MAX 64 /* pages moved at a time at most */

struct page_cache;

/* Pages on their way in or out. They stay, and keep their place, until page_io_done(). */
struct page_io {
    struct page_cache *cache;
    bool write;
    uint64_t index; /* of the first */
    unsigned count;
    struct page **pages;
    struct block_request request; /* for submit() to use */
    struct block_seg *segs;       /* as many as pages */
    max_align_t space[];
};

struct page_cache_ops {
    int64_t (*size)(struct page_cache *cache); /* of the object in bytes; any context */
    /*
     * Starts the transfer; the part of the last page beyond the object's size is not moved. May
     * call page_io_done() before it returns.
     */
    void (*submit)(struct page_io *io);
};

struct page_cache {
    struct page_tree *pages;
    const struct page_cache_ops *ops;
    void *owner;        /* ops' own */
    unsigned io_max;    /* pages in one transfer: 1 to PAGE_IO_MAX */
    size_t dirty;       /* pages; this and the following under the tree's lock */
    size_t writing;     /* pages on their way out */
    unsigned transfers; /* under way */
    uint32_t errors;    /* of those out, that failed */
    bool untold;        /* nobody has heard of the last error */
    uint64_t hand;      /* where the search for pages to drop goes on */
    struct waitq wait;  /* for the end of a transfer */
    struct list caches; /* all of them; with the following under the list's lock */
    unsigned users;     /* who went through the list and is here */
};

/* How one reader reads: for read-ahead. All zeros at first. A lost update costs only speed. */
struct readahead {
    uint64_t next;       /* the page after the last one read */
    uint64_t start, end; /* what was brought in ahead last */
    unsigned window;     /* how many pages to bring in next; 0: no pattern yet */
};

/* `pages` is empty and stays the cache's. */
void page_cache_init(struct page_cache *cache, struct page_tree *pages,
                     const struct page_cache_ops *ops, void *owner, unsigned io_max);
/* Waits for transfers and drops all pages, dirty or not. Nobody uses the cache any more. */
void page_cache_destroy(struct page_cache *cache);

/* The page at `index`, filled, with a reference for the caller: 0, -ENOMEM, -EIO, -ENXIO beyond the
 * end. Not to be interrupted. */
int page_cache_get(struct page_cache *cache, uint64_t index, struct page **page);
/* The page's bytes were changed by somebody who has a reference. Does not sleep. */
void page_cache_dirty(struct page_cache *cache, uint64_t index, struct page *page);

/*
 * Move bytes between the object and the caller, from *pos on, which advances; reading stops at the
 * end of the object, writing does, too (who wants it to grow says so before), and both stop when
 * the process is to end. The count, or an error when nothing was moved: those of page_cache_get(),
 * -EFAULT, -EINTR. ra: NULL for none.
 */
long page_cache_read(struct page_cache *cache, struct readahead *ra, struct uio *uio, int64_t *pos);
long page_cache_write(struct page_cache *cache, struct uio *uio, int64_t *pos);

/*
 * Writes everything that is dirty now and waits: 0, -ENOMEM, or -EIO if a page could not be
 * written since *seen (page_cache_seen()'s, brought up to date).
 */
int page_cache_sync(struct page_cache *cache, uint32_t *seen);
/*
 * What a new user of the cache has seen of its errors: all, but for the last one if nobody has been
 * told of it, so that a failure after the writer has gone is not lost.
 */
uint32_t page_cache_seen(struct page_cache *cache);
/* Drops the clean pages of [first, last] that nobody uses. Does not sleep. */
void page_cache_invalidate(struct page_cache *cache, uint64_t first, uint64_t last);

/* The end of a transfer, from submit()'s side: 0 or an error. Any context. */
void page_io_done(struct page_io *io, int error);

/* Writes what is dirty in all caches: waits for it and says whether all went well, or only starts
 * it. */
int page_cache_sync_all(void);
void page_cache_start_all(void);
/* The flusher: a kernel thread's function, which never returns. */
void page_cache_flusher(void *arg);

/* Pages in all caches, how many could be dropped (roughly), are dirty, and are on their way out.
 * Any context. */
size_t page_cache_pages(void);
size_t page_cache_idle_pages(void);
size_t page_cache_dirty_pages(void);
size_t page_cache_writing_pages(void);
