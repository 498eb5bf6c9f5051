/* The device tree of a machine, made from its table: a compatible subset of QEMU virt's tree. */
#include "riscv/bits.h"
#include "tools/emu/machine.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Handles: each hart's cpu node, then its interrupt controller, then the devices. */
static uint32_t cpu_phandle(unsigned hart)
{
    return 2 * hart + 1;
}

uint32_t machine_hart_intc_phandle(const struct machine *m, unsigned hart)
{
    return 2 * hart + 2;
}

/* The ISA in both bindings: one string, and (riscv,isa-base, -extensions) a list. */
static void add_isa(const struct isa *isa, struct fdt_writer *w)
{
    const char *names[EXT_COUNT];
    char string[ISA_STRING_MAX];
    unsigned count = 0;

    isa_format(isa, string, sizeof string);
    fdtw_prop_string(w, "riscv,isa", string);
    for (unsigned i = 0; i < EXT_COUNT; i++)
        if (isa_has(isa, i))
            names[count++] = isa_ext_name(i);
    fdtw_prop_string(w, "riscv,isa-base", isa->xlen == 32 ? "rv32i" : "rv64i");
    fdtw_prop_strings(w, "riscv,isa-extensions", names, count);
    if (isa_has(isa, EXT_ZICBOM))
        fdtw_prop_u32(w, "riscv,cbom-block-size", ISA_CACHE_BLOCK);
    if (isa_has(isa, EXT_ZICBOP))
        fdtw_prop_u32(w, "riscv,cbop-block-size", ISA_CACHE_BLOCK);
    if (isa_has(isa, EXT_ZICBOZ))
        fdtw_prop_u32(w, "riscv,cboz-block-size", ISA_CACHE_BLOCK);
}

static void add_cpu(const struct machine *m, struct fdt_writer *w, unsigned hart)
{
    char name[32], mmu[24] = "riscv,none";

    snprintf(name, sizeof name, "cpu@%x", hart);
    fdtw_begin_node(w, name);
    fdtw_prop_u32(w, "phandle", cpu_phandle(hart));
    fdtw_prop_string(w, "device_type", "cpu");
    fdtw_prop_u32(w, "reg", hart);
    fdtw_prop_string(w, "status", "okay");
    fdtw_prop_string(w, "compatible", "riscv");
    add_isa(&m->isa, w);
    if (m->isa.vm_bits != 0)
        snprintf(mmu, sizeof mmu, "riscv,sv%u", m->isa.vm_bits);
    fdtw_prop_string(w, "mmu-type", mmu);
    fdtw_begin_node(w, "interrupt-controller");
    fdtw_prop_u32(w, "#interrupt-cells", 1);
    fdtw_prop_empty(w, "interrupt-controller");
    fdtw_prop_string(w, "compatible", "riscv,cpu-intc");
    fdtw_prop_u32(w, "phandle", machine_hart_intc_phandle(m, hart));
    fdtw_end_node(w);
    fdtw_end_node(w);
}

static void add_cpus(const struct machine *m, struct fdt_writer *w)
{
    char name[32];

    fdtw_begin_node(w, "cpus");
    fdtw_prop_u32(w, "#address-cells", 1);
    fdtw_prop_u32(w, "#size-cells", 0);
    fdtw_prop_u32(w, "timebase-frequency", (uint32_t)m->type->timebase_hz);
    for (unsigned i = 0; i < m->hart_count; i++)
        add_cpu(m, w, i);
    fdtw_begin_node(w, "cpu-map");
    fdtw_begin_node(w, "cluster0");
    for (unsigned i = 0; i < m->hart_count; i++) {
        snprintf(name, sizeof name, "core%u", i);
        fdtw_begin_node(w, name);
        fdtw_prop_u32(w, "cpu", cpu_phandle(i));
        fdtw_end_node(w);
    }
    fdtw_end_node(w);
    fdtw_end_node(w);
    fdtw_end_node(w);
}

static void add_reg(struct fdt_writer *w, uint64_t base, uint64_t size)
{
    fdtw_cells(w, "reg", (uint32_t)(base >> 32), (uint32_t)base, (uint32_t)(size >> 32),
               (uint32_t)size);
}

static void add_memory(const struct machine *m, struct fdt_writer *w)
{
    char name[32];

    snprintf(name, sizeof name, "memory@%" PRIx64, ram_base(m->ram));
    fdtw_begin_node(w, name);
    fdtw_prop_string(w, "device_type", "memory");
    add_reg(w, ram_base(m->ram), ram_size(m->ram));
    fdtw_end_node(w);
}

static void device_node_name(const struct device *dev, char *buf, size_t size)
{
    snprintf(buf, size, "%s@%" PRIx64, dev->ops->node, dev->slot->base);
}

