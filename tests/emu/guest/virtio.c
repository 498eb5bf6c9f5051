#include "tests/emu/guest/virtio.h"

enum { QUEUES = 8, PATIENCE = 200 * TICKS_PER_MS };

static uint8_t memory[QUEUES][VIRTIO_QUEUE_BYTES] __attribute__((aligned(VIRTIO_PAGE)));

static void fence(void)
{
    __asm__ volatile("fence iorw, iorw" ::: "memory");
}

bool virtio_find(struct virtio *v, unsigned device_id, unsigned n)
{
    for (unsigned slot = VIRTIO_SLOTS; slot-- > 0;) {
        v->base = VIRTIO_BASE + slot * 0x1000;
        v->irq = slot + 1;
        v->legacy = virtio_read(v, VIRTIO_MMIO_VERSION) == 1;
        if (virtio_read(v, VIRTIO_MMIO_MAGIC_VALUE) == VIRTIO_MMIO_MAGIC &&
            virtio_read(v, VIRTIO_MMIO_DEVICE_ID) == device_id && n-- == 0)
            return true;
    }
    return false;
}

uint64_t virtio_features(const struct virtio *v)
{
    uint64_t features;

    virtio_write(v, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 1);
    features = (uint64_t)virtio_read(v, VIRTIO_MMIO_DEVICE_FEATURES) << 32;
    virtio_write(v, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 0);
    return features | virtio_read(v, VIRTIO_MMIO_DEVICE_FEATURES);
}

bool virtio_negotiate(const struct virtio *v, uint64_t features)
{
    if (v->legacy) /* before the reset, as Linux does */
        virtio_write(v, VIRTIO_MMIO_GUEST_PAGE_SIZE, VIRTIO_PAGE);
    virtio_write(v, VIRTIO_MMIO_STATUS, 0);
    virtio_write(v, VIRTIO_MMIO_STATUS, VIRTIO_STATUS_ACKNOWLEDGE);
    virtio_write(v, VIRTIO_MMIO_STATUS, VIRTIO_STATUS_ACKNOWLEDGE | VIRTIO_STATUS_DRIVER);
    if (!v->legacy)
        features |= UINT64_C(1) << VIRTIO_F_VERSION_1;
    virtio_write(v, VIRTIO_MMIO_DRIVER_FEATURES_SEL, 1);
    virtio_write(v, VIRTIO_MMIO_DRIVER_FEATURES, (uint32_t)(features >> 32));
    virtio_write(v, VIRTIO_MMIO_DRIVER_FEATURES_SEL, 0);
    virtio_write(v, VIRTIO_MMIO_DRIVER_FEATURES, (uint32_t)features);
    if (v->legacy)
        return true;
    virtio_write(v, VIRTIO_MMIO_STATUS,
                 VIRTIO_STATUS_ACKNOWLEDGE | VIRTIO_STATUS_DRIVER | VIRTIO_STATUS_FEATURES_OK);
    return virtio_read(v, VIRTIO_MMIO_STATUS) & VIRTIO_STATUS_FEATURES_OK;
}

void virtio_start(const struct virtio *v)
{
    virtio_write(v, VIRTIO_MMIO_STATUS,
                 virtio_read(v, VIRTIO_MMIO_STATUS) | VIRTIO_STATUS_DRIVER_OK);
}

void virtio_queue_init(struct virtio_queue *q, const struct virtio *v, unsigned index, unsigned num,
                       unsigned n)
{
    uint8_t *base = memory[n % QUEUES];

    for (unsigned i = 0; i < VIRTIO_QUEUE_BYTES; i++)
        ((volatile uint8_t *)base)[i] = 0;
    *q = (struct virtio_queue){
        .virtio = v,
        .index = index,
        .num = num,
        .desc = (struct virtq_desc *)base,
        .avail = (struct virtq_avail *)(base + num * sizeof(struct virtq_desc)),
        .used = (struct virtq_used *)(base + virtq_legacy_used_offset(num, VIRTIO_PAGE)),
    };
}

static void write_address(const struct virtio *v, unsigned low, const void *p)
{
    uint64_t address = (uintptr_t)p;

    virtio_write(v, low, (uint32_t)address);
    virtio_write(v, low + 4, (uint32_t)(address >> 32));
}

void virtio_queue_ready(const struct virtio_queue *q)
{
    const struct virtio *v = q->virtio;

    virtio_write(v, VIRTIO_MMIO_QUEUE_SEL, q->index);
    virtio_write(v, VIRTIO_MMIO_QUEUE_NUM, q->num);
    if (v->legacy) {
        virtio_write(v, VIRTIO_MMIO_QUEUE_ALIGN, VIRTIO_PAGE);
        virtio_write(v, VIRTIO_MMIO_QUEUE_PFN, (uint32_t)((uintptr_t)q->desc / VIRTIO_PAGE));
        return;
    }
    write_address(v, VIRTIO_MMIO_QUEUE_DESC_LOW, q->desc);
    write_address(v, VIRTIO_MMIO_QUEUE_DRIVER_LOW, q->avail);
    write_address(v, VIRTIO_MMIO_QUEUE_DEVICE_LOW, q->used);
    virtio_write(v, VIRTIO_MMIO_QUEUE_READY, 1);
}

void virtio_desc(struct virtq_desc *desc, uint64_t addr, uint32_t len, uint16_t flags,
                 uint16_t next)
{
    *desc = (struct virtq_desc){.addr = addr, .len = len, .flags = flags, .next = next};
}

void virtio_offer(struct virtio_queue *q, uint16_t head)
{
    uint16_t idx = *(volatile uint16_t *)&q->avail->idx;

    q->avail->ring[idx % q->num] = head;
    fence();
    *(volatile uint16_t *)&q->avail->idx = (uint16_t)(idx + 1);
    fence();
}

void virtio_kick(const struct virtio_queue *q)
{
    fence();
    virtio_write(q->virtio, VIRTIO_MMIO_QUEUE_NOTIFY, q->index);
}

long virtio_wait(struct virtio_queue *q, uint16_t *head)
{
    uint64_t start = ticks();
    const volatile struct virtq_used_elem *elem = &q->used->ring[q->seen % q->num];

    while (*(volatile uint16_t *)&q->used->idx == q->seen)
        if (ticks() - start > PATIENCE)
            return -1;
    fence();
    q->seen++;
    if (head != 0)
        *head = (uint16_t)elem->id;
    return (long)elem->len;
}

uint32_t virtio_wait_bits(const struct virtio *v, unsigned reg, uint32_t bits)
{
    uint64_t start = ticks();
    uint32_t value;

    do
        value = virtio_read(v, reg);
    while (!(value & bits) && ticks() - start < PATIENCE);
    return value;
}

bool virtio_pending(const struct virtio *v)
{
    return read32(PLIC_BASE + plic_pending_reg(v->irq)) >> v->irq % 32 & 1;
}
