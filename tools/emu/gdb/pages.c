/* The chosen hart's page tables, for people (privileged specification, "Sv32" to "Sv57"). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "riscv/pte.h"
#include "tools/emu/gdb/monitor.h"

enum { CSR_SATP = 0x180 };

/* A scheme's geometry, and where its root is. */
struct tables {
    const struct ram *ram;
    unsigned levels, index_bits, pte_bytes;
    uint64_t root;
};

/* False if addresses are not translated. */
static bool find_tables(const struct gdb *g, struct tables *t)
{
    uint64_t satp = 0;
    bool is_64 = g->machine->isa.xlen == 64;
    unsigned mode;

    hart_csr_read(gdb_hart(g), CSR_SATP, &satp);
    mode = (unsigned)(satp >> (is_64 ? SATP64_MODE_SHIFT : SATP32_MODE_SHIFT));
    *t = (struct tables){
        .ram = g->machine->ram,
        .levels = is_64 ? mode - SV39_MODE + SV39_LEVELS : SV32_LEVELS,
        .index_bits = is_64 ? SV39_INDEX_BITS : SV32_INDEX_BITS,
        .pte_bytes = is_64 ? SV39_PTE_BYTES : SV32_PTE_BYTES,
        .root = (satp & (is_64 ? SATP64_PPN : SATP32_PPN)) << SV_PAGE_SHIFT,
    };
    return mode != 0;
}

static bool read_pte(const struct tables *t, uint64_t table, uint64_t index, uint64_t *pte)
{
    uint8_t bytes[8];

    if (ram_read(t->ram, table + index * t->pte_bytes, bytes, t->pte_bytes) != 0)
        return false;
    *pte = 0;
    for (unsigned i = 0; i < t->pte_bytes; i++)
        *pte |= (uint64_t)bytes[i] << 8 * i;
    return true;
}

static uint64_t pte_address(const struct tables *t, uint64_t pte)
{
    if (t->pte_bytes == SV39_PTE_BYTES)
        pte &= (UINT64_C(1) << (PTE64_PPN_BITS + PTE_PPN_SHIFT)) - 1;
    return pte >> PTE_PPN_SHIFT << SV_PAGE_SHIFT;
}

static bool is_leaf(uint64_t pte)
{
    return pte & (PTE_R | PTE_W | PTE_X);
}

static const char *flags_text(uint64_t pte, char text[9])
{
    static const char flags[] = "vrwxugad"; /* from bit 0 up */

    for (unsigned i = 0; i < 8; i++)
        text[i] = pte >> i & 1 ? flags[i] : '-';
    text[8] = '\0';
    return text;
}

/* Addresses of more than the scheme's bits are their highest bit's sign. */
static uint64_t canonical(const struct tables *t, uint64_t va)
{
    unsigned bits = SV_PAGE_SHIFT + t->levels * t->index_bits;

    if (t->pte_bytes == SV32_PTE_BYTES)
        return va;
    return (uint64_t)((int64_t)(va << (64 - bits)) >> (64 - bits));
}

/* A range that is being put together. */
struct range {
    struct gdb *g;
    uint64_t va, pa, size, flags;
};

static void flush(const struct range *r)
{
    int digits = (int)r->g->machine->isa.xlen / 4;
    char text[9];

    if (r->size != 0)
        gdb_print(r->g, "%0*" PRIx64 "-%0*" PRIx64 " -> %0*" PRIx64 " %s\n", digits, r->va, digits,
                  r->va + r->size - 1, digits, r->pa, flags_text(r->flags, text));
}

static void add(struct range *r, uint64_t va, uint64_t pa, uint64_t size, uint64_t flags)
{
    flags &= PTE_V | PTE_R | PTE_W | PTE_X | PTE_U | PTE_G | PTE_A | PTE_D;
    if (r->size != 0 && r->va + r->size == va && r->pa + r->size == pa && r->flags == flags) {
        r->size += size;
        return;
    }
    flush(r);
    *r = (struct range){.g = r->g, .va = va, .pa = pa, .size = size, .flags = flags};
}

/*
 * `left` bounds the work: tables may well refer to themselves. Not much is lost, as no address
 * space that somebody wants to read is that large.
 */
static void list(const struct tables *t, struct range *r, uint64_t table, unsigned level,
                 uint64_t va, unsigned *left)
{
    unsigned shift = SV_PAGE_SHIFT + level * t->index_bits;
    uint64_t pte;

    for (uint64_t i = 0; i < UINT64_C(1) << t->index_bits; i++) {
        uint64_t at = canonical(t, va | i << shift);
        if (*left == 0 || !read_pte(t, table, i, &pte))
            return;
        if (!(pte & PTE_V))
            continue;
        --*left;
        if (is_leaf(pte))
            add(r, at, pte_address(t, pte), UINT64_C(1) << shift, pte);
        else if (level > 0)
            list(t, r, pte_address(t, pte), level - 1, at, left);
    }
}

void gdb_info_mem(struct gdb *g, const char *args)
{
    enum { ENTRIES_MAX = 1 << 20 };
    struct tables t;
    struct range r = {.g = g};
    unsigned left = ENTRIES_MAX;

    (void)args;
    if (!find_tables(g, &t)) {
        gdb_print(g, "satp is bare: addresses are physical\n");
        return;
    }
    list(&t, &r, t.root, t.levels - 1, 0, &left);
    flush(&r);
    if (left == 0)
        gdb_print(g, "and so on\n");
}

void gdb_translate(struct gdb *g, const char *args)
{
    char *end, text[9];
    uint64_t va = strtoull(args, &end, 0), pte, table;
    struct tables t;

    if (end == args || *end != '\0') {
        gdb_print(g, "translate ADDRESS, as 0x80000000; gdb fills a value in by\n"
                     "eval \"monitor translate %%lu\", $pc\n");
        return;
    }
    if (!find_tables(g, &t)) {
        gdb_print(g, "satp is bare: 0x%" PRIx64 " is physical\n", va);
        return;
    }
    table = t.root;
    for (unsigned level = t.levels; level-- > 0; table = pte_address(&t, pte)) {
        unsigned shift = SV_PAGE_SHIFT + level * t.index_bits;
        uint64_t index = va >> shift & ((1u << t.index_bits) - 1);
        uint64_t inside = (UINT64_C(1) << shift) - 1;
        if (!read_pte(&t, table, index, &pte)) {
            gdb_print(g, "level %u: there is no memory at 0x%" PRIx64 "\n", level, table);
            return;
        }
        gdb_print(g, "level %u: 0x%" PRIx64 "[%" PRIu64 "] = 0x%" PRIx64 " %s\n", level, table,
                  index, pte, flags_text(pte, text));
        if (!(pte & PTE_V))
            break;
        if (is_leaf(pte)) {
            gdb_print(g, "0x%" PRIx64 " is physical 0x%" PRIx64 "\n", va,
                      (pte_address(&t, pte) & ~inside) | (va & inside));
            return;
        }
    }
    gdb_print(g, "0x%" PRIx64 " is not mapped\n", va);
}
