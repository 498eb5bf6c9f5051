/*
 * Self-test of the virtqueues, with a device that is a page of registers and this test: buffers
 * come back in any order and whatever the device scribbles; one that answers with nonsense is given
 * up.
 */
#include "abi/errno.h"
#include "kernel/dev/virtio_internal.h"
#include "kernel/mm/mm.h"
#include "kernel/selftest.h"
#include "lib/string.h"

#define NUM       8u
#define NO_NOTIFY 0xffffffff

static const struct virtio_driver driver = {.name = "selftest"};
static uint32_t random_state = 4711;

/* Buffers the device has, by token number. */
static struct {
    unsigned segs, in;
    uint32_t room; /* bytes it may write */
    uint16_t head;
    bool held;
    long result;
} buffers[1000];

static unsigned completed;

static unsigned below(unsigned n)
{
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 8) % n;
}

static void complete(void *arg, void *token, long result)
{
    unsigned i = (unsigned)(uintptr_t)token - 1;
    expect(i < 1000 && buffers[i].held);
    buffers[i].held = false;
    buffers[i].result = result;
    completed++;
}

static struct virtqueue *fake_queue(struct virtio_device *dev, uint64_t features)
{
    memset(buffers, 0, sizeof buffers);
    completed = 0;
    *dev = (struct virtio_device){.driver = &driver, .features = features, .name = "virtio-test"};
    dev->base = kzalloc(PAGE_SIZE);
    expect(dev->base);
    struct virtqueue *vq = virtqueue_alloc(dev, 0, NUM);
    expect(vq);
    vq->complete = complete;
    dev->queues[0] = vq;
    return vq;
}

static void fake_end(struct virtio_device *dev)
{
    virtqueue_free(dev->queues[0]);
    kfree(dev->base);
}

/* Adds buffer i of random shape; false: no room. */
static bool add(struct virtqueue *vq, void *page, unsigned i)
{
    struct virtio_seg segs[4];
    unsigned count = 1 + below(4);
    buffers[i].segs = count;
    buffers[i].in = below(count + 1);
    buffers[i].room = 0;
    buffers[i].head = vq->free_head;
    for (unsigned k = 0; k < count; k++) {
        segs[k] = virtio_seg((char *)page + 64 * k, 1 + below(64));
        if (k >= count - buffers[i].in)
            buffers[i].room += segs[k].len;
    }
    int err =
        virtqueue_add(vq, segs, count - buffers[i].in, buffers[i].in, (void *)(uintptr_t)(i + 1));
    expect(err == 0 || err == -ENOSPC);
    buffers[i].held = err == 0;
    return err == 0;
}

/* The chain the device finds at the head is what was added. */
static void check_chain(struct virtqueue *vq, unsigned i)
{
    const struct virtq_desc *table = vq->desc, *d = &table[buffers[i].head];
    if (d->flags & VIRTQ_DESC_F_INDIRECT) {
        expect(d->len == buffers[i].segs * sizeof *d && d->flags == VIRTQ_DESC_F_INDIRECT);
        table = d = mm_phys_view(d->addr, d->len);
    }
    for (unsigned k = 0; k < buffers[i].segs; k++) {
        bool last = k + 1 == buffers[i].segs;
        expect(!(d->flags & VIRTQ_DESC_F_NEXT) == last);
        expect(!(d->flags & VIRTQ_DESC_F_WRITE) == (k < buffers[i].segs - buffers[i].in));
        expect(d->len >= 1 && d->len <= 64);
        if (!last)
            d = &table[d->next];
    }
}

static void use(struct virtqueue *vq, uint32_t id, uint32_t len)
{
    vq->used->ring[vq->used->idx % NUM] = (struct virtq_used_elem){id, len};
    vq->used->idx++;
}

static unsigned any_held(unsigned n)
{
    unsigned i = below(n);
    while (!buffers[i].held)
        i = (i + 1) % n;
    return i;
}

/* Uses one of the first n buffers and sees it complete, with less than it says if that is too much.
 */
