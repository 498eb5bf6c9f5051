/*
 * The page allocator: a binary buddy system over blocks of 1 << 10 pages.
 *
 * Page structs are made when they are first needed, block by block: `frontier` is the first block
 * that has not been looked at, and its memory counts as free. Bringing in a block is a bounded
 * piece of work, and boot touches only the part of the map that it uses.
 */
#include "kernel/klog.h"
#include "kernel/mm/internal.h"
#include "lib/string.h"

#define MAX_ORDER   10
#define BLOCK_PAGES (1UL << MAX_ORDER)
#define MAX_PIECES  40

static struct spinlock lock = SPINLOCK_INIT;
static struct list free_lists[MAX_ORDER + 1];
static struct page *map; /* of the page with number first_pfn */
static size_t first_pfn, end_pfn;
static size_t frontier; /* page number, block aligned */
static size_t total_pages, free_pages;

/* Free RAM by page numbers; consulted when the frontier gets there. */
static struct piece {
    size_t start, end;
} pieces[MAX_PIECES];
static unsigned piece_count;

static struct page *page_at(size_t pfn)
{
    return map + (pfn - first_pfn);
}

static size_t pfn_of(const struct page *page)
{
    return first_pfn + (size_t)(page - map);
}

void pages_init(struct page *page_map, paddr_t base, paddr_t end)
{
    for (unsigned i = 0; i <= MAX_ORDER; i++)
        list_init(&free_lists[i]);
    map = page_map;
    first_pfn = frontier = (size_t)(base >> PAGE_SHIFT);
    end_pfn = (size_t)(end >> PAGE_SHIFT);
    KASSERT(first_pfn % BLOCK_PAGES == 0);
}

/* ---- free blocks */

static void block_insert(struct page *page, unsigned order)
{
    page->state = PAGE_FREE;
    page->order = (uint8_t)order;
    list_add(&free_lists[order], &page->link);
}

static void block_free(struct page *page, unsigned order)
{
    size_t pfn = pfn_of(page);
    free_pages += 1UL << order;
    while (order < MAX_ORDER) {
        struct page *buddy = page_at(pfn ^ 1UL << order);
        if (buddy->state != PAGE_FREE || buddy->order != order)
            break;
        list_del(&buddy->link);
        page->state = PAGE_TAIL;
        buddy->state = PAGE_TAIL;
        pfn &= ~(1UL << order);
        page = page_at(pfn);
        order++;
    }
    block_insert(page, order);
}

/* Frees [start, end) in the biggest aligned blocks; its page structs exist. */
static void free_run(size_t start, size_t end)
{
    while (start < end) {
        unsigned order = 0;
        while (order < MAX_ORDER && !(start & 1UL << order) && start + (2UL << order) <= end)
            order++;
        block_free(page_at(start), order);
        start += 1UL << order;
    }
}

/* Brings in blocks until one has free memory; false: there is no more. */
static bool advance_frontier(void)
{
    while (frontier < end_pfn) {
        size_t start = frontier, end = start + BLOCK_PAGES;
        bool found = false;
        memset(page_at(start), 0, BLOCK_PAGES * sizeof(struct page)); /* all PAGE_RESERVED */
        frontier = end;
        for (unsigned i = 0; i < piece_count; i++) {
            size_t from = pieces[i].start > start ? pieces[i].start : start;
            size_t to = pieces[i].end < end ? pieces[i].end : end;
            if (from >= to)
                continue;
            free_pages -= to - from; /* counted since pages_add() */
            free_run(from, to);
            found = true;
        }
        if (found)
            return true;
    }
    return false;
}

void pages_add(paddr_t start, paddr_t end)
{
    size_t from = (size_t)(start >> PAGE_SHIFT), to = (size_t)(end >> PAGE_SHIFT);
    spin_lock(&lock);
    total_pages += to - from;
    size_t known = to < frontier ? to : frontier;
    if (from < known) {
        free_run(from, known);
        from = known;
    }
    if (from < to) {
        if (piece_count == MAX_PIECES)
            panic("memory: too many pieces");
        pieces[piece_count++] = (struct piece){from, to};
        free_pages += to - from;
    }
    spin_unlock(&lock);
}

