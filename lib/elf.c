/* ELF: checking a file's headers and reading its segments. */
#include "lib/elf_private.h"

/*
 * Where the fields of the two classes lie (System V ABI, figures 4-3 and 5-1). The first four are
 * of the file header, whose e_type, e_machine and e_version are at the same place in both.
 */
static const struct layout {
    uint8_t ehdr_size, phdr_size;
    uint8_t entry, phoff, shoff, flags;
    uint8_t p_flags, p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_align;
} layouts[2] = {
    {52, 32, 24, 28, 32, 36, 24, 4, 8, 12, 16, 20, 28},
    {64, 56, 24, 32, 40, 48, 4, 8, 16, 24, 32, 40, 48},
};

enum {
    EI_CLASS = 4,
    EI_DATA = 5,
    EI_VERSION = 6,
    EI_NIDENT = 16,
    E_TYPE = 16,
    E_MACHINE = 18,
    E_VERSION = 20,
    /* behind e_flags, in both classes */
    FLAGS_EHSIZE = 4,
    FLAGS_PHENTSIZE = 6,
    FLAGS_PHNUM = 8,
    FLAGS_SHENTSIZE = 10,
    FLAGS_SHNUM = 12,
    PN_XNUM = 0xffff,
};

static const struct layout *layout_of(const struct elf *elf)
{
    return &layouts[elf->is_64];
}

/* The file header, up to where the program headers are. */
static int check_header(struct elf *elf)
{
    const uint8_t *b = elf->image;
    if (elf->size < EI_NIDENT)
        return -ELF_ETRUNC;
    if (b[0] != 0x7f || b[1] != 'E' || b[2] != 'L' || b[3] != 'F')
        return -ELF_EMAGIC;
    if (b[EI_CLASS] != 1 && b[EI_CLASS] != 2)
        return -ELF_ECLASS;
    elf->is_64 = b[EI_CLASS] == 2;
    if (b[EI_DATA] != 1)
        return -ELF_EDATA;
    const struct layout *l = layout_of(elf);
    if (elf->size < l->ehdr_size)
        return -ELF_ETRUNC;
    if (b[EI_VERSION] != 1 || elf_get32(b + E_VERSION) != 1)
        return -ELF_EVERSION;
    if (elf_get16(b + E_MACHINE) != ELF_MACHINE_RISCV)
        return -ELF_EMACHINE;
    elf->type = elf_get16(b + E_TYPE);
    elf->entry = elf_get_word(elf, b + l->entry);
    elf->phoff = elf_get_word(elf, b + l->phoff);
    elf->shoff = elf_get_word(elf, b + l->shoff);
    b += l->flags;
    elf->flags = elf_get32(b);
    elf->phentsize = elf_get16(b + FLAGS_PHENTSIZE);
    elf->phnum = elf_get16(b + FLAGS_PHNUM);
    elf->shentsize = elf_get16(b + FLAGS_SHENTSIZE);
    elf->shnum = elf_get16(b + FLAGS_SHNUM);
    return 0;
}

/* The table of program headers: inside the file, and inside what has been read of it. */
static int check_phdrs(const struct elf *elf)
{
    if (elf->phnum == 0)
        return -ELF_ENOPHDR;
    if (elf->phentsize != layout_of(elf)->phdr_size)
        return -ELF_EPHENTSIZE;
    uint64_t bytes = (uint64_t)elf->phnum * elf->phentsize;
    if (elf->phnum == PN_XNUM || elf->phoff > elf->file_size || bytes > elf->file_size - elf->phoff)
        return -ELF_EPHDRS;
    if (elf->phoff > elf->size || bytes > elf->size - elf->phoff)
        return -ELF_EHEAD;
    return 0;
}

/* One loadable segment by itself. */
static int check_load(const struct elf *elf, const struct elf_segment *seg)
{
    uint64_t top = elf->is_64 ? UINT64_MAX : UINT32_MAX;
    if (seg->offset > elf->file_size || seg->filesz > elf->file_size - seg->offset)
        return -ELF_EOFFSET;
    if (seg->filesz > seg->memsz)
        return -ELF_EFILESZ;
    if (seg->memsz > 0 && (seg->memsz - 1 > top - seg->vaddr || seg->memsz - 1 > top - seg->paddr))
        return -ELF_EADDRESS;
    if (seg->align > 1 && ((seg->align & (seg->align - 1)) != 0 ||
                           ((seg->offset ^ seg->vaddr) & (seg->align - 1)) != 0))
        return -ELF_EALIGN;
    return 0;
}

/* Whether address lies in [start, start + size), which does not wrap. */
static bool within(uint64_t address, uint64_t start, uint64_t size)
{
    return address >= start && address - start < size;
}

/*
 * All segments together. Empty ones are passed over: linkers leave some behind, with any address.
 * by_paddr also lets the entry point be a physical address.
 */
