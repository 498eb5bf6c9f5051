/* ELF: the symbol table. */
#include "lib/elf_private.h"
#include "lib/string.h"

enum {
    SHT_SYMTAB = 2,
    SHT_STRTAB = 3,
    SHN_UNDEF = 0,
    STT_NOTYPE = 0,
    STT_OBJECT = 1,
    STT_FUNC = 2,
    STT_SECTION = 3,
    STT_FILE = 4,
};

/* Section header fields and symbol table entry fields of the two classes. */
static const struct layout {
    uint8_t shdr_size, sh_offset, sh_size, sh_link;
    uint8_t sym_size, st_info, st_shndx, st_value, st_size;
} layouts[2] = {
    {40, 16, 20, 24, 16, 12, 14, 4, 8},
    {64, 24, 32, 40, 24, 4, 6, 8, 16},
};

struct table {
    const uint8_t *symbols;
    uint64_t count;
    const char *strings;
    uint64_t strings_size; /* the last byte of which is NUL */
};

/* Bytes of section number i, of the given type; NULL if it is not that or not in the file. */
static const uint8_t *section(const struct elf *elf, uint32_t i, uint32_t type, uint64_t *size,
                              uint32_t *link)
{
    const struct layout *l = &layouts[elf->is_64];
    if (i >= elf->shnum)
        return NULL;
    const uint8_t *header = elf->image + elf->shoff + (size_t)i * elf->shentsize;
    uint64_t offset = elf_get_word(elf, header + l->sh_offset);
    *size = elf_get_word(elf, header + l->sh_size);
    *link = elf_get32(header + l->sh_link);
    if (elf_get32(header + 4) != type || offset > elf->size || *size > elf->size - offset)
        return NULL;
    return elf->image + offset;
}

/* The first usable symbol table with its strings. */
static bool find_table(const struct elf *elf, struct table *t)
{
    const struct layout *l = &layouts[elf->is_64];
    if (elf->shentsize != l->shdr_size || elf->shoff > elf->size ||
        (uint64_t)elf->shnum * elf->shentsize > elf->size - elf->shoff)
        return false;
    for (uint32_t i = 0; i < elf->shnum; i++) {
        uint64_t size;
        uint32_t link, unused;
        t->symbols = section(elf, i, SHT_SYMTAB, &size, &link);
        if (!t->symbols)
            continue;
        t->count = size / l->sym_size;
        t->strings = (const char *)section(elf, link, SHT_STRTAB, &t->strings_size, &unused);
        while (t->strings && t->strings_size > 0 && t->strings[t->strings_size - 1] != '\0')
            t->strings_size--;
        if (t->strings && t->strings_size > 0)
            return true;
    }
    return false;
}

/* Symbol number i; false if it is undefined, unnamed, or stands for a section or file. */
static bool read_symbol(const struct elf *elf, const struct table *t, uint32_t i,
                        struct elf_symbol *sym)
{
    const struct layout *l = &layouts[elf->is_64];
    const uint8_t *p = t->symbols + (size_t)i * l->sym_size;
    uint32_t name = elf_get32(p);
    sym->info = p[l->st_info];
    if (name == 0 || name >= t->strings_size || elf_get16(p + l->st_shndx) == SHN_UNDEF ||
        (sym->info & 0xf) == STT_SECTION || (sym->info & 0xf) == STT_FILE)
        return false;
    sym->name = t->strings + name;
    sym->value = elf_get_word(elf, p + l->st_value);
    sym->size = elf_get_word(elf, p + l->st_size);
    return *sym->name != '\0';
}

static bool next_in_table(const struct elf *elf, const struct table *t, uint32_t *i,
                          struct elf_symbol *sym)
{
    while (*i < t->count) {
        if (read_symbol(elf, t, (*i)++, sym))
            return true;
    }
    return false;
}

bool elf_next_symbol(const struct elf *elf, uint32_t *i, struct elf_symbol *sym)
{
    struct table t;
    return find_table(elf, &t) && next_in_table(elf, &t, i, sym);
}

bool elf_symbol_by_name(const struct elf *elf, const char *name, struct elf_symbol *sym)
{
    struct table t;
    if (!find_table(elf, &t))
        return false;
    for (uint32_t i = 0; next_in_table(elf, &t, &i, sym);) {
        if (strcmp(sym->name, name) == 0)
            return true;
    }
    return false;
}

/* Mapping symbols ($x, $d) and assembler-local labels (.L) are no names for people. */
static bool is_label(const struct elf_symbol *sym)
{
    return (sym->info & 0xf) == STT_NOTYPE && sym->name[0] != '$' && sym->name[0] != '.';
}

bool elf_symbol_by_address(const struct elf *elf, uint64_t addr, struct elf_symbol *sym)
{
    struct table t;
    if (!find_table(elf, &t))
        return false;
    struct elf_symbol label = {0}, s;
    for (uint32_t i = 0; next_in_table(elf, &t, &i, &s);) {
        unsigned type = s.info & 0xf;
        if (s.value > addr)
            continue;
        if ((type == STT_FUNC || type == STT_OBJECT) && addr - s.value < s.size) {
            *sym = s;
            return true;
        }
        if ((type == STT_FUNC || is_label(&s)) && s.size == 0 &&
            (!label.name || s.value >= label.value))
            label = s;
    }
    if (label.name)
        *sym = label;
    return label.name != NULL;
}
