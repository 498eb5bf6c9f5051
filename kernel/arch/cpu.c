/* The device tree, and what it says the processor is. */
#include "kernel/arch/internal.h"
#include "kernel/arch/layout.h"
#include "kernel/klog.h"
#include "lib/fdt.h"
#include "lib/isa_string.h"
#include "lib/string.h"

static struct fdt fdt;
static paddr_t fdt_pa;
static const char *isa = "";

void arch_fdt_init(paddr_t dtb)
{
    uintptr_t in_window = (uintptr_t)dtb & (SUPERPAGE_SIZE - 1);
    int error = fdt_open(&fdt, (const void *)(LAYOUT_FDT + in_window), LAYOUT_FDT_SIZE - in_window);
    if (error)
        panic("device tree at %#llx: %s", (unsigned long long)dtb, fdt_strerror(error));
    fdt_pa = dtb;
}

const struct fdt *arch_fdt(void)
{
    return &fdt;
}

paddr_t arch_fdt_pa(void)
{
    return fdt_pa;
}

size_t arch_fdt_size(void)
{
    return fdt.size;
}

/* ---- what the processor is */

bool arch_isa_has(const char *extension)
{
    return isa_string_has(isa, extension);
}

void arch_isa_set(const char *string)
{
    isa = string;
}

const char *arch_isa(void)
{
    return isa;
}

const char *arch_mmu_name(void)
{
    return MMU_NAME;
}

const char *arch_machine(void)
{
    return MACHINE_NAME;
}
