/*
 * Entropy device (Virtual I/O Device Version 1.2, section 5.4): feeds the random number generator
 * at boot and every now and then.
 */
#include "abi/errno.h"
#include "hw/virtio_mmio.h"
#include "kernel/dev/internal.h"
#include "kernel/dev/virtio.h"
#include "kernel/mm/mm.h"
#include "kernel/sched/sched.h"
#include "lib/string.h"

#define SEED_BYTES 64
#define FIRST_NS   100000000u     /* how long boot waits for the first answer */
#define AGAIN_NS   60000000000ull /* from one answer to the next request */

struct rng {
    struct virtqueue *vq;
    uint8_t *buf; /* SEED_BYTES; the device's between add and completion */
    struct timer again;
    struct spinlock lock; /* answered */
    struct waitq first;
    bool answered;
};

static void ask(struct rng *rng)
{
    struct virtio_seg seg = virtio_seg(rng->buf, SEED_BYTES);
    if (virtqueue_add(rng->vq, &seg, 0, 1, rng) == 0)
        virtqueue_kick(rng->vq);
}

static void ask_again(struct timer *timer)
{
    ask(container_of(timer, struct rng, again));
}

static void rng_complete(void *arg, void *token, long result)
{
    struct rng *rng = arg;
    if (result > 0) {
        random_add(rng->buf, (size_t)result);
        memset(rng->buf, 0, SEED_BYTES);
    }
    spin_lock(&rng->lock);
    rng->answered = true;
    waitq_wake_all(&rng->first);
    spin_unlock(&rng->lock);
    if (result >= 0)
        timer_start(&rng->again, time_ns() + AGAIN_NS, ask_again);
}

static int rng_probe(struct virtio_device *dev)
{
    struct rng *rng = kzalloc(sizeof *rng);
    if (!rng)
        return -ENOMEM;
    int err = -ENOMEM;
    spin_init(&rng->lock);
    waitq_init(&rng->first);
    rng->buf = kmalloc(SEED_BYTES);
    rng->vq = rng->buf ? virtqueue_create(dev, 0, 4, rng_complete, rng) : NULL;
    if (rng->vq)
        err = virtio_start(dev);
    if (err < 0) {
        kfree(rng->buf);
        kfree(rng);
        return err;
    }
    ask(rng);
    uint64_t deadline = time_ns() + FIRST_NS;
    spin_lock(&rng->lock);
    while (!rng->answered && waitq_sleep_until(&rng->first, &rng->lock, deadline) == 0)
        continue;
    spin_unlock(&rng->lock);
    return 0;
}

const struct virtio_driver virtio_rng_driver = {
    .name = "virtio-rng",
    .device_id = VIRTIO_ID_ENTROPY,
    .probe = rng_probe,
};
