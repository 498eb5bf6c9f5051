/*
 * virtio-console (include/hw/virtio_console.h; virtio 1.2, section 5.3): ports that carry
 * characters between the driver and character backends. -device virtio-serial-device makes it,
 * -device virtconsole and virtserialport put ports into it. With VIRTIO_CONSOLE_F_MULTIPORT the
 * driver learns of them by control messages; without, there is port 0 alone.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "hw/virtio_console.h"
#include "tools/emu/dev/virtio.h"
#include "tools/emu/machine.h"

enum {
    MAX_PORTS = 31,
    QUEUE_SIZE = 128,
    NAME_MAX_BYTES = 64,
    CHUNK = 4096,
};

/* Control messages that wait for a buffer, as bits; they are sent in this order. */
enum message {
    SEND_ADD = 1 << 0,
    SEND_CONSOLE = 1 << 1,
    SEND_NAME = 1 << 2,
    SEND_OPEN = 1 << 3,
};

struct console {
    uint32_t max_ports;
    struct {
        bool exists, is_console;
        struct character_backend *backend; /* NULL: nobody is there */
        char name[NAME_MAX_BYTES];
    } ports[MAX_PORTS];
    uint8_t open[MAX_PORTS];    /* by the driver */
    uint8_t added[MAX_PORTS];   /* the driver has been told of it */
    uint8_t waiting[MAX_PORTS]; /* enum message, ORed */
};

static const struct state_field console_fields[] = {
    STATE_ARRAY(struct console, open, 1),
    STATE_ARRAY(struct console, added, 1),
    STATE_ARRAY(struct console, waiting, 1),
};

static bool is_multiport(const struct virtio *v)
{
    return virtio_has_feature(v, VIRTIO_CONSOLE_F_MULTIPORT);
}

/* --- control ---------------------------------------------------------------------------------- */

/* Send one message; false if there is no buffer for it. One that is too small gets what fits. */
static bool send_control(struct virtio *v, unsigned port, enum message message)
{
    const struct console *c = v->model;
    const char *name = c->ports[port].name;
    struct virtio_console_control control = {.id = port, .value = 1};
    struct virtqueue_chain chain;
    size_t written;

    if (!virtqueue_pop(v, VIRTIO_CONSOLE_CONTROL_RECEIVEQ, &chain))
        return false;
    switch (message) {
    case SEND_ADD: control.event = VIRTIO_CONSOLE_DEVICE_ADD; break;
    case SEND_CONSOLE: control.event = VIRTIO_CONSOLE_CONSOLE_PORT; break;
    case SEND_NAME: control.event = VIRTIO_CONSOLE_PORT_NAME; break;
    case SEND_OPEN: control.event = VIRTIO_CONSOLE_PORT_OPEN; break;
    }
    virtio_trace(v, "tells event %u of port %u, value %u", control.event, control.id,
                 control.value);
    written = virtqueue_write(&chain, 0, &control, sizeof control);
    if (message == SEND_NAME)
        written += virtqueue_write(&chain, sizeof control, name, strlen(name));
    virtqueue_push(v, VIRTIO_CONSOLE_CONTROL_RECEIVEQ, &chain, (uint32_t)written);
    return true;
}

/* Send what waits, as far as there are buffers: first all ports, then what there is to say of each.
 */
static void send_waiting(struct virtio *v)
{
    struct console *c = v->model;

    for (unsigned message = SEND_ADD; message <= SEND_OPEN; message <<= 1) {
        for (unsigned port = 0; port < MAX_PORTS; port++) {
            if (!(c->waiting[port] & message))
                continue;
            if (!send_control(v, port, (enum message)message))
                return;
            c->waiting[port] &= (uint8_t)~message;
            c->added[port] |= message == SEND_ADD;
        }
    }
}

/* The driver can use the port: say what it is. */
static void introduce(struct console *c, unsigned port)
{
    if (c->ports[port].is_console)
        c->waiting[port] |= SEND_CONSOLE;
    if (c->ports[port].name[0] != '\0')
        c->waiting[port] |= SEND_NAME;
    if (c->ports[port].backend != NULL)
        c->waiting[port] |= SEND_OPEN;
}

