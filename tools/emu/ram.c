#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tools/emu/ram.h"

/* A page's code map has one bit per 64 bytes, so data beside code is not mistaken for it. */
#define GRANULE_SHIFT 6

#define PAGE_MASK (RAM_PAGE_SIZE - 1)

struct region {
    uint64_t base, size;
    unsigned flags;
    uint8_t *host;
    uint64_t *code_map; /* per page: which granules hold decoded code */
    uint8_t *dirty;     /* per page: written since ram_clear_dirty() */
};

struct ram {
    struct region regions[RAM_MAX_REGIONS];
    unsigned region_count;
    struct ram_client clients[RAM_MAX_CLIENTS];
    unsigned client_count;
    uint64_t watched[RAM_MAX_WATCHED]; /* pages */
    unsigned watched_count;
};

/* Zero-filled memory the host backs only where it is touched. */
static void *map_zero(uint64_t size)
{
    if (size > SIZE_MAX)
        return NULL;
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                   -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static void region_release(struct region *r)
{
    uint64_t pages = r->size >> RAM_PAGE_SHIFT;
    if (r->host)
        munmap(r->host, r->size);
    if (r->code_map)
        munmap(r->code_map, pages * sizeof(*r->code_map));
    if (r->dirty)
        munmap(r->dirty, pages);
}

int ram_add_region(struct ram *ram, uint64_t base, uint64_t size, unsigned flags)
{
    size = (size + PAGE_MASK) & ~PAGE_MASK;
    if (ram->region_count == RAM_MAX_REGIONS || size == 0 || (base & PAGE_MASK) ||
        base + size < base)
        return -1;
    for (unsigned i = 0; i < ram->region_count; i++) {
        const struct region *r = &ram->regions[i];
        if (base < r->base + r->size && r->base < base + size)
            return -1;
    }
    uint64_t pages = size >> RAM_PAGE_SHIFT;
    struct region r = {.base = base, .size = size, .flags = flags};
    r.host = map_zero(size);
    r.code_map = map_zero(pages * sizeof(*r.code_map));
    r.dirty = map_zero(pages);
    if (!r.host || !r.code_map || !r.dirty) {
        region_release(&r);
        return -1;
    }
    ram->regions[ram->region_count++] = r;
    return 0;
}

struct ram *ram_create(uint64_t base, uint64_t size)
{
    struct ram *ram = calloc(1, sizeof(*ram));
    if (ram && ram_add_region(ram, base, size, 0) < 0) {
        free(ram);
        ram = NULL;
    }
    return ram;
}

void ram_destroy(struct ram *ram)
{
    if (!ram)
        return;
    for (unsigned i = 0; i < ram->region_count; i++)
        region_release(&ram->regions[i]);
    free(ram);
}

int ram_add_client(struct ram *ram, const struct ram_client *client)
{
    if (ram->client_count == RAM_MAX_CLIENTS)
        return -1;
    ram->clients[ram->client_count++] = *client;
    return 0;
}

void ram_remove_client(struct ram *ram, void *opaque)
{
    for (unsigned i = 0; i < ram->client_count; i++) {
        if (ram->clients[i].opaque == opaque) {
            ram->clients[i] = ram->clients[--ram->client_count];
            return;
        }
    }
}

uint64_t ram_base(const struct ram *ram)
{
    return ram->regions[0].base;
}

uint64_t ram_size(const struct ram *ram)
{
    return ram->regions[0].size;
}

/* The region that wholly contains the range, or NULL. */
static const struct region *region_find(const struct ram *ram, uint64_t paddr, uint64_t len)
{
    for (unsigned i = 0; i < ram->region_count; i++) {
        const struct region *r = &ram->regions[i];
        uint64_t offset = paddr - r->base;
        if (offset < r->size && len <= r->size - offset)
            return r;
    }
    return NULL;
}

const void *ram_host(const struct ram *ram, uint64_t paddr, uint64_t len)
{
    const struct region *r = region_find(ram, paddr, len);
    return r ? r->host + (paddr - r->base) : NULL;
}

/* The code-map bits of [offset, offset + len) within its page. */
static uint64_t granules(uint64_t offset, uint64_t len)
{
    unsigned first = (offset & PAGE_MASK) >> GRANULE_SHIFT;
    unsigned last = ((offset & PAGE_MASK) + len - 1) >> GRANULE_SHIFT;
    return (~UINT64_C(0) << first) & (~UINT64_C(0) >> (63 - last));
}

/* Marks a write of `len` bytes, inside one page, at `offset` of the region. */
static void mark_written(struct ram *ram, const struct region *r, uint64_t offset, uint64_t len)
{
    uint64_t page = offset >> RAM_PAGE_SHIFT;
    __atomic_store_n(&r->dirty[page], 1, __ATOMIC_RELAXED);
    uint64_t map = __atomic_load_n(&r->code_map[page], __ATOMIC_ACQUIRE);
    if (!(map & granules(offset, len)))
        return;
    __atomic_store_n(&r->code_map[page], 0, __ATOMIC_RELEASE);
    for (unsigned i = 0; i < ram->client_count; i++) {
        const struct ram_client *c = &ram->clients[i];
        c->code_written(c->opaque, r->base + (page << RAM_PAGE_SHIFT));
    }
}

void *ram_dma_ptr(struct ram *ram, uint64_t paddr, uint64_t len)
{
    const struct region *r = region_find(ram, paddr, len);
    if (!r)
        return NULL;
    uint64_t offset = paddr - r->base;
    for (uint64_t done = 0; done < len;) {
        uint64_t chunk = RAM_PAGE_SIZE - ((offset + done) & PAGE_MASK);
        chunk = chunk < len - done ? chunk : len - done;
        mark_written(ram, r, offset + done, chunk);
        done += chunk;
    }
    return r->host + offset;
}

int ram_read(const struct ram *ram, uint64_t paddr, void *buf, uint64_t len)
{
    const void *p = ram_host(ram, paddr, len);
    if (!p)
        return -1;
    memcpy(buf, p, len);
    return 0;
}

int ram_write(struct ram *ram, uint64_t paddr, const void *buf, uint64_t len)
{
    void *p = ram_dma_ptr(ram, paddr, len);
    if (!p)
        return -1;
    memcpy(p, buf, len);
    return 0;
}

int ram_fill(struct ram *ram, uint64_t paddr, uint8_t byte, uint64_t len)
{
    void *p = ram_dma_ptr(ram, paddr, len);
    if (!p)
        return -1;
    memset(p, byte, len);
    return 0;
}

void *ram_write_ptr(struct ram *ram, uint64_t paddr, unsigned len, bool *keep)
{
    const struct region *r = region_find(ram, paddr, len);
    if (!r || (r->flags & RAM_GUEST_READONLY))
        return NULL;
    uint64_t offset = paddr - r->base;
    mark_written(ram, r, offset, len);
    *keep = __atomic_load_n(&r->code_map[offset >> RAM_PAGE_SHIFT], __ATOMIC_ACQUIRE) == 0 &&
            !ram_is_watched(ram, paddr);
    return r->host + offset;
}

static void revoke(struct ram *ram, uint64_t paddr)
{
    for (unsigned i = 0; i < ram->client_count; i++) {
        const struct ram_client *c = &ram->clients[i];
        c->write_revoked(c->opaque, paddr);
    }
}

void ram_mark_code(struct ram *ram, uint64_t paddr, unsigned len)
{
    const struct region *r = region_find(ram, paddr, len);
    if (!r)
        return;
    uint64_t offset = paddr - r->base;
    uint64_t *map = &r->code_map[offset >> RAM_PAGE_SHIFT];
    uint64_t old = __atomic_fetch_or(map, granules(offset, len), __ATOMIC_ACQ_REL);
    if (old == 0)
        revoke(ram, paddr & ~PAGE_MASK);
}

int ram_watch(struct ram *ram, uint64_t paddr, uint64_t len)
{
    if (len == 0 || region_find(ram, paddr, len) == NULL)
        return -1;
    for (uint64_t page = paddr & ~PAGE_MASK; page < paddr + len; page += RAM_PAGE_SIZE) {
        if (ram_is_watched(ram, page))
            continue;
        if (ram->watched_count == RAM_MAX_WATCHED)
            return -1;
        ram->watched[ram->watched_count++] = page;
        revoke(ram, page);
    }
    return 0;
}

bool ram_is_watched(const struct ram *ram, uint64_t paddr)
{
    for (unsigned i = 0; i < ram->watched_count; i++)
        if (ram->watched[i] == (paddr & ~PAGE_MASK))
            return true;
    return false;
}

bool ram_is_dirty(const struct ram *ram, uint64_t paddr)
{
    const struct region *r = region_find(ram, paddr, 1);
    return r && __atomic_load_n(&r->dirty[(paddr - r->base) >> RAM_PAGE_SHIFT], __ATOMIC_RELAXED);
}

void ram_clear_dirty(struct ram *ram)
{
    for (unsigned i = 0; i < ram->region_count; i++) {
        const struct region *r = &ram->regions[i];
        memset(r->dirty, 0, r->size >> RAM_PAGE_SHIFT);
    }
    revoke(ram, RAM_ALL_PAGES);
}
