/* Every kind of virtio device, for -device; parts of a device come after it. */
#include "tools/emu/dev/virtio.h"

#define VIRTIO_TYPES(TYPE) \
    TYPE(blk)              \
    TYPE(rng)              \
    TYPE(console)          \
    TYPE(virtconsole)      \
    TYPE(serialport)       \
    TYPE(net)              \
    TYPE(9p)               \
    TYPE(gpu)              \
    TYPE(keyboard)         \
    TYPE(mouse)            \
    TYPE(tablet)           \
    TYPE(snd)

#define DECLARE(name) extern const struct virtio_ops virtio_##name##_ops;
VIRTIO_TYPES(DECLARE)

#define ADDRESS(name) &virtio_##name##_ops,
const struct virtio_ops *const virtio_types[] = {VIRTIO_TYPES(ADDRESS) NULL};
