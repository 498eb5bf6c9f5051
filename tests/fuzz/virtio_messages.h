/*
 * What drivers say to virtio devices: messages whose shape is right, and whose fields are as the
 * input of a fuzz target has them. Random bytes alone hardly ever get past a device's first check.
 */
#pragma once

#include <stdbool.h>

#include "fuzz.h"
#include "hw/virtio_mmio.h"

enum { VIRTIO_MESSAGE_MAX = 2048 };

struct virtio_message {
    unsigned queue;
    size_t size;   /* bytes that the device reads ... */
    uint32_t room; /* ... and that it may write */
    uint8_t bytes[VIRTIO_MESSAGE_MAX];
};

/*
 * The message that the input chooses of those for this kind of device; addresses in it are in the
 * 64 KiB from `memory` on. False if there are none for it.
 */
bool virtio_message(struct fuzz_input *in, enum virtio_device_id device, uint64_t memory,
                    struct virtio_message *message);

/* A frame from the network, with right checksums if the input wants; returns its size. */
size_t virtio_frame(struct fuzz_input *in, uint8_t bytes[VIRTIO_MESSAGE_MAX]);
