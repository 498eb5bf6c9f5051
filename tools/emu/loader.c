/*
 * Where images go. As with QEMU's virt: firmware at the start of DRAM; the kernel behind it at the
 * next superpage (2 MiB, rv32 4 MiB), or where its ELF file says; the initial RAM disk half the
 * memory but at most 128 MiB above the kernel; the device tree at the end of DRAM, below 3 GiB; and
 * a reset vector in ROM that enters the firmware with a0 = hart, a1 = device tree and a2 = a struct
 * fw_dynamic_info (OpenSBI, include/sbi/fw_dynamic.h).
 */
#include "tools/emu/loader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/elf.h"
#include "lib/fdt.h"
#include "tools/emu/message.h"

#define MIB (UINT64_C(1) << 20)

enum {
    FW_DYNAMIC_MAGIC = 0x4942534f,
    FW_DYNAMIC_VERSION = 2,
    FW_DYNAMIC_NEXT_S = 1,
    IMAGE_HEADER_SIZE = 64, /* the kernel's RISC-V boot image header */
    IMAGE_SIZE_OFFSET = 16,
    IMAGE_MAGIC2_OFFSET = 56,
    IMAGE_MAGIC2 = 0x05435352, /* "RSC\x05" */
};

/* Memory that is spoken for. */
struct layout {
    uint64_t fw_end;             /* end of firmware, start of DRAM without one */
    uint64_t start;              /* where the reset vector jumps */
    uint64_t next;               /* where the firmware goes on: the kernel */
    uint64_t kernel_end;         /* 0 without a kernel */
    uint64_t initrd, initrd_end; /* 0 without one */
    uint64_t tree;
};

static uint64_t align_up(uint64_t value, uint64_t align)
{
    return (value + align - 1) & ~(align - 1);
}

static uint64_t get_le(const uint8_t *p, unsigned size)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < size; i++)
        value |= (uint64_t)p[i] << (8 * i);
    return value;
}

static void put_le(uint8_t *p, uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        p[i] = (uint8_t)(value >> (8 * i));
}

static int no_room(const struct machine *m, const char *what, uint64_t addr, uint64_t size)
{
    message("%s: does not fit in memory (0x%" PRIx64 " bytes at 0x%" PRIx64 "; DRAM is 0x%" PRIx64
            " bytes at 0x%" PRIx64 ")",
            what, size, addr, ram_size(m->ram), ram_base(m->ram));
    return -1;
}

static int add(struct machine *m, const char *what, uint64_t addr, uint64_t size, const void *data,
               uint64_t data_size)
{
    if (machine_add_image(m, addr, size, data, data_size) == 0)
        return 0;
    return no_room(m, what, addr, size);
}

/* A file that is no ELF file: size bytes of memory, the file and zeros. */
static int add_flat(struct machine *m, struct file *file, uint64_t addr, uint64_t size)
{
    if (!file->is_open)
        return add(m, file->path, addr, size, file->data, file->size);
    if (machine_add_fetched_image(m, addr, size, file_fetch, file, file->size) == 0)
        return 0;
    return no_room(m, file->path, addr, size);
}

/*
 * Linkers put the ELF headers at the start of the first segment if there is room below the text,
 * which may be below DRAM. Nobody needs them there: cut them off.
 */
static void cut_headers(const struct machine *m, struct elf_segment *seg)
{
    uint64_t cut = ram_base(m->ram) - seg->paddr;

    if (seg->offset != 0 || seg->paddr >= ram_base(m->ram) || cut > seg->filesz ||
        ram_host(m->ram, seg->paddr, 1) != NULL)
        return;
    seg->offset += cut;
    seg->vaddr += cut;
    seg->paddr += cut;
    seg->filesz -= cut;
    seg->memsz -= cut;
}

/*
 * Place an ELF file's segments at their physical addresses. The entry point counts as virtual if it
 * lies in a segment by virtual address, else as physical.
 */
static int add_elf(struct machine *m, const struct file *file, uint64_t *low, uint64_t *high,
                   uint64_t *entry)
{
    struct elf_segment seg;
    struct elf elf;

    if (elf_open(&elf, file->data, file->size) != 0)
        return -1; /* cannot be: loader_open() has done it */
    *low = UINT64_MAX;
    *high = 0;
    *entry = elf.entry;
    for (unsigned i = 0; elf_next_load(&elf, &i, &seg);) {
        cut_headers(m, &seg);
        if (add(m, file->path, seg.paddr, seg.memsz, file->data + seg.offset, seg.filesz) != 0)
            return -1;
        if (elf.entry - seg.vaddr < seg.memsz)
            *entry = elf.entry - seg.vaddr + seg.paddr;
        if (seg.paddr < *low)
            *low = seg.paddr;
        if (seg.paddr + seg.memsz > *high)
            *high = seg.paddr + seg.memsz;
    }
    return 0;
}

