#pragma once
/*
 * What a device model is. One file in dev/ owns its state, registers, interrupt and device-tree
 * node and exports one struct device_ops; a row of a machine table (machines/) makes an instance.
 *
 * Models never trust the guest: every offset, index, length and address is checked, and a bad one
 * does what the device's specification says. All callbacks run one at a time, with the machine's
 * lock, on the thread of a hart in the middle of its access or on the carrier's.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/fdt.h"
#include "tools/emu/state.h"

struct machine;
struct device;

enum {
    DEVICE_MAX_COMPATIBLE = 4,
    DEVICE_MAX_CHANNELS = 32,
};

/* Where the node of a device stands in the device tree. */
enum device_node_place {
    DEVICE_NODE_SOC,
    DEVICE_NODE_ROOT,
    DEVICE_NODE_NONE, /* nowhere, or fdt_root() writes it */
};

struct device_ops {
    const char *name; /* of the type, e.g. "ns16550" */
    const char *node; /* the device-tree node's name before its @, e.g. "serial" */
    enum device_node_place place;
    const char *compatible[DEVICE_MAX_COMPATIBLE];
    unsigned sizes;  /* access sizes answered to, ORed: 1 | 2 | 4 | 8; others are access faults */
    bool is_console; /* may be /chosen/stdout-path */

    /* The instance's own structure: allocated zeroed, as device->state. */
    size_t state_size;
    const struct state_field *fields;
    size_t field_count;

    /* Once, after the machine and its harts exist. Optional. */
    void (*init)(struct device *dev);
    /* Power-on state. The declared fields are zero already and the interrupt is low. Optional. */
    void (*reset)(struct device *dev);
    /* Before the state is freed. Optional. */
    void (*destroy)(struct device *dev);

    /* Whether the instance is there, on the bus and in the device tree. Optional: it is. */
    bool (*exists)(const struct device *dev);

    /*
     * Registers. size is one of `sizes`, offset is a multiple of it and inside the instance. False
     * makes it an access fault. Values are little-endian numbers of size bytes.
     */
    bool (*read)(struct device *dev, uint64_t offset, unsigned size, uint64_t *value);
    bool (*write)(struct device *dev, uint64_t offset, unsigned size, uint64_t value);

    /* Interrupt controllers: the line of `source` changed. The first such device is the machine's.
     */
    void (*interrupt)(struct device *dev, unsigned source, bool level);

    /*
     * Bytes from outside on one of the device's channels (below DEVICE_MAX_CHANNELS): returns how
     * many were taken. The machine keeps the rest until the device calls machine_input_ready().
     * Optional.
     */
    size_t (*input)(struct device *dev, unsigned channel, const uint8_t *bytes, size_t n);

    /*
     * Device tree: properties (and children) besides compatible, reg, phandle, interrupts and
     * interrupt-parent; and nodes of the root that refer to this one. Optional.
     */
    void (*fdt)(struct device *dev, struct fdt_writer *w);
    /* Writes all nodes of a device that may have several, if it returns true. Optional. */
    bool (*fdt_nodes)(struct device *dev, struct fdt_writer *w);
    void (*fdt_root)(struct device *dev, struct fdt_writer *w);
};

/* A row of a machine table. */
struct device_slot {
    const struct device_ops *ops;
    uint64_t base, size;
    unsigned irq;      /* source number at the interrupt controller, 0: none */
    uint64_t clock_hz; /* input clock where the device has one */
    bool optional;     /* of sockets: the instance is there only if something is in it */
};

/* An instance. */
struct device {
    const struct device_ops *ops;
    const struct device_slot *slot;
    struct machine *machine;
    void *state;
    unsigned index;   /* in the machine's table */
    uint32_t phandle; /* of its node */
    bool irq_level;
};

/* Drive the device's interrupt line. */
void device_set_irq(struct device *dev, bool level);

/*
 * Direct memory access (machine_dma.c). All of it is refused outside memory, to memory that hart
 * 0's PMP refuses to S-mode (firmware), and for writes to ROM: false or NULL, with nothing done.
 *
 * The pointers are for use at once, during the callback; writable ones count as written. n > 0.
 */
bool device_dma_read(const struct device *dev, uint64_t addr, void *buf, uint64_t n);
bool device_dma_write(struct device *dev, uint64_t addr, const void *buf, uint64_t n);
const void *device_dma_readable(const struct device *dev, uint64_t addr, uint64_t n);
void *device_dma_writable(struct device *dev, uint64_t addr, uint64_t n);
