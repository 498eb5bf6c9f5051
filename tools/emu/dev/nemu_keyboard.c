/* NEMU's keyboard (include/hw/nemu.h): a queue of keys pressed and released. */
#include "hw/evdev.h"
#include "hw/nemu.h"
#include "hw/virtio_input.h"
#include "tools/emu/backend.h"
#include "tools/emu/machine.h"

struct keyboard {
    uint16_t queue[NEMU_KEY_QUEUE];
    uint16_t first, count;
};

static const struct state_field keyboard_fields[] = {
    STATE_ARRAY(struct keyboard, queue, 1),
    STATE_FIELD(struct keyboard, first, 1),
    STATE_FIELD(struct keyboard, count, 1),
};

/* The keyboard's number of a key, 0 if it has no such key. */
static uint16_t number_of(uint16_t code)
{
    static const uint8_t numbers[] = {
#define KEY(name, evdev, usage, am) [evdev] = (am),
#include "hw/key.def"
    };

    return code < sizeof numbers ? numbers[code] : 0;
}

static void keyboard_init(struct device *dev)
{
    machine_take_backend(dev, BACKEND_KEYBOARD);
}

static bool keyboard_read(struct device *dev, uint64_t offset, unsigned size, uint64_t *value)
{
    struct keyboard *kbd = dev->state;

    *value = 0;
    if (kbd->count != 0) {
        *value = kbd->queue[kbd->first];
        kbd->first = (kbd->first + 1) % NEMU_KEY_QUEUE;
        kbd->count--;
    }
    return true;
}

static bool keyboard_write(struct device *dev, uint64_t offset, unsigned size, uint64_t value)
{
    return true;
}

/* Key repeats, other events and what the queue has no room for get lost. */
static void keyboard_event(struct keyboard *kbd, const struct virtio_input_event *event)
{
    uint16_t number = number_of(event->code);

    if (event->type != EV_KEY || event->value > 1 || number == 0 || kbd->count == NEMU_KEY_QUEUE)
        return;
    kbd->queue[(kbd->first + kbd->count) % NEMU_KEY_QUEUE] =
        (uint16_t)(number | (event->value != 0 ? NEMU_KEY_DOWN : 0));
    kbd->count++;
}

static size_t keyboard_input(struct device *dev, unsigned channel, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i + sizeof(struct virtio_input_event) <= n; i += 8) {
        const uint8_t *p = bytes + i;
        const struct virtio_input_event event = {
            .type = (uint16_t)(p[0] | p[1] << 8),
            .code = (uint16_t)(p[2] | p[3] << 8),
            .value = p[4] | (uint32_t)p[5] << 8 | (uint32_t)p[6] << 16 | (uint32_t)p[7] << 24,
        };
        keyboard_event(dev->state, &event);
    }
    return n;
}

const struct device_ops nemu_keyboard_device = {
    .name = "nemu_keyboard",
    .node = "keyboard",
    .compatible = {"nemu,keyboard"},
    .sizes = 4,
    .state_size = sizeof(struct keyboard),
    .fields = keyboard_fields,
    .field_count = sizeof keyboard_fields / sizeof keyboard_fields[0],
    .init = keyboard_init,
    .read = keyboard_read,
    .write = keyboard_write,
    .input = keyboard_input,
};
