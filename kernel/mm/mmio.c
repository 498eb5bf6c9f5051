/* Device registers: mapped once, for good, in a window of their own. */
#include "kernel/klog.h"
#include "kernel/mm/internal.h"

static struct spinlock lock = SPINLOCK_INIT;
static vaddr_t next, end;

void mmio_init(void)
{
    size_t size;
    pt_mmio_window(&next, &size);
    end = next + size;
    if (pt_prepare_window(next, size) != 0)
        panic("memory: no room for the device window's tables");
}

void *mmio_map(paddr_t pa, size_t size)
{
    paddr_t start = pa & ~(paddr_t)PAGE_MASK;
    size_t offset = (size_t)(pa - start);
    if (size == 0 || size > SIZE_MAX / 2)
        return NULL;
    size_t bytes = (offset + size + PAGE_MASK) & ~PAGE_MASK;
    void *result = NULL;
    spin_lock(&lock);
    if (bytes <= end - next &&
        pt_map(pt_kernel_root(), next, start, bytes, PT_KERNEL_RW, true) == 0) {
        result = (char *)next + offset;
        pt_shootdown(~0UL, next, bytes);
        next += bytes;
    }
    spin_unlock(&lock);
    return result;
}
