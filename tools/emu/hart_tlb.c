/* Cached translations: which there are, and forgetting them. */
#include <string.h>

#include "tools/emu/core/core.h"

#define SLOT(vaddr)       ((vaddr) >> PAGE_SHIFT & (TLB_ENTRIES - 1))
#define FETCH_SLOT(vaddr) ((vaddr) >> PAGE_SHIFT & (FETCH_ENTRIES - 1))
#define PAGE_OF(vaddr)    ((vaddr) & ~(uint64_t)PAGE_OFFSET)

enum hart_priv hart_data_priv(const struct hart *h)
{
    if (h->priv == HART_M && h->csr.mstatus & MSTATUS_MPRV)
        return h->csr.mstatus >> MSTATUS_MPP_SHIFT & 3;
    return h->priv;
}

static enum data_context data_context(const struct hart *h)
{
    enum data_context context;
    switch (hart_data_priv(h)) {
    case HART_M: return DATA_M;
    case HART_S: context = h->csr.mstatus & MSTATUS_SUM ? DATA_S_SUM : DATA_S; break;
    default: context = DATA_U; break;
    }
    return h->csr.mstatus & MSTATUS_MXR ? context + DATA_MXR : context;
}

static void entries_empty(struct tlb_entry *entries, struct filled *filled)
{
    if (filled->count <= FILLED_MAX) {
        for (unsigned i = 0; i < filled->count; i++)
            entries[filled->slot[i]].tag = TLB_EMPTY;
    } else {
        memset(entries, 0xff, TLB_ENTRIES * sizeof(*entries));
    }
    filled->count = 0;
}

void tlb_context_changed(struct hart *h)
{
    static const enum fetch_context fetch[] = {
        [HART_U] = FETCH_U, [HART_S] = FETCH_S, [HART_M] = FETCH_M};
    struct tlb *tlb = &h->tlb[data_context(h)];
    if (!tlb->used) {
        memset(tlb->read, 0xff, sizeof(tlb->read));
        memset(tlb->write, 0xff, sizeof(tlb->write));
        tlb->used = true;
    }
    h->data = tlb;
    h->fetch = fetch[h->priv];
    h->jump = &h->jumps[h->fetch];
    if (!h->jump->used) {
        memset(h->jump->entry, 0xff, sizeof(h->jump->entry));
        h->jump->used = true;
    }
}

static void trace_flush(struct hart *h, bool page, uint64_t vaddr)
{
    struct hart_trace event = {
        .kind = HART_TRACE_FLUSH,
        .flush = {.page = page, .vaddr = vaddr},
    };
    hart_trace(h, &event);
}

void tlb_flush(struct hart *h, bool keep_m)
{
    if (hart_traces(h, HART_TRACE_FLUSH))
        trace_flush(h, false, 0);
    if (h->config.quirks & HART_M_TRANSLATES)
        keep_m = false;
    for (unsigned i = 0; i < DATA_CONTEXTS; i++) {
        if (!h->tlb[i].used || (keep_m && i == DATA_M))
            continue;
        entries_empty(h->tlb[i].read, &h->tlb[i].read_filled);
        entries_empty(h->tlb[i].write, &h->tlb[i].write_filled);
    }
    for (unsigned i = 0; i < FETCH_CONTEXTS; i++) {
        if (keep_m && i == FETCH_M)
            continue;
        memset(&h->fetch_tlb[i], 0xff, sizeof(h->fetch_tlb[i]));
        jump_flush(h, i);
    }
    h->big = false;
}

void tlb_flush_page(struct hart *h, uint64_t vaddr)
{
    if (h->big && (vaddr & h->big_mask) == h->big_base) {
        tlb_flush(h, true);
        return;
    }
    if (hart_traces(h, HART_TRACE_FLUSH))
        trace_flush(h, true, vaddr);
    uint64_t page = PAGE_OF(vaddr);
    for (unsigned i = 0; i < DATA_CONTEXTS; i++) {
        struct tlb *tlb = &h->tlb[i];
        if (tlb->read[SLOT(vaddr)].tag == page)
            tlb->read[SLOT(vaddr)].tag = TLB_EMPTY;
        if (tlb->write[SLOT(vaddr)].tag == page)
            tlb->write[SLOT(vaddr)].tag = TLB_EMPTY;
    }
    for (unsigned i = 0; i < FETCH_CONTEXTS; i++) {
        struct fetch_entry *e = &h->fetch_tlb[i].entry[FETCH_SLOT(vaddr)];
        if (e->tag == page)
            e->tag = TLB_EMPTY;
        jump_flush_page(h, i, page);
    }
}

/* Empties the entries for writing to the page at `host`, NULL: all. */
static void revoke(struct hart *h, const void *host)
{
    for (unsigned i = 0; i < DATA_CONTEXTS; i++) {
        struct tlb *tlb = &h->tlb[i];
        if (!tlb->used)
            continue;
        bool few = tlb->write_filled.count <= FILLED_MAX;
        unsigned n = few ? tlb->write_filled.count : TLB_ENTRIES;
        for (unsigned k = 0; k < n; k++) {
            struct tlb_entry *e = &tlb->write[few ? tlb->write_filled.slot[k] : k];
            if (!host || e->addend + (uintptr_t)e->tag == (uintptr_t)host)
                e->tag = TLB_EMPTY;
        }
    }
}

void tlb_revoke_page(struct hart *h, const void *host)
{
    revoke(h, host);
}

void tlb_write_revoked(void *hart)
{
    revoke(hart, NULL);
}

void tlb_fill(struct hart *h, enum hart_access access, uint64_t vaddr, const void *host)
{
    struct tlb *tlb = h->data;
    struct filled *filled = access == HART_READ ? &tlb->read_filled : &tlb->write_filled;
    struct tlb_entry *e = &(access == HART_READ ? tlb->read : tlb->write)[SLOT(vaddr)];
    if (filled->count < FILLED_MAX)
        filled->slot[filled->count] = SLOT(vaddr);
    if (filled->count <= FILLED_MAX)
        filled->count++;
    e->tag = PAGE_OF(vaddr);
    e->addend = (uintptr_t)host - (uintptr_t)PAGE_OF(vaddr);
}

void tlb_fill_fetch(struct hart *h, uint64_t vaddr, uint64_t paddr, bool split)
{
    struct fetch_entry *e = &h->fetch_tlb[h->fetch].entry[FETCH_SLOT(vaddr)];
    e->tag = PAGE_OF(vaddr);
    e->paddr = PAGE_OF(paddr) | (split ? FETCH_SPLIT : 0);
}

void tlb_note_big(struct hart *h, uint64_t vaddr, unsigned shift)
{
    uint64_t mask = ~UINT64_C(0) << shift;
    /* Widen the one range until it holds both. */
    if (h->big)
        for (mask &= h->big_mask; (vaddr ^ h->big_base) & mask;)
            mask <<= 1;
    h->big = true;
    h->big_mask = mask;
    h->big_base = vaddr & mask;
}

void hart_flush_tlb(struct hart *hart)
{
    tlb_flush(hart, false);
}
