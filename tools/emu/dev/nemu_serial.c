/* NEMU's serial line (include/hw/nemu.h). */
#include "hw/nemu.h"
#include "tools/emu/machine.h"

enum { CHANNEL_DATA, FIFO_SIZE = 64 };

struct serial {
    uint8_t fifo[FIFO_SIZE]; /* typed and not yet read */
    uint8_t first, count;
};

static const struct state_field serial_fields[] = {
    STATE_ARRAY(struct serial, fifo, 1),
    STATE_FIELD(struct serial, first, 1),
    STATE_FIELD(struct serial, count, 1),
};

static uint8_t serial_take(struct device *dev)
{
    struct serial *serial = dev->state;
    uint8_t byte;

    if (serial->count == 0)
        return 0xff;
    byte = serial->fifo[serial->first];
    serial->first = (serial->first + 1) % FIFO_SIZE;
    if (--serial->count == 0)
        machine_input_ready(dev);
    return byte;
}

static bool serial_read(struct device *dev, uint64_t offset, unsigned size, uint64_t *value)
{
    const struct serial *serial = dev->state;

    *value = 0;
    if (offset == NEMU_SERIAL_DATA)
        *value = serial_take(dev);
    else if (offset == NEMU_SERIAL_LSR)
        *value = NEMU_SERIAL_LSR_THRE | (serial->count != 0 ? NEMU_SERIAL_LSR_DR : 0);
    return true;
}

static bool serial_write(struct device *dev, uint64_t offset, unsigned size, uint64_t value)
{
    uint8_t byte = (uint8_t)value;

    if (offset == NEMU_SERIAL_DATA)
        machine_output(dev, CHANNEL_DATA, &byte, 1);
    return true;
}

/* The other channel, breaks, means nothing here. */
static size_t serial_input(struct device *dev, unsigned channel, const uint8_t *bytes, size_t n)
{
    struct serial *serial = dev->state;
    size_t taken = 0;

    if (channel != CHANNEL_DATA)
        return n;
    for (; taken < n && serial->count < FIFO_SIZE; serial->count++)
        serial->fifo[(serial->first + serial->count) % FIFO_SIZE] = bytes[taken++];
    return taken;
}

const struct device_ops nemu_serial_device = {
    .name = "nemu_serial",
    .node = "serial",
    .compatible = {"nemu,serial"},
    .sizes = 1 | 2 | 4,
    .is_console = true,
    .state_size = sizeof(struct serial),
    .fields = serial_fields,
    .field_count = sizeof serial_fields / sizeof serial_fields[0],
    .read = serial_read,
    .write = serial_write,
    .input = serial_input,
};
