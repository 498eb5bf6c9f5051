#pragma once
/*
 * LR/SC reservations of harts that share memory, perhaps each on a thread of its own (unprivileged
 * specification, "Zalrsc": an SC fails if another hart has written the reservation set since the
 * LR, even if it wrote the value that was there).
 *
 * The reservation set is a 64-byte line of host memory, so two virtual names of one byte are one.
 * Lines hash to slots. A slot that an LR has touched is "watched": whoever writes to one of its
 * lines takes the slot's lock, writes, breaks the other harts' reservations of that line and
 * unlocks; an SC checks its reservation and writes under the same lock. A store to a slot that is
 * not watched is a plain store behind one test. Slots stay watched; when they have become many,
 * all are forgotten together with their reservations (an SC may always fail).
 *
 * Why no store slips through. Let S be a store of another hart that must be taken to lie behind an
 * LR, L, of the same line.
 *  - If S looked at the slot and found it watched, it goes through the lock. The order of S's write
 *    and its look at the holders against L's entry among the holders and its load is that of
 *    sequential consistency: either L loads what S wrote, or S sees L's reservation and breaks it
 *    before it unlocks; an SC comes before all of that or after it.
 *  - If S found the slot unwatched, L is the LR that made it watched (or a later one). That sets
 *    the mark, then makes every thread of the process pass a full barrier (membarrier(2)), and
 *    loads only then. S's look came before its thread passed that barrier, or it would have seen
 *    the mark. So everything the storing hart did before S was visible before L loaded: nothing
 *    orders L before S, and S may be taken to lie directly before L, if L loaded the value that S
 *    wrote; if not, the SC's compare-and-swap fails. (Left over: two harts caught by the barrier
 *    between look and store, within two host instructions, one changing the value and the other
 *    restoring it, and a third that saw the value between.)
 * Where the host has no such barrier every slot is watched from the start.
 *
 * Host loads must not be reordered with later looks at a slot, which only hosts weaker than x86
 * need telling: the acquire fence in resv_watched().
 */
#include <stdbool.h>
#include <stdint.h>

#define RESV_MAX_HARTS  64
#define RESV_LINE_SHIFT 6
#define RESV_SLOTS      32768u

struct resv_slot {
    uint64_t holders; /* harts that have a reservation in this slot, as bits */
    uint32_t lock;
};

struct resv {
    uint8_t watched[RESV_SLOTS];
    struct resv_slot slots[RESV_SLOTS];
    struct {
        uintptr_t line; /* number of the line reserved, if the holders have this hart */
        char pad[64 - sizeof(uintptr_t)];
    } harts[RESV_MAX_HARTS];
    bool threads;    /* several threads use it */
    bool always;     /* no barrier: everything is watched */
    bool forgetting; /* somebody is in resv_forget() */
    uint32_t watch_count;
};

/* A table for harts on `threads` threads or on one; NULL when out of memory. Free with free(). */
struct resv *resv_create(bool threads);

/* LR: hart `id` reserves the line at `host`, giving up what it had. The caller loads afterwards. */
void resv_take(struct resv *r, unsigned id, const void *host);

/*
 * SC: if the reservation of hart `id` covers the `size` (4 or 8) bytes at `host`, and they are
 * `expected`, replaces them by `value`. It is given up in any case. Returns whether it was done.
 */
bool resv_conditional(struct resv *r, unsigned id, void *host, unsigned size, uint64_t expected,
                      uint64_t value);

/* Must a write to `host` be bracketed by resv_lock() and resv_unlock()? */
static inline bool resv_watched(const struct resv *r, const void *host)
{
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return __atomic_load_n(&r->watched[(uintptr_t)host >> RESV_LINE_SHIFT & (RESV_SLOTS - 1)],
                           __ATOMIC_RELAXED);
}

/* Between the two, hart `id` (or RESV_MAX_HARTS: none of them) writes into the line at `host`. */
void resv_lock(struct resv *r, const void *host);
void resv_unlock(struct resv *r, unsigned id, const void *host);

/* Somebody who is no hart is about to write `len` bytes at `host`: breaks what is reserved there.
 */
void resv_break(struct resv *r, const void *host, uint64_t len);

/* One aligned store of 1, 2, 4 or 8 bytes with all of that. */
void resv_store(struct resv *r, unsigned id, void *host, unsigned size, uint64_t value);
