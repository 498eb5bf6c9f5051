#include "tools/emu/resv.h"

#include <stdlib.h>
#include <string.h>

#include "tools/emu/host/host.h"
#include "tools/emu/ram.h"

enum { NOT_WATCHED, BEING_WATCHED, WATCHED };

/* So many slots may be watched before all are forgotten: more make plain stores slow. */
enum { WATCH_LIMIT = 1024 };

/* Tries for a lock before the host's scheduler is asked to run its holder. */
enum { SPINS = 100 };

struct resv *resv_create(bool threads)
{
    struct resv *r = calloc(1, sizeof(*r));
    if (!r)
        return NULL;
    r->threads = threads;
    r->always = threads && !host_barrier_available();
    if (r->always)
        memset(r->watched, WATCHED, sizeof(r->watched));
    return r;
}

static uintptr_t line_of(const void *host)
{
    return (uintptr_t)host >> RESV_LINE_SHIFT;
}

static unsigned slot_of(uintptr_t line)
{
    return line & (RESV_SLOTS - 1);
}

static void lock(struct resv_slot *slot)
{
    for (unsigned spins = 0; __atomic_exchange_n(&slot->lock, 1, __ATOMIC_SEQ_CST); spins++)
        if (spins % SPINS == SPINS - 1)
            host_yield();
}

static void unlock(struct resv_slot *slot)
{
    __atomic_store_n(&slot->lock, 0, __ATOMIC_RELEASE);
}

/* Breaks the reservations of the line but that of hart `id`. Locked, behind a full barrier. */
static void break_others(struct resv *r, struct resv_slot *slot, unsigned id, uintptr_t line)
{
    uint64_t self = id < RESV_MAX_HARTS ? UINT64_C(1) << id : 0;
    uint64_t set = __atomic_load_n(&slot->holders, __ATOMIC_SEQ_CST) & ~self;
    for (; set; set &= set - 1) {
        unsigned k = (unsigned)__builtin_ctzll(set);
        if (__atomic_load_n(&r->harts[k].line, __ATOMIC_RELAXED) == line)
            __atomic_fetch_and(&slot->holders, ~(UINT64_C(1) << k), __ATOMIC_SEQ_CST);
    }
}

/* Nothing is watched or reserved any more. One caller at a time does it; others need not wait. */
static void forget(struct resv *r)
{
    if (r->always || __atomic_exchange_n(&r->forgetting, true, __ATOMIC_ACQUIRE))
        return;
    __atomic_store_n(&r->watch_count, 0, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < RESV_SLOTS; i++) {
        if (!__atomic_load_n(&r->watched[i], __ATOMIC_RELAXED))
            continue;
        /* In this order: an LR enters itself among the holders, then looks at the mark. */
        lock(&r->slots[i]);
        __atomic_store_n(&r->watched[i], NOT_WATCHED, __ATOMIC_SEQ_CST);
        __atomic_exchange_n(&r->slots[i].holders, 0, __ATOMIC_SEQ_CST);
        unlock(&r->slots[i]);
    }
    __atomic_store_n(&r->forgetting, false, __ATOMIC_RELEASE);
}

/* Marks the slot, enters the hart, and sees to it that every later store knows. */
static void watch(struct resv *r, unsigned i, uint64_t self)
{
    lock(&r->slots[i]);
    if (__atomic_load_n(&r->watched[i], __ATOMIC_RELAXED) != WATCHED) {
        __atomic_store_n(&r->watched[i], BEING_WATCHED, __ATOMIC_SEQ_CST);
        if (r->threads)
            host_barrier();
        __atomic_store_n(&r->watched[i], WATCHED, __ATOMIC_SEQ_CST);
        __atomic_fetch_add(&r->watch_count, 1, __ATOMIC_RELAXED);
    }
    __atomic_fetch_or(&r->slots[i].holders, self, __ATOMIC_SEQ_CST);
    unlock(&r->slots[i]);
}

void resv_take(struct resv *r, unsigned id, const void *host)
{
    uintptr_t line = line_of(host), old = r->harts[id].line;
    uint64_t self = UINT64_C(1) << id;
    unsigned i = slot_of(line);
    __atomic_fetch_and(&r->slots[slot_of(old)].holders, ~self, __ATOMIC_RELAXED);
    __atomic_store_n(&r->harts[id].line, line, __ATOMIC_RELAXED);
    if (__atomic_load_n(&r->watch_count, __ATOMIC_RELAXED) > WATCH_LIMIT)
        forget(r);
    __atomic_fetch_or(&r->slots[i].holders, self, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&r->watched[i], __ATOMIC_SEQ_CST) != WATCHED)
        watch(r, i, self);
}

static bool swap(void *host, unsigned size, uint64_t expected, uint64_t value)
{
    uint32_t expected32 = (uint32_t)expected;
    if (size == 8)
        return __atomic_compare_exchange_n((uint64_t *)host, &expected, value, false,
                                           __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return __atomic_compare_exchange_n((uint32_t *)host, &expected32, (uint32_t)value, false,
                                       __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

bool resv_conditional(struct resv *r, unsigned id, void *host, unsigned size, uint64_t expected,
                      uint64_t value)
{
    uintptr_t line = line_of(host);
    uint64_t self = UINT64_C(1) << id;
    if (r->harts[id].line != line)
        return false;
    struct resv_slot *slot = &r->slots[slot_of(line)];
    lock(slot);
    bool done = __atomic_fetch_and(&slot->holders, ~self, __ATOMIC_SEQ_CST) & self &&
                swap(host, size, expected, value);
    if (done)
        break_others(r, slot, id, line);
    unlock(slot);
    return done;
}

void resv_lock(struct resv *r, const void *host)
{
    lock(&r->slots[slot_of(line_of(host))]);
}

void resv_unlock(struct resv *r, unsigned id, const void *host)
{
    uintptr_t line = line_of(host);
    struct resv_slot *slot = &r->slots[slot_of(line)];
    __atomic_thread_fence(__ATOMIC_SEQ_CST); /* the write, then who holds the line */
    break_others(r, slot, id, line);
    unlock(slot);
}

void resv_store(struct resv *r, unsigned id, void *host, unsigned size, uint64_t value)
{
    resv_lock(r, host);
    ram_store(host, size, value);
    resv_unlock(r, id, host);
}

void resv_break(struct resv *r, const void *host, uint64_t len)
{
    uintptr_t last = line_of((const char *)host + len - 1);
    for (uintptr_t line = line_of(host); len && line <= last; line++) {
        struct resv_slot *slot = &r->slots[slot_of(line)];
        if (!__atomic_load_n(&slot->holders, __ATOMIC_SEQ_CST))
            continue;
        lock(slot);
        break_others(r, slot, RESV_MAX_HARTS, line);
        unlock(slot);
    }
}
