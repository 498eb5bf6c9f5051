/*
 * lib/elf*.c. Witness: readelf on programs that the cross compiler made here. Then each rule broken
 * by itself, and random damage.
 */
#include "lib/elf.h"
#include "tap.h"

#include "../fuzz/fuzz_elf.c"

/*
 * ---- Real files ---------------------------------------------------------------------------------
 */

static const char program[] =
    "int zeros[100], data[4] = {1, 2, 3, 4}; const char text[] = \"text\";\n"
    "static int helper(int x) { return x * data[x & 3] + zeros[x]; }\n"
    "int work(int x) { return helper(x) + text[x]; }\n"
    "void _start(void) { zeros[1] = work(2); for (;;); }\n";

/* Compare the program headers with readelf -lW's lines: Type Offset VirtAddr PhysAddr FileSiz
 * MemSiz Flg Align */
static void compare_segments(const struct elf *elf, const char *listing)
{
    struct cases c = {.text = "program headers are readelf's"};
    FILE *f = fopen(listing, "r");
    char line[256], type[32], flags[8];
    unsigned long long offset, vaddr, paddr, filesz, memsz, align;
    unsigned i = 0;
    while (f && fgets(line, sizeof line, f)) {
        struct elf_segment seg;
        char rest[64];
        if (sscanf(line, " %31s 0x%llx 0x%llx 0x%llx 0x%llx 0x%llx %63[^\n]", type, &offset, &vaddr,
                   &paddr, &filesz, &memsz, rest) != 7)
            continue;
        char *number = strstr(rest, "0x");
        align = number ? strtoull(number, NULL, 16) : 0;
        snprintf(flags, sizeof flags, "%c%c%c", rest[0], rest[1], rest[2]);
        cases_check(&c, i < elf->phnum, "header %u", i);
        if (i >= elf->phnum)
            break;
        elf_segment(elf, i++, &seg);
        char ours[4] = {seg.flags & ELF_PF_R ? 'R' : ' ', seg.flags & ELF_PF_W ? 'W' : ' ',
                        seg.flags & ELF_PF_X ? 'E' : ' '};
        cases_check(&c,
                    seg.offset == offset && seg.vaddr == vaddr && seg.paddr == paddr &&
                        seg.filesz == filesz && seg.memsz == memsz && seg.align == align &&
                        strcmp(ours, flags) == 0 &&
                        (seg.type == ELF_PT_LOAD) == (strcmp(type, "LOAD") == 0),
                    "%s", line);
    }
    cases_check(&c, i == elf->phnum, "%u headers, want %u", i, elf->phnum);
    cases_end(&c);
    if (f)
        fclose(f);
}

/* Compare symbols with readelf -sW's lines: Num: Value Size Type Bind Vis Ndx Name */
static void compare_symbols(const struct elf *elf, const char *listing)
{
    struct cases c = {.text = "symbols are readelf's"};
    FILE *f = fopen(listing, "r");
    char line[512], type[16], bind[16], ndx[16], name[128];
    unsigned long long value, size;
    uint32_t next = 0;
    while (f && fgets(line, sizeof line, f)) {
        struct elf_symbol sym;
        if (sscanf(line, " %*u: %llx %llu %15s %15s %*s %15s %127s", &value, &size, type, bind, ndx,
                   name) != 6)
            continue;
        if (strcmp(ndx, "UND") == 0 || strcmp(type, "FILE") == 0 || strcmp(type, "SECTION") == 0)
            continue;
        bool there = elf_next_symbol(elf, &next, &sym);
        cases_check(&c,
                    there && strcmp(sym.name, name) == 0 && sym.value == value && sym.size == size,
                    "%s", line);
        if (strcmp(type, "FUNC") == 0 || strcmp(type, "OBJECT") == 0) {
            cases_check(&c, elf_symbol_by_name(elf, name, &sym) && sym.value == value, "name %s",
                        name);
            cases_check(&c,
                        size == 0 || (elf_symbol_by_address(elf, value + size - 1, &sym) &&
                                      sym.value <= value),
                        "address of %s", name);
        }
    }
    struct elf_symbol sym;
    cases_check(&c, !elf_next_symbol(elf, &next, &sym), "one more: %s", sym.name);
    cases_check(&c, !elf_symbol_by_name(elf, "no such", &sym), "no such symbol");
    cases_end(&c);
    if (f)
        fclose(f);
}

