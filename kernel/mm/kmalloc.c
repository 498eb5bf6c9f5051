/*
 * The object allocator: one cache per size, each a list of one-page slabs with free objects. A free
 * object's first two bytes are the number of the next free one in its slab. Full slabs are on no
 * list; one empty slab per cache is kept.
 */
#include "kernel/klog.h"
#include "kernel/mm/internal.h"
#include "lib/string.h"

#define NO_OBJECT 0xffff

struct cache {
    uint16_t size;
    uint16_t per_slab;
    struct spinlock lock;
    struct list partial; /* slabs with a free object; empty one last */
    struct page *idle;   /* the empty slab that is kept, also on `partial` */
};

/* In a slab's struct page: refs counts objects in use, spare is the first free object. */
#define CACHE(bytes)                                     \
    {                                                    \
        .size = (bytes), .per_slab = PAGE_SIZE / (bytes) \
    }
static struct cache caches[] = {CACHE(16),  CACHE(32),   CACHE(48),   CACHE(64),  CACHE(96),
                                CACHE(128), CACHE(192),  CACHE(256),  CACHE(320), CACHE(512),
                                CACHE(672), CACHE(1024), CACHE(1344), CACHE(2048)};
#define CACHES  (sizeof caches / sizeof *caches)
#define LARGEST 2048u

static size_t slab_pages; /* atomic */
static size_t idle_slabs; /* atomic */

static struct cache *cache_for(size_t size)
{
    static uint8_t by_size[LARGEST / 16 + 1]; /* index + 1; 0: not known yet */
    uint8_t *known = &by_size[(size + 15) / 16];
    if (*known == 0) {
        unsigned i = 0;
        while (caches[i].size < size)
            i++;
        *known = (uint8_t)(i + 1);
    }
    return &caches[*known - 1];
}

static uint16_t *object_at(const struct cache *cache, struct page *slab, unsigned index)
{
    return (uint16_t *)((char *)page_va(slab) + (size_t)index * cache->size);
}

static struct page *slab_make(struct cache *cache)
{
    struct page *slab = page_alloc();
    if (!slab)
        return NULL;
    slab->state = PAGE_SLAB;
    slab->owner = cache;
    slab->refs = 0;
    slab->spare = 0;
    for (unsigned i = 0; i < cache->per_slab; i++)
        *object_at(cache, slab, i) = (uint16_t)(i + 1 < cache->per_slab ? i + 1 : NO_OBJECT);
    __atomic_fetch_add(&slab_pages, 1, __ATOMIC_RELAXED);
    return slab;
}

static void slab_free(struct page *slab)
{
    __atomic_fetch_sub(&slab_pages, 1, __ATOMIC_RELAXED);
    slab->state = PAGE_USED;
    slab->refs = 1;
    page_put(slab);
}

static void *take_object(struct cache *cache)
{
    struct page *slab = list_first(&cache->partial, struct page, link);
    uint16_t *object = object_at(cache, slab, slab->spare);
    if (slab == cache->idle) {
        cache->idle = NULL;
        __atomic_fetch_sub(&idle_slabs, 1, __ATOMIC_RELAXED);
    }
    slab->spare = *object;
    slab->refs++;
    if (slab->spare == NO_OBJECT)
        list_del(&slab->link);
    return object;
}

static void *allocate_large(size_t size)
{
    unsigned order = 0;
    while ((PAGE_SIZE << order) < size)
        order++;
    struct page *page = page_alloc_order(order);
    return page ? page_va(page) : NULL;
}

void *kmalloc(size_t size)
{
    if (size > LARGEST)
        return size > 4UL << 20 ? NULL : allocate_large(size);
    if (alloc_must_fail())
        return NULL;
    struct cache *cache = cache_for(size);
    spin_lock(&cache->lock);
    if (!cache->partial.next)
        list_init(&cache->partial);
    if (list_empty(&cache->partial)) {
        spin_unlock(&cache->lock);
        struct page *slab = slab_make(cache);
        if (!slab)
            return NULL;
        spin_lock(&cache->lock);
        list_add(&cache->partial, &slab->link);
    }
    void *object = take_object(cache);
    spin_unlock(&cache->lock);
    return object;
}

void *kzalloc(size_t size)
{
    void *object = kmalloc(size);
    if (object)
        memset(object, 0, size);
    return object;
}

/* Puts the object back; returns a slab the cache has no use for, or NULL. */
static struct page *put_object(struct cache *cache, struct page *slab, uint16_t *object)
{
    size_t offset = (size_t)((char *)object - (char *)page_va(slab));
    KASSERT(offset % cache->size == 0 && slab->refs > 0);
    if (slab->spare == NO_OBJECT)
        list_add(&cache->partial, &slab->link);
    *object = slab->spare;
    slab->spare = (uint16_t)(offset / cache->size);
    if (--slab->refs > 0)
        return NULL;
    list_del(&slab->link);
    if (cache->idle)
        return slab;
    cache->idle = slab;
    list_add_tail(&cache->partial, &slab->link);
    __atomic_fetch_add(&idle_slabs, 1, __ATOMIC_RELAXED);
    return NULL;
}

void kfree(void *object)
{
    if (!object)
        return;
    struct page *page = page_of_va(object);
    if (!page || (page->state != PAGE_SLAB && page->state != PAGE_USED))
        panic("kfree(%p): not from kmalloc", object);
    if (page->state == PAGE_USED) {
        page_put(page);
        return;
    }
    struct cache *cache = page->owner;
    spin_lock(&cache->lock);
    struct page *surplus = put_object(cache, page, object);
    spin_unlock(&cache->lock);
    if (surplus)
        slab_free(surplus);
}

bool kmalloc_reclaim(void)
{
    bool freed = false;
    for (unsigned i = 0; i < CACHES; i++) {
        struct cache *cache = &caches[i];
        if (!cache->idle || spin_held(&cache->lock))
            continue;
        spin_lock(&cache->lock);
        struct page *slab = cache->idle;
        cache->idle = NULL;
        if (slab)
            list_del(&slab->link);
        spin_unlock(&cache->lock);
        if (slab) {
            __atomic_fetch_sub(&idle_slabs, 1, __ATOMIC_RELAXED);
            slab_free(slab);
            freed = true;
        }
    }
    return freed;
}

size_t kmalloc_pages(void)
{
    return __atomic_load_n(&slab_pages, __ATOMIC_RELAXED) - kmalloc_idle_pages();
}

size_t kmalloc_idle_pages(void)
{
    return __atomic_load_n(&idle_slabs, __ATOMIC_RELAXED);
}
