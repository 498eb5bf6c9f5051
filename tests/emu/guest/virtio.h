#pragma once
/*
 * A small virtio driver for M-mode test guests: finding devices, negotiating, split queues with
 * every field in the test's hands. It polls; it knows both register layouts.
 */
#include <stdbool.h>

#include "hw/virtio_mmio.h"
#include "hw/virtio_ring.h"
#include "tests/emu/guest/guest.h"

enum {
    VIRTIO_BASE = 0x10001000, /* QEMU's eight slots */
    VIRTIO_SLOTS = 8,
    VIRTIO_QUEUE_MAX = 64,     /* entries of a test's queue */
    VIRTIO_QUEUE_BYTES = 8192, /* legacy: two pages, the used ring in the second */
    VIRTIO_PAGE = 4096,
};

struct virtio {
    uintptr_t base;
    unsigned irq;
    bool legacy;
};

struct virtio_queue {
    const struct virtio *virtio;
    unsigned index, num;
    struct virtq_desc *desc;
    struct virtq_avail *avail;
    struct virtq_used *used;
    uint16_t seen; /* used entries that have been taken */
};

static inline uint32_t virtio_read(const struct virtio *v, unsigned reg)
{
    return read32(v->base + reg);
}

static inline void virtio_write(const struct virtio *v, unsigned reg, uint32_t value)
{
    write32(v->base + reg, value);
}

/* The n-th device of this kind, the highest slot first. False if there are fewer. */
bool virtio_find(struct virtio *v, unsigned device_id, unsigned n);

/* Offered features; and reset, then offer to use `features` (VERSION_1 is added in version 2). */
uint64_t virtio_features(const struct virtio *v);
/* Returns whether the device agrees. The device is not yet running. */
bool virtio_negotiate(const struct virtio *v, uint64_t features);
void virtio_start(const struct virtio *v);

/* Prepare a queue of num entries in the n-th piece of memory for queues, all zero; and show it. */
void virtio_queue_init(struct virtio_queue *q, const struct virtio *v, unsigned index, unsigned num,
                       unsigned n);
void virtio_queue_ready(const struct virtio_queue *q);

/* Fill in a descriptor. */
void virtio_desc(struct virtq_desc *desc, uint64_t addr, uint32_t len, uint16_t flags,
                 uint16_t next);

/* Offer the chain at `head`, without and with telling the device. */
void virtio_offer(struct virtio_queue *q, uint16_t head);
void virtio_kick(const struct virtio_queue *q);

/*
 * Wait for the next used entry, 200 ms at most. Returns its length, -1 if there is none; the head
 * is in *head if that is not NULL.
 */
long virtio_wait(struct virtio_queue *q, uint16_t *head);

/* Wait until a register has some of `bits`, 200 ms at most: returns its last value. */
uint32_t virtio_wait_bits(const struct virtio *v, unsigned reg, uint32_t bits);

/* Whether the PLIC has the device's interrupt pending. */
bool virtio_pending(const struct virtio *v);