static void test_file(const char *cross, int xlen)
{
    struct elf elf, head;
    size_t size;
    scratch_write("program.c", program, sizeof program - 1);
    if (run("%sgcc -march=rv%dimac -mabi=%s -O1 -ffreestanding -nostdlib -mcmodel=medany "
            "-Wl,-Ttext=0x%x program.c "
            "-o program && "
            "%sreadelf -lW program > phdrs && %sreadelf -sW program > symbols && %sreadelf -hW "
            "program | "
            "sed -n 's/.*Entry point address: *//p' > entry && %sstrip program -o stripped",
            cross, xlen, xlen == 64 ? "lp64" : "ilp32", xlen == 64 ? 0x80000000 : 0x10000, cross,
            cross, cross, cross) != 0) {
        ok(false, "build a program for rv%d", xlen);
        return;
    }
    uint8_t *image = read_whole_file(scratch_path("program"), &size);
    uint8_t *entry = read_whole_file(scratch_path("entry"), NULL);
    is_int(elf_open(&elf, image, size), 0, xlen == 64 ? "open rv64" : "open rv32");
    ok(elf.is_64 == (xlen == 64) && elf.type == ELF_TYPE_EXEC && (elf.flags & ELF_FLAG_RVC),
       "class, type and flags");
    is_int((long long)elf.entry, strtoll((char *)entry, NULL, 16), "entry point is readelf's");
    compare_segments(&elf, scratch_path("phdrs"));
    compare_symbols(&elf, scratch_path("symbols"));
    is_int(elf_open_head(&head, image, 512, size), 0, "open by the head");
    is_int(elf_open_head(&head, image, 80, size), -ELF_EHEAD, "too little of the head");
    ok(head.phoff + head.phnum * head.phentsize > 80, "and how much is needed");
    free(image);
    image = read_whole_file(scratch_path("stripped"), &size);
    struct elf_symbol sym;
    uint32_t i = 0;
    ok(elf_open(&elf, image, size) == 0 && !elf_next_symbol(&elf, &i, &sym) &&
           !elf_symbol_by_address(&elf, elf.entry, &sym),
       "stripped: no symbols");
    struct cases c = {.text = "random damage to it"};
    free(image);
    image = read_whole_file(scratch_path("program"), &size);
    for (unsigned k = 0; k < 4000; k++) {
        uint8_t *bad = fuzz_copy(image, size);
        /* mostly the headers: the rest is only copied */
        size_t part = k % 4 ? 64 + 56 * 4 : size, left = mutate(bad, part);
        LLVMFuzzerTestOneInput(bad, part == size || left < part ? left : size);
        cases_check(&c, true, "survived");
        free(bad);
    }
    cases_end(&c);
    free(image);
    free(entry);
}

/*
 * ---- Made by hand -------------------------------------------------------------------------------
 */

enum { EHDR = 64, PHDR = 56, SEGMENTS = 3, FILE_SIZE = EHDR + SEGMENTS * PHDR + 0x200 };

static uint8_t image[FILE_SIZE];

static void put(size_t at, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        image[at + i] = (uint8_t)(value >> 8 * i);
}

/* Field offsets in a 64-bit program header. */
enum {
    P_TYPE = 0,
    P_FLAGS = 4,
    P_OFFSET = 8,
    P_VADDR = 16,
    P_PADDR = 24,
    P_FILESZ = 32,
    P_MEMSZ = 40,
    P_ALIGN = 48
};

static size_t phdr(unsigned i, unsigned field)
{
    return EHDR + i * PHDR + field;
}

/* A good file of three segments: text at 0x10000, data at 0x20000, nothing at 0. */
static void make_good(void)
{
    static const uint8_t ident[] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
    memset(image, 0, sizeof image);
    memcpy(image, ident, sizeof ident);
    put(16, ELF_TYPE_EXEC, 2);
    put(18, ELF_MACHINE_RISCV, 2);
    put(20, 1, 4);
    put(24, 0x10010, 8); /* entry */
    put(32, EHDR, 8);
    put(54, PHDR, 2);
    put(56, SEGMENTS, 2);
    for (unsigned i = 0; i < SEGMENTS; i++) {
        put(phdr(i, P_TYPE), ELF_PT_LOAD, 4);
        put(phdr(i, P_FLAGS), i == 0 ? ELF_PF_R | ELF_PF_X : ELF_PF_R | ELF_PF_W, 4);
        put(phdr(i, P_OFFSET), 0x100, 8);
        put(phdr(i, P_VADDR), 0x10000 * (i + 1) + 0x100, 8);
        put(phdr(i, P_PADDR), 0x80000100 + 0x10000 * i, 8);
        put(phdr(i, P_FILESZ), 0x40, 8);
        put(phdr(i, P_MEMSZ), 0x1000, 8);
        put(phdr(i, P_ALIGN), 0x100, 8);
    }
    put(phdr(0, P_VADDR), 0x10000, 8);
    put(phdr(2, P_VADDR), 0, 8);
    put(phdr(2, P_FILESZ), 0, 8);
    put(phdr(2, P_MEMSZ), 0, 8);
}

