/*
 * PLIC (include/hw/plic.h; RISC-V PLIC Specification 1.0.0). Contexts 2h and 2h+1 are the M and S
 * external interrupts of hart h.
 *
 * Each source has a level-sensitive gateway (section 1, "Interrupt Gateways"): a high line becomes
 * one pending request, which stays pending even if the line drops, and no further one is made
 * until the first is completed; then the line is looked at again.
 */
#include "hw/plic.h"
#include "tools/emu/machine.h"

enum {
    PLIC_SOURCES = 96, /* source 0 included; the tree's riscv,ndev says 96 as QEMU's does */
    PLIC_WORDS = (PLIC_SOURCES + 31) / 32,
    PLIC_MODES = 2, /* contexts per hart */
    PLIC_CONTEXTS = PLIC_MODES * MACHINE_MAX_HARTS,
    PLIC_PRIORITY_MASK = 7, /* writable bits of priorities and thresholds */
    IRQ_S_EXT = 9,          /* in mip and in interrupts-extended */
    IRQ_M_EXT = 11,
};

struct plic {
    uint8_t priority[PLIC_SOURCES];
    uint8_t threshold[PLIC_CONTEXTS];
    uint32_t level[PLIC_WORDS];   /* the lines as the devices drive them */
    uint32_t pending[PLIC_WORDS]; /* requests accepted and not yet claimed */
    uint32_t claimed[PLIC_WORDS]; /* claimed and not yet completed: the gateway is shut */
    uint32_t enable[PLIC_CONTEXTS * PLIC_WORDS];
};

static const struct state_field plic_fields[] = {
    STATE_ARRAY(struct plic, priority, 1), STATE_ARRAY(struct plic, threshold, 1),
    STATE_ARRAY(struct plic, level, 1),    STATE_ARRAY(struct plic, pending, 1),
    STATE_ARRAY(struct plic, claimed, 1),  STATE_ARRAY(struct plic, enable, 1),
};

static unsigned plic_contexts(const struct device *dev)
{
    return dev->machine->hart_count * PLIC_MODES;
}

/* The best pending source that the context has enabled, above `threshold`; 0 if none. */
static unsigned plic_best(const struct plic *plic, unsigned context, unsigned threshold)
{
    unsigned best = 0, best_priority = threshold;

    for (unsigned word = 0; word < PLIC_WORDS; word++) {
        uint32_t bits = plic->pending[word] & plic->enable[context * PLIC_WORDS + word];
        for (; bits != 0; bits &= bits - 1) {
            unsigned source = word * 32 + (unsigned)__builtin_ctz(bits);
            if (plic->priority[source] > best_priority) { /* ties: the lowest number wins */
                best = source;
                best_priority = plic->priority[source];
            }
        }
    }
    return best;
}

static void plic_update(struct device *dev)
{
    const struct plic *plic = dev->state;

    for (unsigned c = 0; c < plic_contexts(dev); c++)
        machine_set_hart_irq(dev->machine, c / PLIC_MODES,
                             c % PLIC_MODES == 0 ? IRQ_M_EXT : IRQ_S_EXT,
                             plic_best(plic, c, plic->threshold[c]) != 0);
}

/* The gateway: turn a high line into a request unless one is under way. */
static void plic_sample(struct plic *plic, unsigned source)
{
    uint32_t bit = UINT32_C(1) << source % 32;

    if ((plic->level[source / 32] & bit) && !(plic->claimed[source / 32] & bit))
        plic->pending[source / 32] |= bit;
}

static void plic_interrupt(struct device *dev, unsigned source, bool level)
{
    struct plic *plic = dev->state;
    uint32_t bit = UINT32_C(1) << source % 32;

    if (source == 0 || source >= PLIC_SOURCES)
        return;
    trace_device(dev, PLIC, "source %u %s", source, level ? "raised" : "lowered");
    if (level)
        plic->level[source / 32] |= bit;
    else
        plic->level[source / 32] &= ~bit;
    plic_sample(plic, source);
    plic_update(dev);
}

/*
 * Claiming (section 9) is not affected by the threshold: it gives the best pending source that is
 * enabled, if its priority is not 0.
 */
static unsigned plic_claim(struct device *dev, unsigned context)
{
    struct plic *plic = dev->state;
    unsigned source = plic_best(plic, context, 0);

    if (source != 0) {
        uint32_t bit = UINT32_C(1) << source % 32;
        plic->pending[source / 32] &= ~bit;
        plic->claimed[source / 32] |= bit;
        plic_update(dev);
    }
    trace_device(dev, PLIC, "context %u claims %u", context, source);
    return source;
}