static void handle_control(struct virtio *v, const struct virtio_console_control *control)
{
    struct console *c = v->model;

    virtio_trace(v, "is told event %u of port %u, value %u", control->event, control->id,
                 control->value);
    if (control->event == VIRTIO_CONSOLE_DEVICE_READY && control->value == 1) {
        for (unsigned port = 0; port < MAX_PORTS; port++)
            if (c->ports[port].exists && !c->added[port])
                c->waiting[port] |= SEND_ADD;
        return;
    }
    if (control->id >= MAX_PORTS || !c->ports[control->id].exists)
        return;
    if (control->event == VIRTIO_CONSOLE_PORT_READY && control->value == 1)
        introduce(c, control->id);
    else if (control->event == VIRTIO_CONSOLE_PORT_OPEN)
        c->open[control->id] = control->value != 0;
}

static void take_control(struct virtio *v)
{
    struct virtio_console_control control;
    struct virtqueue_chain chain;

    while (virtqueue_pop(v, VIRTIO_CONSOLE_CONTROL_TRANSMITQ, &chain)) {
        size_t n = virtqueue_read(&chain, 0, &control, sizeof control);
        virtqueue_push(v, VIRTIO_CONSOLE_CONTROL_TRANSMITQ, &chain, 0);
        if (n == sizeof control)
            handle_control(v, &control);
    }
}

/* --- data ------------------------------------------------------------------------------------- */

static void transmit(struct virtio *v, unsigned queue, unsigned port)
{
    const struct console *c = v->model;
    struct character_backend *b = c->ports[port].backend;
    struct virtqueue_chain chain;
    uint8_t bytes[CHUNK];

    while (virtqueue_pop(v, queue, &chain)) {
        uint64_t offset = 0;
        size_t n;
        while (b != NULL && (n = virtqueue_read(&chain, offset, bytes, sizeof bytes)) > 0) {
            b->write(b, bytes, n);
            offset += n;
        }
        virtqueue_push(v, queue, &chain, 0);
    }
}

/* Characters for a port that the driver has not opened wait. */
static size_t console_input(struct virtio *v, unsigned port, const uint8_t *bytes, size_t n)
{
    const struct console *c = v->model;
    unsigned queue = virtio_console_receiveq(port);
    struct virtqueue_chain chain;
    size_t taken = 0;

    if (port >= MAX_PORTS || !c->ports[port].exists)
        return n;
    if (is_multiport(v) ? !c->open[port] : port != 0)
        return 0;
    while (taken < n && virtqueue_pop(v, queue, &chain)) {
        size_t part = virtqueue_write(&chain, 0, bytes + taken, n - taken);
        if (part == 0) /* no buffer for characters */
            virtio_fail(v);
        else
            virtqueue_push(v, queue, &chain, (uint32_t)part);
        taken += part;
    }
    return taken;
}

/* The port whose queues these are, without control. */
static unsigned port_of(unsigned queue)
{
    return queue < 2 ? 0 : queue / 2 - 1;
}

static void console_notify(struct virtio *v, unsigned queue)
{
    if (queue > VIRTIO_CONSOLE_TRANSMITQ && !is_multiport(v))
        return;
    if (queue == VIRTIO_CONSOLE_CONTROL_TRANSMITQ)
        take_control(v);
    else if (queue % 2 == 1)
        transmit(v, queue, port_of(queue));
    send_waiting(v);
}

/* --- configuration ---------------------------------------------------------------------------- */

static uint64_t console_features(struct virtio *v)
{
    const struct console *c = v->model;
    uint64_t features = UINT64_C(1) << VIRTIO_CONSOLE_F_EMERG_WRITE;

    return c->max_ports > 1 ? features | UINT64_C(1) << VIRTIO_CONSOLE_F_MULTIPORT : features;
}

static uint64_t console_config_read(struct virtio *v, unsigned offset, unsigned size)
{
    const struct console *c = v->model;
    struct virtio_console_config config = {.max_nr_ports = c->max_ports};

    return virtio_config_bytes(&config, offset, size);
}

/* At any time, even before the driver has found the device (5.3.5). */
static void console_config_write(struct virtio *v, unsigned offset, unsigned size, uint64_t value)
{
    const struct console *c = v->model;
    struct character_backend *b = c->ports[0].backend;
    uint8_t byte = (uint8_t)value;

    (void)size;
    if (offset == offsetof(struct virtio_console_config, emerg_wr) && b != NULL)
        b->write(b, &byte, 1);
}