static void is_bad(size_t at, uint64_t value, unsigned bytes, int error, const char *text)
{
    struct elf elf;
    make_good();
    put(at, value, bytes);
    is_int(elf_open(&elf, image, FILE_SIZE), -error, text);
    is_int(elf_open_head(&elf, image, FILE_SIZE, FILE_SIZE), -error, "the same for exec");
}

static void test_file_rules(void)
{
    is_bad(0, 0x7e, 1, ELF_EMAGIC, "magic");
    is_bad(3, 'f', 1, ELF_EMAGIC, "end of the magic");
    is_bad(4, 3, 1, ELF_ECLASS, "class");
    is_bad(4, 0, 1, ELF_ECLASS, "no class");
    is_bad(5, 2, 1, ELF_EDATA, "big-endian");
    is_bad(6, 2, 1, ELF_EVERSION, "identification version");
    is_bad(20, 2, 4, ELF_EVERSION, "version");
    is_bad(18, 62, 2, ELF_EMACHINE, "machine");
    is_bad(16, 1, 2, ELF_ETYPE, "object file");
    is_bad(16, 4, 2, ELF_ETYPE, "core file");
    is_bad(54, 32, 2, ELF_EPHENTSIZE, "size of program headers");
    is_bad(56, 0, 2, ELF_ENOPHDR, "no program headers");
    is_bad(56, 0xffff, 2, ELF_EPHDRS, "too many program headers");
    is_bad(56, 14, 2, ELF_EPHDRS, "program headers run out of the file");
    is_bad(32, FILE_SIZE, 8, ELF_EPHDRS, "program headers at the end");
    is_bad(32, UINT64_MAX - 8, 8, ELF_EPHDRS, "offset of program headers overflows");
    struct elf elf;
    make_good();
    is_int(elf_open(&elf, image, 63), -ELF_ETRUNC, "header cut short");
    is_int(elf_open(&elf, image, 15), -ELF_ETRUNC, "identification cut short");
    is_int(elf_open(&elf, image, 0), -ELF_ETRUNC, "empty file");
}

static void test_segment_rules(void)
{
    is_bad(phdr(0, P_OFFSET), 0x300, 8, ELF_EOFFSET, "segment out of the file");
    is_bad(phdr(0, P_OFFSET), UINT64_MAX & ~0xffULL, 8, ELF_EOFFSET, "offset overflows");
    is_bad(phdr(0, P_FILESZ), UINT64_MAX, 8, ELF_EOFFSET, "size overflows");
    is_bad(phdr(0, P_MEMSZ), 0x3f, 8, ELF_EFILESZ, "less memory than file");
    is_bad(phdr(1, P_VADDR), 0xfffffffffffff100, 8, ELF_EADDRESS, "segment wraps around");
    is_bad(phdr(1, P_MEMSZ), UINT64_MAX, 8, ELF_EADDRESS, "memory size overflows");
    is_bad(phdr(1, P_PADDR), 0xfffffffffffff100, 8, ELF_EADDRESS, "physical segment wraps around");
    is_bad(phdr(0, P_ALIGN), 0x180, 8, ELF_EALIGN, "alignment no power of two");
    is_bad(phdr(0, P_ALIGN), 0x1000, 8, ELF_EALIGN, "not congruent to the alignment");
    is_bad(phdr(1, P_VADDR), 0x10f00, 8, ELF_EOVERLAP, "segments overlap");
    is_bad(phdr(1, P_VADDR), 0x10000, 8, ELF_EOVERLAP, "segments at the same place");
    is_bad(phdr(1, P_VADDR), 0x8000, 8, ELF_EORDER, "segments out of order");
    is_bad(phdr(0, P_MEMSZ), 0x10101, 8, ELF_EOVERLAP, "overlap by one byte");
    is_bad(24, 0xffff, 8, ELF_EENTRY, "entry before the text");
    is_bad(24, 0x11000, 8, ELF_EENTRY, "entry behind the text");
    is_bad(24, 0x20100, 8, ELF_EENTRY, "entry in the data");
    is_bad(phdr(0, P_FLAGS), ELF_PF_R, 4, ELF_EENTRY, "text not executable");
    struct elf elf;
    make_good();
    for (unsigned i = 0; i < SEGMENTS; i++)
        put(phdr(i, P_TYPE), ELF_PT_NOTE, 4);
    is_int(elf_open(&elf, image, FILE_SIZE), -ELF_ENOLOAD, "nothing to load");
}

