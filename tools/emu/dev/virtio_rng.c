/*
 * virtio-rng (virtio 1.2, section 5.4): one queue of buffers to fill with random bytes, and nothing
 * else. The bytes are an entropy backend's.
 */
#include "tools/emu/dev/virtio.h"

enum {
    REQUESTQ = 0,
    QUEUE_SIZE = 8,
    PIECES = 16,
    ANSWER_MAX = 65536, /* bytes: a device may fill less than it is given (5.4.6) */
};

struct rng {
    struct entropy_backend *backend;
};

static bool rng_create(struct virtio *v, struct props *props, char *err, size_t err_size)
{
    struct rng *rng = v->model;

    rng->backend = (struct entropy_backend *)virtio_take_backend(v, props, "rng", BACKEND_ENTROPY,
                                                                 err, err_size);
    virtio_add_queue(v, QUEUE_SIZE);
    return rng->backend != NULL;
}

/* Returns how many bytes were filled in; 0 if the device has failed. */
static uint32_t fill(struct virtio *v, const struct virtqueue_chain *chain)
{
    const struct rng *rng = v->model;
    uint64_t n = chain->writable_size < ANSWER_MAX ? chain->writable_size : ANSWER_MAX, mapped;
    struct iovec iov[PIECES];
    int count = virtqueue_map_writable(chain, 0, n, iov, PIECES, &mapped);

    for (int i = 0; i < count; i++)
        rng->backend->fill(rng->backend, iov[i].iov_base, iov[i].iov_len);
    return count > 0 ? (uint32_t)mapped : 0;
}

/* A buffer without room for a byte is the driver's mistake (5.4.6.1). */
static void rng_notify(struct virtio *v, unsigned queue)
{
    struct virtqueue_chain chain;

    while (virtqueue_pop(v, queue, &chain)) {
        uint32_t filled = fill(v, &chain);
        if (filled == 0) {
            virtio_fail(v);
            return;
        }
        virtqueue_push(v, REQUESTQ, &chain, filled);
    }
}

const struct virtio_ops virtio_rng_ops = {
    .name = "virtio-rng-device",
    .summary = "random numbers: [rng=ID]",
    .device_id = VIRTIO_ID_ENTROPY,
    .state_size = sizeof(struct rng),
    .create = rng_create,
    .notify = rng_notify,
};
