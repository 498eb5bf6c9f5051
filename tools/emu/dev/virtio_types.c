/* Every kind of virtio device, for -device. */
#include "tools/emu/dev/virtio.h"

extern const struct virtio_ops virtio_blk_ops;
extern const struct virtio_ops virtio_net_ops;
extern const struct virtio_ops virtio_9p_ops;
extern const struct virtio_ops virtio_gpu_ops;
extern const struct virtio_ops virtio_keyboard_ops, virtio_mouse_ops, virtio_tablet_ops;
extern const struct virtio_ops virtio_snd_ops;

const struct virtio_ops *const virtio_types[] = {
    &virtio_blk_ops,
    &virtio_net_ops,
    &virtio_9p_ops,
    &virtio_gpu_ops,
    &virtio_keyboard_ops,
    &virtio_mouse_ops,
    &virtio_tablet_ops,
    &virtio_snd_ops,
    NULL,
};
