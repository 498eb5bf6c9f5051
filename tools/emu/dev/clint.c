/*
 * SiFive CLINT (include/hw/clint.h): per-hart software interrupts and timer compares, and the
 * machine's mtime.
 */
#include "hw/clint.h"

#include <stdio.h>

#include "tools/emu/machine.h"

/* Interrupt numbers in mip, which are also what interrupts-extended lists for each hart. */
enum { IRQ_S_SOFT = 1, IRQ_M_SOFT = 3, IRQ_M_TIMER = 7 };

/* The registers' windows end here; above it nobody answers. */
enum { CLINT_END = 0xc000 };

struct clint {
    uint64_t mtimecmp[MACHINE_MAX_HARTS];
    uint8_t msip[MACHINE_MAX_HARTS];
    struct clint_timer {
        struct timer timer;
        struct device *dev;
        unsigned hart;
    } timers[MACHINE_MAX_HARTS];
};

static const struct state_field clint_fields[] = {
    STATE_ARRAY(struct clint, mtimecmp, 1),
    STATE_ARRAY(struct clint, msip, 1),
};

/* Make MTIP what mtime >= mtimecmp says, and see to it that it changes when that does. */
static void clint_update_timer(struct device *dev, unsigned hart)
{
    struct clint *clint = dev->state;
    struct machine *m = dev->machine;
    bool due = machine_mtime(m) >= clint->mtimecmp[hart];

    if (due)
        machine_cancel_timer(m, &clint->timers[hart].timer);
    else
        machine_set_timer(m, &clint->timers[hart].timer,
                          machine_mtime_deadline(m, clint->mtimecmp[hart]));
    machine_set_hart_irq(m, hart, IRQ_M_TIMER, due);
}

static void clint_fire(void *arg)
{
    const struct clint_timer *t = arg;

    clint_update_timer(t->dev, t->hart);
}

static void clint_init(struct device *dev)
{
    struct clint *clint = dev->state;

    for (unsigned i = 0; i < MACHINE_MAX_HARTS; i++) {
        clint->timers[i].timer.fire = clint_fire;
        clint->timers[i].timer.arg = &clint->timers[i];
        clint->timers[i].dev = dev;
        clint->timers[i].hart = i;
    }
}

static void clint_reset(struct device *dev)
{
    struct clint *clint = dev->state;

    for (unsigned i = 0; i < dev->machine->hart_count; i++) {
        clint->mtimecmp[i] = UINT64_MAX; /* no tick before software asks for one */
        machine_cancel_timer(dev->machine, &clint->timers[i].timer);
    }
}

/* A 64-bit register of which size bytes at offset & 7 are read or replaced. */
static uint64_t part(uint64_t reg, uint64_t offset, unsigned size)
{
    return size == 8 ? reg : (uint32_t)(reg >> ((offset & 4) * 8));
}

static uint64_t merge(uint64_t reg, uint64_t offset, unsigned size, uint64_t value)
{
    unsigned shift = (offset & 4) * 8;

    if (size == 8)
        return value;
    return (reg & ~(UINT64_C(0xffffffff) << shift)) | (value & 0xffffffff) << shift;
}

static bool clint_read(struct device *dev, uint64_t offset, unsigned size, uint64_t *value)
{
    const struct clint *clint = dev->state;
    unsigned harts = dev->machine->hart_count;

    *value = 0;
    if (offset >= CLINT_END)
        return false;
    if (offset < CLINT_MTIMECMP) {
        if (size != 4)
            return false;
        if (offset / 4 < harts)
            *value = clint->msip[offset / 4];
    } else if ((offset & ~UINT64_C(7)) == CLINT_MTIME) {
        *value = part(machine_mtime(dev->machine), offset, size);
    } else if ((offset - CLINT_MTIMECMP) / 8 < harts) {
        *value = part(clint->mtimecmp[(offset - CLINT_MTIMECMP) / 8], offset, size);
    }
    return true;
}

static void clint_set_mtime(struct device *dev, uint64_t ticks)
{
    machine_set_mtime(dev->machine, ticks);
    for (unsigned i = 0; i < dev->machine->hart_count; i++)
        clint_update_timer(dev, i);
}

static bool clint_write(struct device *dev, uint64_t offset, unsigned size, uint64_t value)
{
    struct clint *clint = dev->state;
    struct machine *m = dev->machine;
    unsigned harts = m->hart_count;

    if (offset >= CLINT_END)
        return false;
    if (offset < CLINT_MTIMECMP) {
        if (size != 4)
            return false;
        if (offset / 4 < harts) {
            clint->msip[offset / 4] = value & 1;
            machine_set_hart_irq(m, offset / 4, IRQ_M_SOFT, value & 1);
        }
    } else if ((offset & ~UINT64_C(7)) == CLINT_MTIME) {
        clint_set_mtime(dev, merge(machine_mtime(m), offset, size, value));
    } else if ((offset - CLINT_MTIMECMP) / 8 < harts) {
        unsigned hart = (offset - CLINT_MTIMECMP) / 8;
        clint->mtimecmp[hart] = merge(clint->mtimecmp[hart], offset, size, value);
        clint_update_timer(dev, hart);
    }
    return true;
}

