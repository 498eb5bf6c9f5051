#pragma once
/*
 * The virtio transport over MMIO: register offsets and bits ("Virtual I/O Device (VIRTIO) Version
 * 1.2", sections 2.1, 4.2.2, 4.2.4 and 6). All registers below CONFIG are 32 bits wide and
 * little-endian. `Version` is 2, or 1 for the legacy layout that came before the specification.
 */

enum virtio_mmio_reg {
    VIRTIO_MMIO_MAGIC_VALUE = 0x000,
    VIRTIO_MMIO_VERSION = 0x004,
    VIRTIO_MMIO_DEVICE_ID = 0x008, /* enum virtio_device_id; 0: an empty slot */
    VIRTIO_MMIO_VENDOR_ID = 0x00c,
    VIRTIO_MMIO_DEVICE_FEATURES = 0x010, /* 32 bits of them, chosen by the next */
    VIRTIO_MMIO_DEVICE_FEATURES_SEL = 0x014,
    VIRTIO_MMIO_DRIVER_FEATURES = 0x020,
    VIRTIO_MMIO_DRIVER_FEATURES_SEL = 0x024,
    VIRTIO_MMIO_QUEUE_SEL = 0x030,     /* the queue that all QUEUE_ registers but NOTIFY mean */
    VIRTIO_MMIO_QUEUE_NUM_MAX = 0x034, /* 0: there is no such queue */
    VIRTIO_MMIO_QUEUE_NUM = 0x038,
    VIRTIO_MMIO_QUEUE_NOTIFY = 0x050,
    VIRTIO_MMIO_INTERRUPT_STATUS = 0x060, /* VIRTIO_MMIO_INT_... */
    VIRTIO_MMIO_INTERRUPT_ACK = 0x064,
    VIRTIO_MMIO_STATUS = 0x070, /* VIRTIO_STATUS_...; writing 0 resets the device */
    VIRTIO_MMIO_CONFIG = 0x100, /* the device's configuration space; accesses of its fields' size */
    VIRTIO_MMIO_SIZE = 0x1000,

    /* Version 2. */
    VIRTIO_MMIO_QUEUE_READY = 0x044,
    VIRTIO_MMIO_QUEUE_DESC_LOW = 0x080, /* addresses in bytes */
    VIRTIO_MMIO_QUEUE_DESC_HIGH = 0x084,
    VIRTIO_MMIO_QUEUE_DRIVER_LOW = 0x090,
    VIRTIO_MMIO_QUEUE_DRIVER_HIGH = 0x094,
    VIRTIO_MMIO_QUEUE_DEVICE_LOW = 0x0a0,
    VIRTIO_MMIO_QUEUE_DEVICE_HIGH = 0x0a4,
    VIRTIO_MMIO_SHM_SEL = 0x0ac,
    VIRTIO_MMIO_SHM_LEN_LOW = 0x0b0, /* both halves all ones: no such region */
    VIRTIO_MMIO_SHM_LEN_HIGH = 0x0b4,
    VIRTIO_MMIO_SHM_BASE_LOW = 0x0b8,
    VIRTIO_MMIO_SHM_BASE_HIGH = 0x0bc,
    VIRTIO_MMIO_QUEUE_RESET = 0x0c0, /* with VIRTIO_F_RING_RESET */
    VIRTIO_MMIO_CONFIG_GENERATION = 0x0fc,

    /* Version 1. */
    VIRTIO_MMIO_GUEST_PAGE_SIZE = 0x028, /* of QUEUE_PFN, bytes */
    VIRTIO_MMIO_QUEUE_ALIGN = 0x03c,     /* of the used ring, bytes */
    VIRTIO_MMIO_QUEUE_PFN = 0x040,       /* page number of the queue; 0: none */
};

#define VIRTIO_MMIO_MAGIC 0x74726976u /* "virt" */

enum virtio_mmio_int {
    VIRTIO_MMIO_INT_USED = 1 << 0,   /* a buffer of some queue was used */
    VIRTIO_MMIO_INT_CONFIG = 1 << 1, /* the configuration, or DEVICE_NEEDS_RESET, changed */
};

enum virtio_status {
    VIRTIO_STATUS_ACKNOWLEDGE = 1,
    VIRTIO_STATUS_DRIVER = 2,
    VIRTIO_STATUS_DRIVER_OK = 4,
    VIRTIO_STATUS_FEATURES_OK = 8,
    VIRTIO_STATUS_DEVICE_NEEDS_RESET = 64,
    VIRTIO_STATUS_FAILED = 128,
};

/* Section 5. */
enum virtio_device_id {
    VIRTIO_ID_NET = 1,
    VIRTIO_ID_BLOCK = 2,
    VIRTIO_ID_CONSOLE = 3,
    VIRTIO_ID_ENTROPY = 4,
    VIRTIO_ID_9P = 9,
    VIRTIO_ID_GPU = 16,
    VIRTIO_ID_INPUT = 18,
    VIRTIO_ID_SOUND = 25,
};

/* Reserved feature bits, by number; 0 to 23 are the device type's. */
enum virtio_feature {
    VIRTIO_F_NOTIFY_ON_EMPTY = 24, /* legacy */
    VIRTIO_F_ANY_LAYOUT = 27,      /* legacy */
    VIRTIO_F_INDIRECT_DESC = 28,
    VIRTIO_F_EVENT_IDX = 29,
    VIRTIO_F_VERSION_1 = 32,
    VIRTIO_F_ACCESS_PLATFORM = 33,
    VIRTIO_F_RING_PACKED = 34,
    VIRTIO_F_IN_ORDER = 35,
    VIRTIO_F_ORDER_PLATFORM = 36,
    VIRTIO_F_NOTIFICATION_DATA = 38,
    VIRTIO_F_RING_RESET = 40,
};