static void test_accepted(void)
{
    struct elf elf;
    struct elf_segment seg;
    uint64_t start, end;
    make_good();
    is_int(elf_open(&elf, image, FILE_SIZE), 0, "the good file");
    elf_load_range(&elf, &start, &end);
    ok(start == 0x10000 && end == 0x21100, "range of addresses");
    unsigned i = 0;
    ok(elf_next_load(&elf, &i, &seg) && seg.vaddr == 0x10000 && elf_next_load(&elf, &i, &seg) &&
           seg.vaddr == 0x20100 && !elf_next_load(&elf, &i, &seg),
       "walk of the segments, the empty one left out");
    put(phdr(0, P_MEMSZ), 0x10100, 8);
    is_int(elf_open(&elf, image, FILE_SIZE), 0, "segments that touch");
    make_good();
    put(24, 0x80000110, 8);
    is_int(elf_open(&elf, image, FILE_SIZE), 0, "entry by physical address");
    is_int(elf_open_head(&elf, image, FILE_SIZE, FILE_SIZE), -ELF_EENTRY, "but not for exec");
    make_good();
    put(16, ELF_TYPE_DYN, 2);
    is_int(elf_open(&elf, image, FILE_SIZE), 0, "position-independent");
    is_int(elf_open_head(&elf, image, FILE_SIZE, FILE_SIZE), -ELF_ETYPE, "but not for exec");
    make_good();
    put(phdr(1, P_VADDR), 0xfffffffffffff000, 8);
    put(phdr(1, P_OFFSET), 0x100, 8);
    is_int(elf_open(&elf, image, FILE_SIZE), 0, "segment up to the last address");
    is_int(elf_open_head(&elf, image, FILE_SIZE, 0x120), -ELF_EOFFSET,
           "file size smaller than the head");
}

/* A symbol table at the end of the file, the strings last; the last name may lack its end. */
static void test_symbol_table(void)
{
    enum { SHDR = 64, SYM = 24, TABLE = FILE_SIZE, SYMBOLS = TABLE + 3 * SHDR };
    static uint8_t file[SYMBOLS + 3 * SYM + 8];
    struct elf elf;
    struct elf_symbol sym;
    make_good();
    put(40, TABLE, 8); /* e_shoff */
    put(58, SHDR, 2);
    put(60, 3, 2);
    memcpy(file, image, FILE_SIZE);
    uint8_t *symtab = file + TABLE + SHDR, *strtab = symtab + SHDR, *symbols = file + SYMBOLS;
    symtab[4] = 2, strtab[4] = 3; /* sh_type */
    symtab[0x18] = (uint8_t)SYMBOLS, symtab[0x19] = SYMBOLS >> 8;
    symtab[0x20] = 3 * SYM, symtab[0x28] = 2; /* size, link */
    strtab[0x18] = (uint8_t)(SYMBOLS + 3 * SYM), strtab[0x19] = (SYMBOLS + 3 * SYM) >> 8;
    strtab[0x20] = 8;
    symbols[SYM] = 1, symbols[2 * SYM] = 5;               /* names at 1 and 5 */
    symbols[SYM + 6] = symbols[2 * SYM + 6] = 1;          /* defined */
    symbols[SYM + 8] = 0x10, symbols[2 * SYM + 8] = 0x20; /* values */
    memcpy(symbols + 3 * SYM, "\0abc\0xyz", 8);
    uint8_t *copy = fuzz_copy(file, sizeof file);
    uint32_t i = 0;
    ok(elf_open(&elf, copy, sizeof file) == 0 && elf_next_symbol(&elf, &i, &sym) &&
           strcmp(sym.name, "abc") == 0 && sym.value == 0x10,
       "symbol table made by hand");
    ok(!elf_next_symbol(&elf, &i, &sym), "a name without an end is passed over");
    ok(elf_symbol_by_address(&elf, 0x10, &sym) && sym.value == 0x10 &&
           !elf_symbol_by_address(&elf, 0xf, &sym),
       "by address");
    free(copy);
    file[TABLE + SHDR + 0x28] = 3;
    ok(elf_open(&elf, file, sizeof file) == 0 && !elf_symbol_by_name(&elf, "abc", &sym),
       "no such table of strings");
    file[TABLE + SHDR + 0x28] = 2, file[TABLE + SHDR + 0x27] = 0x80;
    ok(elf_open(&elf, file, sizeof file) == 0 && !elf_symbol_by_name(&elf, "abc", &sym),
       "table outside the file");
}

int main(void)
{
    const char *cross = getenv("CROSS");
    if (!cross)
        cross = "riscv64-unknown-elf-";
    test_accepted();
    test_symbol_table();
    test_file_rules();
    test_segment_rules();
    bool texts = true;
    for (int e = 0; e < ELF_ERROR_COUNT; e++)
        texts = texts && elf_strerror(e) && elf_strerror(e) == elf_strerror(-e);
    ok(texts, "every error has a text");
    char gcc[64];
    snprintf(gcc, sizeof gcc, "%sgcc", cross);
    if (have(gcc)) {
        test_file(cross, 64);
        test_file(cross, 32);
    } else {
        skip("programs of the cross compiler", "there is none");
    }
    return tap_done();
}