static int place_bios(struct loader *loader, struct machine *m, struct layout *at)
{
    uint64_t low, base = ram_base(m->ram);

    at->start = at->fw_end = base;
    if (loader->bios.data == NULL)
        return 0;
    if (file_is_elf(&loader->bios))
        return add_elf(m, &loader->bios, &low, &at->fw_end, &at->start);
    loader->bios_at = base;
    at->fw_end = base + loader->bios.size;
    return add_flat(m, &loader->bios, base, loader->bios.size);
}

/* Memory the kernel takes: a boot image's header counts its bss, too. */
static uint64_t image_size(const struct file *file)
{
    uint64_t size = file->size;

    if (file->size >= IMAGE_HEADER_SIZE &&
        get_le(file->data + IMAGE_MAGIC2_OFFSET, 4) == IMAGE_MAGIC2 &&
        get_le(file->data + IMAGE_SIZE_OFFSET, 8) > size)
        size = get_le(file->data + IMAGE_SIZE_OFFSET, 8);
    return size;
}

static int place_kernel(struct loader *loader, struct machine *m, struct layout *at)
{
    struct file *kernel = &loader->kernel;
    uint64_t superpage = m->isa.xlen == 32 ? 4 * MIB : 2 * MIB;
    uint64_t entry, size;

    at->next = align_up(at->fw_end, superpage);
    if (kernel->data == NULL)
        return 0;
    if (file_is_elf(kernel)) {
        /* The lowest address, not the entry point: what FW_JUMP and a flat image would get. */
        if (add_elf(m, kernel, &at->next, &at->kernel_end, &entry) != 0)
            return -1;
        if (at->next < at->fw_end && at->kernel_end > ram_base(m->ram) &&
            loader->bios.data != NULL) {
            message("%s: would overwrite the firmware, which ends at 0x%" PRIx64, kernel->path,
                    at->fw_end);
            return -1;
        }
        if (loader->bios.data == NULL)
            at->start = entry;
        return 0;
    }
    size = image_size(kernel);
    if (size > ram_size(m->ram)) {
        message("%s: needs 0x%" PRIx64 " bytes of memory, there are 0x%" PRIx64, kernel->path, size,
                ram_size(m->ram));
        return -1;
    }
    loader->kernel_at = at->next;
    at->kernel_end = at->next + size;
    return add_flat(m, kernel, at->next, size);
}

/* The end of DRAM that 32-bit addresses and drivers reach. */
static uint64_t low_end(const struct machine *m)
{
    uint64_t end = ram_base(m->ram) + ram_size(m->ram);

    return ram_base(m->ram) < 3072 * MIB && end > 3072 * MIB ? 3072 * MIB : end;
}

/* As high as possible below the device tree if QEMU's place is too small. */
static int place_initrd(struct loader *loader, struct machine *m, struct layout *at)
{
    struct file *initrd = &loader->initrd;
    uint64_t half = ram_size(m->ram) / 2, end = low_end(m) - 2 * MIB;
    uint64_t floor = at->kernel_end > at->fw_end ? at->kernel_end : at->fw_end;

    if (initrd->data == NULL)
        return 0;
    at->initrd = at->next + (half < 128 * MIB ? half : 128 * MIB);
    if (at->initrd < floor || at->initrd > end || end - at->initrd < initrd->size)
        at->initrd = initrd->size < end ? (end - initrd->size) & ~UINT64_C(4095) : 0;
    if (at->initrd < floor) {
        message("%s: does not fit in memory beside the kernel", initrd->path);
        return -1;
    }
    at->initrd_end = at->initrd + initrd->size;
    return add_flat(m, initrd, at->initrd, initrd->size);
}

/* Add to /chosen what the command line says. 0 or -FDT_E... */
static int amend_chosen(const struct loader *loader, const struct layout *at, struct fdt *fdt)
{
    const char *append = loader->options->append;
    int chosen = fdt_node_by_path(fdt, "/chosen"), error = 0;
    bool wide = at->initrd_end > UINT32_MAX;

    if (chosen < 0)
        chosen = fdt_add_node(fdt, fdt_root(fdt), "chosen");
    if (chosen < 0)
        return chosen;
    if (append != NULL)
        error = fdt_set_prop_string(fdt, chosen, "bootargs", append);
    if (error == 0 && at->initrd_end != 0) {
        if (wide)
            error = fdt_set_prop_u64(fdt, chosen, "linux,initrd-start", at->initrd);
        else
            error = fdt_set_prop_u32(fdt, chosen, "linux,initrd-start", (uint32_t)at->initrd);
    }
    if (error == 0 && at->initrd_end != 0) {
        if (wide)
            error = fdt_set_prop_u64(fdt, chosen, "linux,initrd-end", at->initrd_end);
        else
            error = fdt_set_prop_u32(fdt, chosen, "linux,initrd-end", (uint32_t)at->initrd_end);
    }
    return error;
}

