/*
 * Address translation (privileged specification, "Sv32" to "Sv57", with Svade, Svadu, Svnapot and
 * Svpbmt) and the slow side of memory access.
 */
#include <string.h>

#include "riscv/pte.h"
#include "tools/emu/core/core.h"

#if XLEN == 64
typedef uint64_t pte_t;
#    define INDEX_BITS      SV39_INDEX_BITS
#    define SATP_MODE(satp) ((unsigned)((satp) >> SATP64_MODE_SHIFT))
#    define SATP_PPN        SATP64_PPN
#    define PTE_PPN_BITS    (((UINT64_C(1) << PTE64_PPN_BITS) - 1) << PTE_PPN_SHIFT)
#else
typedef uint32_t pte_t;
#    define INDEX_BITS      SV32_INDEX_BITS
#    define SATP_MODE(satp) ((unsigned)((satp) >> SATP32_MODE_SHIFT))
#    define SATP_PPN        SATP32_PPN
#    define PTE_PPN_BITS    UINT32_MAX
#endif

/* How to look: for whom, and whether for real or just to know (no checks, no A and D). */
struct lookup {
    uxlen va;
    enum hart_access access;
    enum hart_priv priv;
    bool sum, mxr;
    bool probe;
};

static bool page_fault(struct hart *h, const struct lookup *l)
{
    static const uint8_t causes[] = {[HART_READ] = CAUSE_LOAD_PAGE,
                                     [HART_WRITE] = CAUSE_STORE_PAGE,
                                     [HART_FETCH] = CAUSE_INSN_PAGE};
    return hart_fault(h, causes[l->access], l->va);
}

static bool access_fault(struct hart *h, enum hart_access access, uxlen va)
{
    static const uint8_t causes[] = {[HART_READ] = CAUSE_LOAD_ACCESS,
                                     [HART_WRITE] = CAUSE_STORE_ACCESS,
                                     [HART_FETCH] = CAUSE_INSN_ACCESS};
    return hart_fault(h, causes[access], va);
}

static bool misaligned_fault(struct hart *h, enum hart_access access, uxlen va)
{
    return hart_fault(h, access == HART_READ ? CAUSE_LOAD_MISALIGNED : CAUSE_STORE_MISALIGNED, va);
}

/* Are entries of page tables of HART_M_TRANSLATES's kind? */
static bool needs_only_v(const struct hart *h)
{
    return h->config.quirks & HART_M_TRANSLATES;
}

/*
 * There, is this the end of the walk? An aligned superpage is; who gives permissions to a pointer
 * hardly ever has one that looks so.
 */
static bool is_leaf(pte_t pte, int level)
{
    pte_t inside = ((pte_t)1 << (level * INDEX_BITS)) - 1;
    return level == 0 || (pte & (PTE_R | PTE_W | PTE_X) && !(pte >> PTE_PPN_SHIFT & inside));
}

/* May a leaf PTE be used so? (Step 5 and 6 of the translation algorithm, without A and D.) */
static bool leaf_permits(const struct lookup *l, pte_t pte)
{
    if (pte & PTE_U ? l->priv == HART_S && (!l->sum || l->access == HART_FETCH) : l->priv == HART_U)
        return false;
    switch (l->access) {
    case HART_READ: return pte & PTE_R || (l->mxr && pte & PTE_X);
    case HART_WRITE: return pte & PTE_W;
    default: return pte & PTE_X;
    }
}

/* Does the hart set A and D itself (Svadu), or leave that to software after a page fault (Svade)?
 */
static bool hardware_updates(const struct hart *h)
{
    if (isa_has(&h->config.isa, EXT_SVADU))
        return h->csr.menvcfg & MENVCFG64_ADUE;
    return !isa_has(&h->config.isa, EXT_SVADE);
}

/* What became of a walk, or of the attempt to mark its leaf. */
enum walk_result {
    WALK_DONE,
    WALK_FAULT, /* exc is set */
    WALK_AGAIN, /* the entry changed under us */
};

static enum walk_result walk_fault(struct hart *h, const struct lookup *l)
{
    page_fault(h, l);
    return WALK_FAULT;
}

/*
 * Where to write `size` bytes in RAM, NULL if it is not writable RAM; *keep: for further stores to
 * that page, too. Every write of the hart goes through this or a pointer kept from it.
 */
static void *write_ptr(struct hart *h, uint64_t paddr, unsigned size, bool *keep)
{
    void *host = ram_write_ptr(h->config.ram, paddr, size, keep);
    if (host && !code_store(h, paddr, size))
        *keep = false;
    return host;
}

