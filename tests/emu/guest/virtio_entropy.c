/* Prints 64 bytes of the random number device. */
#include "tests/emu/guest/virtio.h"

static uint32_t words[16];

int main(void)
{
    struct virtio dev;
    struct virtio_queue q;

    if (!virtio_find(&dev, VIRTIO_ID_ENTROPY, 0) || !virtio_negotiate(&dev, 0))
        return 1;
    virtio_queue_init(&q, &dev, 0, 8, 0);
    virtio_queue_ready(&q);
    virtio_start(&dev);
    virtio_desc(&q.desc[0], (uintptr_t)words, sizeof words, VIRTQ_DESC_F_WRITE, 0);
    virtio_offer(&q, 0);
    virtio_kick(&q);
    if (virtio_wait(&q, 0) != sizeof words)
        return 2;
    for (unsigned i = 0; i < 16; i++)
        note("word", words[i]);
    report();
    return 0;
}
