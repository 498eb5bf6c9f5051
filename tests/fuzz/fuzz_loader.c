// links: tools/emu/loader.c tools/emu/loader_file.c tools/emu/loader_symbol.c
// links: tools/emu/loader_flash.c tools/emu/loader_fw_cfg.c tools/emu/props.c tools/emu/isa.c
// links: tools/emu/machine_fdt.c tools/emu/ram.c tools/emu/resv.c tools/emu/host/thread.c
// links: tools/emu/dev/fw_cfg.c tools/emu/dev/cfi_flash.c
/*
 * The loader: the input's first byte says what the rest is - firmware, kernel, initial RAM disk or
 * device tree - and for which machine. Whatever is in it, it is refused, or all that is placed lies
 * in memory and the tree that is handed over is one.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "lib/fdt.h"
#include "tools/emu/htif.h"
#include "tools/emu/loader.h"
#include "tools/emu/message.h"

enum { ROM_BASE = 0x1000, ROM_SIZE = 0xf000, RAM_SIZE = 16 << 20, NOP = 0x13 };
enum { AS_KERNEL, AS_FIRMWARE, AS_INITRD, AS_TREE, AS_MASK = 3, RV32 = 4, WITH_FIRMWARE = 8 };

static struct machine machine;

/* --- what the loader calls -------------------------------------------------------------------- */

void message(const char *fmt, ...)
{
    (void)fmt; /* refusing is fine */
}

int machine_add_image(struct machine *m, uint64_t addr, uint64_t size, const void *data,
                      uint64_t data_size)
{
    if (data_size > size || (size != 0 && ram_host(m->ram, addr, size) == NULL))
        return -1;
    if (size != 0) {
        fuzz_require(ram_write(m->ram, addr, data, data_size) == 0);
        fuzz_require(ram_fill(m->ram, addr + data_size, 0, size - data_size) == 0);
    }
    return 0;
}

int machine_add_fetched_image(struct machine *m, uint64_t addr, uint64_t size,
                              bool (*fetch)(void *arg, void *to, uint64_t n), void *arg, uint64_t n)
{
    void *to = n <= size ? ram_dma_ptr(m->ram, addr, size) : NULL;

    return to != NULL && fetch(arg, to, n) ? 0 : -1;
}

int htif_attach(struct machine *m, uint64_t tohost, uint64_t fromhost, bool no_fromhost)
{
    (void)no_fromhost;
    (void)m;
    (void)tohost;
    (void)fromhost;
    return 0;
}

void hart_set_reset_pc(struct hart *hart, uint64_t pc)
{
    (void)hart;
    (void)pc;
}

struct device *machine_device(struct machine *m, const char *type_name, unsigned n)
{
    (void)m;
    (void)type_name;
    (void)n;
    return NULL;
}

struct device *machine_console(struct machine *m)
{
    (void)m;
    return NULL;
}

bool machine_bus_present(const struct machine *m, uint64_t paddr)
{
    (void)m;
    (void)paddr;
    return false;
}

bool device_dma_read(const struct device *dev, uint64_t addr, void *buf, uint64_t n)
{
    (void)dev;
    (void)addr;
    (void)buf;
    (void)n;
    return false;
}

bool device_dma_write(struct device *dev, uint64_t addr, const void *buf, uint64_t n)
{
    (void)dev;
    (void)addr;
    (void)buf;
    (void)n;
    return false;
}

/* --- the target ------------------------------------------------------------------------------- */

/* A file with that content, and its path. */
static int make_file(const void *data, size_t size, char *path, size_t path_size)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);

    fuzz_require(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, path_size, "/proc/self/fd/%d", fd);
    return fd;
}

static void load(const struct options *options, struct isa isa)
{
    static const struct machine_type type = {
        .name = "fuzz",
        .model = "fuzz",
        .compatible = "fuzz",
        .rom_base = ROM_BASE,
        .rom_size = ROM_SIZE,
        .dram_base = 0x80000000,
        .timebase_hz = 10000000,
        .max_harts = 1,
    };
    struct loader loader;
    struct fdt fdt;

    machine = (struct machine){.type = &type, .isa = isa, .hart_count = 1};
    machine.ram = ram_create(type.dram_base, RAM_SIZE);
    fuzz_require(machine.ram != NULL);
    fuzz_require(ram_add_region(machine.ram, ROM_BASE, ROM_SIZE, RAM_GUEST_READONLY) == 0);
    if (loader_open(&loader, options) == 0 && loader_place(&loader, &machine) == 0)
        fuzz_require(fdt_open(&fdt, loader.tree, loader.tree_size) == 0);
    loader_close(&loader);
    ram_destroy(machine.ram);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint32_t code[] = {NOP, NOP, NOP, NOP};
    char path[32], other[32];
    struct options options = {.append = "a=b", .bios = "none", .harts = 1, .signature_unit = 4};
    struct isa isa;
    int fd, other_fd;

    if (size == 0)
        return 0;
    fd = make_file(data + 1, size - 1, path, sizeof path);
    other_fd = make_file(code, sizeof code, other, sizeof other);
    options.xlen = data[0] & RV32 ? 32 : 64;
    isa_default(&isa, options.xlen);
    options.kernel = other;
    if (data[0] & WITH_FIRMWARE)
        options.bios = other;
    switch (data[0] & AS_MASK) {
    case AS_KERNEL: options.kernel = path; break;
    case AS_FIRMWARE: options.bios = path; break;
    case AS_INITRD: options.initrd = path; break;
    case AS_TREE: options.dtb = path; break;
    }
    load(&options, isa);
    close(fd);
    close(other_fd);
    return 0;
}
