/*
 * virtio-input (virtio 1.2, section 5.8): a keyboard, a tablet, a mouse. One model: what tells them
 * apart is what they say in their configuration, and which of the person's backends they take.
 */
#include <stdio.h>
#include <string.h>

#include "hw/evdev.h"
#include "hw/virtio_input.h"
#include "tools/emu/dev/virtio.h"
#include "tools/emu/machine.h"

enum {
    QUEUE_SIZE = 64,
    EVENT_SIZE = sizeof(struct virtio_input_event),
    CONFIG_SIZE = sizeof(struct virtio_input_config),
    ID_VENDOR = 0x0627, /* what virtual input devices elsewhere say */
    ID_VERSION = 1,
};

/* The codes of one type of events. */
struct codes {
    uint8_t type;
    unsigned count;
    const uint16_t *list;
};

struct kind {
    const char *name, *property;
    enum backend_kind backend;
    uint16_t product;
    bool absolute;
    const struct codes *codes; /* type 0 at the end */
};

struct input {
    const struct kind *kind;
    struct input_backend *backend;
    char serial[VIRTIO_INPUT_CONFIG_DATA];
    uint8_t select, subsel;
    uint32_t leds;
};

static const struct state_field input_fields[] = {
    STATE_FIELD(struct input, select, 1),
    STATE_FIELD(struct input, subsel, 1),
    STATE_FIELD(struct input, leds, 1),
};

/* --- what there is -------------------------------------------------------------------------- */

#define CODES(type, list)                          \
    {                                              \
        type, sizeof(list) / sizeof(list)[0], list \
    }

static const uint16_t keys[] = {
#define KEY(name, evdev, usage, am) evdev,
#include "hw/key.def"
};
static const uint16_t leds[] = {LED_NUML, LED_CAPSL, LED_SCROLLL};
static const uint16_t repeat[] = {REP_DELAY, REP_PERIOD};
static const uint16_t buttons[] = {BTN_LEFT, BTN_RIGHT, BTN_MIDDLE, BTN_SIDE, BTN_EXTRA};
static const uint16_t wheels[] = {REL_WHEEL, REL_HWHEEL};
static const uint16_t motion[] = {REL_X, REL_Y, REL_WHEEL, REL_HWHEEL};
static const uint16_t axes[] = {ABS_X, ABS_Y};

static const struct codes keyboard_codes[] = {
    CODES(EV_KEY, keys), CODES(EV_LED, leds), CODES(EV_REP, repeat), {0}};
static const struct codes tablet_codes[] = {
    CODES(EV_KEY, buttons), CODES(EV_REL, wheels), CODES(EV_ABS, axes), {0}};
static const struct codes mouse_codes[] = {CODES(EV_KEY, buttons), CODES(EV_REL, motion), {0}};

static const struct kind keyboard = {
    .name = "Tarn Virtio Keyboard",
    .property = "keyboard",
    .backend = BACKEND_KEYBOARD,
    .product = 1,
    .codes = keyboard_codes,
};

static const struct kind mouse = {
    .name = "Tarn Virtio Mouse",
    .property = "mouse",
    .backend = BACKEND_MOUSE,
    .product = 2,
    .codes = mouse_codes,
};

static const struct kind tablet = {
    .name = "Tarn Virtio Tablet",
    .property = "tablet",
    .backend = BACKEND_TABLET,
    .product = 3,
    .absolute = true,
    .codes = tablet_codes,
};

/* --- configuration -------------------------------------------------------------------------- */

static void answer_text(struct virtio_input_config *config, const char *text)
{
    config->size = (uint8_t)strlen(text);
    memcpy(config->u.string, text, config->size);
}

/* The bitmap of the codes of a type; it is as long as its last bit needs. */
static void answer_codes(struct virtio_input_config *config, const struct codes *codes,
                         uint8_t type)
{
    while (codes->count != 0 && codes->type != type)
        codes++;
    for (unsigned i = 0; i < codes->count; i++) {
        unsigned byte = codes->list[i] / 8;
        config->u.bitmap[byte] |= (uint8_t)(1 << codes->list[i] % 8);
        if (config->size < byte + 1)
            config->size = (uint8_t)(byte + 1);
    }
}

/* What the configuration reads as. */
static void answer(const struct input *in, struct virtio_input_config *config)
{
    const struct kind *kind = in->kind;

    *config = (struct virtio_input_config){.select = in->select, .subsel = in->subsel};
    if (in->select == VIRTIO_INPUT_CFG_EV_BITS) {
        answer_codes(config, kind->codes, in->subsel);
    } else if (in->select == VIRTIO_INPUT_CFG_ABS_INFO) {
        if (kind->absolute && in->subsel <= ABS_Y) {
            config->size = sizeof config->u.abs;
            config->u.abs = (struct virtio_input_absinfo){.max = INPUT_ABS_MAX};
        }
    } else if (in->subsel == 0) {
        switch (in->select) {
        case VIRTIO_INPUT_CFG_ID_NAME: answer_text(config, kind->name); break;
        case VIRTIO_INPUT_CFG_ID_SERIAL: answer_text(config, in->serial); break;
        case VIRTIO_INPUT_CFG_ID_DEVIDS:
            config->size = sizeof config->u.ids;
            config->u.ids = (struct virtio_input_devids){
                .bustype = BUS_VIRTUAL,
                .vendor = ID_VENDOR,
                .product = kind->product,
                .version = ID_VERSION,
            };
            break;
        default: break; /* there are no properties */
        }
    }
}

