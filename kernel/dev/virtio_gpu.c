/*
 * GPU device, its 2D part (Virtual I/O Device Version 1.2, section 5.7): one resource the size of
 * the first enabled scanout, backed by the framebuffer's memory.
 *
 * The size is the scanout's at boot. A host that wants another one later (VIRTIO_GPU_EVENT_DISPLAY)
 * goes on showing this one, scaled or cut.
 */
#include "hw/virtio_gpu.h"
#include "abi/errno.h"
#include "hw/virtio_mmio.h"
#include "kernel/dev/fb.h"
#include "kernel/dev/internal.h"
#include "kernel/dev/virtio.h"
#include "kernel/klog.h"
#include "kernel/mm/mm.h"
#include "lib/string.h"

#define RESOURCE 1 /* its number */

/* Commands go one at a time: from probe(), then from show(). */
struct gpu {
    struct virtio_device *dev;
    struct virtqueue *control;
    struct framebuffer fb;
    uint32_t scanout;
    bool complained;
    union {
        struct virtio_gpu_ctrl_hdr hdr;
        struct virtio_gpu_resource_create_2d create;
        struct virtio_gpu_resource_attach_backing attach;
        struct virtio_gpu_set_scanout set_scanout;
        struct virtio_gpu_transfer_to_host_2d transfer;
        struct virtio_gpu_resource_flush flush;
    } request;
    union {
        struct virtio_gpu_ctrl_hdr hdr;
        struct virtio_gpu_resp_display_info info;
    } response;
};

/*
 * Sends the request, `size` bytes long, with `more` (NULL: nothing) behind it, and waits for a
 * response of type `want` and at least `answer` bytes. 0 or -EIO.
 */
static int command(struct gpu *gpu, unsigned type, size_t size, const struct virtio_seg *more,
                   unsigned want, size_t answer)
{
    struct virtio_seg segs[3];
    unsigned out = 0;
    gpu->request.hdr = (struct virtio_gpu_ctrl_hdr){.type = type};
    gpu->response.hdr.type = 0;
    segs[out++] = virtio_seg(&gpu->request, size);
    if (more)
        segs[out++] = *more;
    segs[out] = virtio_seg(&gpu->response, answer);
    long n = virtqueue_transact(gpu->control, segs, out, 1);
    unsigned type_got = gpu->response.hdr.type;
    if (n >= (long)answer && type_got == want)
        return 0;
    if (!gpu->complained)
        klog(LOG_WARNING, "virtio-gpu: command 0x%x: result %ld, response 0x%x", type, n, type_got);
    gpu->complained = true;
    return -EIO;
}

/* A command that is answered by a header. */
static int simple_command(struct gpu *gpu, unsigned type, size_t size)
{
    return command(gpu, type, size, NULL, VIRTIO_GPU_RESP_OK_NODATA,
                   sizeof(struct virtio_gpu_ctrl_hdr));
}

/* Finds the scanout to use, and its size. */
static int choose_scanout(struct gpu *gpu)
{
    const struct virtio_gpu_resp_display_info *info = &gpu->response.info;
    int err = command(gpu, VIRTIO_GPU_CMD_GET_DISPLAY_INFO, sizeof gpu->request.hdr, NULL,
                      VIRTIO_GPU_RESP_OK_DISPLAY_INFO, sizeof *info);
    if (err < 0)
        return err;
    for (uint32_t i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++) {
        if (!info->pmodes[i].enabled)
            continue;
        gpu->scanout = i;
        gpu->fb.width = info->pmodes[i].r.width;
        gpu->fb.height = info->pmodes[i].r.height;
        return 0;
    }
    return -ENODEV;
}

