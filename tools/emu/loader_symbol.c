/* What the symbols of ELF files ask for: the host-target interface and the signature. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/elf.h"
#include "tools/emu/htif.h"
#include "tools/emu/loader.h"
#include "tools/emu/message.h"

/* Symbols have virtual addresses; programs are placed at their physical ones. */
static uint64_t to_physical(const struct elf *elf, uint64_t vaddr)
{
    struct elf_segment seg;

    for (unsigned i = 0; elf_next_load(elf, &i, &seg);)
        if (vaddr - seg.vaddr < seg.memsz || vaddr == seg.vaddr + seg.memsz)
            return vaddr - seg.vaddr + seg.paddr;
    return vaddr;
}

/* The physical address of a symbol of the program. */
static bool find(const struct elf *elf, const char *name, uint64_t *paddr)
{
    struct elf_symbol sym;

    if (!elf_symbol_by_name(elf, name, &sym))
        return false;
    *paddr = to_physical(elf, sym.value);
    return true;
}

static int attach_htif(struct machine *m, const struct file *file, const struct elf *elf)
{
    uint64_t tohost, fromhost = 0;
    bool no_fromhost;

    if (m->htif != NULL || !find(elf, "tohost", &tohost))
        return 0;
    no_fromhost = !find(elf, "fromhost", &fromhost);
    if (htif_attach(m, tohost, fromhost, no_fromhost) == 0)
        return 0;
    message("%s: tohost (0x%" PRIx64 ") or fromhost is not in memory", file->path, tohost);
    return -1;
}

static int find_signature(struct loader *loader, const struct machine *m, const struct file *file,
                          const struct elf *elf)
{
    struct span *s = &loader->signature;

    if (loader->options->signature == NULL || s->end != 0 ||
        !find(elf, "begin_signature", &s->start) || !find(elf, "end_signature", &s->end))
        return 0;
    if (s->end >= s->start &&
        (s->end == s->start || ram_host(m->ram, s->start, s->end - s->start) != NULL))
        return 0;
    message("%s: begin_signature (0x%" PRIx64 ") to end_signature (0x%" PRIx64 ") is not in memory",
            file->path, s->start, s->end);
    return -1;
}

int loader_find_symbols(struct loader *loader, struct machine *m)
{
    const struct file *files[] = {&loader->bios, &loader->kernel};

    for (unsigned i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct elf elf;
        if (files[i]->data == NULL || elf_open(&elf, files[i]->data, files[i]->size) != 0)
            continue;
        if (attach_htif(m, files[i], &elf) != 0 || find_signature(loader, m, files[i], &elf) != 0)
            return -1;
    }
    if (loader->options->signature != NULL && loader->signature.end == 0) {
        message("--signature: no ELF file has the symbols begin_signature and end_signature");
        return -1;
    }
    return 0;
}

int loader_write_signature(const struct loader *loader, struct machine *m)
{
    const char *path = loader->options->signature;
    const struct span *s = &loader->signature;
    unsigned unit = loader->options->signature_unit;
    const uint8_t *bytes = ram_host(m->ram, s->start, s->end - s->start);
    FILE *f = fopen(path, "w");
    bool ok = f != NULL;

    /* A last unit that the range does not fill is filled with zeros. */
    for (uint64_t at = 0; ok && at < s->end - s->start; at += unit) {
        for (unsigned i = unit; i-- > 0;)
            fprintf(f, "%02x", at + i < s->end - s->start ? bytes[at + i] : 0);
        fputc('\n', f);
    }
    if (f != NULL && (ferror(f) != 0) | (fclose(f) != 0))
        ok = false;
    if (!ok)
        message("%s: %s", path, strerror(errno));
    return ok ? 0 : -1;
}