static void console_reset(struct virtio *v)
{
    struct console *c = v->model;

    memset(c->open, 0, sizeof c->open);
    memset(c->added, 0, sizeof c->added);
    memset(c->waiting, 0, sizeof c->waiting);
}

/* --- creation --------------------------------------------------------------------------------- */

static bool console_create(struct virtio *v, struct props *props, char *err, size_t err_size)
{
    struct console *c = v->model;
    uint64_t max_ports = MAX_PORTS;

    if (!props_u64(props, "max_ports", 1, MAX_PORTS, &max_ports, err, err_size))
        return false;
    c->max_ports = (uint32_t)max_ports;
    for (unsigned q = 0; q < (max_ports > 1 ? 2 + 2 * max_ports : 2); q++)
        virtio_add_queue(v, QUEUE_SIZE);
    return true;
}

/* nr=: which port; else the first free one, where port 0 is for consoles only, as in QEMU. */
static bool choose_port(const struct console *c, bool is_console, struct props *props,
                        unsigned *port, char *err, size_t err_size)
{
    uint64_t nr = is_console ? 0 : 1;
    bool given = props_get(props, "nr") != NULL;

    if (given && !props_u64(props, "nr", 0, MAX_PORTS - 1, &nr, err, err_size))
        return false;
    while (!given && nr < c->max_ports && c->ports[nr].exists)
        nr++;
    *port = (unsigned)nr;
    if (nr >= c->max_ports)
        snprintf(err, err_size, "the device has no port for it: max_ports is %u", c->max_ports);
    else if (c->ports[nr].exists)
        snprintf(err, err_size, "port %u is taken", *port);
    else if (nr == 0 && !is_console)
        snprintf(err, err_size, "port 0 is for a virtconsole");
    else
        return true;
    return false;
}

static bool add_port(struct virtio *v, bool is_console, struct props *props, char *err,
                     size_t err_size)
{
    struct console *c = v->model;
    const char *name = props_get(props, "name");
    struct backend *b = NULL;
    unsigned port;

    if (!choose_port(c, is_console, props, &port, err, err_size))
        return false;
    if (name != NULL && strlen(name) >= sizeof c->ports[port].name) {
        snprintf(err, err_size, "the name is too long");
        return false;
    }
    if (props_get(props, "chardev") != NULL) {
        b = virtio_take_backend(v, props, "chardev", BACKEND_CHARACTER, err, err_size);
        if (b == NULL)
            return false;
        b->source = machine_source(v->dev, port);
    }
    c->ports[port].backend = (struct character_backend *)b;
    c->ports[port].exists = true;
    c->ports[port].is_console = is_console;
    if (name != NULL)
        strcpy(c->ports[port].name, name);
    return true;
}

static bool add_console(struct virtio *v, struct props *props, char *err, size_t err_size)
{
    return add_port(v, true, props, err, err_size);
}

static bool add_serial_port(struct virtio *v, struct props *props, char *err, size_t err_size)
{
    return add_port(v, false, props, err, err_size);
}

const struct virtio_ops virtio_console_ops = {
    .name = "virtio-serial-device",
    .summary = "consoles and serial ports: [max_ports=N]; see the next two",
    .device_id = VIRTIO_ID_CONSOLE,
    .state_size = sizeof(struct console),
    .fields = console_fields,
    .field_count = sizeof console_fields / sizeof console_fields[0],
    .config_size = sizeof(struct virtio_console_config),
    .create = console_create,
    .features = console_features,
    .reset = console_reset,
    .notify = console_notify,
    .config_read = console_config_read,
    .config_write = console_config_write,
    .input = console_input,
};

const struct virtio_ops virtio_virtconsole_ops = {
    .name = "virtconsole",
    .summary = "a console of a virtio-serial-device: [chardev=ID][,name=TEXT][,nr=N]",
    .host = &virtio_console_ops,
    .create = add_console,
};

const struct virtio_ops virtio_serialport_ops = {
    .name = "virtserialport",
    .summary = "a serial port of a virtio-serial-device: the same",
    .host = &virtio_console_ops,
    .create = add_serial_port,
};
