#pragma once
/*
 * The virtio bus (Virtual I/O Device Version 1.2): devices behind virtio-mmio registers, found by
 * the device tree's "virtio,mmio" nodes, modern (version 2) and legacy (version 1) alike. A driver
 * sees neither the registers nor the rings.
 *
 * A driver is a `struct virtio_driver` in the table of virtio.c. Its probe() finds the device
 * reset, with features negotiated; it makes its queues with virtqueue_create(), calls
 * virtio_start(), and from then on adds buffers:
 *
 *     struct virtio_seg segs[] = {virtio_seg(&r->header, sizeof r->header),
 *                                 virtio_seg(&r->status, sizeof r->status)};
 *     err = virtqueue_add(vq, segs, 1, 1, r);   // one segment to the device, one from it
 *     if (err == 0)
 *         virtqueue_kick(vq);
 *
 * Later the queue's complete(arg, r, result) is called: once for every buffer that was added, with
 * the bytes the device wrote or with an error. Where waiting is fine, virtqueue_transact() does all
 * that in one call.
 *
 * Devices are not trusted. What a device writes into a ring is checked; when it makes no sense, or
 * the device asks for a reset, the device is reset and marked broken: all buffers complete with
 * -EIO and later calls return -EIO. What it writes into buffers is the driver's to check.
 *
 * Memory that devices are given must be the page allocator's or kmalloc()'s, never a stack or
 * static data, and stays untouched until the buffer completes. Numbers in it are little-endian, as
 * the kernel's own.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "kernel/arch/arch.h"

struct virtio_device;
struct virtqueue;

struct virtio_driver {
    const char *name;   /* for the log and /proc/interrupts */
    uint32_t device_id; /* VIRTIO_ID_... (section 5) */
    uint64_t features;  /* bits of the device type the driver knows: 1ull << VIRTIO_BLK_F_RO ... */
    /*
     * Sets a device up; boot's thread context, may sleep. On an error, which is logged, the bus
     * resets the device; its queues are no more.
     */
    int (*probe)(struct virtio_device *dev);
    /* The configuration space has changed (section 2.5). Interrupt context; may be NULL. */
    void (*config_changed)(struct virtio_device *dev);
};

/* ---------------------------------------------------------------- the device */

/* Whether feature `bit` was offered and accepted. */
bool virtio_has(const struct virtio_device *dev, unsigned bit);
/* The driver's own pointer. */
void virtio_set_priv(struct virtio_device *dev, void *priv);
void *virtio_priv(const struct virtio_device *dev);
/* True once the device has been given up. Any context. */
bool virtio_is_broken(const struct virtio_device *dev);

/*
 * Fields of the configuration space by their offset, each read with one access of its width (64
 * bits: two, repeated until they belong together). 0 beyond its end. Any context.
 */
uint8_t virtio_config8(struct virtio_device *dev, unsigned offset);
uint16_t virtio_config16(struct virtio_device *dev, unsigned offset);
uint32_t virtio_config32(struct virtio_device *dev, unsigned offset);
uint64_t virtio_config64(struct virtio_device *dev, unsigned offset);
void virtio_config_write8(struct virtio_device *dev, unsigned offset, uint8_t value);
void virtio_config_write32(struct virtio_device *dev, unsigned offset, uint32_t value);

/*
 * The device goes live (DRIVER_OK) and its interrupts may come. Once, from probe(), after the
 * queues were made. 0 or an error of irq_request().
 */
int virtio_start(struct virtio_device *dev);

/*
 * Gives the device up: logs `why`, resets it, and lets every buffer complete with -EIO (a little
 * later, from a timer). For drivers that are told nonsense. Any context, any locks.
 */
void virtio_break(struct virtio_device *dev, const char *why);

/* ---------------------------------------------------------------- queues */

/*
 * A buffer is done. `result` is the number of bytes the device says it wrote, never more than it
 * was given to write, or -EIO. Interrupt context, no locks held; calls for one queue come one at a
 * time, but those of a device that is being given up may overlap with them. May add further
 * buffers.
 */
typedef void virtio_complete_fn(void *arg, void *token, long result);

#define VIRTIO_QUEUES_MAX 8

/*
 * Makes queue `index` with at most `max` entries (a power of two up to 256; the device may want
 * fewer). `complete` is NULL for a queue that is used by virtqueue_transact() only. NULL when the
 * device has no such queue, or without memory. Only from probe().
 */
struct virtqueue *virtqueue_create(struct virtio_device *dev, unsigned index, unsigned max,
                                   virtio_complete_fn *complete, void *arg);

/* The most segments one buffer can have. */
unsigned virtqueue_max_segs(const struct virtqueue *vq);

struct virtio_seg {
    paddr_t pa;
    uint32_t len; /* bytes, not 0 */
};

/* The segment for kernel memory (see above for which). */
struct virtio_seg virtio_seg(const void *va, size_t len);

/*
 * Adds a buffer: `out` segments the device reads, then `in` segments it writes; at least one in
 * all. `token` is for complete() and not NULL. 0; -ENOSPC: no room now, try again after a
 * completion; -EINVAL: more segments than the queue ever has; -EIO: the device is broken. Any
 * context; does not sleep. The device hears of it by virtqueue_kick().
 */
int virtqueue_add(struct virtqueue *vq, const struct virtio_seg *segs, unsigned out, unsigned in,
                  void *token);

/* Tells the device of what was added since the last kick, if it wants to know. Any context. */
void virtqueue_kick(struct virtqueue *vq);

/*
 * Completes what the device has used by now, in place of an interrupt: complete() may be called
 * before it returns. Any context without locks of complete()'s, but not while virtqueue_is_held():
 * the caller came here, by a panic, out of the queue's own code.
 */
void virtqueue_poll(struct virtqueue *vq);
bool virtqueue_is_held(const struct virtqueue *vq);

/*
 * Adds, kicks and waits for the completion (also for room): the bytes written, -EINVAL or -EIO. A
 * device that does not answer within half a minute is given up. Not interruptible; thread context;
 * by any number of threads at once. Only for queues without complete.
 */
long virtqueue_transact(struct virtqueue *vq, const struct virtio_seg *segs, unsigned out,
                        unsigned in);
