/*
 * Console device (Virtual I/O Device Version 1.2, section 5.3): its port 0 as the line hvc1, for
 * console=hvc1.
 *
 * Output is sent a piece at a time and waited for by polling, so that it works in any context and
 * while the kernel dies; input comes by interrupt.
 */
#include "hw/virtio_console.h"
#include "abi/errno.h"
#include "hw/virtio_mmio.h"
#include "kernel/arch/arch.h"
#include "kernel/dev/internal.h"
#include "kernel/dev/virtio.h"
#include "kernel/klog.h"
#include "kernel/mm/mm.h"
#include "lib/string.h"

#define PIECE  512 /* bytes in one buffer, either way */
#define INPUTS 4   /* buffers for input */

/* Tries before a writer barges in on one that died with the lock. */
#define LOCK_PATIENCE 1000000u
/* Looks at the queue before a piece of output is given up. */
#define WRITE_PATIENCE 1000000u

static struct {
    struct virtio_device *virtio;
    struct virtqueue *in, *out;
    uint8_t *inputs; /* INPUTS pieces */
    uint8_t *output; /* one */
    uint32_t busy;   /* atomic: somebody writes */
    uint32_t sent;   /* atomic: the device has taken the piece */
} console;

static void give_input(uint8_t *piece)
{
    struct virtio_seg seg = virtio_seg(piece, PIECE);
    virtqueue_add(console.in, &seg, 0, 1, piece);
}

static void input_complete(void *arg, void *token, long result)
{
    uint8_t *piece = token;
    if (result > 0)
        tty_input(piece, (size_t)result);
    if (result >= 0) {
        give_input(piece);
        virtqueue_kick(console.in);
    }
}

static void output_complete(void *arg, void *token, long result)
{
    __atomic_store_n(&console.sent, 1, __ATOMIC_RELEASE);
}

/* Sends what is in the output piece: false when the device does not take it. */
static bool send(size_t n)
{
    struct virtio_seg seg = virtio_seg(console.output, n);
    __atomic_store_n(&console.sent, 0, __ATOMIC_RELAXED);
    if (virtqueue_add(console.out, &seg, 1, 0, console.output) != 0)
        return false;
    virtqueue_kick(console.out);
    for (unsigned tries = 0; tries < WRITE_PATIENCE; tries++) {
        virtqueue_poll(console.out);
        if (__atomic_load_n(&console.sent, __ATOMIC_ACQUIRE))
            return true;
        arch_pause();
    }
    return false;
}

/* For who dies inside the queue's own code: a byte at a time, if the device can. */
static void emergency_write(const char *text, size_t n)
{
    for (; n > 0 && virtio_has(console.virtio, VIRTIO_CONSOLE_F_EMERG_WRITE); n--)
        virtio_config_write32(console.virtio, offsetof(struct virtio_console_config, emerg_wr),
                              (uint8_t)*text++);
}

static void console_write(const char *text, size_t n)
{
    bool irq_on = arch_irq_save();
    for (unsigned tries = 0; __atomic_exchange_n(&console.busy, 1, __ATOMIC_ACQUIRE); tries++) {
        if (tries > LOCK_PATIENCE)
            break;
    }
    while (n > 0 && !virtqueue_is_held(console.out)) {
        size_t part = n < PIECE ? n : PIECE;
        memcpy(console.output, text, part);
        if (!send(part))
            break;
        text += part;
        n -= part;
    }
    emergency_write(text, n);
    __atomic_store_n(&console.busy, 0, __ATOMIC_RELEASE);
    arch_irq_restore(irq_on);
}

static void console_start(void)
{
    for (unsigned i = 0; i < INPUTS; i++)
        give_input(console.inputs + (size_t)i * PIECE);
    virtqueue_kick(console.in);
}

static const struct tty_line console_line = {"hvc1", 229, 1, console_write, console_start};

static int console_probe(struct virtio_device *dev)
{
    if (console.virtio)
        return 0; /* further ones are left alone */
    console.inputs = kmalloc((size_t)INPUTS * PIECE);
    console.output = kmalloc(PIECE);
    int err = -ENOMEM;
    if (!console.inputs || !console.output)
        goto fail;
    console.in = virtqueue_create(dev, VIRTIO_CONSOLE_RECEIVEQ, INPUTS, input_complete, NULL);
    console.out = virtqueue_create(dev, VIRTIO_CONSOLE_TRANSMITQ, 2, output_complete, NULL);
    if (!console.in || !console.out)
        goto fail;
    err = virtio_start(dev);
    if (err < 0)
        goto fail;
    console.virtio = dev;
    console_add_line(&console_line);
    return 0;
fail:
    kfree(console.inputs);
    kfree(console.output);
    return err;
}

const struct virtio_driver virtio_console_driver = {
    .name = "virtio-console",
    .device_id = VIRTIO_ID_CONSOLE,
    .features = 1ull << VIRTIO_CONSOLE_F_EMERG_WRITE,
    .probe = console_probe,
};