static void add_device(const struct machine *m, struct fdt_writer *w, struct device *dev)
{
    unsigned compatibles = 0;
    char name[64];

    if (dev->ops->fdt_nodes != NULL && dev->ops->fdt_nodes(dev, w))
        return;
    while (compatibles < DEVICE_MAX_COMPATIBLE && dev->ops->compatible[compatibles] != NULL)
        compatibles++;
    device_node_name(dev, name, sizeof name);
    fdtw_begin_node(w, name);
    fdtw_prop_strings(w, "compatible", dev->ops->compatible, compatibles);
    add_reg(w, dev->slot->base, dev->slot->size);
    if (dev->ops->place == DEVICE_NODE_SOC)
        fdtw_prop_u32(w, "phandle", dev->phandle);
    if (dev->slot->irq != 0 && m->intc != NULL) {
        fdtw_prop_u32(w, "interrupt-parent", m->intc->phandle);
        fdtw_prop_u32(w, "interrupts", dev->slot->irq);
    }
    if (dev->ops->fdt != NULL)
        dev->ops->fdt(dev, w);
    fdtw_end_node(w);
}

static void add_devices(const struct machine *m, struct fdt_writer *w, enum device_node_place place)
{
    for (unsigned i = 0; i < m->device_count; i++)
        if (m->devices[i]->ops->place == place && machine_bus_present(m, m->devices[i]->slot->base))
            add_device(m, w, m->devices[i]);
}

static void add_chosen(struct machine *m, struct fdt_writer *w)
{
    const struct device *console = machine_console(m);
    char name[64], path[80];

    fdtw_begin_node(w, "chosen");
    if (console != NULL) {
        device_node_name(console, name, sizeof name);
        snprintf(path, sizeof path, "/soc/%s", name);
        fdtw_prop_string(w, "stdout-path", path);
    }
    fdtw_end_node(w);
}

/* Which counters count what (binding riscv,pmu): each programmable one everything, mhpmevent being
 * the event's number; the fixed ones cycles and instructions. */
static void add_pmu(const struct machine *m, struct fdt_writer *w)
{
    static const uint32_t PROGRAMMABLE = 0xfffffff8, OWN_EVENTS = 0x100000;
    static const uint32_t selectors[] = {
#define EVENT(id, selector, how, text) selector,
#include "tools/emu/event.def"
    };
    enum { COUNT = sizeof selectors / sizeof selectors[0] };
    uint32_t standard[3 * COUNT], raw[5 * COUNT];
    unsigned standards = 0, raws = 0;

    if (!isa_has(&m->isa, EXT_ZIHPM))
        return;
    for (unsigned i = 0; i < COUNT; i++) {
        uint32_t selector = selectors[i];
        if (selector < OWN_EVENTS) {
            uint32_t fixed = selector == 1 ? COUNTER_CY : selector == 2 ? COUNTER_IR : 0;
            standard[standards++] = selector;
            standard[standards++] = selector;
            standard[standards++] = PROGRAMMABLE | fixed;
        } else {
            raw[raws++] = 0;
            raw[raws++] = selector;
            raw[raws++] = UINT32_MAX;
            raw[raws++] = UINT32_MAX;
            raw[raws++] = PROGRAMMABLE;
        }
    }
    fdtw_begin_node(w, "pmu");
    fdtw_prop_string(w, "compatible", "riscv,pmu");
    fdtw_prop_cells(w, "riscv,event-to-mhpmcounters", standard, standards);
    fdtw_prop_cells(w, "riscv,raw-event-to-mhpmcounters", raw, raws);
    fdtw_end_node(w);
}

static int write_tree(struct machine *m, void *buf, size_t size)
{
    struct fdt_writer w;

    fdtw_begin(&w, buf, size);
    fdtw_begin_node(&w, "");
    fdtw_prop_u32(&w, "#address-cells", 2);
    fdtw_prop_u32(&w, "#size-cells", 2);
    fdtw_prop_string(&w, "compatible", m->type->compatible);
    fdtw_prop_string(&w, "model", m->type->model);
    fdtw_prop_empty(&w, "tarn,system-suspend"); /* harts can sleep and wake: sbi/ext_susp.c */
    add_chosen(m, &w);
    add_memory(m, &w);
    add_cpus(m, &w);
    add_pmu(m, &w);
    for (unsigned i = 0; i < m->device_count; i++)
        if (m->devices[i]->ops->fdt_root != NULL)
            m->devices[i]->ops->fdt_root(m->devices[i], &w);
    add_devices(m, &w, DEVICE_NODE_ROOT);
    fdtw_begin_node(&w, "soc");
    fdtw_prop_u32(&w, "#address-cells", 2);
    fdtw_prop_u32(&w, "#size-cells", 2);
    fdtw_prop_string(&w, "compatible", "simple-bus");
    fdtw_prop_empty(&w, "ranges");
    add_devices(m, &w, DEVICE_NODE_SOC);
    fdtw_end_node(&w);
    fdtw_end_node(&w);
    return fdtw_finish(&w, 0);
}

int machine_fdt(struct machine *m, void **blob)
{
    size_t size = 16384 + (size_t)m->hart_count * 1024;
    int n;

    *blob = NULL;
    for (;;) {
        void *buf = aligned_alloc(8, size);
        if (buf == NULL)
            return -FDT_ENOROOM;
        n = write_tree(m, buf, size);
        if (n >= 0) {
            *blob = buf;
            return n;
        }
        free(buf);
        if (n != -FDT_ENOROOM)
            return n;
        size *= 2;
    }
}
