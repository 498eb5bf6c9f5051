/* The cache of decoded blocks, by physical page, and the jump caches in front of it. */
#include <string.h>

#include "tools/emu/core/core.h"

/* Room code_begin() guarantees: a block of the greatest length with its end op. */
#define BLOCK_BYTES (sizeof(struct block) + (BLOCK_MAX_INSNS + 1) * sizeof(struct op))

static unsigned page_hash(uint64_t page)
{
    return (page >> PAGE_SHIFT ^ page >> (PAGE_SHIFT + 10)) & (CODE_PAGE_HASH - 1);
}

static struct code_page *page_find(const struct hart *h, uint64_t page)
{
    struct code_page *p = h->code_pages[page_hash(page)];
    while (p && p->paddr != page)
        p = p->next;
    return p;
}

static struct block **bucket_of(struct code_page *page, uint64_t paddr)
{
    return &page->bucket[(paddr >> 1 ^ paddr >> 9) & (PAGE_BUCKETS - 1)];
}

struct block *code_find(struct hart *h, uint64_t paddr)
{
    struct code_page *page = page_find(h, paddr & ~(uint64_t)PAGE_OFFSET);
    if (!page)
        return NULL;
    struct block *b = *bucket_of(page, paddr);
    while (b && b->page_off != (paddr & PAGE_OFFSET))
        b = b->next;
    return b;
}

static void *arena_take(struct hart *h, size_t size)
{
    void *p = h->arena + h->arena_used;
    h->arena_used += (size + 15) & ~(size_t)15;
    return p;
}

struct block *code_begin(struct hart *h)
{
    if (ARENA_SIZE - h->arena_used < BLOCK_BYTES + sizeof(struct code_page) + 32)
        code_flush(h);
    return (struct block *)(h->arena + h->arena_used);
}

void code_commit(struct hart *h, struct block *block, uint64_t paddr, unsigned ops)
{
    arena_take(h, sizeof(*block) + ops * sizeof(struct op));
    uint64_t where = paddr & ~(uint64_t)PAGE_OFFSET;
    struct code_page *page = page_find(h, where);
    if (!page) {
        page = arena_take(h, sizeof(*page));
        memset(page, 0, sizeof(*page));
        page->paddr = where;
        page->next = h->code_pages[page_hash(where)];
        h->code_pages[page_hash(where)] = page;
    }
    struct block **bucket = bucket_of(page, paddr);
    block->page_off = paddr & PAGE_OFFSET;
    block->cached = true;
    block->next = *bucket;
    *bucket = block;
}

/* No block may be found any more; whoever executes one leaves it at the next look (rule 5). */
static void blocks_died(struct hart *h)
{
    for (unsigned i = 0; i < FETCH_CONTEXTS; i++)
        jump_flush(h, i);
    h->code_generation++;
    hart_attend(h, ATTENTION_CODE);
}

void code_flush(struct hart *h)
{
    memset(h->code_pages, 0, sizeof(h->code_pages));
    h->arena_used = 0;
    blocks_died(h);
}

void code_page_written(void *hart, uint64_t paddr)
{
    struct hart *h = hart;
    struct code_page **link = &h->code_pages[page_hash(paddr)];
    while (*link && (*link)->paddr != paddr)
        link = &(*link)->next;
    if (!*link)
        return;
    *link = (*link)->next;
    blocks_died(h);
}

/* --- jump caches ----------------------------------------------------------------------------- */

/* The word and bit of pages[] for a virtual page. */
static uint64_t *page_mark(struct jump_cache *jc, uint64_t vaddr, uint64_t *bit)
{
    uint64_t page = vaddr >> PAGE_SHIFT;
    *bit = UINT64_C(1) << (page & 63);
    return &jc->pages[(page >> 6 ^ page >> 12) & 3];
}

void jump_insert(struct hart *h, uint64_t pc, struct block *block)
{
    struct jump_cache *jc = h->jump;
    struct jump_entry *e = jump_slot(jc, pc);
    if (e->pc & 1 && jc->filled.count <= FILLED_MAX) {
        if (jc->filled.count < FILLED_MAX)
            jc->filled.slot[jc->filled.count] = e - jc->entry;
        jc->filled.count++;
    }
    e->pc = pc;
    e->block = block;
    uint64_t bit, *word = page_mark(jc, pc, &bit);
    *word |= bit;
}

void jump_flush(struct hart *h, enum fetch_context context)
{
    struct jump_cache *jc = &h->jumps[context];
    if (jc->filled.count <= FILLED_MAX) {
        for (unsigned i = 0; i < jc->filled.count; i++)
            jc->entry[jc->filled.slot[i]].pc = UINT64_MAX;
    } else {
        memset(jc->entry, 0xff, sizeof(jc->entry));
    }
    jc->filled.count = 0;
    memset(jc->pages, 0, sizeof(jc->pages));
}

void jump_flush_page(struct hart *h, enum fetch_context context, uint64_t vpage)
{
    struct jump_cache *jc = &h->jumps[context];
    uint64_t bit, *word = page_mark(jc, vpage, &bit);
    if (!(*word & bit))
        return;
    bool few = jc->filled.count <= FILLED_MAX;
    unsigned n = few ? jc->filled.count : JUMP_ENTRIES;
    for (unsigned i = 0; i < n; i++) {
        struct jump_entry *e = &jc->entry[few ? jc->filled.slot[i] : i];
        if (!(e->pc & 1) && (e->pc & ~(uint64_t)PAGE_OFFSET) == vpage)
            e->pc = UINT64_MAX;
    }
}
