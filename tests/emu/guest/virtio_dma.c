/*
 * What PMP refuses to S-mode no device reaches. A disk reads into, and writes from, a page that is
 * closed by different entries; each line is 1 if the device did what the entries say.
 */
#include "hw/virtio_blk.h"
#include "tests/emu/guest/virtio.h"

enum { QUEUE = 16, PAGE = 4096 };

enum { R = 1, W = 2, TOR = 1 << 3, NAPOT = 3 << 3 };

static struct virtio dev;
static struct virtio_queue q;
static struct virtio_blk_req req;
static uint8_t status_byte;
static uint8_t pages[3 * PAGE] __attribute__((aligned(4 * PAGE)));

static void set_pmp(unsigned long addr0, unsigned long addr1, unsigned long cfg)
{
    __asm__ volatile("csrw pmpcfg0, zero\n\tcsrw pmpaddr0, %0\n\tcsrw pmpaddr1, %1\n\t"
                     "csrw pmpcfg0, %2"
                     :
                     : "r"(addr0), "r"(addr1), "r"(cfg)
                     : "memory");
}

static unsigned long napot(const void *page)
{
    return (uintptr_t)page >> 2 | (PAGE / 8 - 1);
}

static void begin(void)
{
    virtio_negotiate(&dev, 0);
    virtio_queue_init(&q, &dev, 0, QUEUE, 0);
    virtio_queue_ready(&q);
    virtio_start(&dev);
}

/* Whether a request with its data in these n bytes is served. What was not must not be changed. */
static bool served(bool in, uint8_t *where, uint32_t n)
{
    bool done, touched = false;

    begin();
    for (unsigned i = 0; i < sizeof pages; i++)
        pages[i] = 0xa5;
    req = (struct virtio_blk_req){.type = in ? VIRTIO_BLK_T_IN : VIRTIO_BLK_T_OUT, .sector = 8};
    status_byte = 0x55;
    virtio_desc(&q.desc[0], (uintptr_t)&req, sizeof req, VIRTQ_DESC_F_NEXT, 1);
    virtio_desc(&q.desc[1], (uintptr_t)where, n, VIRTQ_DESC_F_NEXT | (in ? VIRTQ_DESC_F_WRITE : 0),
                2);
    virtio_desc(&q.desc[2], (uintptr_t)&status_byte, 1, VIRTQ_DESC_F_WRITE, 0);
    virtio_offer(&q, 0);
    virtio_kick(&q);
    done = virtio_wait(&q, 0) >= 0 && status_byte == VIRTIO_BLK_S_OK;
    for (unsigned i = 0; i < sizeof pages; i++)
        touched |= pages[i] != 0xa5;
    return done || touched;
}

static bool reads(uint8_t *where, uint32_t n)
{
    return served(false, where, n);
}

static bool writes(uint8_t *where, uint32_t n)
{
    return served(true, where, n);
}

int main(void)
{
    uint8_t *closed = pages + PAGE;

    if (!virtio_find(&dev, VIRTIO_ID_BLOCK, 0))
        return 1;
    note("open: read", reads(closed, 512));
    note("open: written", writes(closed, 512));
    set_pmp(napot(closed), 0, NAPOT);
    note("closed: not read", !reads(closed, 512));
    note("closed: not written", !writes(closed, 512));
    note("closed: nor its last bytes", !writes(closed + PAGE - 1, 512));
    note("closed: nor its first", !writes(closed - 511, 512));
    note("closed: nor a range around it", !writes(pages, 3 * PAGE));
    note("closed: before it, yes", writes(closed - 512, 512));
    note("closed: behind it, yes", writes(closed + PAGE, 512));
    set_pmp(napot(closed), 0, NAPOT | R);
    note("readable: read", reads(closed, 512));
    note("readable: not written", !writes(closed, 512));
    set_pmp(napot(closed), 0, NAPOT | R | W);
    note("writable: read", reads(closed, 512));
    note("writable: written", writes(closed, 512));
    set_pmp((uintptr_t)closed >> 2, (uintptr_t)(closed + PAGE) >> 2, (TOR | R | W) | TOR << 8);
    note("TOR: not read", !reads(closed, 512));
    note("TOR: not over its edge", !reads(closed - 256, 512));
    note("TOR: below, yes", reads(closed - 512, 512));
    set_pmp(napot(closed), -1ul, (NAPOT | R | W) | NAPOT << 8);
    note("all but one closed: ring out of reach", !reads(closed, 512));
    set_pmp(0, 0, 0);
    note("open again: read", reads(closed, 512));
    report();
    return 0;
}
