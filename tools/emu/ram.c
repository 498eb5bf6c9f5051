#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tools/emu/ram.h"
#include "tools/emu/resv.h"

#define PAGE_MASK (RAM_PAGE_SIZE - 1)

struct region {
    uint64_t base, size;
    unsigned flags;
    uint8_t *host;
    uint8_t *code;  /* per page: some hart has decoded code from it */
    uint8_t *dirty; /* per page: written since ram_clear_dirty() */
};

struct ram {
    struct region regions[RAM_MAX_REGIONS];
    unsigned region_count;
    struct ram_client clients[RAM_MAX_CLIENTS];
    unsigned client_count;
    uint64_t watched[RAM_MAX_WATCHED]; /* pages */
    unsigned watched_count;
    struct resv *resv; /* NULL: one hart */
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
    if (r->code)
        munmap(r->code, pages);
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
    r.code = map_zero(pages);
    r.dirty = map_zero(pages);
    if (!r.host || !r.code || !r.dirty) {
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
    free(ram->resv);
    free(ram);
}

int ram_share(struct ram *ram, bool threads)
{
    ram->resv = resv_create(threads);
    return ram->resv ? 0 : -1;
}

struct resv *ram_reservations(const struct ram *ram)
{
    return ram->resv;
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

bool ram_is_writable(const struct ram *ram, uint64_t paddr, uint64_t len)
{
    const struct region *r = region_find(ram, paddr, len);
    return r && !(r->flags & (RAM_GUEST_READONLY | RAM_FETCH_ONLY));
}

bool ram_region(const struct ram *ram, unsigned index, uint64_t *base, uint64_t *size,
                unsigned *flags)
{
    if (index >= ram->region_count)
        return false;
    *base = ram->regions[index].base;
    *size = ram->regions[index].size;
    *flags = ram->regions[index].flags;
    return true;
}

const void *ram_host(const struct ram *ram, uint64_t paddr, uint64_t len)
{
    const struct region *r = region_find(ram, paddr, len);
    return r && !(r->flags & RAM_FETCH_ONLY) ? r->host + (paddr - r->base) : NULL;
}

const void *ram_code_host(const struct ram *ram, uint64_t paddr, uint64_t len)
{
    const struct region *r = region_find(ram, paddr, len);
    return r ? r->host + (paddr - r->base) : NULL;
}

/* Marks a write of `len` bytes by the host, inside one page, at `offset` of the region. */
static void mark_written(struct ram *ram, const struct region *r, uint64_t offset, unsigned len)
{
    uint64_t page = offset >> RAM_PAGE_SHIFT;
    __atomic_store_n(&r->dirty[page], 1, __ATOMIC_RELAXED);
    if (!__atomic_load_n(&r->code[page], __ATOMIC_ACQUIRE))
        return;
    for (unsigned i = 0; i < ram->client_count; i++) {
        const struct ram_client *c = &ram->clients[i];
        c->code_written(c->opaque, r->base + offset, len);
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
    if (ram->resv)
        resv_break(ram->resv, r->host + offset, len);
    return r->host + offset;
}

/* Copies while harts may be at work: by aligned words that are each read or written at once. */
static void copy_out(uint8_t *to, const uint8_t *from, uint64_t len)
{
    for (; len && ((uintptr_t)from & 7); len--)
        *to++ = (uint8_t)ram_load(from++, 1);
    for (; len >= 8; len -= 8, to += 8, from += 8) {
        uint64_t word = ram_load(from, 8);
        memcpy(to, &word, 8);
    }
    for (; len; len--)
        *to++ = (uint8_t)ram_load(from++, 1);
}

static void copy_in(uint8_t *to, const uint8_t *from, uint64_t len)
{
    for (; len && ((uintptr_t)to & 7); len--)
        ram_store(to++, 1, *from++);
    for (; len >= 8; len -= 8, to += 8, from += 8) {
        uint64_t word;
        memcpy(&word, from, 8);
        ram_store(to, 8, word);
    }
    for (; len; len--)
        ram_store(to++, 1, *from++);
}

int ram_read(const struct ram *ram, uint64_t paddr, void *buf, uint64_t len)
{
    const void *p = ram_code_host(ram, paddr, len);
    if (!p)
        return -1;
    copy_out(buf, p, len);
    return 0;
}

int ram_write(struct ram *ram, uint64_t paddr, const void *buf, uint64_t len)
{
    void *p = ram_dma_ptr(ram, paddr, len);
    if (!p)
        return -1;
    copy_in(p, buf, len);
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
    if (!r || (r->flags & (RAM_GUEST_READONLY | RAM_FETCH_ONLY)))
        return NULL;
    uint64_t offset = paddr - r->base;
    __atomic_store_n(&r->dirty[offset >> RAM_PAGE_SHIFT], 1, __ATOMIC_RELAXED);
    *keep = !ram_is_watched(ram, paddr);
    return r->host + offset;
}

void ram_mark_code(struct ram *ram, uint64_t paddr)
{
    const struct region *r = region_find(ram, paddr, 1);
    if (r)
        __atomic_store_n(&r->code[(paddr - r->base) >> RAM_PAGE_SHIFT], 1, __ATOMIC_RELEASE);
}

static void revoke(struct ram *ram)
{
    for (unsigned i = 0; i < ram->client_count; i++)
        ram->clients[i].write_revoked(ram->clients[i].opaque);
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
    }
    revoke(ram);
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
    revoke(ram);
}
