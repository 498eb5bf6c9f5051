#include "tools/emu/symbols.h"

#include <stdlib.h>
#include <string.h>

enum { TYPE_NONE = 0, TYPE_OBJECT = 1, TYPE_FUNC = 2 };
enum { BINDING_LOCAL = 0 };

struct row {
    uint64_t start, end; /* end: of what the name covers, of its segment for a mere label */
    const char *name;
    bool sized, global;
};

struct symbols {
    struct row *rows;
    size_t count, room;
};

struct symbols *symbols_create(void)
{
    return calloc(1, sizeof(struct symbols));
}

void symbols_destroy(struct symbols *s)
{
    if (s != NULL)
        free(s->rows);
    free(s);
}

static int add(struct symbols *s, const struct row *row)
{
    if (s->count == s->room) {
        size_t room = s->room != 0 ? s->room * 2 : 1024;
        struct row *rows = realloc(s->rows, room * sizeof *rows);
        if (rows == NULL)
            return -1;
        s->rows = rows;
        s->room = room;
    }
    s->rows[s->count++] = *row;
    return 0;
}

/* Mapping symbols ($x, $d) and assembler-local labels (.L) are no names for people. */
static bool is_name(const struct elf_symbol *sym)
{
    unsigned type = sym->info & 0xf;

    return type == TYPE_FUNC || type == TYPE_OBJECT ||
           (type == TYPE_NONE && sym->name[0] != '$' && sym->name[0] != '.');
}

static int add_symbol(struct symbols *s, const struct elf *elf, const struct elf_symbol *sym,
                      uint64_t bias)
{
    struct elf_segment seg;

    for (unsigned i = 0; elf_next_load(elf, &i, &seg);) {
        uint64_t offset = sym->value - seg.vaddr;
        bool sized = sym->size != 0 && sym->size <= seg.memsz - offset;
        uint64_t length = sized ? sym->size : seg.memsz - offset;
        struct row row = {
            .name = sym->name, .sized = sized, .global = sym->info >> 4 != BINDING_LOCAL};
        if (offset >= seg.memsz)
            continue;
        row.start = sym->value + bias;
        row.end = row.start + length;
        if (add(s, &row) != 0)
            return -1;
        if (bias != 0 || seg.paddr == seg.vaddr)
            return 0;
        row.start = seg.paddr + offset;
        row.end = row.start + length;
        return add(s, &row);
    }
    return 0; /* outside the program: a constant */
}

int symbols_add(struct symbols *s, const struct elf *elf, uint64_t bias)
{
    struct elf_symbol sym;

    for (uint32_t i = 0; elf_next_symbol(elf, &i, &sym);)
        if (is_name(&sym) && add_symbol(s, elf, &sym, bias) != 0)
            return -1;
    return 0;
}

/* By address; of several names for one, the best first: sized, then global, then by name. */
static int compare(const void *left, const void *right)
{
    const struct row *a = left, *b = right;

    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    if (a->sized != b->sized)
        return a->sized ? -1 : 1;
    if (a->global != b->global)
        return a->global ? -1 : 1;
    return strcmp(a->name, b->name);
}

/* Leaves out second names, and labels inside functions. */
void symbols_sort(struct symbols *s)
{
    uint64_t covered = 0;
    size_t kept = 0;

    if (s->count == 0)
        return;
    qsort(s->rows, s->count, sizeof s->rows[0], compare);
    for (size_t i = 0; i < s->count; i++) {
        const struct row *row = &s->rows[i];
        if ((kept != 0 && s->rows[kept - 1].start == row->start) ||
            (!row->sized && row->start < covered))
            continue;
        if (row->sized && row->end > covered)
            covered = row->end;
        s->rows[kept++] = *row;
    }
    s->count = kept;
}

const char *symbols_find(const struct symbols *s, uint64_t addr, uint64_t *offset)
{
    size_t low = 0, high = s->count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s->rows[mid].start <= addr)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == 0 || addr >= s->rows[low - 1].end)
        return NULL;
    *offset = addr - s->rows[low - 1].start;
    return s->rows[low - 1].name;
}
