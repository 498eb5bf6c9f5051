#pragma once
/*
 * The virtio console device ("Virtual I/O Device (VIRTIO) Version 1.2", section 5.3): features,
 * queues, configuration space, control messages. All fields are little-endian.
 */
#include <stdint.h>

/* Feature bits, by number (5.3.3). */
enum virtio_console_feature {
    VIRTIO_CONSOLE_F_SIZE = 0,
    VIRTIO_CONSOLE_F_MULTIPORT = 1,
    VIRTIO_CONSOLE_F_EMERG_WRITE = 2,
};

/* Section 5.3.2; "receive" is the driver's view. Those from 2 on only with MULTIPORT. */
enum virtio_console_queue {
    VIRTIO_CONSOLE_RECEIVEQ = 0, /* of port 0 */
    VIRTIO_CONSOLE_TRANSMITQ = 1,
    VIRTIO_CONSOLE_CONTROL_RECEIVEQ = 2,
    VIRTIO_CONSOLE_CONTROL_TRANSMITQ = 3,
};

/* The receive queue of a port; its transmit queue is the next. */
static inline unsigned virtio_console_receiveq(unsigned port)
{
    return port == 0 ? VIRTIO_CONSOLE_RECEIVEQ : 2 + 2 * port;
}

/* Configuration space (5.3.4). */
struct virtio_console_config {
    uint16_t cols, rows;   /* characters, with SIZE */
    uint32_t max_nr_ports; /* with MULTIPORT */
    uint32_t emerg_wr;     /* with EMERG_WRITE: a character written here comes out, at any time */
};

/* On the control queues (5.3.6.2). The name of a PORT_NAME follows, without a NUL. */
struct virtio_console_control {
    uint32_t id; /* of the port */
    uint16_t event;
    uint16_t value;
};

enum virtio_console_event {
    VIRTIO_CONSOLE_DEVICE_READY = 0,  /* driver: value 1: it has initialised */
    VIRTIO_CONSOLE_DEVICE_ADD = 1,    /* device: there is this port */
    VIRTIO_CONSOLE_DEVICE_REMOVE = 2, /* device: there is no more */
    VIRTIO_CONSOLE_PORT_READY = 3,    /* driver: value 1: it can use the port */
    VIRTIO_CONSOLE_CONSOLE_PORT = 4,  /* device: the port is a console */
    VIRTIO_CONSOLE_RESIZE = 5,        /* device: cols and rows, two uint16_t, follow */
    VIRTIO_CONSOLE_PORT_OPEN = 6,     /* both: value says whether that side is open */
    VIRTIO_CONSOLE_PORT_NAME = 7,     /* device: its name follows */
};
