#pragma once
/* Between virtio.c (devices and registers) and virtqueue.c (rings). */
#include "hw/virtio_mmio.h"
#include "hw/virtio_ring.h"
#include "kernel/dev/virtio.h"
#include "kernel/mm/mm.h"
#include "kernel/sched/sched.h"

struct virtio_device {
    uint8_t *base;
    size_t config_size; /* bytes of configuration space */
    unsigned irq;
    bool legacy;       /* version 1 */
    bool started;      /* interrupts may come */
    uint32_t broken;   /* atomic */
    uint64_t features; /* negotiated */
    const struct virtio_driver *driver;
    struct virtqueue *queues[VIRTIO_QUEUES_MAX];
    struct timer failure; /* completes the buffers of a broken device */
    void *priv;
    char name[16]; /* for the log: virtio0... */
};

static inline uint32_t virtio_reg(struct virtio_device *dev, unsigned reg)
{
    return mmio_read32(dev->base + reg);
}

static inline void virtio_set_reg(struct virtio_device *dev, unsigned reg, uint32_t value)
{
    mmio_write32(dev->base + reg, value);
}

/* What is known of the buffer that starts at a descriptor; no device can write here. */
struct virtqueue_slot {
    void *token;                 /* NULL: no buffer starts here */
    struct virtq_desc *indirect; /* its table, if it has one */
    uint32_t room;               /* bytes the device may write */
    uint16_t last;               /* its last descriptor in the ring itself */
    uint16_t next;               /* the descriptor after this one: of the buffer or the free list */
};

struct virtqueue {
    struct virtio_device *dev;
    unsigned index, num;
    struct spinlock lock; /* all below */
    struct virtq_desc *desc;
    struct virtq_avail *avail;
    struct virtq_used *used;
    struct page *memory; /* the rings' */
    uint16_t free_head, free_count;
    uint16_t added;  /* avail->idx */
    uint16_t kicked; /* the same at the last kick */
    uint16_t seen;   /* used->idx as far as completed */
    virtio_complete_fn *complete;
    void *arg;
    struct waitq waiters; /* of virtqueue_transact() */
    struct virtqueue_slot slots[];
};

/* Memory and indices of a queue of `num` entries; the device does not know of it yet. */
struct virtqueue *virtqueue_alloc(struct virtio_device *dev, unsigned index, unsigned num);
void virtqueue_free(struct virtqueue *vq);
/* Completes what the device has used. Interrupt context. */
void virtqueue_interrupt(struct virtqueue *vq);
/* Completes everything with -EIO. The device has been reset. Interrupt context. */
void virtqueue_fail(struct virtqueue *vq);