/* Completion of a source that the context has not enabled is ignored (section 10). */
static void plic_complete(struct device *dev, unsigned context, uint64_t source)
{
    struct plic *plic = dev->state;
    uint32_t bit = UINT32_C(1) << source % 32;

    if (source == 0 || source >= PLIC_SOURCES ||
        !(plic->enable[context * PLIC_WORDS + source / 32] & bit))
        return;
    trace_device(dev, PLIC, "context %u completes %u", context, (unsigned)source);
    plic->claimed[source / 32] &= ~bit;
    plic_sample(plic, (unsigned)source);
    plic_update(dev);
}

static bool plic_read(struct device *dev, uint64_t offset, unsigned size, uint64_t *value)
{
    const struct plic *plic = dev->state;
    uint64_t index;

    *value = 0;
    if (offset >= PLIC_CONTEXT) {
        index = (offset - PLIC_CONTEXT) / PLIC_CONTEXT_STRIDE;
        if (index >= plic_contexts(dev))
            return true;
        switch ((offset - PLIC_CONTEXT) % PLIC_CONTEXT_STRIDE) {
        case PLIC_THRESHOLD: *value = plic->threshold[index]; break;
        case PLIC_CLAIM: *value = plic_claim(dev, (unsigned)index); break;
        }
    } else if (offset >= PLIC_ENABLE) {
        uint64_t word = (offset - PLIC_ENABLE) % PLIC_ENABLE_STRIDE / 4;
        index = (offset - PLIC_ENABLE) / PLIC_ENABLE_STRIDE;
        if (index < plic_contexts(dev) && word < PLIC_WORDS)
            *value = plic->enable[index * PLIC_WORDS + word];
    } else if (offset >= PLIC_PENDING) {
        index = (offset - PLIC_PENDING) / 4;
        if (index < PLIC_WORDS)
            *value = plic->pending[index];
    } else if (offset / 4 < PLIC_SOURCES) {
        *value = plic->priority[offset / 4];
    }
    return true;
}

static void plic_write_context(struct device *dev, uint64_t offset, uint64_t value)
{
    struct plic *plic = dev->state;
    uint64_t context = offset / PLIC_CONTEXT_STRIDE;

    if (context >= plic_contexts(dev))
        return;
    switch (offset % PLIC_CONTEXT_STRIDE) {
    case PLIC_THRESHOLD:
        plic->threshold[context] = value & PLIC_PRIORITY_MASK;
        plic_update(dev);
        break;
    case PLIC_CLAIM: plic_complete(dev, (unsigned)context, value); break;
    }
}

static bool plic_write(struct device *dev, uint64_t offset, unsigned size, uint64_t value)
{
    struct plic *plic = dev->state;

    if (offset >= PLIC_CONTEXT) {
        plic_write_context(dev, offset - PLIC_CONTEXT, value);
    } else if (offset >= PLIC_ENABLE) {
        uint64_t context = (offset - PLIC_ENABLE) / PLIC_ENABLE_STRIDE;
        uint64_t word = (offset - PLIC_ENABLE) % PLIC_ENABLE_STRIDE / 4;
        if (context < plic_contexts(dev) && word < PLIC_WORDS) {
            /* source 0 does not exist: its bit is hardwired to zero */
            plic->enable[context * PLIC_WORDS + word] =
                (uint32_t)value & ~(word == 0 ? UINT32_C(1) : 0);
            plic_update(dev);
        }
    } else if (offset < PLIC_PENDING && offset / 4 > 0 && offset / 4 < PLIC_SOURCES) {
        plic->priority[offset / 4] = value & PLIC_PRIORITY_MASK;
        plic_update(dev);
    }
    return true;
}

static void plic_fdt(struct device *dev, struct fdt_writer *w)
{
    uint32_t cells[PLIC_CONTEXTS * 2];
    unsigned n = 0;

    for (unsigned i = 0; i < dev->machine->hart_count; i++) {
        cells[n++] = machine_hart_intc_phandle(dev->machine, i);
        cells[n++] = IRQ_M_EXT;
        cells[n++] = machine_hart_intc_phandle(dev->machine, i);
        cells[n++] = IRQ_S_EXT;
    }
    fdtw_prop_u32(w, "#interrupt-cells", 1);
    fdtw_prop_u32(w, "#address-cells", 0);
    fdtw_prop_empty(w, "interrupt-controller");
    fdtw_prop_cells(w, "interrupts-extended", cells, n);
    fdtw_prop_u32(w, "riscv,ndev", PLIC_SOURCES);
}

const struct device_ops plic_device = {
    .name = "plic",
    .node = "plic",
    .compatible = {"sifive,plic-1.0.0", "riscv,plic0"},
    .sizes = 4,
    .state_size = sizeof(struct plic),
    .fields = plic_fields,
    .field_count = sizeof plic_fields / sizeof plic_fields[0],
    .read = plic_read,
    .write = plic_write,
    .interrupt = plic_interrupt,
    .fdt = plic_fdt,
};
