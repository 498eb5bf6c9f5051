/*
 * Devices and memory. A device reaches what hart 0's PMP lets S-mode reach: firmware that keeps the
 * system above it out of its memory keeps out the devices that system drives. What no entry matches
 * is open here, though not to S-mode: a machine whose firmware does not use PMP must work, too.
 */
#include <string.h>

#include "tools/emu/machine.h"

void machine_pmp_changed(struct machine *m, struct hart *hart)
{
    if (hart_id(hart) != 0)
        return;
    machine_lock(m);
    m->dma_rule_count = hart_pmp_rules(hart, m->dma_rules);
    machine_unlock(m);
}

/* Whether entries from `rule` on permit [first, last]: each byte to the first that matches it. */
static bool permitted(const struct machine *m, unsigned rule, uint64_t first, uint64_t last,
                      bool write)
{
    for (; rule < m->dma_rule_count; rule++) {
        const struct hart_pmp_rule *r = &m->dma_rules[rule];
        if (last < r->first || first > r->last)
            continue;
        if (!(write ? r->write : r->read))
            return false;
        if (first < r->first && !permitted(m, rule + 1, first, r->first - 1, write))
            return false;
        if (last <= r->last)
            return true;
        first = r->last + 1;
    }
    return true;
}

static bool is_open(const struct machine *m, uint64_t addr, uint64_t n, bool write)
{
    return n != 0 && n - 1 <= UINT64_MAX - addr && permitted(m, 0, addr, addr + n - 1, write);
}

const void *device_dma_readable(const struct device *dev, uint64_t addr, uint64_t n)
{
    const struct machine *m = dev->machine;

    return is_open(m, addr, n, false) ? ram_host(m->ram, addr, n) : NULL;
}

void *device_dma_writable(struct device *dev, uint64_t addr, uint64_t n)
{
    struct machine *m = dev->machine;

    if (!is_open(m, addr, n, true) || !ram_is_writable(m->ram, addr, n))
        return NULL;
    return ram_dma_ptr(m->ram, addr, n);
}

bool device_dma_read(const struct device *dev, uint64_t addr, void *buf, uint64_t n)
{
    return n == 0 || (is_open(dev->machine, addr, n, false) &&
                      ram_read(dev->machine->ram, addr, buf, n) == 0);
}

bool device_dma_write(struct device *dev, uint64_t addr, const void *buf, uint64_t n)
{
    struct machine *m = dev->machine;

    return n == 0 || (is_open(m, addr, n, true) && ram_is_writable(m->ram, addr, n) &&
                      ram_write(m->ram, addr, buf, n) == 0);
}
