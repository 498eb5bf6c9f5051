#include <stddef.h>

#include "hw/clint.h"
#include "lib/string.h"
#include "sbi/csr.h"
#include "sbi/platform.h"
#include "sbi/pmu.h"

struct platform platform;

/* ---- Memory and harts ---- */

static void read_memory(struct fdt *tree, int node)
{
    struct region r;
    for (unsigned i = 0; fdt_reg(tree, node, i, &r.base, &r.size) == 0; i++)
        if (r.size && platform.memory_count < REGION_MAX)
            platform.memory[platform.memory_count++] = r;
}

static bool is_device_type(const struct fdt *tree, int node, const char *type)
{
    const char *value = fdt_prop_string(tree, node, "device_type");
    return value && strcmp(value, type) == 0;
}

static const char *read_harts(struct fdt *tree, uintptr_t slots)
{
    unsigned long ids[HART_MAX];
    unsigned count = 0;
    int node, cpus = fdt_node_by_path(tree, "/cpus");
    uint64_t id;
    fdt_for_each_child (node, tree, cpus)
        if (count < HART_MAX && is_device_type(tree, node, "cpu") && fdt_is_available(tree, node) &&
            fdt_reg(tree, node, 0, &id, NULL) == 0)
            ids[count++] = id;
    if (count == 0)
        return "the device tree has no CPU";
    hart_table_init(slots, ids, count);
    /* The interrupt controllers, by which CLINTs name the harts. */
    fdt_for_each_child (node, tree, cpus) {
        int intc = fdt_child_by_name(tree, node, "interrupt-controller");
        struct hart *hart;
        if (intc >= 0 && fdt_reg(tree, node, 0, &id, NULL) == 0 && (hart = hart_find(id)))
            fdt_prop_u32(tree, intc, "phandle", &hart->intc_phandle);
    }
    return NULL;
}

/* ---- Devices ---- */

/*
 * A core-local interruptor lists the interrupts it raises; the place in the list is the index of
 * the hart's register, counted for software and timer interrupts each on its own.
 */
static void wire_interrupts(struct fdt *tree, int node, uintptr_t msip, uintptr_t mtimecmp)
{
    uint32_t phandle, irq;
    unsigned soft = 0, timer = 0;
    for (unsigned i = 0; fdt_prop_cell(tree, node, "interrupts-extended", i, &phandle) == 0 &&
                         fdt_prop_cell(tree, node, "interrupts-extended", i + 1, &irq) == 0;
         i += 2) {
        for (unsigned j = 0; j < hart_count; j++) {
            struct hart *hart = hart_at(j);
            if (hart->intc_phandle != phandle)
                continue;
            if (irq == IRQ_MSI && msip)
                hart->msip = (volatile uint32_t *)(msip + 4 * soft);
            if (irq == IRQ_MTI && mtimecmp)
                hart->mtimecmp = mtimecmp + 8 * timer;
        }
        soft += irq == IRQ_MSI;
        timer += irq == IRQ_MTI;
    }
}

static void probe_clint(struct fdt *tree, int node, uint64_t base)
{
    wire_interrupts(tree, node, base + CLINT_MSIP, base + CLINT_MTIMECMP);
    platform.mtime = base + CLINT_MTIME;
}

static void probe_mswi(struct fdt *tree, int node, uint64_t base)
{
    wire_interrupts(tree, node, base, 0);
}

static void probe_mtimer(struct fdt *tree, int node, uint64_t base)
{
    uint64_t mtimecmp;
    if (fdt_reg(tree, node, 1, &mtimecmp, NULL) != 0)
        return;
    wire_interrupts(tree, node, 0, mtimecmp);
    platform.mtime = base;
}

static void probe_finisher(struct fdt *tree, int node, uint64_t base)
{
    platform.finisher = base;
}

/* The console is the UART that /chosen/stdout-path names, else the first. */
static void probe_uart(struct fdt *tree, int node, uint64_t base)
{
    int chosen = fdt_node_by_path(tree, "/chosen");
    const char *path = fdt_prop_string(tree, chosen, "stdout-path");
    if (platform.uart.base && !(path && fdt_node_by_path(tree, path) == node))
        return;
    uint32_t shift = 0, width = 1;
    fdt_prop_u32(tree, node, "reg-shift", &shift);
    fdt_prop_u32(tree, node, "reg-io-width", &width);
    if (shift > 4 || (width != 1 && width != 4))
        return;
    platform.uart.base = base;
    platform.uart.shift = shift;
    platform.uart.width = width;
}

