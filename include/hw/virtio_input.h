#pragma once
/*
 * virtio-input (virtio 1.2, section 5.8): queues, configuration space, events. Multi-byte fields
 * are little-endian. Types and codes of events are in evdev.h and key.def.
 */
#include <stdint.h>

enum virtio_input_queue {
    VIRTIO_INPUT_EVENTQ = 0,  /* buffers for the device to put events in, one event each */
    VIRTIO_INPUT_STATUSQ = 1, /* events for the device: LEDs */
    VIRTIO_INPUT_QUEUES = 2,
};

/* What config.select asks for; the answer's size is 0 when there is no such thing. */
enum virtio_input_config_select {
    VIRTIO_INPUT_CFG_UNSET = 0x00,
    VIRTIO_INPUT_CFG_ID_NAME = 0x01,   /* string, subsel 0 */
    VIRTIO_INPUT_CFG_ID_SERIAL = 0x02, /* string, subsel 0 */
    VIRTIO_INPUT_CFG_ID_DEVIDS = 0x03, /* ids, subsel 0 */
    VIRTIO_INPUT_CFG_PROP_BITS = 0x10, /* bitmap of properties, subsel 0 */
    VIRTIO_INPUT_CFG_EV_BITS = 0x11,   /* bitmap of the codes of event type subsel */
    VIRTIO_INPUT_CFG_ABS_INFO = 0x12,  /* abs of the axis subsel */
};

struct virtio_input_absinfo {
    uint32_t min;
    uint32_t max;
    uint32_t fuzz;
    uint32_t flat;
    uint32_t res; /* units per mm; 0: unknown */
};

struct virtio_input_devids {
    uint16_t bustype;
    uint16_t vendor;
    uint16_t product;
    uint16_t version;
};

enum { VIRTIO_INPUT_CONFIG_DATA = 128 };

/* Configuration space. The driver writes select and subsel, then reads size and the answer. */
struct virtio_input_config {
    uint8_t select;
    uint8_t subsel;
    uint8_t size; /* bytes of the answer, 0: none */
    uint8_t reserved[5];
    union {
        char string[VIRTIO_INPUT_CONFIG_DATA]; /* no NUL at its end */
        uint8_t bitmap[VIRTIO_INPUT_CONFIG_DATA];
        struct virtio_input_absinfo abs;
        struct virtio_input_devids ids;
    } u;
};

struct virtio_input_event {
    uint16_t type;  /* enum evdev_type */
    uint16_t code;  /* of that type */
    uint32_t value; /* two's complement for EV_REL */
};
