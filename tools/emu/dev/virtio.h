#pragma once
/*
 * A virtio device, as its model sees it. The transport (virtio_mmio.c) has the registers, feature
 * negotiation, status and interrupts; virtqueue.c has the rings. A model is one file virtio_NAME.c
 * that exports one struct virtio_ops; a row in virtio_types (virtio_types.c) makes it known.
 *
 * All callbacks run with the machine's lock. Between a reset and DRIVER_OK (legacy: DRIVER) a
 * device is not live: virtqueue_pop() gives nothing, and notify is not called.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hw/virtio_mmio.h"
#include "hw/virtio_ring.h"
#include "tools/emu/backend.h"
#include "tools/emu/device.h"
#include "tools/emu/props.h"
#include "tools/emu/vclock.h"

struct virtio;

enum {
    VIRTIO_MAX_QUEUES = 64,
    VIRTIO_MAX_QUEUE_SIZE = 1024,
    VIRTIO_MAX_SEGMENTS = 1024, /* of one buffer */
};

struct virtio_ops {
    const char *name;    /* as in -device, e.g. "virtio-blk-device" */
    const char *summary; /* one line for -device help */
    enum virtio_device_id device_id;
    const char *boot_name; /* can be booted from: its node's name in the boot order; or NULL */

    /*
     * Not NULL: this is no device but a part of one, the newest of this kind (or the one that
     * bus=ID.0 names); create() is then called with that, and nothing else is.
     */
    const struct virtio_ops *host;

    /* The device's own structure, allocated zeroed as v->model; its fields are guest-visible
     * state, zeroed at machine reset. */
    size_t state_size;
    const struct state_field *fields;
    size_t field_count;

    /*
     * Once, when the machine is made: take properties and backends, call virtio_add_queue(). False
     * with a line in err if that is not possible.
     */
    bool (*create)(struct virtio *v, struct props *props, char *err, size_t err_size);
    void (*destroy)(struct virtio *v); /* optional; also after a create that failed */

    /*
     * Feature bits of the device type that are offered (1 << number). The transport adds
     * VERSION_1, INDIRECT_DESC, EVENT_IDX and ANY_LAYOUT. v->legacy says which kind of device it
     * is.
     */
    uint64_t (*features)(struct virtio *v);
    /* May the driver have these features (already a subset of those offered)? Optional. */
    bool (*accepts)(struct virtio *v, uint64_t features);
    /* The device was reset, by the driver or with the machine: drop everything under way. Optional.
     */
    void (*reset)(struct virtio *v);
    /*
     * DRIVER_OK was set: v->features and the queues are final. A legacy driver may have used the
     * device before that. Optional.
     */
    void (*ready)(struct virtio *v);
    /* The driver has put buffers into the queue (perhaps). */
    void (*notify)(struct virtio *v, unsigned queue);

    /*
     * Configuration space, of config_size bytes: an access of 1, 2 or 4 bytes, aligned, wholly
     * inside. Values are little-endian numbers (also in legacy devices: the guest is). config_write
     * is optional: none is writable.
     */
    size_t config_size;
    uint64_t (*config_read)(struct virtio *v, unsigned offset, unsigned size);
    void (*config_write)(struct virtio *v, unsigned offset, unsigned size, uint64_t value);

    /* As device_ops.input. Optional. */
    size_t (*input)(struct virtio *v, unsigned channel, const uint8_t *bytes, size_t n);
};

/* All of them, NULL at the end. */
extern const struct virtio_ops *const virtio_types[];

/* An instance, in a slot of the machine. Fields are the transport's; models read the first ones. */
struct virtio {
    struct device *dev; /* of the slot */
    const struct virtio_ops *ops;
    void *model;
    bool legacy;       /* version 1 */
    uint64_t features; /* negotiated; valid from FEATURES_OK on (legacy: at any time) */
    uint32_t queue_count;
    uint16_t queue_max[VIRTIO_MAX_QUEUES]; /* sizes offered */