/* Our tree or the file's, with /chosen amended, into loader->tree. */
static int make_tree(struct loader *loader, struct machine *m, const struct layout *at)
{
    const char *name = loader->dtb.data != NULL ? loader->dtb.path : "device tree";
    size_t room = 4096 + (loader->options->append != NULL ? strlen(loader->options->append) : 0);
    struct fdt source, fdt;
    void *blob = NULL;
    size_t size;
    int error;

    if (loader->dtb.data != NULL) {
        size = loader->dtb.size;
        blob = aligned_alloc(8, align_up(size, 8));
        if (blob != NULL)
            memcpy(blob, loader->dtb.data, size);
        error = blob != NULL ? fdt_open(&source, blob, size) : -FDT_ENOROOM;
    } else {
        int n = machine_fdt(m, &blob);
        size = n > 0 ? (size_t)n : 0;
        error = n < 0 ? n : fdt_open(&source, blob, size);
    }
    if (error == 0) {
        loader->tree = aligned_alloc(8, align_up(size + room, 8));
        error = loader->tree == NULL ? -FDT_ENOROOM
                                     : fdt_open_into(&fdt, loader->tree, size + room, &source);
    }
    if (error == 0)
        error = amend_chosen(loader, at, &fdt);
    if (error != 0)
        message("%s: %s", name, fdt_strerror(error));
    else
        loader->tree_size = fdt.size;
    free(blob);
    return error != 0 ? -1 : 0;
}

static int place_tree(struct loader *loader, struct machine *m, struct layout *at)
{
    uint64_t floor = at->kernel_end > at->fw_end ? at->kernel_end : at->fw_end;
    uint64_t end = low_end(m);

    if (make_tree(loader, m, at) != 0)
        return -1;
    if (m->type->rom_size == 0)
        return 0; /* nobody would tell the guest where it is */
    at->tree = loader->tree_size < end ? (end - loader->tree_size) & ~(2 * MIB - 1) : 0;
    if (at->tree < floor ||
        (at->initrd_end > at->tree && at->initrd < at->tree + loader->tree_size)) {
        message("the device tree does not fit in memory: give -m more");
        return -1;
    }
    return add(m, "device tree", at->tree, loader->tree_size, loader->tree, loader->tree_size);
}

/* The code harts start at, the words it loads, and the struct fw_dynamic_info it points a2 at. */
static int place_reset_vector(struct loader *loader, struct machine *m, const struct layout *at)
{
    bool rv32 = m->isa.xlen == 32;
    const uint32_t code[] = {
        0x00000297,                     /* auipc t0, 0 */
        0x02828613,                     /* addi  a2, t0, 40 */
        0xf1402573,                     /* csrr  a0, mhartid */
        rv32 ? 0x0202a583 : 0x0202b583, /* lw/ld a1, 32(t0) */
        rv32 ? 0x0182a283 : 0x0182b283, /* lw/ld t0, 24(t0) */
        0x00028067,                     /* jr    t0 */
    };
    const uint64_t info[] = {
        FW_DYNAMIC_MAGIC, FW_DYNAMIC_VERSION, at->next, FW_DYNAMIC_NEXT_S, 0, 0,
    };
    unsigned word = m->isa.xlen / 8;
    uint8_t *p = loader->reset_vector;

    if (m->type->rom_size == 0) {
        for (unsigned i = 0; i < m->hart_count; i++)
            hart_set_reset_pc(m->harts[i], at->start);
        return 0;
    }
    for (unsigned i = 0; i < 6; i++)
        put_le(p + 4 * i, code[i], 4);
    put_le(p + 24, at->start, 8);
    put_le(p + 32, at->tree, 8);
    for (unsigned i = 0; i < 6; i++)
        put_le(p + 40 + i * word, info[i], word);
    return add(m, "reset vector", m->type->rom_base, sizeof loader->reset_vector, p,
               sizeof loader->reset_vector);
}

int loader_place(struct loader *loader, struct machine *m)
{
    struct layout at = {0};
    uint64_t first, second;
    int has_first = loader_place_flash(m, 0, &first), has_second;

    has_second = loader_place_flash(m, 1, &second);
    if (has_first < 0 || has_second < 0 || place_bios(loader, m, &at) != 0)
        return -1;
    if (has_second) { /* firmware of the supervisor: it loads the kernel */
        at.next = second;
        if (loader_offer_kernel(loader, m) != 0)
            return -1;
    } else if (place_kernel(loader, m, &at) != 0 || place_initrd(loader, m, &at) != 0) {
        return -1;
    }
    if (place_tree(loader, m, &at) != 0)
        return -1;
    if (has_first)
        at.start = first;
    if (place_reset_vector(loader, m, &at) != 0)
        return -1;
    if (loader_fill_fw_cfg(loader, m) != 0)
        return -1;
    return loader_find_symbols(loader, m);
}
