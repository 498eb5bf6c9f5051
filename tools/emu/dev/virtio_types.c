/* Every kind of virtio device, for -device. */
#include "tools/emu/dev/virtio.h"

extern const struct virtio_ops virtio_blk_ops;

const struct virtio_ops *const virtio_types[] = {
    &virtio_blk_ops,
    NULL,
};
