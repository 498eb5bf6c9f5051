/*
 * NEMU's screen (include/hw/nemu.h). The frame buffer is memory; it is looked at when the program
 * says so, at most 60 times a second: programs do after each thing they draw.
 */
#include "hw/nemu.h"
#include "tools/emu/backend.h"
#include "tools/emu/machine.h"
#include "tools/emu/machines/nemu.h"

enum { FRAME_NS = 1000000000 / 60 };

struct vga {
    uint32_t sync;  /* the frame buffer is to be shown */
    uint64_t shown; /* machine time when it was last */
    struct display_backend *display;
    struct timer timer;
};

static const struct state_field vga_fields[] = {
    STATE_FIELD(struct vga, sync, 1),
    STATE_FIELD(struct vga, shown, 1),
};

static void vga_show(void *arg)
{
    struct device *dev = arg;
    struct vga *vga = dev->state;
    size_t stride = NEMU_SCREEN_WIDTH * sizeof(uint32_t);
    const uint32_t *pixels =
        device_dma_readable(dev, NEMU_FB_BASE, (uint64_t)stride * NEMU_SCREEN_HEIGHT);

    vga->sync = 0;
    vga->shown = machine_now(dev->machine);
    if (vga->display != NULL && pixels != NULL)
        vga->display->update(vga->display, 0, 0, NEMU_SCREEN_WIDTH, NEMU_SCREEN_HEIGHT, pixels,
                             stride);
}

static void vga_init(struct device *dev)
{
    struct vga *vga = dev->state;

    vga->display = (struct display_backend *)machine_take_backend(dev, BACKEND_DISPLAY);
    vga->timer.fire = vga_show;
    vga->timer.arg = dev;
}

static void vga_reset(struct device *dev)
{
    struct vga *vga = dev->state;

    machine_cancel_timer(dev->machine, &vga->timer);
    if (vga->display != NULL)
        vga->display->resize(vga->display, NEMU_SCREEN_WIDTH, NEMU_SCREEN_HEIGHT);
}

static bool vga_read(struct device *dev, uint64_t offset, unsigned size, uint64_t *value)
{
    const struct vga *vga = dev->state;
    uint64_t registers =
        (uint64_t)vga->sync << 32 | (uint32_t)NEMU_SCREEN_WIDTH << 16 | NEMU_SCREEN_HEIGHT;

    *value = registers >> (8 * offset);
    return true;
}

static bool vga_write(struct device *dev, uint64_t offset, unsigned size, uint64_t value)
{
    struct vga *vga = dev->state;

    if (offset + size <= NEMU_VGA_SYNC || vga->sync != 0)
        return true;
    vga->sync = (uint32_t)(offset < NEMU_VGA_SYNC ? value >> 32 : value);
    if (vga->sync == 0)
        return true;
    if (vga->shown == 0 || machine_now(dev->machine) - vga->shown >= FRAME_NS)
        vga_show(dev);
    else
        machine_set_timer(dev->machine, &vga->timer, vga->shown + FRAME_NS);
    return true;
}

void nemu_vga_finish(struct device *dev)
{
    const struct vga *vga = dev->state;

    if (vga->sync != 0)
        vga_show(dev);
}

const struct device_ops nemu_vga_device = {
    .name = "nemu_vga",
    .node = "display",
    .compatible = {"nemu,vga"},
    .sizes = 1 | 2 | 4 | 8,
    .state_size = sizeof(struct vga),
    .fields = vga_fields,
    .field_count = sizeof vga_fields / sizeof vga_fields[0],
    .init = vga_init,
    .reset = vga_reset,
    .read = vga_read,
    .write = vga_write,
};