/* ---- allocation */

static struct page *take(unsigned order)
{
    unsigned have = order;
    for (;;) {
        while (have <= MAX_ORDER && list_empty(&free_lists[have]))
            have++;
        if (have <= MAX_ORDER)
            break;
        if (!advance_frontier())
            return NULL;
        have = order;
    }
    struct page *page = list_first(&free_lists[have], struct page, link);
    list_del(&page->link);
    while (have > order) {
        have--;
        block_insert(page + (1UL << have), have);
    }
    free_pages -= 1UL << order;
    page->state = PAGE_USED;
    page->order = (uint8_t)order;
    page->refs = 1;
    page->owner = NULL;
    return page;
}

#define RECLAIM_BATCH 64 /* pages a cache is asked for at a time */

static const struct page_reclaim *cache;

void page_set_reclaim(const struct page_reclaim *reclaim)
{
    __atomic_store_n(&cache, reclaim, __ATOMIC_RELEASE);
}

static bool cache_reclaim(void)
{
    const struct page_reclaim *from = __atomic_load_n(&cache, __ATOMIC_ACQUIRE);
    return from && from->reclaim(RECLAIM_BATCH) > 0;
}

static size_t cache_idle_pages(void)
{
    const struct page_reclaim *from = __atomic_load_n(&cache, __ATOMIC_ACQUIRE);
    return from ? from->idle() : 0;
}

struct page *page_alloc_order(unsigned order)
{
    if (order > MAX_ORDER || alloc_must_fail())
        return NULL;
    for (;;) {
        spin_lock(&lock);
        struct page *page = take(order);
        spin_unlock(&lock);
        if (page || !(kmalloc_reclaim() || stacks_reclaim() || cache_reclaim()))
            return page;
    }
}

struct page *page_alloc(void)
{
    return page_alloc_order(0);
}

struct page *page_alloc_zeroed(void)
{
    struct page *page = page_alloc();
    if (page)
        memset(page_va(page), 0, PAGE_SIZE);
    return page;
}

void page_get(struct page *page)
{
    __atomic_fetch_add(&page->refs, 1, __ATOMIC_RELAXED);
}

void page_put(struct page *page)
{
    uint32_t before = __atomic_fetch_sub(&page->refs, 1, __ATOMIC_ACQ_REL);
    if (before > 1)
        return;
    if (before == 0 || page->state != PAGE_USED)
        panic("page %#lx freed twice", (unsigned long)pfn_of(page));
    spin_lock(&lock);
    block_free(page, page->order);
    spin_unlock(&lock);
}

/* ---- addresses and counts */

void *page_va(const struct page *page)
{
    return (void *)((uintptr_t)(pfn_of(page) << PAGE_SHIFT) + pt_direct_offset());
}

paddr_t page_pa(const struct page *page)
{
    return (paddr_t)pfn_of(page) << PAGE_SHIFT;
}

struct page *page_of_pa(paddr_t pa)
{
    size_t pfn = (size_t)(pa >> PAGE_SHIFT);
    return pfn >= first_pfn && pfn < frontier && pfn < end_pfn ? page_at(pfn) : NULL;
}

struct page *page_of_va(const void *va)
{
    return page_of_pa((paddr_t)((uintptr_t)va - pt_direct_offset()));
}

size_t page_total(void)
{
    return total_pages;
}

size_t page_unused_count(void)
{
    return free_pages;
}

size_t page_free_count(void)
{
    return free_pages + stacks_idle_pages() + kmalloc_idle_pages() + cache_idle_pages();
}

#define RESERVE_SHARE 64 /* of all memory */
#define RESERVE_MIN   64 /* pages */

bool page_low(size_t wanted)
{
    size_t reserve = total_pages / RESERVE_SHARE;
    if (reserve < RESERVE_MIN)
        reserve = RESERVE_MIN;
    size_t have = page_free_count();
    return have < reserve || have - reserve < wanted;
}

/* ---- failing on purpose */

bool alloc_must_fail(void)
{
    struct thread *self = current();
    return __builtin_expect(self->fail_nth != 0, 0) && !self->arch.in_irq && --self->fail_nth == 0;
}
