/*
 * virtio-snd under a driver that means it, mostly: streams live and die in any order, with buffers
 * of any shape, some of which are changed, or offered again, while the device has them. Prints how
 * often requests succeeded and how many buffers came back, so that a test sees that it got far.
 */
#include <stddef.h>

#include "hw/virtio_snd.h"
#include "tests/emu/guest/virtio.h"

#ifndef SEED
#    define SEED 1
#endif
#ifndef STEPS
#    define STEPS 20000
#endif

enum { QUEUE = 16, DATA = 8192 };

static struct virtio v;
static struct virtio_queue queues[VIRTIO_SND_VQ_MAX];
static uint32_t request[8];
static uint8_t response[256], data[DATA];
static uint32_t xfer[QUEUE];
static uint32_t status[QUEUE][2];
static unsigned long fine, returned, resets;
static uint32_t state = SEED;

static uint32_t any(uint32_t n)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state % n;
}

static void begin(void)
{
    virtio_negotiate(&v, any(2) ? (uint64_t)1 << VIRTIO_F_EVENT_IDX : 0);
    for (unsigned i = 0; i < VIRTIO_SND_VQ_MAX; i++) {
        virtio_queue_init(&queues[i], &v, i, QUEUE, i);
        virtio_queue_ready(&queues[i]);
    }
    virtio_start(&v);
    resets++;
}

/* What has come back. */
static void collect(void)
{
    for (unsigned i = 0; i < VIRTIO_SND_VQ_MAX; i++) {
        volatile uint16_t *idx = &queues[i].used->idx;
        while (*idx != queues[i].seen) {
            queues[i].seen++;
            returned++;
            if (i == VIRTIO_SND_VQ_CONTROL && *(volatile uint32_t *)response == VIRTIO_SND_S_OK)
                fine++;
        }
    }
}

static void control(void)
{
    static const uint16_t codes[] = {
        VIRTIO_SND_R_PCM_SET_PARAMS, VIRTIO_SND_R_PCM_SET_PARAMS, VIRTIO_SND_R_PCM_PREPARE,
        VIRTIO_SND_R_PCM_PREPARE,    VIRTIO_SND_R_PCM_START,      VIRTIO_SND_R_PCM_START,
        VIRTIO_SND_R_PCM_STOP,       VIRTIO_SND_R_PCM_RELEASE,    VIRTIO_SND_R_PCM_INFO,
        VIRTIO_SND_R_JACK_INFO,      VIRTIO_SND_R_CHMAP_INFO,     VIRTIO_SND_R_JACK_REMAP,
    };
    struct virtio_queue *q = &queues[VIRTIO_SND_VQ_CONTROL];
    uint32_t period = (any(64) + 1) * (any(8) ? 32 : 1);

    request[0] = codes[any(sizeof codes / sizeof codes[0])];
    request[1] = any(20) ? any(2) : any(4);
    request[2] = period * (any(4) + 1);
    request[3] = period;
    request[4] = any(4) ? 0 : 16;
    request[5] = any(9) | (uint32_t)(any(10) ? 3 + any(4) : any(30)) << 8 | any(17) << 16;
    virtio_desc(&q->desc[0], (uintptr_t)request, any(20) ? 24 : any(24), VIRTQ_DESC_F_NEXT, 1);
    virtio_desc(&q->desc[1], (uintptr_t)response, any(20) ? 4 + any(250) : any(8),
                VIRTQ_DESC_F_WRITE, 0);
    virtio_offer(q, 0);
    virtio_kick(q);
}

/* Header, sound, status; sometimes other sizes, another order or no memory there. */
static void sound(void)
{
    bool out = any(3) != 0;
    struct virtio_queue *q = &queues[out ? VIRTIO_SND_VQ_TX : VIRTIO_SND_VQ_RX];
    uint16_t d = (uint16_t)(any(QUEUE / 4) * 4), write = out ? 0 : VIRTQ_DESC_F_WRITE;

    xfer[d] = any(20) ? !out : any(4);
    virtio_desc(&q->desc[d], (uintptr_t)&xfer[d], any(100) ? 4 : any(8), VIRTQ_DESC_F_NEXT,
                (uint16_t)(d + 1));
    virtio_desc(&q->desc[d + 1], any(200) ? (uintptr_t)data : any(4) << 30,
                any(50) ? any(DATA) : any(16), VIRTQ_DESC_F_NEXT | write, (uint16_t)(d + 2));
    virtio_desc(&q->desc[d + 2], (uintptr_t)status[d], any(100) ? 8 : any(8), VIRTQ_DESC_F_WRITE,
                0);
    virtio_offer(q, d);
    if (any(4))
        virtio_kick(q);
}

static void event(void)
{
    struct virtio_queue *q = &queues[VIRTIO_SND_VQ_EVENT];
    uint16_t d = (uint16_t)any(QUEUE);

    virtio_desc(&q->desc[d], (uintptr_t)response, any(50) ? 8 : any(8), VIRTQ_DESC_F_WRITE, 0);
    virtio_offer(q, d);
}

/* A descriptor that the device may have gets another length. */
static void disturb(void)
{
    queues[VIRTIO_SND_VQ_TX + any(2)].desc[any(QUEUE)].len = any(DATA);
}

int main(void)
{
    if (!virtio_find(&v, VIRTIO_ID_SOUND, 0))
        return 1;
    begin();
    for (unsigned long i = 0; i < STEPS; i++) {
        uint32_t what = any(64);
        if (what < 24)
            control();
        else if (what < 48)
            sound();
        else if (what < 52)
            event();
        else if (what < 53)
            disturb();
        else
            delay(any(30) * TICKS_PER_MS / 10);
        collect();
        if (virtio_read(&v, VIRTIO_MMIO_STATUS) & VIRTIO_STATUS_DEVICE_NEEDS_RESET || !any(500))
            begin();
    }
    note("fine", fine);
    note("returned", returned);
    note("resets", resets);
    report();
    return 0;
}