/* syscon-poweroff, syscon-reboot: a value for a register of the device that regmap names. */
static void read_syscon(struct fdt *tree, int node, struct reset_reg *reg)
{
    uint32_t phandle, offset = 0, value = 0;
    uint64_t base;
    if (fdt_prop_u32(tree, node, "regmap", &phandle) != 0)
        return;
    int target = fdt_node_by_phandle(tree, phandle);
    if (fdt_reg(tree, target, 0, &base, NULL) != 0)
        return;
    fdt_prop_u32(tree, node, "offset", &offset);
    fdt_prop_u32(tree, node, "value", &value);
    reg->addr = base + offset;
    reg->value = value;
}

static void probe_poweroff(struct fdt *tree, int node, uint64_t base)
{
    read_syscon(tree, node, &platform.poweroff);
}

static void probe_reboot(struct fdt *tree, int node, uint64_t base)
{
    read_syscon(tree, node, &platform.reboot);
}

static void probe_pmu(struct fdt *tree, int node, uint64_t base)
{
    pmu_read_tree(tree, node);
}

static const struct driver {
    const char *compatible;
    bool has_reg;
    void (*probe)(struct fdt *tree, int node, uint64_t base);
} drivers[] = {
    {"ns16550a", true, probe_uart},          {"ns16550", true, probe_uart},
    {"sifive,clint0", true, probe_clint},    {"riscv,clint0", true, probe_clint},
    {"riscv,aclint-mswi", true, probe_mswi}, {"riscv,aclint-mtimer", true, probe_mtimer},
    {"riscv,pmu", false, probe_pmu},         {"sifive,test1", true, probe_finisher},
    {"sifive,test0", true, probe_finisher},  {"syscon-poweroff", false, probe_poweroff},
    {"syscon-reboot", false, probe_reboot},
};

static void probe_device(struct fdt *tree, int node, const char *list, int length)
{
    for (unsigned i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
        uint64_t base = 0;
        if (!fdt_stringlist_contains(list, length, drivers[i].compatible))
            continue;
        if (!fdt_is_available(tree, node))
            return;
        /* M-mode reaches only what a pointer can hold. */
        if (drivers[i].has_reg && (fdt_reg(tree, node, 0, &base, NULL) != 0 || base > UINTPTR_MAX))
            return;
        drivers[i].probe(tree, node, base);
        return;
    }
}

const char *platform_init(struct fdt *tree, uintptr_t slots)
{
    platform.model = fdt_prop_string(tree, fdt_root(tree), "model");
    platform.can_suspend = fdt_prop(tree, fdt_root(tree), "tarn,system-suspend", NULL) != NULL;
    const char *problem = read_harts(tree, slots);
    if (problem)
        return problem;
    for (int node = fdt_root(tree); node >= 0; node = fdt_next_node(tree, node, NULL)) {
        int length;
        const char *compatible = fdt_prop(tree, node, "compatible", &length);
        if (compatible)
            probe_device(tree, node, compatible, length);
        else if (is_device_type(tree, node, "memory") && fdt_is_available(tree, node))
            read_memory(tree, node);
    }
    return platform.memory_count ? NULL : "the device tree has no memory";
}

/* The region of RAM that holds an address, or NULL. */
static const struct region *region_of(uint64_t addr)
{
    for (unsigned i = 0; i < platform.memory_count; i++) {
        const struct region *r = &platform.memory[i];
        if (addr >= r->base && addr - r->base < r->size)
            return r;
    }
    return NULL;
}

bool platform_is_smode_ram(uint64_t base, uint64_t size)
{
    uint64_t end = base + size, firmware_end = platform.firmware.base + platform.firmware.size;
    if (size == 0)
        return true;
    if (end < base || (base < firmware_end && end > platform.firmware.base))
        return false;
    while (base < end) { /* a range may lie in several regions that touch each other */
        const struct region *r = region_of(base);
        if (!r)
            return false;
        base = r->base + r->size;
    }
    return true;
}

bool platform_is_smode_entry(unsigned long addr)
{
    return addr % 2 == 0 && platform_is_smode_ram(addr, 2);
}
