#pragma once
/* Requests and answers on a virtio device with two queues, for guests that only talk to it. */
#include "tests/emu/guest/virtio.h"

enum { CALL_QUEUES = 2, CALL_QUEUE_SIZE = 16, CALL_SLOTS = CALL_QUEUE_SIZE / 2 };

struct virtio_port {
    struct virtio virtio;
    uint64_t offered; /* features */
    struct virtio_queue queue[CALL_QUEUES];
};

/*
 * The n-th device with that id, ready to be used, with those of the features that it offers. Its
 * queues take pieces `memory` and the next of the memory for queues.
 */
bool virtio_open(struct virtio_port *p, unsigned device_id, unsigned n, uint64_t features,
                 unsigned memory);

/* Offer a buffer, whose head is descriptor 2 * slot; a part of length 0 is not there. */
void virtio_put(struct virtio_port *p, unsigned queue, unsigned slot, const void *out,
                uint32_t out_size, void *in, uint32_t in_size);

/* Whether virtio_wait() would not have to. */
bool virtio_is_used(const struct virtio_port *p, unsigned queue);

/* Offer in slot 0 and wait: bytes written, -1 if there is no answer. */
long virtio_call(struct virtio_port *p, unsigned queue, const void *out, uint32_t out_size,
                 void *in, uint32_t in_size);