static int check_segments(const struct elf *elf, bool by_paddr)
{
    bool any = false, entry_ok = false;
    uint64_t last_start = 0, last_end = 0; /* last_end: the last byte's address */
    struct elf_segment seg;
    for (unsigned i = 0; i < elf->phnum; i++) {
        elf_segment(elf, i, &seg);
        if (seg.type != ELF_PT_LOAD)
            continue;
        int error = check_load(elf, &seg);
        if (error)
            return error;
        if (seg.memsz == 0)
            continue;
        if (any && seg.vaddr <= last_end)
            return seg.vaddr + (seg.memsz - 1) < last_start ? -ELF_EORDER : -ELF_EOVERLAP;
        any = true;
        last_start = seg.vaddr;
        last_end = seg.vaddr + (seg.memsz - 1);
        if ((seg.flags & ELF_PF_X) && (within(elf->entry, seg.vaddr, seg.memsz) ||
                                       (by_paddr && within(elf->entry, seg.paddr, seg.memsz))))
            entry_ok = true;
    }
    if (!any)
        return -ELF_ENOLOAD;
    return entry_ok ? 0 : -ELF_EENTRY;
}

static int check_file(struct elf *elf, bool program)
{
    int error = check_header(elf);
    if (error)
        return error;
    if (elf->type != ELF_TYPE_EXEC && (program || elf->type != ELF_TYPE_DYN))
        return -ELF_ETYPE;
    error = check_phdrs(elf);
    return error ? error : check_segments(elf, !program);
}

int elf_open(struct elf *elf, const void *image, size_t size)
{
    *elf = (struct elf){.image = image, .size = size, .file_size = size};
    return check_file(elf, false);
}

int elf_open_head(struct elf *elf, const void *head, size_t head_size, uint64_t file_size)
{
    *elf = (struct elf){.image = head, .size = head_size, .file_size = file_size};
    if (file_size < head_size)
        elf->size = (size_t)file_size;
    return check_file(elf, true);
}

void elf_segment(const struct elf *elf, unsigned i, struct elf_segment *seg)
{
    const struct layout *l = layout_of(elf);
    const uint8_t *p = elf->image + elf->phoff + i * elf->phentsize;
    seg->type = elf_get32(p);
    seg->flags = elf_get32(p + l->p_flags);
    seg->offset = elf_get_word(elf, p + l->p_offset);
    seg->vaddr = elf_get_word(elf, p + l->p_vaddr);
    seg->paddr = elf_get_word(elf, p + l->p_paddr);
    seg->filesz = elf_get_word(elf, p + l->p_filesz);
    seg->memsz = elf_get_word(elf, p + l->p_memsz);
    seg->align = elf_get_word(elf, p + l->p_align);
}

bool elf_next_load(const struct elf *elf, unsigned *i, struct elf_segment *seg)
{
    while (*i < elf->phnum) {
        elf_segment(elf, (*i)++, seg);
        if (seg->type == ELF_PT_LOAD && seg->memsz > 0)
            return true;
    }
    return false;
}

void elf_load_range(const struct elf *elf, uint64_t *start, uint64_t *end)
{
    struct elf_segment seg;
    bool first = true;
    for (unsigned i = 0; elf_next_load(elf, &i, &seg); first = false) {
        if (first)
            *start = seg.vaddr;
        *end = seg.vaddr + seg.memsz;
    }
}

const char *elf_strerror(int error)
{
    static const char *const text[ELF_ERROR_COUNT] = {
        [ELF_OK] = "no error",
        [ELF_ETRUNC] = "file too short for an ELF header",
        [ELF_EMAGIC] = "not an ELF file",
        [ELF_ECLASS] = "neither a 32-bit nor a 64-bit ELF file",
        [ELF_EDATA] = "not a little-endian ELF file",
        [ELF_EVERSION] = "unknown ELF version",
        [ELF_EMACHINE] = "not a RISC-V ELF file",
        [ELF_ETYPE] = "not an executable ELF file",
        [ELF_EPHENTSIZE] = "program headers have the wrong size",
        [ELF_ENOPHDR] = "no program headers",
        [ELF_EPHDRS] = "program headers outside the file",
        [ELF_EHEAD] = "program headers too far into the file",
        [ELF_EOFFSET] = "segment outside the file",
        [ELF_EFILESZ] = "segment larger in the file than in memory",
        [ELF_EADDRESS] = "segment outside the address space",
        [ELF_EALIGN] = "segment wrongly aligned",
        [ELF_EORDER] = "segments out of order",
        [ELF_EOVERLAP] = "segments overlap",
        [ELF_ENOLOAD] = "nothing to load",
        [ELF_EENTRY] = "entry point outside the executable segments",
    };
    unsigned n = error < 0 ? 0U - (unsigned)error : (unsigned)error;
    return n < ELF_ERROR_COUNT ? text[n] : "unknown ELF error";
}
