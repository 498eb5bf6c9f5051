/* ELF: open whole and by the head, then load every segment and read every symbol. */
#include "fuzz.h"
#include "lib/elf.h"

static volatile uint64_t sink;

static void use_segments(const struct elf *elf, bool whole)
{
    struct elf_segment seg;
    uint64_t start = 0, end = 0, last = 0;
    bool first = true;
    elf_load_range(elf, &start, &end);
    for (unsigned i = 0; elf_next_load(elf, &i, &seg);) {
        uint64_t top = elf->is_64 ? UINT64_MAX : UINT32_MAX;
        fuzz_require(seg.memsz > 0 && seg.memsz - 1 <= top - seg.vaddr);
        fuzz_require(seg.filesz <= seg.memsz);
        fuzz_require(seg.offset <= elf->file_size && seg.filesz <= elf->file_size - seg.offset);
        fuzz_require(first ? seg.vaddr == start : seg.vaddr > last);
        first = false;
        last = seg.vaddr + (seg.memsz - 1);
        for (uint64_t k = 0; whole && k < seg.filesz; k++)
            sink += elf->image[seg.offset + k];
    }
    fuzz_require(!first && end == last + 1);
    for (unsigned i = 0; i < elf->phnum; i++)
        elf_segment(elf, i, &seg);
}

static void use_symbols(const struct elf *elf)
{
    struct elf_symbol sym, found;
    unsigned n = 0;
    for (uint32_t i = 0; elf_next_symbol(elf, &i, &sym) && n < 100; n++) {
        sink += strlen(sym.name);
        fuzz_require(elf_symbol_by_name(elf, sym.name, &found));
    }
    sink += elf_symbol_by_address(elf, elf->entry, &found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct elf elf;
    uint8_t *copy = fuzz_copy(data, size);
    if (elf_open(&elf, copy, size) == 0) {
        use_segments(&elf, true);
        use_symbols(&elf);
    }
    free(copy);
    size_t head = size < 512 ? size : 512;
    copy = fuzz_copy(data, head);
    if (elf_open_head(&elf, copy, head, size) == 0)
        use_segments(&elf, false);
    free(copy);
    return 0;
}