    uint64_t queue_desc[VIRTIO_MAX_QUEUES];   /* addresses, set up by the driver */
    uint64_t queue_driver[VIRTIO_MAX_QUEUES]; /* the available ring */
    uint64_t queue_device[VIRTIO_MAX_QUEUES]; /* the used ring */
    uint32_t queue_align[VIRTIO_MAX_QUEUES];  /* legacy */
    uint32_t queue_pfn[VIRTIO_MAX_QUEUES];    /* legacy */
    uint16_t queue_num[VIRTIO_MAX_QUEUES];
    uint16_t queue_avail[VIRTIO_MAX_QUEUES];     /* next entry to take from the available ring */
    uint16_t queue_used[VIRTIO_MAX_QUEUES];      /* next entry to fill in the used ring */
    uint16_t queue_signalled[VIRTIO_MAX_QUEUES]; /* queue_used when the driver was last told */
    uint8_t queue_ready[VIRTIO_MAX_QUEUES];
    uint8_t queue_pending[VIRTIO_MAX_QUEUES]; /* used since then */
    uint8_t queue_left[VIRTIO_MAX_QUEUES];    /* buffers for `resume` to go on with */
    uint64_t driver_features;
    uint32_t device_features_sel, driver_features_sel, queue_sel;
    uint32_t guest_page_size; /* legacy */
    uint32_t config_generation;
    uint8_t status, interrupt_status;
    uint8_t broken; /* virtio_fail() was called since the last reset */

    unsigned order; /* in which it was attached */
    char id[32];    /* on the command line; empty if it has none */
    unsigned busy;  /* callbacks under way: interrupts are raised at the end of the outermost */
    struct {
        bool limited;
        unsigned queue;
        uint64_t left; /* bytes */
    } share;           /* what notify() may still do; see virtqueue_pop() */
    struct timer resume;
    struct virtqueue_segment *segments; /* VIRTIO_MAX_SEGMENTS, of the chain popped last */
};

/* As trace_device() (machine.h): a line of -d virtio that begins with the device's name. */
#define virtio_trace(v, format, ...) \
    trace_device((v)->dev, VIRTIO, "%s: " format, (v)->ops->name, __VA_ARGS__)

static inline bool virtio_has_feature(const struct virtio *v, unsigned bit)
{
    return v->features >> bit & 1;
}

/* The value of `size` bytes at `offset` of a configuration structure, for config_read. */
static inline uint64_t virtio_config_bytes(const void *config, unsigned offset, unsigned size)
{
    uint64_t value = 0;

    for (unsigned i = size; i > 0; i--)
        value = value << 8 | ((const uint8_t *)config)[offset + i - 1];
    return value;
}

/* Is the driver ready, and has the device not failed? */
bool virtio_is_live(const struct virtio *v);

/* How many devices of the same type the machine has before this one. */
unsigned virtio_instance(const struct virtio *v);

/* --- for create ------------------------------------------------------------------------------ */

/* Add a queue of at most `size` entries (a power of 2). Queues are numbered in order. */
void virtio_add_queue(struct virtio *v, uint16_t size);

/*
 * The backend that the property names; without the property, the default one of its kind. It is
 * this device's from now on. NULL with a line in err if there is none or it has been taken.
 */
struct backend *virtio_take_backend(struct virtio *v, struct props *props, const char *name,
                                    enum backend_kind kind, char *err, size_t err_size);

/* --- virtqueues (virtqueue.c) ----------------------------------------------------------------- */

struct virtqueue_segment {
    uint64_t addr;
    uint32_t len;
};

/*
 * A buffer: a chain of descriptors, first those the device reads, then those it writes. Its
 * segments are valid until the device's next virtqueue_pop() or virtqueue_load(): a device that
 * keeps buffers keeps their heads and loads them again.
 */
struct virtqueue_chain {
    struct virtio *virtio;
    uint16_t head;
    unsigned readable, writable;              /* segments of each part ... */
    uint64_t readable_size, writable_size;    /* ... and bytes */
    const struct virtqueue_segment *segments; /* of both parts */
};