static void use_one(struct virtqueue *vq, unsigned n)
{
    unsigned i = any_held(n), before = completed;
    uint32_t len = below(300);
    check_chain(vq, i);
    vq->desc[below(NUM)].next = (uint16_t)below(65536); /* nothing the driver relies on... */
    use(vq, buffers[i].head, len);
    virtqueue_interrupt(vq);
    expect(completed == before + 1 && !buffers[i].held);
    expect(buffers[i].result == (long)(len < buffers[i].room ? len : buffers[i].room));
}

static void test_order(uint64_t features)
{
    struct virtio_device dev;
    struct virtqueue *vq = fake_queue(&dev, features);
    void *page = kzalloc(PAGE_SIZE);
    unsigned n = 0, held = 0, free_before = vq->free_count;
    expect(page);
    while (n < 1000) {
        if (below(2) && add(vq, page, n))
            n++, held++;
        if (held > 0 && below(2)) {
            /* ... but what the device is yet to read must be whole for check_chain(). */
            struct virtq_desc saved[NUM];
            memcpy(saved, vq->desc, sizeof saved);
            use_one(vq, n);
            memcpy(vq->desc, saved, sizeof saved);
            held--;
        }
    }
    for (; held > 0; held--)
        use_one(vq, n);
    expect(vq->free_count == free_before && !virtio_is_broken(&dev));
    kfree(page);
    fake_end(&dev);
}

/* The device hears of buffers when it wants to. */
static void test_kicks(void)
{
    struct virtio_device dev;
    struct virtqueue *vq = fake_queue(&dev, 1ull << VIRTIO_F_EVENT_IDX);
    void *page = kzalloc(PAGE_SIZE);
    uint16_t *event = (uint16_t *)&vq->used->ring[NUM];
    expect(page);
    for (unsigned i = 0; i < 3; i++) {
        *event = i == 1 ? 100 : (uint16_t)i;
        virtio_set_reg(&dev, VIRTIO_MMIO_QUEUE_NOTIFY, NO_NOTIFY);
        while (!add(vq, page, i))
            use_one(vq, i);
        virtqueue_kick(vq);
        expect((virtio_reg(&dev, VIRTIO_MMIO_QUEUE_NOTIFY) != NO_NOTIFY) == (i != 1));
    }
    kfree(page);
    fake_end(&dev);
}

enum nonsense { INDEX_AHEAD, INDEX_BACK, UNKNOWN_ID, TWICE, NEVER_GIVEN, NONSENSE_COUNT };

static void answer(struct virtqueue *vq, enum nonsense what)
{
    switch (what) {
    case INDEX_AHEAD: vq->used->idx = (uint16_t)(vq->seen + NUM + 1); break;
    case INDEX_BACK: vq->used->idx = (uint16_t)(vq->seen - 1); break;
    case UNKNOWN_ID: use(vq, NUM, 0); break;
    case TWICE:
        use(vq, buffers[0].head, 0);
        use(vq, buffers[0].head, 0);
        break;
    default: use(vq, vq->free_head, 0); break;
    }
}

static void test_nonsense(enum nonsense what)
{
    struct virtio_device dev;
    struct virtqueue *vq = fake_queue(&dev, 0);
    void *page = kzalloc(PAGE_SIZE);
    unsigned n = 0;
    expect(page);
    while (n < 2 || vq->free_count > 5)
        n += add(vq, page, n);
    answer(vq, what);
    virtqueue_interrupt(vq);
    expect(virtio_is_broken(&dev));
    for (unsigned tries = 0; completed < n && tries < 1000; tries++)
        thread_sleep_until(time_ns() + 1000000);
    expect(completed == n);
    for (unsigned i = 0; i < n; i++)
        expect(buffers[i].result == (what == TWICE && i == 0 ? 0 : -EIO));
    struct virtio_seg seg = virtio_seg(page, 1);
    expect(virtqueue_add(vq, &seg, 1, 0, page) == -EIO);
    virtqueue_interrupt(vq);
    expect(completed == n);
    kfree(page);
    fake_end(&dev);
}

void selftest_virtio(void)
{
    size_t before = page_free_count();
    test_order(0);
    test_order(1ull << VIRTIO_F_INDIRECT_DESC | 1ull << VIRTIO_F_EVENT_IDX);
    test_kicks();
    for (unsigned what = 0; what < NONSENSE_COUNT; what++)
        test_nonsense(what);
    expect(page_free_count() == before);
}