static int attach_memory(struct gpu *gpu)
{
    const struct framebuffer *fb = &gpu->fb;
    size_t size = fb->chunk_count * sizeof(struct virtio_gpu_mem_entry);
    struct virtio_gpu_mem_entry *entries = kzalloc(size);
    if (!entries)
        return -ENOMEM;
    size_t left = fb_bytes(fb);
    for (size_t i = 0; i < fb->chunk_count; i++) {
        entries[i].addr = page_pa(fb->chunks[i]);
        entries[i].length = (uint32_t)(left < FB_CHUNK_SIZE ? left : FB_CHUNK_SIZE);
        left -= entries[i].length;
    }
    struct virtio_seg more = virtio_seg(entries, size);
    gpu->request.attach.resource_id = RESOURCE;
    gpu->request.attach.nr_entries = (uint32_t)fb->chunk_count;
    int err = command(gpu, VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, sizeof gpu->request.attach,
                      &more, VIRTIO_GPU_RESP_OK_NODATA, sizeof gpu->response.hdr);
    kfree(entries);
    return err;
}

static int set_up_resource(struct gpu *gpu)
{
    struct virtio_gpu_rect all = {0, 0, gpu->fb.width, gpu->fb.height};
    gpu->request.create.resource_id = RESOURCE;
    gpu->request.create.format = VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM; /* 00rrggbb, little-endian */
    gpu->request.create.width = all.width;
    gpu->request.create.height = all.height;
    int err = simple_command(gpu, VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, sizeof gpu->request.create);
    if (err == 0)
        err = attach_memory(gpu);
    if (err < 0)
        return err;
    gpu->request.set_scanout.r = all;
    gpu->request.set_scanout.scanout_id = gpu->scanout;
    gpu->request.set_scanout.resource_id = RESOURCE;
    return simple_command(gpu, VIRTIO_GPU_CMD_SET_SCANOUT, sizeof gpu->request.set_scanout);
}

static int gpu_show(struct framebuffer *fb, const struct fb_area *area)
{
    struct gpu *gpu = fb->priv;
    struct virtio_gpu_rect r = {area->x0, area->y0, area->x1 - area->x0, area->y1 - area->y0};
    gpu->request.transfer.r = r;
    gpu->request.transfer.offset = ((uint64_t)r.y * fb->width + r.x) * 4;
    gpu->request.transfer.resource_id = RESOURCE;
    gpu->request.transfer.padding = 0;
    int err = simple_command(gpu, VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, sizeof gpu->request.transfer);
    if (err < 0)
        return err;
    gpu->request.flush.r = r;
    gpu->request.flush.resource_id = RESOURCE;
    gpu->request.flush.padding = 0;
    return simple_command(gpu, VIRTIO_GPU_CMD_RESOURCE_FLUSH, sizeof gpu->request.flush);
}

/* From the live device to /dev/fb. */
static int make_framebuffer(struct gpu *gpu)
{
    int err = choose_scanout(gpu);
    if (err < 0)
        return err;
    gpu->fb.show = gpu_show;
    gpu->fb.priv = gpu;
    err = fb_alloc(&gpu->fb);
    if (err < 0)
        return err;
    err = set_up_resource(gpu);
    if (err == 0)
        err = gpu_show(&gpu->fb, &(struct fb_area){0, 0, gpu->fb.width, gpu->fb.height});
    if (err == 0)
        err = fb_register(&gpu->fb);
    if (err < 0)
        fb_free(&gpu->fb); /* the device looks at it when it is told to only, and is reset */
    return err;
}

static int gpu_probe(struct virtio_device *dev)
{
    struct gpu *gpu = kzalloc(sizeof *gpu);
    if (!gpu)
        return -ENOMEM;
    gpu->dev = dev;
    gpu->control = virtqueue_create(dev, VIRTIO_GPU_CONTROLQ, 16, NULL, NULL);
    int err = gpu->control ? virtio_start(dev) : -ENODEV;
    if (err == 0)
        err = make_framebuffer(gpu);
    if (err < 0)
        kfree(gpu);
    return err;
}

const struct virtio_driver virtio_gpu_driver = {
    .name = "virtio-gpu",
    .device_id = VIRTIO_ID_GPU,
    .probe = gpu_probe,
};