/*
 * Take the next available buffer. False if there is none, or if the ring is malformed: then the
 * device has failed. A false also asks the driver to notify us of the next buffer. In notify() it
 * is false, too, when the call has done its share of work: it will be made again for the rest.
 */
bool virtqueue_pop(struct virtio *v, unsigned queue, struct virtqueue_chain *chain);
/* Count work on so many bytes that are not in the chain itself towards the share. */
void virtio_spend(struct virtio *v, uint64_t bytes);
/* Put back the buffer popped last; it will be the next again. */
void virtqueue_unpop(struct virtio *v, unsigned queue);
/* The buffer with this head, which the device has popped and not pushed. False: as for pop. */
bool virtqueue_load(struct virtio *v, unsigned queue, uint16_t head, struct virtqueue_chain *chain);
/* Whether virtqueue_pop() would find a buffer. */
bool virtqueue_has_buffer(struct virtio *v, unsigned queue);

/*
 * Copy between buf and the n bytes from `offset` of the readable, writable part. Returns how many
 * were copied: less than n at the end of the part. Memory that is not there, or not a device's to
 * touch, fails the device and gives 0.
 */
size_t virtqueue_read(const struct virtqueue_chain *chain, uint64_t offset, void *buf, size_t n);
size_t virtqueue_write(const struct virtqueue_chain *chain, uint64_t offset, const void *buf,
                       size_t n);

/*
 * Host addresses of the n bytes from `offset` of a part, or of as many as are in `max` pieces, to
 * be used before the callback ends. Returns the number of pieces, and their bytes in *mapped; -1 if
 * the part ends before, or (the device fails) it is not memory a device may touch.
 */
int virtqueue_map_readable(const struct virtqueue_chain *chain, uint64_t offset, uint64_t n,
                           struct iovec *iov, unsigned max, uint64_t *mapped);
int virtqueue_map_writable(const struct virtqueue_chain *chain, uint64_t offset, uint64_t n,
                           struct iovec *iov, unsigned max, uint64_t *mapped);

/* Hand a buffer back with `written` bytes in its writable part; interrupts if the driver wants. */
void virtqueue_push(struct virtio *v, unsigned queue, const struct virtqueue_chain *chain,
                    uint32_t written);
/*
 * The same in two steps, for buffers that must become used together: fill the entry `ahead` places
 * ahead, then hand over `count` of them.
 */
void virtqueue_fill(struct virtio *v, unsigned queue, uint16_t head, uint32_t written,
                    unsigned ahead);
void virtqueue_publish(struct virtio *v, unsigned queue, unsigned count);

/* --- the transport (virtio_mmio.c) ------------------------------------------------------------ */

/* The configuration space has changed: a new generation, and an interrupt. */
void virtio_config_changed(struct virtio *v);

/*
 * The driver has broken the rules (or the device cannot go on): DEVICE_NEEDS_RESET, and an
 * interrupt if it was running; nothing more is taken from queues until it is reset (section 2.1.2).
 */
void virtio_fail(struct virtio *v);

/* Raise bits of InterruptStatus (VIRTIO_MMIO_INT_...). */
void virtio_interrupt(struct virtio *v, unsigned bits);

/*
 * The device has room for input again, as machine_input_ready(). The transport calls it itself
 * after ready and notify.
 */
void virtio_input_ready(struct virtio *v);

/*
 * Put a device into the slot that the property "bus" names, or the first free one in the machine
 * table's order; before the first reset. False with a line in err.
 */
bool virtio_attach(struct machine *m, const struct virtio_ops *ops, struct props *props, char *err,
                   size_t err_size);

/* --- around callbacks (virtqueue.c) ----------------------------------------------------------- */

/* Interrupts that pushes between the two cause are raised at the end of the outermost pair. */
void virtio_begin(struct virtio *v);
void virtio_end(struct virtio *v);