static void clint_fdt(struct device *dev, struct fdt_writer *w)
{
    uint32_t cells[MACHINE_MAX_HARTS * 4];
    unsigned n = 0;

    for (unsigned i = 0; i < dev->machine->hart_count; i++) {
        cells[n++] = machine_hart_intc_phandle(dev->machine, i);
        cells[n++] = IRQ_M_SOFT;
        cells[n++] = machine_hart_intc_phandle(dev->machine, i);
        cells[n++] = IRQ_M_TIMER;
    }
    fdtw_prop_cells(w, "interrupts-extended", cells, n);
}

/* The interrupt of that number of each hart. */
static void add_interrupts(struct device *dev, struct fdt_writer *w, uint32_t irq)
{
    uint32_t cells[MACHINE_MAX_HARTS * 2];
    unsigned n = 0;

    for (unsigned i = 0; i < dev->machine->hart_count; i++) {
        cells[n++] = machine_hart_intc_phandle(dev->machine, i);
        cells[n++] = irq;
    }
    fdtw_prop_cells(w, "interrupts-extended", cells, n);
}

/* As an ACLINT: two nodes for the same registers. mtime comes first in the timer's reg. */
static bool clint_fdt_nodes(struct device *dev, struct fdt_writer *w)
{
    uint32_t base = (uint32_t)dev->slot->base, timer = base + ACLINT_MTIMER;
    uint32_t mtime = base + CLINT_MTIME;
    char name[32];

    if (!dev->machine->aclint)
        return false;
    snprintf(name, sizeof name, "mswi@%x", base);
    fdtw_begin_node(w, name);
    fdtw_prop_string(w, "compatible", "riscv,aclint-mswi");
    fdtw_cells(w, "reg", 0, base, 0, ACLINT_MSWI_SIZE);
    add_interrupts(dev, w, IRQ_M_SOFT);
    fdtw_prop_empty(w, "interrupt-controller");
    fdtw_prop_u32(w, "#interrupt-cells", 0);
    fdtw_end_node(w);
    snprintf(name, sizeof name, "mtimer@%x", timer);
    fdtw_begin_node(w, name);
    fdtw_prop_string(w, "compatible", "riscv,aclint-mtimer");
    fdtw_cells(w, "reg", 0, mtime, 0, base + CLINT_SIZE - mtime, 0, timer, 0, mtime - timer);
    add_interrupts(dev, w, IRQ_M_TIMER);
    fdtw_end_node(w);
    return true;
}

/* --- SSWI: supervisor software interrupts, only with -M virt,aclint=on -------------------------
 */

static bool sswi_exists(const struct device *dev)
{
    return dev->machine->aclint;
}

static bool sswi_read(struct device *dev, uint64_t offset, unsigned size, uint64_t *value)
{
    *value = 0;
    return sswi_exists(dev);
}

static bool sswi_write(struct device *dev, uint64_t offset, unsigned size, uint64_t value)
{
    if (sswi_exists(dev) && value & 1)
        machine_set_hart_irq(dev->machine, (unsigned)(offset / 4), IRQ_S_SOFT, true);
    return sswi_exists(dev);
}

static void sswi_fdt(struct device *dev, struct fdt_writer *w)
{
    add_interrupts(dev, w, IRQ_S_SOFT);
    fdtw_prop_empty(w, "interrupt-controller");
    fdtw_prop_u32(w, "#interrupt-cells", 0);
}

const struct device_ops aclint_sswi_device = {
    .name = "aclint_sswi",
    .node = "sswi",
    .compatible = {"riscv,aclint-sswi"},
    .sizes = 4,
    .exists = sswi_exists,
    .read = sswi_read,
    .write = sswi_write,
    .fdt = sswi_fdt,
};

const struct device_ops clint_device = {
    .name = "clint",
    .node = "clint",
    .compatible = {"sifive,clint0", "riscv,clint0"},
    .sizes = 4 | 8,
    .state_size = sizeof(struct clint),
    .fields = clint_fields,
    .field_count = sizeof clint_fields / sizeof clint_fields[0],
    .init = clint_init,
    .reset = clint_reset,
    .read = clint_read,
    .write = clint_write,
    .fdt = clint_fdt,
    .fdt_nodes = clint_fdt_nodes,
};
