#pragma once
/*
 * Guest memory that is plain storage: DRAM, flash, boot ROM. Everybody who writes it - a hart's
 * store, a device's DMA, the loader, gdb - comes through this interface or, for a hart's hot path,
 * through a host pointer this interface granted. That is what makes the promises below hold:
 *
 *  - a page that a hart has decoded code from never changes from outside without every ram_client
 *    being told; a hart's own stores are the hart's affair (it keeps track of what it decoded), and
 *    those of other harts need not be noticed before its next FENCE.I;
 *  - a page is marked dirty before its first write after ram_clear_dirty() (snapshots).
 *
 * LR reservations are kept by host address (resv.h); the hart that writes takes care of them.
 *
 * Harts on several threads use RAM at the same time: the region table does not change once they
 * run, marks are atomic, and single accesses go through ram_load() and ram_store().
 *
 * Addresses are guest physical, lengths are bytes. Nothing here trusts the guest: a range that does
 * not lie wholly inside one region is refused.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RAM_PAGE_SHIFT  12
#define RAM_PAGE_SIZE   (UINT64_C(1) << RAM_PAGE_SHIFT)
#define RAM_MAX_REGIONS 8
#define RAM_MAX_CLIENTS 64
#define RAM_MAX_WATCHED 4

/* Region properties for ram_add_region(). */
enum ram_region_flags {
    RAM_GUEST_READONLY = 1 << 0, /* guest stores are access faults (ROM); the host may write */
    RAM_FETCH_ONLY = 1 << 1,     /* loads and stores are a device's (flash): only fetches see it */
};

struct ram;
struct resv;

/*
 * Somebody who keeps host pointers or decoded code derived from RAM: one per hart. Called from
 * whichever thread writes.
 */
struct ram_client {
    /*
     * The host changes [paddr, paddr + len), inside one page that was marked as code: forget what
     * was decoded from there, at the latest at the next block boundary.
     */
    void (*code_written)(void *opaque, uint64_t paddr, unsigned len);
    /*
     * Forget all host pointers for writing; ask ram_write_ptr() again. Only while no hart runs.
     */
    void (*write_revoked)(void *opaque);
    void *opaque;
};

/*
 * Creates memory with one writable region of `size` bytes (rounded up to pages) at `base` (page
 * aligned), zero filled, backed by host pages only where touched. NULL if the host refuses.
 */
struct ram *ram_create(uint64_t base, uint64_t size);
void ram_destroy(struct ram *ram);

/* Adds another region. Returns 0, or -1 if it overlaps, is misaligned, or there is no room. */
int ram_add_region(struct ram *ram, uint64_t base, uint64_t size, unsigned flags);

/*
 * Says, before there are clients, that several harts will use it, on threads of their own or on
 * one. Returns 0, or -1 when out of memory.
 */
int ram_share(struct ram *ram, bool threads);
/* Their LR reservations; NULL if it is not shared. */
struct resv *ram_reservations(const struct ram *ram);

/* Registers a client (the structure is copied). Returns 0, or -1 when there are too many. */
int ram_add_client(struct ram *ram, const struct ram_client *client);
/* Removes the client registered with this `opaque`. */
void ram_remove_client(struct ram *ram, void *opaque);

/* Base and size of the first region, the machine's DRAM. */
uint64_t ram_base(const struct ram *ram);
uint64_t ram_size(const struct ram *ram);

/* Whether a guest may write [paddr, paddr + len): all RAM, and no ROM. */
bool ram_is_writable(const struct ram *ram, uint64_t paddr, uint64_t len);
/* What regions there are, from 0 on; false: no more. */
bool ram_region(const struct ram *ram, unsigned index, uint64_t *base, uint64_t *size,
                unsigned *flags);

/* A pointer for reading [paddr, paddr + len), valid as long as `ram`; NULL if not all RAM. */
const void *ram_host(const struct ram *ram, uint64_t paddr, uint64_t len);

/* The same for fetching instructions: from regions with RAM_FETCH_ONLY, too. */
const void *ram_code_host(const struct ram *ram, uint64_t paddr, uint64_t len);

/* Copies, also of those. Return 0, or -1 with nothing done if the range is not wholly inside one
 * region. */
int ram_read(const struct ram *ram, uint64_t paddr, void *buf, uint64_t len);
int ram_write(struct ram *ram, uint64_t paddr, const void *buf, uint64_t len);
int ram_fill(struct ram *ram, uint64_t paddr, uint8_t byte, uint64_t len);

/*
 * For whoever must have the pointer (host read(2) into guest memory): marks the range as written
 * and returns it; the caller writes at once and does not keep the pointer. NULL if not all RAM.
 */
void *ram_dma_ptr(struct ram *ram, uint64_t paddr, uint64_t len);

/* --- for harts ------------------------------------------------------------------------------- */

/*
 * A guest store of `len` bytes at paddr (inside one page): marks what a store marks and gives
 * where to write, or NULL if this is not guest-writable RAM. *keep says whether the pointer may be
 * kept (until write_revoked) for further stores to the same page.
 */
void *ram_write_ptr(struct ram *ram, uint64_t paddr, unsigned len, bool *keep);

/*
 * Watched pages: no pointer for writing is kept, so every guest store to them comes through
 * ram_write_ptr(), and the hart tells its carrier (hart_ops.stored). ram_watch() watches the pages
 * of [paddr, paddr + len) for good; returns 0, or -1 if that is not all memory or too much.
 */
int ram_watch(struct ram *ram, uint64_t paddr, uint64_t len);
bool ram_is_watched(const struct ram *ram, uint64_t paddr);

/* Somebody has decoded, or is about to decode, code from the page at paddr. */
void ram_mark_code(struct ram *ram, uint64_t paddr);

/*
 * One access of 1, 2, 4 or 8 bytes to an aligned host address, not torn, not ordered with others.
 * Loaded values are zero-extended.
 */
static inline uint64_t ram_load(const void *host, unsigned size)
{
    switch (size) {
    case 1: return __atomic_load_n((const uint8_t *)host, __ATOMIC_RELAXED);
    case 2: return __atomic_load_n((const uint16_t *)host, __ATOMIC_RELAXED);
    case 4: return __atomic_load_n((const uint32_t *)host, __ATOMIC_RELAXED);
    default: return __atomic_load_n((const uint64_t *)host, __ATOMIC_RELAXED);
    }
}

static inline void ram_store(void *host, unsigned size, uint64_t value)
{
    switch (size) {
    case 1: __atomic_store_n((uint8_t *)host, (uint8_t)value, __ATOMIC_RELAXED); break;
    case 2: __atomic_store_n((uint16_t *)host, (uint16_t)value, __ATOMIC_RELAXED); break;
    case 4: __atomic_store_n((uint32_t *)host, (uint32_t)value, __ATOMIC_RELAXED); break;
    default: __atomic_store_n((uint64_t *)host, value, __ATOMIC_RELAXED); break;
    }
}

/* --- snapshots ------------------------------------------------------------------------------- */

/* Was the page at `paddr` written since ram_clear_dirty()? False outside RAM. */
bool ram_is_dirty(const struct ram *ram, uint64_t paddr);
/* Only while no hart runs. */
void ram_clear_dirty(struct ram *ram);