static uint64_t input_config_read(struct virtio *v, unsigned offset, unsigned size)
{
    struct virtio_input_config config;
    uint64_t value = 0;

    answer(v->model, &config);
    memcpy(&value, (const uint8_t *)&config + offset, size);
    return value;
}

static void input_config_write(struct virtio *v, unsigned offset, unsigned size, uint64_t value)
{
    struct input *in = v->model;

    for (unsigned i = 0; i < size; i++, value >>= 8) {
        if (offset + i == offsetof(struct virtio_input_config, select))
            in->select = (uint8_t)value;
        else if (offset + i == offsetof(struct virtio_input_config, subsel))
            in->subsel = (uint8_t)value;
    }
}

/* --- events --------------------------------------------------------------------------------- */

/*
 * Events for the driver, each in a buffer of its own; those without one wait outside. A device that
 * nobody drives notices nothing.
 */
static size_t input_input(struct virtio *v, unsigned channel, const uint8_t *bytes, size_t n)
{
    struct virtqueue_chain chain;
    size_t taken;

    if (channel != 0 || !virtio_is_live(v))
        return n;
    for (taken = 0; n - taken >= EVENT_SIZE; taken += EVENT_SIZE) {
        size_t written;

        if (!virtqueue_pop(v, VIRTIO_INPUT_EVENTQ, &chain))
            break;
        virtio_trace(v, "event type %u code %u value 0x%x",
                     (unsigned)virtio_config_bytes(bytes + taken, 0, 2),
                     (unsigned)virtio_config_bytes(bytes + taken, 2, 2),
                     (unsigned)virtio_config_bytes(bytes + taken, 4, 4));
        written = virtqueue_write(&chain, 0, bytes + taken, EVENT_SIZE);
        virtqueue_push(v, VIRTIO_INPUT_EVENTQ, &chain, (uint32_t)written);
    }
    return n - taken < EVENT_SIZE || !virtio_is_live(v) ? n : taken;
}

static void set_leds(struct input *in, uint32_t value)
{
    in->leds = value;
    if (in->backend->leds != NULL)
        in->backend->leds(in->backend, value);
}

/* An event from the driver: only LEDs mean something to us. */
static void status_event(struct input *in, const uint8_t *event)
{
    unsigned type = event[0] | event[1] << 8, code = event[2] | event[3] << 8;
    bool on = event[4] != 0 || event[5] != 0 || event[6] != 0 || event[7] != 0;

    if (type == EV_LED && code <= LED_SCROLLL)
        set_leds(in, (in->leds & ~(1u << code)) | (uint32_t)on << code);
}

static void input_notify(struct virtio *v, unsigned queue)
{
    struct virtqueue_chain chain;
    uint8_t event[EVENT_SIZE];

    if (queue != VIRTIO_INPUT_STATUSQ)
        return; /* room for events: the transport asks for those that wait */
    while (virtqueue_pop(v, queue, &chain)) {
        if (virtqueue_read(&chain, 0, event, sizeof event) == sizeof event)
            status_event(v->model, event);
        virtqueue_push(v, queue, &chain, 0);
    }
}

static void input_reset(struct virtio *v)
{
    struct input *in = v->model;

    in->select = in->subsel = 0;
    set_leds(in, 0);
}

/* --- the devices ---------------------------------------------------------------------------- */

static uint64_t input_features(struct virtio *v)
{
    (void)v;
    return 0;
}

static bool create(struct virtio *v, struct props *props, const struct kind *kind, char *err,
                   size_t err_size)
{
    struct input *in = v->model;
    const char *serial = props_get(props, "serial");

    in->kind = kind;
    if (serial != NULL && strlen(serial) >= sizeof in->serial) {
        snprintf(err, err_size, "serial: longer than %zu characters", sizeof in->serial - 1);
        return false;
    }
    if (serial != NULL)
        strcpy(in->serial, serial);
    in->backend = (struct input_backend *)virtio_take_backend(v, props, kind->property,
                                                              kind->backend, err, err_size);
    if (in->backend == NULL)
        return false;
    virtio_add_queue(v, QUEUE_SIZE);
    virtio_add_queue(v, QUEUE_SIZE);
    return true;
}

static bool keyboard_create(struct virtio *v, struct props *props, char *err, size_t err_size)
{
    return create(v, props, &keyboard, err, err_size);
}

static bool tablet_create(struct virtio *v, struct props *props, char *err, size_t err_size)
{
    return create(v, props, &tablet, err, err_size);
}

static bool mouse_create(struct virtio *v, struct props *props, char *err, size_t err_size)
{
    return create(v, props, &mouse, err, err_size);
}

#define INPUT_OPS(command_line_name, what, create_function)                                       \
    {                                                                                             \
        .name = command_line_name, .summary = what ": [serial=TEXT]",                             \
        .device_id = VIRTIO_ID_INPUT, .state_size = sizeof(struct input), .fields = input_fields, \
        .field_count = sizeof input_fields / sizeof input_fields[0], .config_size = CONFIG_SIZE,  \
        .create = create_function, .features = input_features, .reset = input_reset,              \
        .notify = input_notify, .config_read = input_config_read,                                 \
        .config_write = input_config_write, .input = input_input,                                 \
    }

const struct virtio_ops virtio_keyboard_ops =
    INPUT_OPS("virtio-keyboard-device", "a keyboard", keyboard_create);
const struct virtio_ops virtio_tablet_ops =
    INPUT_OPS("virtio-tablet-device", "a pointer that says where it is", tablet_create);
const struct virtio_ops virtio_mouse_ops =
    INPUT_OPS("virtio-mouse-device", "a pointer that says how far it moved", mouse_create);
