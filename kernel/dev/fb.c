/*
 * /dev/fb: the framebuffer as a file of width * height * 4 bytes.
 *
 * Writing marks the smallest rectangle around everything written; a thread shows it at most 60
 * times a second, and only when there is something to show. fsync() shows it at once.
 */
#include "kernel/dev/fb.h"
#include "abi/errno.h"
#include "kernel/dev/dev.h"
#include "kernel/klog.h"
#include "kernel/mm/mm.h"
#include "lib/string.h"

static struct framebuffer *the_fb; /* set once */

/* ---- memory */

size_t fb_bytes(const struct framebuffer *fb)
{
    return (size_t)fb->width * fb->height * 4;
}

int fb_alloc(struct framebuffer *fb)
{
    if (fb->width == 0 || fb->height == 0 || fb->width > FB_SIDE_MAX || fb->height > FB_SIDE_MAX)
        return -EINVAL;
    spin_init(&fb->lock);
    waitq_init(&fb->changed);
    mutex_init(&fb->showing);
    fb->dirty = (struct fb_area){0};
    if (fb_bytes(fb) / PAGE_SIZE > page_total() / FB_SHARE)
        return -ENOMEM;
    size_t count = (fb_bytes(fb) + FB_CHUNK_SIZE - 1) / FB_CHUNK_SIZE;
    fb->chunk_count = 0;
    fb->chunks = kmalloc(count * sizeof(struct page *));
    if (!fb->chunks)
        return -ENOMEM;
    for (; fb->chunk_count < count; fb->chunk_count++) {
        struct page *page = page_alloc_order(FB_CHUNK_ORDER);
        if (!page) {
            fb_free(fb);
            return -ENOMEM;
        }
        memset(page_va(page), 0, FB_CHUNK_SIZE);
        fb->chunks[fb->chunk_count] = page;
    }
    return 0;
}

void fb_free(struct framebuffer *fb)
{
    for (size_t i = 0; i < fb->chunk_count; i++)
        page_put(fb->chunks[i]);
    kfree(fb->chunks);
    fb->chunks = NULL;
    fb->chunk_count = 0;
}

/* Where the byte at `pos` is, and in *n how many of the n from there on lie in one piece. */
static uint8_t *fb_at(const struct framebuffer *fb, size_t pos, size_t *n)
{
    size_t in_chunk = pos % FB_CHUNK_SIZE;
    if (*n > FB_CHUNK_SIZE - in_chunk)
        *n = FB_CHUNK_SIZE - in_chunk;
    return (uint8_t *)page_va(fb->chunks[pos / FB_CHUNK_SIZE]) + in_chunk;
}

/* ---- reading, writing, showing */

/* How many of n bytes from `pos` on there are. */
static size_t clip(const struct framebuffer *fb, size_t n, int64_t pos)
{
    size_t size = fb_bytes(fb);
    if ((uint64_t)pos >= size)
        return 0;
    return n < size - (size_t)pos ? n : size - (size_t)pos;
}

long fb_read(struct framebuffer *fb, void *buf, size_t n, int64_t pos)
{
    n = clip(fb, n, pos);
    for (size_t done = 0, piece; done < n; done += piece) {
        piece = n - done;
        const uint8_t *from = fb_at(fb, (size_t)pos + done, &piece);
        memcpy((uint8_t *)buf + done, from, piece);
    }
    return (long)n;
}

/* The smallest area around the pixels that bytes [pos, pos + n) are in; n > 0. */
static struct fb_area area_of(const struct framebuffer *fb, size_t pos, size_t n)
{
    size_t first = pos / 4, last = (pos + n - 1) / 4;
    struct fb_area a = {0, (uint32_t)(first / fb->width), fb->width,
                        (uint32_t)(last / fb->width) + 1};
    if (a.y1 - a.y0 == 1) {
        a.x0 = (uint32_t)(first % fb->width);
        a.x1 = (uint32_t)(last % fb->width) + 1;
    }
    return a;
}

static void mark(struct framebuffer *fb, struct fb_area a)
{
    spin_lock(&fb->lock);
    struct fb_area *d = &fb->dirty;
    if (d->x0 == d->x1) {
        *d = a;
        waitq_wake_one(&fb->changed);
    } else {
        d->x0 = a.x0 < d->x0 ? a.x0 : d->x0;
        d->y0 = a.y0 < d->y0 ? a.y0 : d->y0;
        d->x1 = a.x1 > d->x1 ? a.x1 : d->x1;
        d->y1 = a.y1 > d->y1 ? a.y1 : d->y1;
    }
    spin_unlock(&fb->lock);
}

long fb_write(struct framebuffer *fb, const void *buf, size_t n, int64_t pos)
{
    if (n == 0)
        return 0;
    n = clip(fb, n, pos);
    if (n == 0)
        return -ENOSPC;
    for (size_t done = 0, piece; done < n; done += piece) {
        piece = n - done;
        uint8_t *to = fb_at(fb, (size_t)pos + done, &piece);
        memcpy(to, (const uint8_t *)buf + done, piece);
    }
    mark(fb, area_of(fb, (size_t)pos, n));
    return (long)n;
}

int fb_flush(struct framebuffer *fb)
{
    int err = 0;
    mutex_lock(&fb->showing); /* also when clean: another's show() may be under way */
    spin_lock(&fb->lock);
    struct fb_area area = fb->dirty;
    fb->dirty.x1 = fb->dirty.x0;
    spin_unlock(&fb->lock);
    if (area.x0 != area.x1)
        err = fb->show(fb, &area);
    mutex_unlock(&fb->showing);
    return err;
}

/*
 * Shows what was written, a frame's time after the first byte: what a program writes in one go
 * mostly comes onto the screen in one go.
 */
static void flusher(void *arg)
{
    struct framebuffer *fb = arg;
    for (;;) {
        spin_lock(&fb->lock);
        while (fb->dirty.x0 == fb->dirty.x1)
            waitq_sleep_hard(&fb->changed, &fb->lock);
        spin_unlock(&fb->lock);
        thread_sleep_until(time_ns() + FB_FRAME_NS);
        fb_flush(fb);
    }
}

/* ---- the device */

static long dev_read(struct chardev *dev, void *buf, size_t n, int64_t pos, unsigned flags)
{
    return fb_read(dev->priv, buf, n, pos);
}

static long dev_write(struct chardev *dev, const void *buf, size_t n, int64_t pos, unsigned flags)
{
    return fb_write(dev->priv, buf, n, pos);
}

static int64_t dev_size(struct chardev *dev)
{
    return (int64_t)fb_bytes(dev->priv);
}

static int dev_fsync(struct chardev *dev)
{
    return fb_flush(dev->priv);
}

static const struct chardev_ops fb_ops = {
    .read = dev_read,
    .write = dev_write,
    .size = dev_size,
    .fsync = dev_fsync,
};

static struct chardev fb_device = {"fb", 29, 0, 0666, false, &fb_ops, NULL, NULL};

int fb_register(struct framebuffer *fb)
{
    if (the_fb)
        return -EBUSY;
    if (!thread_create("fb", flusher, fb))
        return -ENOMEM;
    fb_device.priv = fb;
    __atomic_store_n(&the_fb, fb, __ATOMIC_RELEASE);
    chardev_register(&fb_device);
    klog(LOG_INFO, "fb: %ux%u", fb->width, fb->height);
    return 0;
}

bool fb_size(unsigned *width, unsigned *height)
{
    const struct framebuffer *fb = __atomic_load_n(&the_fb, __ATOMIC_ACQUIRE);
    if (!fb)
        return false;
    *width = fb->width;
    *height = fb->height;
    return true;
}
