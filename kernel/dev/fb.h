#pragma once
/*
 * The framebuffer: pixels in memory that the kernel owns, shown by a driver.
 *
 * A driver fills in a `struct framebuffer`, calls fb_alloc() for its memory and fb_register() when
 * it can show it; /dev/fb (fb.c) is then there. A pixel is 32 bits, 00rrggbb; row follows row.
 */
#include <stddef.h>
#include <stdint.h>
#include "kernel/sched/sched.h"

#define FB_SIDE_MAX    8192u /* pixels: larger displays are not believed */
#define FB_CHUNK_ORDER 6     /* its memory comes in blocks of 1 << FB_CHUNK_ORDER pages */
#define FB_SHARE       2     /* the part of memory, as a divisor, that it may take */
#define FB_FRAME_NS    (1000000000 / 60)

/* Columns [x0, x1) of rows [y0, y1); x0 == x1: nothing. */
struct fb_area {
    uint32_t x0, y0, x1, y1;
};

struct framebuffer {
    /* The driver's, constant from fb_alloc() on. */
    unsigned width, height; /* pixels */
    /*
     * Shows an area, which lies within the framebuffer and is not empty: 0 or -EIO. Thread context,
     * one call at a time, may sleep.
     */
    int (*show)(struct framebuffer *fb, const struct fb_area *area);
    void *priv;

    /* fb.c's. */
    struct page **chunks; /* each FB_CHUNK_SIZE bytes long */
    size_t chunk_count;
    struct spinlock lock; /* dirty */
    struct fb_area dirty; /* written since it was last shown */
    struct waitq changed; /* for the thread that shows it */
    struct mutex showing; /* held across show() */
};

/* The bytes of a chunk; all but the last are full. */
#define FB_CHUNK_SIZE ((size_t)PAGE_SIZE << FB_CHUNK_ORDER)

/*
 * Black memory for fb->width by fb->height pixels. 0, -EINVAL for a size that cannot be, -ENOMEM.
 * fb_free() is for a driver that gives up before it registers.
 */
int fb_alloc(struct framebuffer *fb);
void fb_free(struct framebuffer *fb);

/*
 * Makes it the system's framebuffer, for ever; -EBUSY when there is one, -ENOMEM. The first becomes
 * /dev/fb.
 */
int fb_register(struct framebuffer *fb);

/* Its size; false when there is no framebuffer. Any context. */
bool fb_size(unsigned *width, unsigned *height);

/* ---- what /dev/fb is made of, also for the self-test */

/* Bytes in all. */
size_t fb_bytes(const struct framebuffer *fb);
/*
 * Bytes from `pos` on, which is not negative: the count, cut at the end; 0 there, or, for a write
 * of something, -ENOSPC.
 */
long fb_read(struct framebuffer *fb, void *buf, size_t n, int64_t pos);
long fb_write(struct framebuffer *fb, const void *buf, size_t n, int64_t pos);
/* Shows what was written since the last time: 0 or -EIO. Sleeps. */
int fb_flush(struct framebuffer *fb);
