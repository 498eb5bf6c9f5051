/*
 * virtio-input: what keyboard, tablet and mouse say of themselves, then the events they send. The
 * guest prints "ready" and each event as a line, until the key ESCAPE is let go.
 */
#include "hw/evdev.h"
#include "hw/virtio_input.h"
#include "tests/emu/guest/virtio_call.h"

enum { DEVICES = 3, BUFFERS = 8, KEY_ESCAPE = 1 };

static struct virtio_port device[DEVICES];
static struct virtio_input_event events[DEVICES][BUFFERS];
static unsigned device_count;

static void print(const char *s)
{
    for (; *s; s++) {
        while (!(read8(UART_BASE + NS16550_LSR) & NS16550_LSR_THRE))
            ;
        write8(UART_BASE + NS16550_THR, (uint8_t)*s);
    }
}

static void print_hex(uint32_t value)
{
    char text[10] = " ", *p = text + 1;
    int shift = 28;

    while (shift > 0 && value >> shift == 0)
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        *p++ = "0123456789abcdef"[value >> shift & 15];
    *p = '\0';
    print(text);
}

static uintptr_t config(const struct virtio_port *v)
{
    return v->virtio.base + VIRTIO_MMIO_CONFIG;
}

static void select(const struct virtio_port *v, unsigned what, unsigned sub)
{
    write8(config(v), (uint8_t)what);
    write8(config(v) + 1, (uint8_t)sub);
}

/* The answer to a question: a line of name, size, and the bytes. */
static void ask(const struct virtio_port *v, const char *name, unsigned what, unsigned sub)
{
    unsigned size;

    select(v, what, sub);
    size = read8(config(v) + 2);
    print(name);
    print_hex(sub);
    print(":");
    print_hex(size);
    for (unsigned i = 0; i < size; i++)
        print_hex(read8(config(v) + 8 + i));
    print("\n");
}

static void describe(const struct virtio_port *v)
{
    static const uint8_t types[] = {EV_SYN, EV_KEY, EV_REL, EV_ABS, EV_MSC, EV_LED, EV_REP};

    print("device\n");
    ask(v, "unset", VIRTIO_INPUT_CFG_UNSET, 0);
    ask(v, "name", VIRTIO_INPUT_CFG_ID_NAME, 0);
    ask(v, "name", VIRTIO_INPUT_CFG_ID_NAME, 1);
    ask(v, "serial", VIRTIO_INPUT_CFG_ID_SERIAL, 0);
    ask(v, "ids", VIRTIO_INPUT_CFG_ID_DEVIDS, 0);
    ask(v, "properties", VIRTIO_INPUT_CFG_PROP_BITS, 0);
    for (unsigned i = 0; i < sizeof types; i++)
        ask(v, "bits", VIRTIO_INPUT_CFG_EV_BITS, types[i]);
    for (unsigned axis = 0; axis < 3; axis++)
        ask(v, "axis", VIRTIO_INPUT_CFG_ABS_INFO, axis);
    ask(v, "nonsense", 0x77, 0);
}

/* The driver's side of LEDs: whatever it says is taken. */
static void set_leds(struct virtio_port *v)
{
    static const struct virtio_input_event on[] = {
        {EV_LED, LED_CAPSL, 1}, {EV_LED, LED_NUML, 1}, {EV_LED, 200, 1},         {EV_SYN, 0, 0},
        {EV_LED, LED_NUML, 0},  {0xffff, 0xffff, ~0u}, {EV_REP, REP_DELAY, 500},
    };

    for (unsigned i = 0; i < sizeof on / sizeof on[0]; i++)
        note("status event", (unsigned long)virtio_call(v, VIRTIO_INPUT_STATUSQ, &on[i],
                                                        sizeof on[i], (void *)0, 0));
    note("short status event",
         (unsigned long)virtio_call(v, VIRTIO_INPUT_STATUSQ, on, 3, (void *)0, 0));
}

/* Prints the device's next event if there is one. True if it was ESCAPE going up. */
static bool next_event(unsigned n)
{
    struct virtio_port *v = &device[n];
    struct virtio_input_event *e;
    uint16_t head;
    long written;

    if (!virtio_is_used(v, VIRTIO_INPUT_EVENTQ))
        return false;
    written = virtio_wait(&v->queue[VIRTIO_INPUT_EVENTQ], &head);
    e = &events[n][head / 2];
    print("event");
    print_hex(n);
    print_hex((uint32_t)written);
    print_hex(e->type);
    print_hex(e->code);
    print_hex(e->value);
    print("\n");
    if (e->type == EV_KEY && e->code == KEY_ESCAPE && e->value == 0)
        return true;
    virtio_put(v, VIRTIO_INPUT_EVENTQ, head / 2, (void *)0, 0, e, sizeof *e);
    return false;
}

int main(void)
{
    write8(UART_BASE + NS16550_LCR, NS16550_LCR_WLS_8);
    while (device_count < DEVICES &&
           virtio_open(&device[device_count], VIRTIO_ID_INPUT, device_count, 0, 2 * device_count)) {
        struct virtio_port *v = &device[device_count];
        describe(v);
        set_leds(v);
        for (unsigned i = 0; i < BUFFERS; i++)
            virtio_put(v, VIRTIO_INPUT_EVENTQ, i, (void *)0, 0, &events[device_count][i],
                       sizeof(struct virtio_input_event));
        device_count++;
    }
    report();
    print("ready\n");
    for (;;)
        for (unsigned n = 0; n < device_count; n++)
            if (next_event(n))
                return 0;
}
