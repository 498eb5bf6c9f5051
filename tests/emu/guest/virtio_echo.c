/* virtio-console without MULTIPORT: sends back what it receives, with the next letter, up to a '.'.
 */
#include "hw/virtio_console.h"
#include "tests/emu/guest/virtio.h"

int main(void)
{
    static char byte;
    struct virtio_queue in, out;
    struct virtio dev;

    if (!virtio_find(&dev, VIRTIO_ID_CONSOLE, 0) || !virtio_negotiate(&dev, 0))
        return 1;
    virtio_queue_init(&in, &dev, VIRTIO_CONSOLE_RECEIVEQ, 8, 0);
    virtio_queue_init(&out, &dev, VIRTIO_CONSOLE_TRANSMITQ, 8, 1);
    virtio_queue_ready(&in);
    virtio_queue_ready(&out);
    virtio_start(&dev);
    virtio_desc(&in.desc[0], (uintptr_t)&byte, 1, VIRTQ_DESC_F_WRITE, 0);
    virtio_desc(&out.desc[0], (uintptr_t)&byte, 1, 0, 0);
    do {
        virtio_offer(&in, 0);
        virtio_kick(&in);
        while (virtio_wait(&in, 0) != 1)
            ;
        byte++;
        virtio_offer(&out, 0);
        virtio_kick(&out);
        virtio_wait(&out, 0);
    } while (byte != '.' + 1);
    return 0;
}
