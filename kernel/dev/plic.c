/*
 * Platform-level interrupt controller (RISC-V PLIC Specification 1.0.0).
 *
 * Every interrupt is routed to the boot hart's supervisor context; the other harts' contexts are
 * masked by their thresholds.
 */
#include "hw/plic.h"
#include "abi/errno.h"
#include "kernel/arch/arch.h"
#include "kernel/dev/internal.h"
#include "kernel/klog.h"
#include "kernel/sched/sched.h"
#include "lib/fdt.h"

#define IRQ_S_EXTERNAL 9 /* the hart's local interrupt a supervisor context is wired to */

/* Interrupts handled in one go, after which the next one has to be from a broken device. */
#define STORM 100000u

static uint8_t *base;
static unsigned context; /* of the boot hart in S-mode */
static unsigned sources;
static struct spinlock plic_lock = SPINLOCK_INIT;

static void write_reg(unsigned reg, uint32_t value)
{
    mmio_write32(base + reg, value);
}

static void plic_enable(unsigned irq)
{
    unsigned reg = plic_enable_reg(context, irq);
    spin_lock(&plic_lock);
    write_reg(plic_priority_reg(irq), 1);
    write_reg(reg, mmio_read32(base + reg) | 1u << irq % 32);
    spin_unlock(&plic_lock);
}

static const struct irq_chip plic_chip = {plic_enable};

/* A source that no handler calms down, of a broken device: nothing else would ever run here. */
static void switch_off(unsigned irq)
{
    unsigned reg = plic_enable_reg(context, irq);
    unsigned long count;
    const char *name = "nobody's";
    spin_lock(&plic_lock);
    write_reg(reg, mmio_read32(base + reg) & ~(1u << irq % 32));
    spin_unlock(&plic_lock);
    irq_info(irq, &name, &count);
    klog(LOG_ERR, "plic: interrupt %u (%s) does not end; switched off", irq, name);
}

/* Handles everything that is pending for this hart. */
static void plic_external(void)
{
    uint32_t irq;
    for (unsigned n = 1; (irq = mmio_read32(base + plic_claim_reg(context))) != 0; n++) {
        irq_dispatch(irq);
        write_reg(plic_claim_reg(context), irq);
        if (n % STORM == 0)
            switch_off(irq);
    }
}

/* The hart whose cpu-intc has this phandle; -1: none. */
static int64_t hart_of_intc(struct fdt *fdt, uint32_t phandle)
{
    uint64_t hart;
    int cpu = fdt_parent(fdt, fdt_node_by_phandle(fdt, phandle));
    return cpu >= 0 && fdt_reg(fdt, cpu, 0, &hart, NULL) == 0 ? (int64_t)hart : -1;
}

/*
 * interrupts-extended lists (cpu-intc phandle, local interrupt) per context, in order: finds the
 * S-mode context of this hart.
 */
static bool find_context(struct fdt *fdt, int node)
{
    int64_t boot = (int64_t)arch_hart_id(arch_hart_index());
    uint32_t phandle, local;
    for (unsigned i = 0;; i++) {
        if (fdt_prop_cell(fdt, node, "interrupts-extended", 2 * i, &phandle) < 0 ||
            fdt_prop_cell(fdt, node, "interrupts-extended", 2 * i + 1, &local) < 0)
            return false;
        if (local == IRQ_S_EXTERNAL && hart_of_intc(fdt, phandle) == boot) {
            context = i;
            return true;
        }
    }
}

static int plic_probe(struct fdt *fdt, int node)
{
    uint32_t ndev;
    if (base)
        return -EBUSY;
    if (fdt_prop_u32(fdt, node, "riscv,ndev", &ndev) < 0 || ndev >= PLIC_MAX_SOURCES)
        return -EINVAL;
    if (!find_context(fdt, node))
        return -ENODEV;
    base = dev_map_reg(fdt, node, 0);
    if (!base)
        return -ENOMEM;
    sources = ndev + 1;
    for (unsigned reg = 0; reg < sources; reg += 32)
        write_reg(plic_enable_reg(context, reg), 0);
    write_reg(plic_threshold_reg(context), 0);
    irq_set_chip(&plic_chip, sources);
    arch_set_external_handler(plic_external);
    arch_external_enable();
    return 0;
}

static const char *const plic_compatible[] = {"sifive,plic-1.0.0", "riscv,plic0", NULL};
const struct driver plic_driver = {"plic", plic_compatible, plic_probe};
