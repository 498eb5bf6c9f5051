/* The cache of decoded blocks, by physical page, and the jump caches in front of it. */
#include <string.h>

#include "tools/emu/core/core.h"

/* Room code_begin() guarantees: a page, and a block of the greatest length with its last ops. */
#define BLOCK_BYTES (sizeof(struct block) + (BLOCK_MAX_INSNS + 2) * sizeof(struct op))
#define ROOM        (sizeof(struct code_page) + PAGE_SIZE + BLOCK_BYTES + 64)

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

static void *arena_take(struct hart *h, size_t size)
{
    void *p = h->arena + h->arena_used;
    h->arena_used += (size + 15) & ~(size_t)15;
    return p;
}

/* No block may be found any more; whoever executes one leaves it at the next look (rule 5). */
static void blocks_died(struct hart *h)
{
    for (unsigned i = 0; i < FETCH_CONTEXTS; i++)
        jump_flush(h, i);
    h->code_generation++;
    hart_attend(h, ATTENTION_CODE);
}

static void page_die(struct hart *h, const struct code_page *page)
{
    struct code_page **link = &h->code_pages[page_hash(page->paddr)];
    while (*link != page)
        link = &(*link)->next;
    *link = page->next;
    blocks_died(h);
}

void code_flush(struct hart *h)
{
    memset(h->code_pages, 0, sizeof(h->code_pages));
    h->arena_used = 0;
    blocks_died(h);
}

/* --- what was decoded, against what is there now (rule 8) ------------------------------------- */

/* The granules of [paddr, paddr + len), inside one page, as a set. */
static uint64_t granules_of(uint64_t paddr, unsigned len)
{
    unsigned first = (paddr & PAGE_OFFSET) >> GRANULE_SHIFT;
    unsigned last = ((paddr & PAGE_OFFSET) + len - 1) >> GRANULE_SHIFT;
    return (~UINT64_C(0) << first) & (~UINT64_C(0) >> (63 - last));
}

/* Other harts may be writing there. */
static void granule_copy(uint8_t *to, const uint8_t *from)
{
    for (unsigned i = 0; i < GRANULE_SIZE; i += 8) {
        uint64_t v = ram_load(from + i, 8);
        memcpy(to + i, &v, 8);
    }
}

static bool granule_same(const uint8_t *copy, const uint8_t *now)
{
    uint64_t v, different = 0;
    for (unsigned i = 0; i < GRANULE_SIZE; i += 8) {
        memcpy(&v, copy + i, 8);
        different |= v ^ ram_load(now + i, 8);
    }
    return different == 0;
}

/* Is what was decoded from the page still there? */
static bool page_is_current(struct hart *h, struct code_page *page)
{
    if (page->epoch == h->code_epoch)
        return true;
    for (uint64_t set = page->decoded; set; set &= set - 1) {
        unsigned at = (unsigned)__builtin_ctzll(set) * GRANULE_SIZE;
        if (!granule_same(page->copy + at, page->host + at))
            return false;
    }
    page->epoch = h->code_epoch;
    return true;
}

void code_fence(struct hart *h)
{
    if (!h->resv)
        return;
    h->code_epoch++;
    for (unsigned i = 0; i < FETCH_CONTEXTS; i++)
        jump_flush(h, i);
}

bool code_store(struct hart *h, uint64_t paddr, unsigned len)
{
    const struct code_page *page = page_find(h, paddr & ~(uint64_t)PAGE_OFFSET);
    if (!page)
        return true;
    if (!(page->decoded & granules_of(paddr, len)))
        return false;
    page_die(h, page);
    return true;
}

void code_written(void *hart, uint64_t paddr, unsigned len)
{
    struct hart *h = hart;
    if (h->resv)
        hart_attend(h, ATTENTION_FENCE_I);
    else
        code_store(h, paddr, len);
}

/* --- blocks ----------------------------------------------------------------------------------- */

struct block *code_find(struct hart *h, uint64_t paddr)
{
    struct code_page *page = page_find(h, paddr & ~(uint64_t)PAGE_OFFSET);
    if (!page)
        return NULL;
    if (!page_is_current(h, page)) {
        page_die(h, page);
        return NULL;
    }
    struct block *b = *bucket_of(page, paddr);
    while (b && b->page_off != (paddr & PAGE_OFFSET))
        b = b->next;
    return b;
}

static struct code_page *page_create(struct hart *h, uint64_t where)
{
    struct code_page *page = arena_take(h, sizeof(*page));
    memset(page, 0, sizeof(*page));
    page->paddr = where;
    page->host = ram_code_host(h->config.ram, where, PAGE_SIZE);
    page->epoch = h->code_epoch;
    if (h->resv)
        page->copy = arena_take(h, PAGE_SIZE);
    page->next = h->code_pages[page_hash(where)];
    h->code_pages[page_hash(where)] = page;
    ram_mark_code(h->config.ram, where);
    tlb_revoke_page(h, page->host);
    return page;
}

struct block *code_begin(struct hart *h, uint64_t paddr, unsigned *avail, const uint8_t **source)
{
    if (ARENA_SIZE - h->arena_used < ROOM)
        code_flush(h);
    uint64_t where = paddr & ~(uint64_t)PAGE_OFFSET;
    unsigned offset = paddr & PAGE_OFFSET;
    struct code_page *page = page_find(h, where);
    if (!page)
        page = page_create(h, where);
    *avail = PAGE_SIZE - offset < BLOCK_MAX_INSNS * 4 ? PAGE_SIZE - offset : BLOCK_MAX_INSNS * 4;
    *source = page->host + offset;
    if (page->copy) {
        uint64_t fresh = granules_of(paddr, *avail) & ~page->decoded;
        for (; fresh; fresh &= fresh - 1) {
            unsigned at = (unsigned)__builtin_ctzll(fresh) * GRANULE_SIZE;
            granule_copy(page->copy + at, page->host + at);
        }
        *source = page->copy + offset;
    }
    return (struct block *)(h->arena + h->arena_used);
}

void code_commit(struct hart *h, struct block *block, uint64_t paddr, unsigned ops, unsigned bytes)
{
    struct code_page *page = page_find(h, paddr & ~(uint64_t)PAGE_OFFSET);
    struct block **bucket = bucket_of(page, paddr);
    arena_take(h, sizeof(*block) +
                      (block->count + (h->blocks ? 2 : ops - block->count)) * sizeof(struct op));
    page->decoded |= granules_of(paddr, bytes);
    block->page_off = paddr & PAGE_OFFSET;
    block->cached = true;
    block->next = *bucket;
    *bucket = block;
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
