/* The driver table, and its walk over the device tree. */
#include "kernel/dev/dev.h"
#include "abi/errno.h"
#include "kernel/dev/internal.h"
#include "kernel/klog.h"
#include "kernel/mm/mm.h"
#include "lib/fdt.h"

/* In the order of probing: the interrupt controller comes before what interrupts. */
static const struct driver *const drivers[] = {
    &plic_driver,
    &ns16550_driver,
    &goldfish_rtc_driver,
    &virtio_mmio_driver,
};

void *dev_map_reg(struct fdt *fdt, int node, int index)
{
    uint64_t addr, size;
    if (fdt_reg(fdt, node, (unsigned)index, &addr, &size) < 0 || size == 0 || size > SIZE_MAX / 2)
        return NULL;
    return mmio_map(addr, (size_t)size);
}

unsigned dev_irq(struct fdt *fdt, int node)
{
    uint32_t irq;
    if (fdt_prop_cell(fdt, node, "interrupts-extended", 1, &irq) == 0)
        return irq;
    return fdt_prop_cell(fdt, node, "interrupts", 0, &irq) == 0 ? irq : 0;
}

static void probe(const struct driver *driver, struct fdt *fdt, int node)
{
    if (!fdt_is_available(fdt, node))
        return;
    int err = driver->probe(fdt, node);
    if (err < 0)
        klog(LOG_WARNING, "dev: %s at %s: error %d", driver->name, fdt_name(fdt, node), -err);
}

void dev_init(void)
{
    struct fdt fdt = *arch_fdt(); /* reading moves a cursor in it */
    random_init(&fdt);
    for (size_t i = 0; i < sizeof drivers / sizeof *drivers; i++) {
        for (const char *const *c = drivers[i]->compatible; *c; c++) {
            for (int n = -1; (n = fdt_next_compatible(&fdt, n, *c)) >= 0;) {
                /* A node that also has an earlier one of our strings has been probed by it. */
                bool seen = false;
                for (const char *const *e = drivers[i]->compatible; e < c && !seen; e++)
                    seen = fdt_is_compatible(&fdt, n, *e);
                if (!seen)
                    probe(drivers[i], &fdt, n);
            }
        }
    }
}
