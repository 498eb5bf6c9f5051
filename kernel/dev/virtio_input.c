/*
 * Input device (Virtual I/O Device Version 1.2, section 5.8): keyboards, mice and tablets alike;
 * what their events mean is input.c's. LEDs are left alone.
 */
#include "hw/virtio_input.h"
#include "abi/errno.h"
#include "hw/evdev.h"
#include "hw/virtio_mmio.h"
#include "kernel/dev/input.h"
#include "kernel/dev/internal.h"
#include "kernel/dev/virtio.h"
#include "kernel/mm/mm.h"

#define BUFFERS 64u /* events that may be waiting for the kernel */

struct input_device {
    struct virtio_device *dev;
    struct virtqueue *events;
    struct input_source source;
    struct virtio_input_event buffers[BUFFERS];
};

static void offer(struct input_device *input, struct virtio_input_event *event)
{
    struct virtio_seg seg = virtio_seg(event, sizeof *event);
    /* It cannot fail but by a broken device: there was room for it before. */
    (void)virtqueue_add(input->events, &seg, 0, 1, event);
}

static void event_complete(void *arg, void *token, long result)
{
    struct input_device *input = arg;
    struct virtio_input_event *event = token;
    if (result < 0)
        return;
    if (result >= (long)sizeof *event)
        input_report(&input->source, event->type, event->code, (int32_t)event->value);
    offer(input, event);
    virtqueue_kick(input->events);
}

#define CONFIG(field) offsetof(struct virtio_input_config, field)

/* The axis's range stays empty when the device has no such axis. */
static void read_axis(struct input_device *input, unsigned axis)
{
    struct virtio_device *dev = input->dev;
    virtio_config_write8(dev, CONFIG(select), VIRTIO_INPUT_CFG_ABS_INFO);
    virtio_config_write8(dev, CONFIG(subsel), (uint8_t)axis);
    if (virtio_config8(dev, CONFIG(size)) < 2 * sizeof(uint32_t))
        return;
    input->source.axes[axis].min = (int32_t)virtio_config32(dev, CONFIG(u.abs.min));
    input->source.axes[axis].max = (int32_t)virtio_config32(dev, CONFIG(u.abs.max));
}

static int input_probe(struct virtio_device *dev)
{
    struct input_device *input = kzalloc(sizeof *input);
    if (!input)
        return -ENOMEM;
    input->dev = dev;
    input->events = virtqueue_create(dev, VIRTIO_INPUT_EVENTQ, BUFFERS, event_complete, input);
    int err = input->events ? 0 : -ENODEV;
    if (err == 0) {
        read_axis(input, ABS_X);
        read_axis(input, ABS_Y);
        err = virtio_start(dev);
    }
    if (err < 0) {
        kfree(input);
        return err;
    }
    input_add();
    for (unsigned i = 0; i < BUFFERS; i++)
        offer(input, &input->buffers[i]); /* as many as the queue takes */
    virtqueue_kick(input->events);
    return 0;
}

const struct virtio_driver virtio_input_driver = {
    .name = "virtio-input",
    .device_id = VIRTIO_ID_INPUT,
    .probe = input_probe,
};
