/* The bus: from a physical address to the device that answers. */
#include <inttypes.h>

#include "tools/emu/machine.h"

static int by_base(const struct device *a, const struct device *b)
{
    return a->slot->base < b->slot->base ? -1 : a->slot->base > b->slot->base;
}

bool machine_bus_wire(struct machine *m)
{
    for (unsigned i = 0; i < m->device_count; i++) {
        unsigned k = i;
        for (; k > 0 && by_base(m->devices[i], m->by_base[k - 1]) < 0; k--)
            m->by_base[k] = m->by_base[k - 1];
        m->by_base[k] = m->devices[i];
    }
    for (unsigned i = 1; i < m->device_count; i++) {
        const struct device_slot *below = m->by_base[i - 1]->slot;
        if (m->by_base[i]->slot->base - below->base < below->size)
            return false;
    }
    return true;
}

static inline bool answers(const struct device *dev, uint64_t paddr)
{
    return paddr - dev->slot->base < dev->slot->size;
}

/* The device whose window holds all of [paddr, paddr + size) and that answers to that size. */
static struct device *find(struct machine *m, uint64_t paddr, unsigned size)
{
    struct device *dev = m->bus_hit;

    if (dev == NULL || !answers(dev, paddr)) {
        unsigned low = 0, high = m->device_count;
        while (low < high) {
            unsigned mid = (low + high) / 2;
            if (m->by_base[mid]->slot->base <= paddr)
                low = mid + 1;
            else
                high = mid;
        }
        if (low == 0 || !answers(m->by_base[low - 1], paddr))
            return NULL;
        dev = m->by_base[low - 1];
        m->bus_hit = dev;
    }
    if ((dev->ops->sizes & size) == 0 || (paddr - dev->slot->base) % size != 0 ||
        dev->slot->size - (paddr - dev->slot->base) < size)
        return NULL;
    return dev;
}

static bool traced(const struct machine *m)
{
    return __builtin_expect(m->trace_kinds & MACHINE_TRACE_MMIO, 0);
}

static void trace(struct machine *m, const struct device *dev, const char *what, uint64_t paddr,
                  unsigned size, uint64_t value)
{
    if (dev == NULL)
        machine_trace(m, MACHINE_TRACE_MMIO, NULL, "%s%u 0x%" PRIx64 ", access fault", what, size,
                      paddr);
    else
        machine_trace(m, MACHINE_TRACE_MMIO, dev, "%s%u +0x%" PRIx64 " 0x%" PRIx64, what, size,
                      paddr - dev->slot->base, value);
}

bool machine_bus_read(struct machine *m, uint64_t paddr, unsigned size, uint64_t *value)
{
    struct device *dev = find(m, paddr, size);

    *value = 0;
    if (dev != NULL && !dev->ops->read(dev, paddr - dev->slot->base, size, value))
        dev = NULL;
    if (traced(m))
        trace(m, dev, "read", paddr, size, *value);
    return dev != NULL;
}

bool machine_bus_write(struct machine *m, uint64_t paddr, unsigned size, uint64_t value)
{
    struct device *dev = find(m, paddr, size);

    if (dev != NULL && traced(m)) /* before what comes of it */
        trace(m, dev, "write", paddr, size, value);
    if (dev != NULL && !dev->ops->write(dev, paddr - dev->slot->base, size, value))
        dev = NULL;
    if (dev == NULL && traced(m))
        trace(m, dev, "write", paddr, size, value);
    return dev != NULL;
}

bool machine_bus_present(const struct machine *m, uint64_t paddr)
{
    for (unsigned i = 0; i < m->device_count; i++)
        if (answers(m->devices[i], paddr))
            return m->devices[i]->ops->exists == NULL || m->devices[i]->ops->exists(m->devices[i]);
    return false;
}
