#pragma once
/*
 * Memory: physical pages, kernel objects, device mappings, and user address spaces.
 *
 * Every allocation can fail and returns NULL; the caller turns that into -ENOMEM. None of these
 * sleeps unless it says so; all may be called with spinlocks held unless they say they sleep.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "kernel/arch/arch.h"
#include "lib/list.h"

/* ---------------------------------------------------------------- pages */

enum page_state {
    PAGE_RESERVED = 0, /* not ours: firmware, kernel image, holes */
    PAGE_FREE,         /* head of a free block of the buddy allocator */
    PAGE_USED,         /* head of an allocated block */
    PAGE_SLAB,         /* belongs to an object cache, `owner` says which */
    PAGE_TAIL,         /* inside a block */
};

struct page {
    struct list link; /* free list, or the owner's use */
    uint32_t refs;    /* users of a PAGE_USED block; atomic */
    uint8_t state;    /* enum page_state */
    uint8_t order;    /* block of 1 << order pages */
    uint16_t spare;   /* the owner's use */
    void *owner;      /* the owner's use: a cache for slabs, an object for file pages */
};

/* One page with one reference, contents undefined; NULL when memory is exhausted. */
struct page *page_alloc(void);
struct page *page_alloc_zeroed(void);

/* 1 << order contiguous pages (order 0 .. 10), naturally aligned. Freed by page_put() of the first.
 */
struct page *page_alloc_order(unsigned order);

void page_get(struct page *page); /* one more reference */
void page_put(struct page *page); /* one less; frees the block at zero */
static inline uint32_t page_refs(const struct page *page)
{
    return __atomic_load_n(&page->refs, __ATOMIC_ACQUIRE);
}

void *page_va(const struct page *page); /* where the kernel sees it (direct map, writable) */
paddr_t page_pa(const struct page *page);
struct page *page_of_va(const void *va); /* of a direct-map address */
struct page *page_of_pa(paddr_t pa);     /* NULL for addresses that are not managed RAM */

/*
 * In pages: managed RAM; free now, with what caches would give back; free without touching them.
 */
size_t page_total(void);
size_t page_free_count(void);
size_t page_unused_count(void);

/*
 * How a cache of pages gives memory back when there is none left otherwise. Both are called from
 * any context and with spinlocks held (none of the cache's own: no cache allocates under one).
 */
struct page_reclaim {
    size_t (*idle)(void);           /* pages that could be dropped now, roughly */
    size_t (*reclaim)(size_t want); /* drops about so many: how many it did */
};
/* Registers the one there is (fs's); it lives for ever. */
void page_set_reclaim(const struct page_reclaim *reclaim);

/*
 * True when so little is free that it should be kept for what cannot well fail (copy-on-write,
 * stacks, demand zero). Whatever commits memory for later (fork, brk, a growing file) refuses then.
 */
bool page_low(size_t wanted);

/* ---------------------------------------------------------------- objects */

/* At least `size` bytes aligned to 16; up to 4 MiB. kzalloc() gives zeroed memory. */
void *kmalloc(size_t size);
void *kzalloc(size_t size);
void kfree(void *object); /* NULL is fine */

size_t kmalloc_pages(void); /* pages held by the object allocator, for /proc/meminfo */

/* ---------------------------------------------------------------- devices and firmware tables */

/*
 * Maps device registers, uncached as the platform's PMAs say, for good. `pa` needs no alignment.
 * Returns NULL when the window is full or memory is short. Boot time or thread context.
 */
void *mmio_map(paddr_t pa, size_t size);

/*
 * A view of RAM by physical address through the direct map (e.g. the initrd), or NULL if any of
 * [pa, pa + size) is outside it.
 */
void *mm_phys_view(paddr_t pa, size_t size);

/* Gives boot-time reserved RAM (the initrd once unpacked) to the page allocator. */
void mm_release_range(paddr_t pa, size_t size);

/* The initrd as /chosen described it: false if there is none (or it is out of reach). */
bool mm_initrd(paddr_t *pa, size_t *size);

/* ---------------------------------------------------------------- a file's pages */

/*
 * What a file system gives so that its files can be mapped. The object is part of the inode; the
 * region holds a reference (get/put) for as long as it maps it.
 */
struct vm_object;

struct vm_object_ops {
    /*
     * The page holding bytes [index * PAGE_SIZE, ...), with one more reference for the caller,
     * in *page. The file's tail beyond its end is zero. May sleep. -EFAULT beyond the end of file
     * (a SIGBUS for the program), -ENOMEM, -EIO.
     */
    int (*get_page)(struct vm_object *object, uint64_t index, struct page **page);
    void (*get)(struct vm_object *object); /* one more reference */
    void (*put)(struct vm_object *object); /* one less; may sleep */
};

struct vm_object {
    const struct vm_object_ops *ops;
};

#include "kernel/mm/vm.h"
