/* A disk that is asked for much at once: the machine goes on meanwhile, and all is done in the end.
 */
#include "hw/virtio_blk.h"
#include "tests/emu/guest/virtio.h"

enum {
    REQUESTS = VIRTIO_QUEUE_MAX / 2,
    BYTES = 4 << 20,     /* of each request */
    BUFFER = 0x82000000, /* all of them read into it */
};

static struct virtio dev;
static struct virtio_queue q;
static struct virtio_blk_req req = {.type = VIRTIO_BLK_T_IN};
static struct virtq_desc tables[REQUESTS][3];
static uint8_t status[REQUESTS];

static void offer(unsigned i)
{
    status[i] = 0x55;
    virtio_desc(&tables[i][0], (uintptr_t)&req, sizeof req, VIRTQ_DESC_F_NEXT, 1);
    virtio_desc(&tables[i][1], BUFFER, BYTES, VIRTQ_DESC_F_NEXT | VIRTQ_DESC_F_WRITE, 2);
    virtio_desc(&tables[i][2], (uintptr_t)&status[i], 1, VIRTQ_DESC_F_WRITE, 0);
    virtio_desc(&q.desc[i], (uintptr_t)tables[i], sizeof tables[i], VIRTQ_DESC_F_INDIRECT, 0);
    virtio_offer(&q, (uint16_t)i);
}

static void begin(void)
{
    note("negotiated", virtio_negotiate(&dev, 1u << VIRTIO_F_INDIRECT_DESC));
    virtio_queue_init(&q, &dev, 0, VIRTIO_QUEUE_MAX, 0);
    virtio_queue_ready(&q);
    virtio_start(&dev);
    for (unsigned i = 0; i < REQUESTS; i++)
        offer(i);
    virtio_kick(&q);
}

int main(void)
{
    unsigned done = 0, good = 0;
    uint16_t at_once;

    if (!virtio_find(&dev, VIRTIO_ID_BLOCK, 0))
        return 1;
    begin();
    at_once = *(volatile uint16_t *)&q.used->idx;
    note("some are done at once", at_once > 0);
    note("not all of them", at_once < REQUESTS);
    while (done < REQUESTS && virtio_wait(&q, 0) == BYTES + 1)
        done++;
    for (unsigned i = 0; i < REQUESTS; i++)
        good += status[i] == VIRTIO_BLK_S_OK;
    note("all are done", done == REQUESTS);
    note("without an error", good == REQUESTS);
    begin();
    note("a reset in between", virtio_negotiate(&dev, 0));
    note("  leaves nothing to do", virtio_wait(&q, 0) <= BYTES + 1);
    report();
    return 0;
}
