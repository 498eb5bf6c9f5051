/*
 * A validating reader of ELF files for RISC-V, 32 and 64 bits, little-endian.
 *
 * elf_open() takes a whole image in memory; elf_open_head() takes only its start, which is what
 * the kernel's exec has read. Both check everything they will later hand out, so that a segment
 * from elf_segment() can be loaded without further thought about the file. The image is never
 * written, need not be aligned, and must stay in place and unchanged while the struct is in use.
 * (ELF: System V ABI, chapters 4 and 5; RISC-V ELF psABI.)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* e_type, e_machine and e_flags */
enum {
    ELF_TYPE_EXEC = 2,
    ELF_TYPE_DYN = 3,
    ELF_MACHINE_RISCV = 243,
    ELF_FLAG_RVC = 0x1,
    ELF_FLAG_FLOAT_ABI = 0x6,
    ELF_FLAG_RVE = 0x8,
};

/* p_type and p_flags */
enum {
    ELF_PT_LOAD = 1,
    ELF_PT_DYNAMIC = 2,
    ELF_PT_INTERP = 3,
    ELF_PT_NOTE = 4,
    ELF_PT_PHDR = 6,
    ELF_PT_TLS = 7,
    ELF_PF_X = 1,
    ELF_PF_W = 2,
    ELF_PF_R = 4,
};

/* Errors, returned negated. elf_strerror() has the words. */
enum elf_error {
    ELF_OK,
    ELF_ETRUNC,     /* the file ends before its ELF header does */
    ELF_EMAGIC,     /* not an ELF file */
    ELF_ECLASS,     /* neither 32 nor 64 bits */
    ELF_EDATA,      /* not little-endian */
    ELF_EVERSION,   /* unknown version */
    ELF_EMACHINE,   /* not for RISC-V */
    ELF_ETYPE,      /* not an executable */
    ELF_EPHENTSIZE, /* program header entries have the wrong size */
    ELF_ENOPHDR,    /* no program headers */
    ELF_EPHDRS,     /* program headers lie outside the file, or are too many */
    ELF_EHEAD,      /* program headers lie outside the part of the file that was read */
    ELF_EOFFSET,    /* a segment's bytes lie outside the file */
    ELF_EFILESZ,    /* a segment has more bytes in the file than in memory */
    ELF_EADDRESS,   /* a segment wraps around or leaves the address space */
    ELF_EALIGN,     /* p_align no power of two, or offset and address not congruent to it */
    ELF_EORDER,     /* loadable segments out of order */
    ELF_EOVERLAP,   /* loadable segments overlap */
    ELF_ENOLOAD,    /* nothing to load */
    ELF_EENTRY,     /* entry point outside the executable segments */
    ELF_ERROR_COUNT,
};

/* One open file. Fields are for reading only. */
struct elf {
    const uint8_t *image; /* the bytes given to elf_open() or elf_open_head() */
    size_t size;          /* how many of them there are */
    uint64_t file_size;   /* size of the whole file; equals size after elf_open() */
    uint64_t entry;
    uint64_t phoff, shoff;
    uint32_t flags; /* e_flags */
    uint16_t type;  /* ELF_TYPE_... */
    uint16_t phnum, phentsize;
    uint16_t shnum, shentsize;
    bool is_64;
};

/* A program header, the same for both classes. */
struct elf_segment {
    uint32_t type;  /* ELF_PT_... */
    uint32_t flags; /* ELF_PF_... */
    uint64_t offset;
    uint64_t vaddr, paddr;
    uint64_t filesz, memsz;
    uint64_t align;
};

struct elf_symbol {
    const char *name; /* inside the image, terminated */
    uint64_t value, size;
    uint8_t info; /* st_info: type in the low, binding in the high four bits */
};

/*
 * Open the whole file image[0..size). Static and position-independent executables are accepted;
 * the entry point may lie in an executable segment by its virtual or by its physical addresses,
 * because kernels and firmware are entered untranslated. Returns 0 or -ELF_E...
 */
int elf_open(struct elf *elf, const void *image, size_t size);

/*
 * Open a program by the first head_size bytes of a file of file_size bytes, for exec: only
 * ELF_TYPE_EXEC and an entry point by virtual address are accepted. -ELF_EHEAD says that more of
 * the file must be read (elf->phoff + elf->phnum * elf->phentsize bytes are enough; the three are
 * valid then). Returns 0 or -ELF_E...
 */
int elf_open_head(struct elf *elf, const void *head, size_t head_size, uint64_t file_size);

/* Program header i < elf->phnum. Those of type ELF_PT_LOAD have passed all checks. */
void elf_segment(const struct elf *elf, unsigned i, struct elf_segment *seg);

/*
 * The next loadable segment with memsz > 0, in ascending order of address: for (unsigned i = 0;
 * elf_next_load(elf, &i, &seg);) ... Returns false after the last.
 */
bool elf_next_load(const struct elf *elf, unsigned *i, struct elf_segment *seg);

/* Lowest and one past the highest virtual address that the loadable segments take. */
void elf_load_range(const struct elf *elf, uint64_t *start, uint64_t *end);

/*
 * Symbols; only after elf_open(). A damaged or missing symbol table has no symbols. By name: the
 * first defined symbol of that name. By address: the function or object (or, failing that,
 * the nearest untyped label below) that covers addr. Return false if there is none.
 */
bool elf_symbol_by_name(const struct elf *elf, const char *name, struct elf_symbol *sym);
bool elf_symbol_by_address(const struct elf *elf, uint64_t addr, struct elf_symbol *sym);

/*
 * The next defined symbol with a name, in the order of the table: for (uint32_t i = 0;
 * elf_next_symbol(elf, &i, &sym);) ... Returns false after the last.
 */
bool elf_next_symbol(const struct elf *elf, uint32_t *i, struct elf_symbol *sym);

/* Text for an error, with or without its minus sign; never NULL. */
const char *elf_strerror(int error);