/* Sets A, and D for a store, in the PTE at paddr, which holds `old`. */
static enum walk_result leaf_mark(struct hart *h, const struct lookup *l, uint64_t paddr, pte_t old)
{
    pte_t want = old | PTE_A | (l->access == HART_WRITE ? PTE_D : 0);
    if (want == old)
        return WALK_DONE;
    if (!hardware_updates(h))
        return walk_fault(h, l);
    bool keep;
    pte_t *p = pmp_allows(h, paddr, sizeof(pte_t), HART_WRITE, HART_S)
                   ? write_ptr(h, paddr, sizeof(pte_t), &keep)
                   : NULL;
    if (!p) {
        access_fault(h, l->access, l->va);
        return WALK_FAULT;
    }
    bool watched = store_begin(h, p);
    bool done =
        __atomic_compare_exchange_n(p, &old, want, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
    store_end(h, p, watched);
    return done ? WALK_DONE : WALK_AGAIN;
}

#if XLEN == 64
/* Are the bits above the PPN as the extensions that own them say? `level` is the PTE's. */
static bool high_bits_valid(const struct hart *h, pte_t pte, int level)
{
    uint64_t pbmt = pte & PTE64_PBMT;
    if (pte & PTE64_RESERVED)
        return false;
    if (!(pte & (PTE_R | PTE_X)))
        return !(pte & (PTE64_PBMT | PTE64_N));
    if (pbmt && (!(h->csr.menvcfg & MENVCFG64_PBMTE) || pbmt == PTE64_PBMT))
        return false;
    if (!(pte & PTE64_N))
        return true;
    return isa_has(&h->config.isa, EXT_SVNAPOT) && level == 0 &&
           (pte >> PTE_PPN_SHIFT & 0xf) == PTE64_NAPOT;
}
#else
#    define high_bits_valid(h, pte, level) true
#endif

/* Is it a PTE at all, as step 3 of the translation algorithm asks? */
static bool pte_is_valid(const struct hart *h, pte_t pte, int level)
{
    if (needs_only_v(h))
        return pte & PTE_V;
    if (!(pte & PTE_V) || (pte & (PTE_R | PTE_W)) == PTE_W)
        return false;
    if (!(pte & (PTE_R | PTE_X)) && pte & (PTE_A | PTE_D | PTE_U))
        return false;
    return high_bits_valid(h, pte, level);
}

/* The end of the walk, at a leaf in address `at`: steps 5 to 8. */
static enum walk_result walk_leaf(struct hart *h, const struct lookup *l, uint64_t at, pte_t pte,
                                  uint64_t *paddr, unsigned *shift)
{
    uint64_t base = (uint64_t)((pte & PTE_PPN_BITS) >> PTE_PPN_SHIFT) << PAGE_SHIFT;
    if (base & ((UINT64_C(1) << *shift) - 1)) /* misaligned superpage */
        return walk_fault(h, l);
#if XLEN == 64
    if (pte & PTE64_N && !needs_only_v(h))
        *shift = SV_NAPOT_SHIFT;
#endif
    uint64_t inside = (UINT64_C(1) << *shift) - 1;
    *paddr = (base & ~inside) | (l->va & inside);
    if (l->probe || needs_only_v(h))
        return WALK_DONE;
    return leaf_permits(l, pte) ? leaf_mark(h, l, at, pte) : walk_fault(h, l);
}

/* The number of levels of the scheme in satp, which is not Bare. */
static int walk_levels(const struct hart *h)
{
    return XLEN == 64 ? (int)SATP_MODE(h->csr.satp) - SV39_MODE + SV39_LEVELS : SV32_LEVELS;
}

static enum walk_result walk_once(struct hart *h, const struct lookup *l, uint64_t *paddr,
                                  unsigned *shift, pte_t *last)
{
    int levels = walk_levels(h);
    sxlen high = (sxlen)l->va >> (PAGE_SHIFT + levels * INDEX_BITS - 1);
    if (XLEN == 64 && high != 0 && high != -1)
        return walk_fault(h, l);
    uint64_t table = (h->csr.satp & SATP_PPN) << PAGE_SHIFT;
    for (int level = levels - 1; level >= 0; level--) {
        *shift = PAGE_SHIFT + level * INDEX_BITS;
        uint64_t at = table + (l->va >> *shift & ((1u << INDEX_BITS) - 1)) * sizeof(pte_t);
        const pte_t *p = ram_host(h->config.ram, at, sizeof(pte_t));
        enum hart_priv reader = l->priv == HART_M ? HART_M : HART_S;
        if (!p || (!l->probe && !pmp_allows(h, at, sizeof(pte_t), HART_READ, reader))) {
            access_fault(h, l->access, l->va);
            return WALK_FAULT;
        }
        pte_t pte = *last = __atomic_load_n(p, __ATOMIC_RELAXED);
        if (!pte_is_valid(h, pte, level))
            return walk_fault(h, l);
        if (needs_only_v(h) ? is_leaf(pte, level) : pte & (PTE_R | PTE_X))
            return walk_leaf(h, l, at, pte, paddr, shift);
        table = (uint64_t)((pte & PTE_PPN_BITS) >> PTE_PPN_SHIFT) << PAGE_SHIFT;
    }
    return walk_fault(h, l);
}

static void trace_walk(struct hart *h, const struct hart_walk *walk)
{
    struct hart_trace event = {.kind = HART_TRACE_WALK, .walk = *walk};
    hart_trace(h, &event);
}

/* The page table walk. Sets *paddr and the page's size; false with a fault pending. */
static bool walk(struct hart *h, const struct lookup *l, uint64_t *paddr, unsigned *shift)
{
    enum walk_result result;
    pte_t pte = 0;
    do
        result = walk_once(h, l, paddr, shift, &pte);
    while (result == WALK_AGAIN);
    if (hart_traces(h, HART_TRACE_WALK) && !l->probe)
        trace_walk(h, &(struct hart_walk){
                          .access = l->access,
                          .vaddr = l->va,
                          .fault = result == WALK_DONE ? -1 : h->exc.cause,
                          .paddr = *paddr,
                          .shift = *shift,
                          .pte = pte,
                      });
    return result == WALK_DONE;
}

static bool is_bare(const struct hart *h, enum hart_priv priv)
{
    return (priv == HART_M && !(h->config.quirks & HART_M_TRANSLATES)) ||
           SATP_MODE(h->csr.satp) == 0;
}

static struct lookup data_lookup(const struct hart *h, uxlen va, enum hart_access access)
{
    return (struct lookup){
        .va = va,
        .access = access,
        .priv = hart_data_priv(h),
        .sum = h->csr.mstatus & MSTATUS_SUM,
        .mxr = h->csr.mstatus & MSTATUS_MXR,
    };
}

/* Where one access of `size` bytes, inside one page, goes. */
struct place {
    uint64_t paddr;
    bool whole; /* what was found out holds for the whole page */
};

static unsigned watch_kind(enum hart_access access)
{
    return access == HART_READ ? HART_WATCH_READ : HART_WATCH_WRITE;
}

/* Translation and protection for a data access; false with a fault pending. */
static bool locate(struct hart *h, uxlen va, unsigned size, enum hart_access access,
                   struct place *place)
{
    struct lookup l = data_lookup(h, va, access);
    unsigned shift = PAGE_SHIFT;
    place->paddr = va;
    if (!is_bare(h, l.priv)) {
        count_rare(h, access == HART_READ ? EVENT_LOAD_TLB_MISSES : EVENT_STORE_TLB_MISSES);
        if (!walk(h, &l, &place->paddr, &shift))
            return false;
    }
    if (!pmp_allows(h, place->paddr, size, access, l.priv))
        return access_fault(h, access, va);
    place->whole = !pmp_splits_page(h, place->paddr);
    if (unlikely(h->points)) {
        bool near;
        if (!debug_access(h, va, size, watch_kind(access), &near))
            return false;
        place->whole &= !near;
    }
    if (place->whole && shift > PAGE_SHIFT)
        tlb_note_big(h, va, shift);
    return true;
}

/* The host address of a page's first byte, from that of `va` in it. */
static const void *page_start(const void *host, uxlen va)
{
    return (const char *)host - (va & PAGE_OFFSET);
}

/* A store that got no pointer to keep: tells the carrier if the page is watched. */
static void tell_stored(struct hart *h, uint64_t paddr, unsigned size, bool done)
{
    if (h->config.ops->stored && ram_is_watched(h->config.ram, paddr))
        h->config.ops->stored(h->config.opaque, h, paddr, size, done);
}

/* --- accesses that do not fit one aligned unit ------------------------------------------------ */

/* The two parts of a misaligned access: the second is empty unless it crosses into a page. */
struct parts {
    uxlen va[2];
    unsigned size[2];
    struct place place[2];
};

static bool locate_parts(struct hart *h, uxlen va, unsigned size, enum hart_access access,
                         struct parts *p)
{
    if (h->config.isa.misaligned_trap)
        return misaligned_fault(h, access, va);
    unsigned room = PAGE_SIZE - (va & PAGE_OFFSET);
    p->va[0] = va;
    p->va[1] = va + room;
    p->size[0] = size < room ? size : room;
    p->size[1] = size - p->size[0];
    for (unsigned i = 0; i < 2 && p->size[i]; i++) {
        if (!locate(h, p->va[i], p->size[i], access, &p->place[i]))
            return false;
        if (!ram_host(h->config.ram, p->place[i].paddr, p->size[i]))
            return access_fault(h, access, p->va[i]);
    }
    return true;
}

static bool load_misaligned(struct hart *h, uxlen va, unsigned size, uint64_t *value)
{
    struct parts p;
    uint8_t bytes[8] = {0};
    if (!locate_parts(h, va, size, HART_READ, &p))
        return false;
    for (unsigned i = 0, done = 0; i < 2; done += p.size[i++])
        if (p.size[i])
            ram_read(h->config.ram, p.place[i].paddr, bytes + done, p.size[i]);
    memcpy(value, bytes, sizeof(*value));
    return true;
}

static bool store_misaligned(struct hart *h, uxlen va, unsigned size, uint64_t value)
{
    struct parts p;
    void *host[2] = {NULL, NULL};
    bool keep;
    if (!locate_parts(h, va, size, HART_WRITE, &p))
        return false;
    for (unsigned i = 0; i < 2 && p.size[i]; i++) {
        host[i] = write_ptr(h, p.place[i].paddr, p.size[i], &keep);
        if (!host[i])
            return access_fault(h, HART_WRITE, p.va[i]);
    }
    for (unsigned i = 0; i < 2 && p.size[i]; i++) {
        for (unsigned k = 0; k < p.size[i]; k++, value >>= 8)
            store_shared(h, (uint8_t *)host[i] + k, 1, value);
        tell_stored(h, p.place[i].paddr, p.size[i], true);
    }
    return true;
}

/* --- what the interpreter calls when the TLB does not know -------------------------------------
 */

bool CORE(load_slow)(struct hart *h, uxlen va, unsigned size, uint64_t *value)
{
    struct place place;
    if (va & (size - 1))
        return load_misaligned(h, va, size, value);
    if (!locate(h, va, size, HART_READ, &place))
        return false;
    const void *host = ram_host(h->config.ram, place.paddr, size);
    if (!host) {
        *value = 0;
        return h->config.ops->mmio_read(h->config.opaque, h, place.paddr, size, value) ||
               access_fault(h, HART_READ, va);
    }
    if (place.whole)
        tlb_fill(h, HART_READ, va, page_start(host, va));
    *value = ram_load(host, size);
    return true;
}

bool CORE(store_slow)(struct hart *h, uxlen va, unsigned size, uint64_t value)
{
    struct place place;
    bool keep;
    if (va & (size - 1))
        return store_misaligned(h, va, size, value);
    if (!locate(h, va, size, HART_WRITE, &place))
        return false;
    void *host = write_ptr(h, place.paddr, size, &keep);
    if (!host)
        return h->config.ops->mmio_write(h->config.opaque, h, place.paddr, size, value) ||
               access_fault(h, HART_WRITE, va);
    if (keep && place.whole)
        tlb_fill(h, HART_WRITE, va, page_start(host, va));
    store_shared(h, host, size, value);
    if (!keep)
        tell_stored(h, place.paddr, size, true);
    return true;
}

/* AMOs read as well as write, unlike SC. */
static bool watch_amo(struct hart *h, uxlen va, unsigned size)
{
    enum { FUNCT5_SC = 3 };
    bool near;
    return CORE(block_raw)(h, (uxlen)hart_pc(h)) >> 27 == FUNCT5_SC ||
           debug_access(h, va, size, HART_WATCH_READ, &near);
}

void *CORE(atomic_slow)(struct hart *h, uxlen va, unsigned size, enum hart_access access)
{
    struct place place;
    bool keep;
    if (va & (size - 1)) {
        misaligned_fault(h, access, va);
        return NULL;
    }
    if (!locate(h, va, size, access, &place))
        return NULL;
    if (unlikely(h->points) && access == HART_WRITE && !watch_amo(h, va, size))
        return NULL;
    void *host = access == HART_READ ? (void *)ram_host(h->config.ram, place.paddr, size)
                                     : write_ptr(h, place.paddr, size, &keep);
    if (!host)
        access_fault(h, access, va); /* atomics work on memory only */
    else if (place.whole && (access == HART_READ || keep))
        tlb_fill(h, access, va, page_start(host, va));
    if (host && access == HART_WRITE && !keep)
        tell_stored(h, place.paddr, size, false);
    return host;
}

static bool is_device(const struct hart *h, uint64_t paddr)
{
    const struct hart_ops *ops = h->config.ops;
    return ops->mmio_present && ops->mmio_present(h->config.opaque, paddr);
}

/*
 * Zero needs what a store needs. The others are permitted where a load or a store is, and every
 * page or region that permits stores permits loads; but a fault is always that of a store, at va
 * itself (CMO specification, sections 2.5.1 and 2.5.2).
 */
bool CORE(cbo_access)(struct hart *h, uxlen va, bool zero)
{
    enum hart_access access = zero ? HART_WRITE : HART_READ;
    struct lookup l = data_lookup(h, va, access);
    unsigned shift = PAGE_SHIFT;
    uint64_t paddr = va;
    bool keep;
    if (!is_bare(h, l.priv) && !walk(h, &l, &paddr, &shift)) {
        h->exc.cause = h->exc.cause == CAUSE_LOAD_PAGE     ? CAUSE_STORE_PAGE
                       : h->exc.cause == CAUSE_LOAD_ACCESS ? CAUSE_STORE_ACCESS
                                                           : h->exc.cause;
        return false;
    }
    uint64_t block = paddr & ~(uint64_t)(ISA_CACHE_BLOCK - 1);
    if (!pmp_allows(h, block, ISA_CACHE_BLOCK, access, l.priv))
        return access_fault(h, HART_WRITE, va);
    if (!zero)
        return ram_host(h->config.ram, block, ISA_CACHE_BLOCK) || is_device(h, paddr) ||
               access_fault(h, HART_WRITE, va);
    uint64_t *host = write_ptr(h, block, ISA_CACHE_BLOCK, &keep);
    if (!host)
        return access_fault(h, HART_WRITE, va);
    if (unlikely(h->points) && !debug_access(h, va & ~(uxlen)(ISA_CACHE_BLOCK - 1), ISA_CACHE_BLOCK,
                                             HART_WATCH_WRITE, &keep))
        return false;
    bool watched = store_begin(h, host);
    for (unsigned i = 0; i < ISA_CACHE_BLOCK / sizeof(*host); i++)
        ram_store(&host[i], sizeof(*host), 0);
    store_end(h, host, watched);
    return true;
}

bool CORE(fetch_page)(struct hart *h, uxlen pc, uint64_t *page)
{
    const struct fetch_entry *e =
        &h->fetch_tlb[h->fetch].entry[pc >> PAGE_SHIFT & (FETCH_ENTRIES - 1)];
    if (e->tag == (pc & ~(uxlen)PAGE_OFFSET)) {
        *page = e->paddr;
        return true;
    }
    struct lookup l = {.va = pc, .access = HART_FETCH, .priv = h->priv};
    uint64_t paddr = pc;
    unsigned shift = PAGE_SHIFT;
    if (!is_bare(h, l.priv)) {
        count_rare(h, EVENT_FETCH_TLB_MISSES);
        if (!walk(h, &l, &paddr, &shift))
            return false;
    }
    bool split = pmp_splits_page(h, paddr);
    if (!split && !pmp_allows(h, paddr, 1, HART_FETCH, l.priv))
        return access_fault(h, HART_FETCH, pc);
    if (shift > PAGE_SHIFT)
        tlb_note_big(h, pc, shift);
    tlb_fill_fetch(h, pc, paddr, split);
    *page = (paddr & ~(uint64_t)PAGE_OFFSET) | (split ? FETCH_SPLIT : 0);
    return true;
}

bool CORE(translate)(struct hart *h, uint64_t vaddr, enum hart_priv priv, uint64_t *paddr)
{
    struct lookup l = {.va = (uxlen)vaddr, .access = HART_FETCH, .priv = priv, .probe = true};
    unsigned shift;
    *paddr = (uxlen)vaddr;
    return is_bare(h, priv) || walk(h, &l, paddr, &shift);
}
