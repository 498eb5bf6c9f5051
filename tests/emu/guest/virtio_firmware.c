/*
 * In S-mode, under firmware: neither we nor a disk on our behalf reach the firmware's memory. Each
 * line is 1 if that is so. Requests are carried out at once by the emulator that this is for.
 */
#include "hw/virtio_blk.h"
#include "tests/emu/guest/virtio.h"

enum { FIRMWARE = 0x80000000 };

static struct virtio dev;
static uint8_t data[512];

/* Whether a request with its data there is served. */
static bool served(uint32_t type, uintptr_t where)
{
    static struct virtio_blk_req req;
    static volatile uint8_t status_byte;
    struct virtio_queue q;

    virtio_negotiate(&dev, 0);
    virtio_queue_init(&q, &dev, 0, 8, 0);
    virtio_queue_ready(&q);
    virtio_start(&dev);
    req = (struct virtio_blk_req){.type = type, .sector = 3};
    status_byte = 0x55;
    virtio_desc(&q.desc[0], (uintptr_t)&req, sizeof req, VIRTQ_DESC_F_NEXT, 1);
    virtio_desc(&q.desc[1], where, sizeof data,
                VIRTQ_DESC_F_NEXT | (type == VIRTIO_BLK_T_IN ? VIRTQ_DESC_F_WRITE : 0), 2);
    virtio_desc(&q.desc[2], (uintptr_t)&status_byte, 1, VIRTQ_DESC_F_WRITE, 0);
    virtio_offer(&q, 0);
    virtio_kick(&q);
    return status_byte == VIRTIO_BLK_S_OK;
}

int main(void)
{
    if (!virtio_find(&dev, VIRTIO_ID_BLOCK, 0))
        return 1;
    last_cause = 0;
    read32(FIRMWARE);
    note("we do not read it", last_cause == 5);
    note("a disk writes our memory", served(VIRTIO_BLK_T_IN, (uintptr_t)data));
    note("  what is on it", data[0] == 3 && data[8] == 4);
    note("a disk reads our memory", served(VIRTIO_BLK_T_OUT, (uintptr_t)data));
    note("a disk does not read the firmware", !served(VIRTIO_BLK_T_OUT, FIRMWARE));
    note("a disk does not write it", !served(VIRTIO_BLK_T_IN, FIRMWARE));
    note("nor further inside", !served(VIRTIO_BLK_T_IN, FIRMWARE + 0x2000));
    report();
    return 0;
}
