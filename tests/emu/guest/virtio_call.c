#include "tests/emu/guest/virtio_call.h"

bool virtio_open(struct virtio_port *p, unsigned device_id, unsigned n, uint64_t features,
                 unsigned memory)
{
    if (!virtio_find(&p->virtio, device_id, n))
        return false;
    p->offered = virtio_features(&p->virtio);
    if (!virtio_negotiate(&p->virtio, features & p->offered))
        return false;
    for (unsigned i = 0; i < CALL_QUEUES; i++) {
        virtio_queue_init(&p->queue[i], &p->virtio, i, CALL_QUEUE_SIZE, memory + i);
        virtio_queue_ready(&p->queue[i]);
    }
    virtio_start(&p->virtio);
    return true;
}

void virtio_put(struct virtio_port *p, unsigned queue, unsigned slot, const void *out,
                uint32_t out_size, void *in, uint32_t in_size)
{
    struct virtio_queue *q = &p->queue[queue];
    uint16_t head = (uint16_t)(2 * slot), next = in_size != 0 ? (uint16_t)(head + 1) : 0;

    if (out_size != 0)
        virtio_desc(&q->desc[head], (uintptr_t)out, out_size, in_size != 0 ? VIRTQ_DESC_F_NEXT : 0,
                    next);
    if (in_size != 0)
        virtio_desc(&q->desc[out_size != 0 ? next : head], (uintptr_t)in, in_size,
                    VIRTQ_DESC_F_WRITE, 0);
    virtio_offer(q, head);
    virtio_kick(q);
}

bool virtio_is_used(const struct virtio_port *p, unsigned queue)
{
    const struct virtio_queue *q = &p->queue[queue];

    return *(const volatile uint16_t *)&q->used->idx != q->seen;
}

long virtio_call(struct virtio_port *p, unsigned queue, const void *out, uint32_t out_size,
                 void *in, uint32_t in_size)
{
    virtio_put(p, queue, 0, out, out_size, in, in_size);
    return virtio_wait(&p->queue[queue], 0);
}

/* What the compiler takes for granted; volatile, lest it takes these for themselves. */
void *memset(void *p, int c, __SIZE_TYPE__ n);
void *memcpy(void *to, const void *from, __SIZE_TYPE__ n);

void *memset(void *p, int c, __SIZE_TYPE__ n)
{
    for (volatile uint8_t *q = p; n > 0; n--)
        *q++ = (uint8_t)c;
    return p;
}

void *memcpy(void *to, const void *from, __SIZE_TYPE__ n)
{
    volatile uint8_t *q = to;

    for (const uint8_t *p = from; n > 0; n--)
        *q++ = *p++;
    return to;
}
