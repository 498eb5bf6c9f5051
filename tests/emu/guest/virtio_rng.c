/* virtio-rng: buffers of every size come back full of something; bad ones do not. */
#include "tests/emu/guest/virtio.h"

enum { QUEUE = 8 };

static struct virtio dev;
static struct virtio_queue q;
static uint8_t bytes[4096];

static void begin(void)
{
    note("negotiated", virtio_negotiate(&dev, 0));
    virtio_queue_init(&q, &dev, 0, QUEUE, 0);
    virtio_queue_ready(&q);
    virtio_start(&dev);
}

/* How many of the n bytes are not zero any more: random ones are, but for one in 256. */
static unsigned long changed(unsigned n)
{
    unsigned long count = 0;

    for (unsigned i = 0; i < n; i++)
        count += bytes[i] != 0;
    return count;
}

static void test_fill(uint32_t n)
{
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = 0;
    virtio_desc(&q.desc[0], (uintptr_t)bytes, n, VIRTQ_DESC_F_WRITE, 0);
    virtio_offer(&q, 0);
    virtio_kick(&q);
    note("filled", (unsigned long)virtio_wait(&q, 0));
    if (n >= 256)
        note("  mostly not zero", changed(n) > n - n / 32);
    note("  behind", bytes[n] != 0);
}

int main(void)
{
    if (!virtio_find(&dev, VIRTIO_ID_ENTROPY, 0))
        return 1;
    begin();
    test_fill(1);
    test_fill(64);
    test_fill(256);
    test_fill(1000);
    virtio_desc(&q.desc[0], (uintptr_t)bytes, 16, VIRTQ_DESC_F_WRITE | VIRTQ_DESC_F_NEXT, 3);
    virtio_desc(&q.desc[3], (uintptr_t)bytes + 100, 16, VIRTQ_DESC_F_WRITE, 0);
    virtio_offer(&q, 0);
    virtio_kick(&q);
    note("two pieces", (unsigned long)virtio_wait(&q, 0));
    note("interrupt", virtio_wait_bits(&dev, VIRTIO_MMIO_INTERRUPT_STATUS, 1));
    virtio_desc(&q.desc[0], (uintptr_t)bytes, 16, VIRTQ_DESC_F_NEXT, 0);
    virtio_offer(&q, 0);
    virtio_kick(&q);
    note("a loop", (unsigned long)virtio_wait(&q, 0));
    begin();
    test_fill(64);
    report();
    return 0;
}
