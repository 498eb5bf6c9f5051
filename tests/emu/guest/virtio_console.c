/* virtio-console: the control conversation, names, output of two ports, and misuse. */
#include "hw/virtio_console.h"
#include "tests/emu/guest/virtio.h"

enum { QUEUE = 16, BUFFER = 64, CONTROL_IN, CONTROL_OUT, OUT0, OUT1 };

static struct virtio dev;
static struct virtio_queue in, out, data0, data1;
static uint8_t buffers[QUEUE][BUFFER];
static struct virtio_console_control message;

static bool is_ours(void)
{
    return virtio_read(&dev, VIRTIO_MMIO_VENDOR_ID) == 0x4e524154;
}

static void give(unsigned i)
{
    virtio_desc(&in.desc[i], (uintptr_t)buffers[i], BUFFER, VIRTQ_DESC_F_WRITE, 0);
    virtio_offer(&in, (uint16_t)i);
}

static void say(uint32_t id, uint16_t event, uint16_t value)
{
    message = (struct virtio_console_control){.id = id, .event = event, .value = value};
    virtio_desc(&out.desc[0], (uintptr_t)&message, sizeof message, 0, 0);
    virtio_offer(&out, 0);
    virtio_kick(&out);
    note("said", (unsigned long)virtio_wait(&out, 0));
}

/* Note the n messages that come. */
static void hear(unsigned n)
{
    while (n-- > 0) {
        const struct virtio_console_control *c;
        uint16_t head = 0;
        long written = virtio_wait(&in, &head);
        c = (const struct virtio_console_control *)buffers[head % QUEUE];
        if (written < 0) {
            note("heard nothing", 0);
            return;
        }
        note("heard of port", c->id);
        note("  event", c->event);
        note("  value", c->value);
        /* QEMU ends a name with a NUL, which the specification does not want. */
        for (unsigned i = sizeof *c; i < (unsigned long)written && buffers[head][i] != 0; i++)
            note("  name", buffers[head][i]);
        give(head);
        virtio_kick(&in);
    }
}

static void send(struct virtio_queue *q, const char *text, uint32_t n)
{
    virtio_desc(&q->desc[0], (uintptr_t)text, n / 2, VIRTQ_DESC_F_NEXT, 1);
    virtio_desc(&q->desc[1], (uintptr_t)text + n / 2, n - n / 2, 0, 0);
    virtio_offer(q, 0);
    virtio_kick(q);
    note("sent", (unsigned long)virtio_wait(q, 0));
}

static void begin(uint64_t features)
{
    note("negotiated", virtio_negotiate(&dev, features));
    virtio_queue_init(&in, &dev, VIRTIO_CONSOLE_CONTROL_RECEIVEQ, QUEUE, 0);
    virtio_queue_init(&out, &dev, VIRTIO_CONSOLE_CONTROL_TRANSMITQ, QUEUE, 1);
    virtio_queue_init(&data0, &dev, virtio_console_receiveq(0) + 1, QUEUE, 2);
    virtio_queue_init(&data1, &dev, virtio_console_receiveq(1) + 1, QUEUE, 3);
    virtio_queue_ready(&in);
    virtio_queue_ready(&out);
    virtio_queue_ready(&data0);
    virtio_queue_ready(&data1);
    virtio_start(&dev);
}

int main(void)
{
    uint64_t offered;

    if (!virtio_find(&dev, VIRTIO_ID_CONSOLE, 0))
        return 1;
    offered = virtio_features(&dev);
    note("offered", offered & 7);
    note("ports", read32(dev.base + VIRTIO_MMIO_CONFIG + 4));
    write32(dev.base + VIRTIO_MMIO_CONFIG + 8, '!');
    begin(1 << VIRTIO_CONSOLE_F_MULTIPORT);
    for (unsigned i = 0; i < QUEUE; i++)
        give(i);
    virtio_kick(&in);
    say(0, VIRTIO_CONSOLE_DEVICE_READY, 1);
    hear(2);
    if (is_ours()) { /* a port that is there is not added again (5.3.6.2.1); QEMU does that */
        virtio_offer(&out, 0);
        virtio_kick(&out);
        note("ours: once only", virtio_wait(&out, 0) == 0 && virtio_wait(&in, 0) < 0);
    }
    say(0, VIRTIO_CONSOLE_PORT_READY, 1);
    hear(2);
    say(1, VIRTIO_CONSOLE_PORT_READY, 1);
    hear(2);
    say(3, VIRTIO_CONSOLE_PORT_READY, 1);
    say(77, VIRTIO_CONSOLE_PORT_OPEN, 1);
    say(0, VIRTIO_CONSOLE_PORT_OPEN, 1);
    say(1, VIRTIO_CONSOLE_PORT_OPEN, 1);
    send(&data0, "hello, console\n", 15);
    send(&data1, "hello, port\n", 12);
    begin(0);
    send(&data0, "single port\n", 12);
    report();
    return 0;
}
