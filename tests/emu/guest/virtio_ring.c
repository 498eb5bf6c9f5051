/*
 * The transport and every way to get a queue wrong, with a virtio-blk device of 64 sectors. Lines
 * beginning with "ours" are checks by the specification alone: 1 is right. They are about what QEMU
 * has otherwise, and left out there.
 */
#include "hw/virtio_blk.h"
#include "tests/emu/guest/virtio.h"

enum { QUEUE = 16, OURS = 0x4e524154 };

#define ALL_STATUS                                                                  \
    (VIRTIO_STATUS_ACKNOWLEDGE | VIRTIO_STATUS_DRIVER | VIRTIO_STATUS_FEATURES_OK | \
     VIRTIO_STATUS_DRIVER_OK)

static struct virtio dev;
static struct virtio_queue q;
static struct virtio_blk_req req;
static uint8_t data[512], status_byte;
static struct virtq_desc table[64] __attribute__((aligned(16)));

static bool is_ours(void)
{
    return virtio_read(&dev, VIRTIO_MMIO_VENDOR_ID) == OURS;
}

static void ours(const char *name, bool right)
{
    if (is_ours())
        note(name, right);
}

static void begin(uint64_t features)
{
    virtio_negotiate(&dev, features);
    virtio_queue_init(&q, &dev, 0, QUEUE, 0);
    virtio_queue_ready(&q);
    virtio_start(&dev);
    req = (struct virtio_blk_req){.type = VIRTIO_BLK_T_IN};
    status_byte = 0x55;
    virtio_desc(&q.desc[0], (uintptr_t)&req, sizeof req, VIRTQ_DESC_F_NEXT, 1);
    virtio_desc(&q.desc[1], (uintptr_t)data, 512, VIRTQ_DESC_F_NEXT | VIRTQ_DESC_F_WRITE, 2);
    virtio_desc(&q.desc[2], (uintptr_t)&status_byte, 1, VIRTQ_DESC_F_WRITE, 0);
}

/* Offer `head`, and note what comes of it: used or not, failed or not, and that a reset helps. */
static void outcome(const char *name, uint16_t head)
{
    uint32_t status;

    virtio_offer(&q, head);
    virtio_kick(&q);
    note(name, virtio_wait(&q, 0) >= 0);
    status = virtio_read(&dev, VIRTIO_MMIO_STATUS);
    note("  needs reset", (status & VIRTIO_STATUS_DEVICE_NEEDS_RESET) != 0);
    if (status & VIRTIO_STATUS_DEVICE_NEEDS_RESET)
        note("  says so",
             (virtio_read(&dev, VIRTIO_MMIO_INTERRUPT_STATUS) & VIRTIO_MMIO_INT_CONFIG) != 0);
    begin(0);
    virtio_offer(&q, 0);
    virtio_kick(&q);
    note("  after a reset", (unsigned long)virtio_wait(&q, 0));
    begin(1 << VIRTIO_F_INDIRECT_DESC);
}

static void test_registers(void)
{
    struct virtio empty = {.base = VIRTIO_BASE};

    note("magic", virtio_read(&dev, VIRTIO_MMIO_MAGIC_VALUE));
    note("version", virtio_read(&dev, VIRTIO_MMIO_VERSION));
    note("device", virtio_read(&dev, VIRTIO_MMIO_DEVICE_ID));
    note("empty: magic", virtio_read(&empty, VIRTIO_MMIO_MAGIC_VALUE));
    note("empty: version", virtio_read(&empty, VIRTIO_MMIO_VERSION));
    note("empty: device", virtio_read(&empty, VIRTIO_MMIO_DEVICE_ID));
    note("empty: status", virtio_read(&empty, VIRTIO_MMIO_STATUS));
    virtio_write(&empty, VIRTIO_MMIO_STATUS, 1);
    note("empty: status again", virtio_read(&empty, VIRTIO_MMIO_STATUS));
    note("byte of a register", read8(dev.base));
    note("half of a register", read16(dev.base + 2));
    virtio_write(&dev, VIRTIO_MMIO_STATUS, 0);
    note("status", virtio_read(&dev, VIRTIO_MMIO_STATUS));
    virtio_write(&dev, VIRTIO_MMIO_STATUS, 1);
    note("status 1", virtio_read(&dev, VIRTIO_MMIO_STATUS));
    virtio_write(&dev, VIRTIO_MMIO_STATUS, 3);
    note("status 3", virtio_read(&dev, VIRTIO_MMIO_STATUS));
    virtio_write(&dev, VIRTIO_MMIO_QUEUE_SEL, 0);
    note("queue 0", virtio_read(&dev, VIRTIO_MMIO_QUEUE_NUM_MAX) != 0);
    virtio_write(&dev, VIRTIO_MMIO_QUEUE_SEL, 1);
    note("queue 1", virtio_read(&dev, VIRTIO_MMIO_QUEUE_NUM_MAX));
    virtio_write(&dev, VIRTIO_MMIO_QUEUE_SEL, 0xffffffff);
    note("queue -1", virtio_read(&dev, VIRTIO_MMIO_QUEUE_NUM_MAX));
    virtio_write(&dev, VIRTIO_MMIO_QUEUE_SEL, 0);
}

static void test_modern_registers(void)
{
    uint32_t wanted = ALL_STATUS & ~VIRTIO_STATUS_DRIVER_OK;

    if (dev.legacy)
        return;
    virtio_write(&dev, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 2);
    ours("ours: no feature 64", virtio_read(&dev, VIRTIO_MMIO_DEVICE_FEATURES) == 0);
    note("VERSION_1", (unsigned long)(virtio_features(&dev) >> VIRTIO_F_VERSION_1 & 1));
    note("shared memory", virtio_read(&dev, VIRTIO_MMIO_SHM_LEN_LOW));
    note("queue ready", virtio_read(&dev, VIRTIO_MMIO_QUEUE_READY));
    ours("ours: refuses what it does not offer", !virtio_negotiate(&dev, UINT64_C(1) << 40));
    virtio_write(&dev, VIRTIO_MMIO_STATUS, 0);
    virtio_write(&dev, VIRTIO_MMIO_STATUS, wanted);
    ours("ours: insists on VERSION_1",
         !(virtio_read(&dev, VIRTIO_MMIO_STATUS) & VIRTIO_STATUS_FEATURES_OK));
    note("agrees", virtio_negotiate(&dev, 0));
    note("status", virtio_read(&dev, VIRTIO_MMIO_STATUS));
    virtio_write(&dev, VIRTIO_MMIO_STATUS, wanted | VIRTIO_STATUS_DEVICE_NEEDS_RESET);
    ours("ours: only the device says that it needs reset",
         virtio_read(&dev, VIRTIO_MMIO_STATUS) == wanted);
}

/* No buffer is looked at before DRIVER_OK; interrupts come, go, and can be declined. */
static void test_interrupts(void)
{
    begin(0);
    note("quiet", virtio_pending(&dev));
    virtio_offer(&q, 0);
    virtio_kick(&q);
    note("read", (unsigned long)virtio_wait(&q, 0));
    note("  interrupt", virtio_wait_bits(&dev, VIRTIO_MMIO_INTERRUPT_STATUS, 3));
    note("  at the PLIC", virtio_pending(&dev));
    virtio_write(&dev, VIRTIO_MMIO_INTERRUPT_ACK, 1);
    note("  acknowledged", virtio_read(&dev, VIRTIO_MMIO_INTERRUPT_STATUS));
    q.avail->flags = VIRTQ_AVAIL_F_NO_INTERRUPT;
    virtio_offer(&q, 0);
    virtio_kick(&q);
    note("without interrupt", (unsigned long)virtio_wait(&q, 0));
    delay(5 * TICKS_PER_MS);
    note("  interrupt", virtio_read(&dev, VIRTIO_MMIO_INTERRUPT_STATUS));
    begin(0);
    virtio_offer(&q, 0);
    virtio_kick(&q);
    virtio_wait(&q, 0);
    virtio_wait_bits(&dev, VIRTIO_MMIO_INTERRUPT_STATUS, 3);
    virtio_write(&dev, VIRTIO_MMIO_STATUS, 0);
    note("a reset takes it back", virtio_read(&dev, VIRTIO_MMIO_INTERRUPT_STATUS));
}

static void test_before_ready(void)
{
    virtio_negotiate(&dev, 0);
    virtio_queue_init(&q, &dev, 0, QUEUE, 0);
    virtio_queue_ready(&q);
    if (!dev.legacy)
        note("queue ready", virtio_read(&dev, VIRTIO_MMIO_QUEUE_READY));
    virtio_desc(&q.desc[0], (uintptr_t)&req, sizeof req, VIRTQ_DESC_F_NEXT, 1);
    virtio_desc(&q.desc[1], (uintptr_t)&status_byte, 1, VIRTQ_DESC_F_WRITE, 0);
    virtio_offer(&q, 0);
    if (is_ours() && !dev.legacy) {
        virtio_kick(&q);
        ours("ours: not before DRIVER_OK", virtio_wait(&q, 0) < 0);
    }
    virtio_start(&dev);
    virtio_kick(&q);
    note("then", (unsigned long)virtio_wait(&q, 0));
}

/* With EVENT_IDX: used_event says when to interrupt, avail_event when to notify. */
static void test_event_idx(void)
{
    volatile uint16_t *used_event, *avail_event;

    begin(1 << VIRTIO_F_EVENT_IDX);
    used_event = &q.avail->ring[QUEUE];
    avail_event = (volatile uint16_t *)&q.used->ring[QUEUE];
    *used_event = 2; /* after the third */
    for (unsigned i = 0; i < 4; i++) {
        virtio_offer(&q, 0);
        virtio_kick(&q);
        note("event: read", (unsigned long)virtio_wait(&q, 0));
        delay(5 * TICKS_PER_MS);
        if (i == 0) /* QEMU begins with one in any case */
            ours("ours: none yet", virtio_read(&dev, VIRTIO_MMIO_INTERRUPT_STATUS) == 0);
        else
            note("  interrupt", virtio_read(&dev, VIRTIO_MMIO_INTERRUPT_STATUS));
        virtio_write(&dev, VIRTIO_MMIO_INTERRUPT_ACK, 1);
        note("  avail_event", *avail_event);
    }
}

static void test_chains(void)
{
    begin(1 << VIRTIO_F_INDIRECT_DESC);
    outcome("a good one", 0);
    outcome("head beyond the queue", QUEUE);
    outcome("head far beyond", 0xffff);
    q.desc[1].next = QUEUE;
    outcome("next beyond the queue", 0);
    q.desc[1].next = 0;
    outcome("loop", 0);
    q.desc[1].next = 1;
    outcome("loop of one", 0);
    q.desc[0].flags |= VIRTQ_DESC_F_WRITE;
    q.desc[1].flags = VIRTQ_DESC_F_NEXT;
    outcome("read after written", 0);
    q.desc[0].flags = 0;
    outcome("nothing to write", 0);
    q.desc[0].flags = VIRTQ_DESC_F_WRITE;
    outcome("nothing to read", 0);
    q.desc[0].len = 15;
    outcome("short header", 0);
    q.avail->idx += QUEUE;
    outcome("index runs away", 0);
}

static void test_indirect(void)
{
    for (unsigned i = 0; i < 3; i++)
        table[i] = q.desc[i];
    virtio_desc(&q.desc[0], (uintptr_t)table, 3 * sizeof table[0], VIRTQ_DESC_F_INDIRECT, 0);
    outcome("indirect", 0);
    virtio_desc(&q.desc[0], (uintptr_t)table, 3 * sizeof table[0] - 1, VIRTQ_DESC_F_INDIRECT, 0);
    outcome("indirect, odd size", 0);
    virtio_desc(&q.desc[0], (uintptr_t)table, 0, VIRTQ_DESC_F_INDIRECT, 0);
    outcome("indirect, empty", 0);
    virtio_desc(&q.desc[0], (uintptr_t)table, 2 * sizeof table[0], VIRTQ_DESC_F_INDIRECT, 0);
    outcome("indirect, next beyond", 0);
    table[1].next = 0;
    virtio_desc(&q.desc[0], (uintptr_t)table, 3 * sizeof table[0], VIRTQ_DESC_F_INDIRECT, 0);
    outcome("indirect, loop", 0);
    table[1].next = 2;
    virtio_desc(&q.desc[0], UINT64_C(0x10000), 3 * sizeof table[0], VIRTQ_DESC_F_INDIRECT, 0);
    outcome("indirect, nowhere", 0);
}

/* What QEMU takes or does otherwise. */
static void ours_fails(const char *name)
{
    if (!is_ours())
        return;
    virtio_offer(&q, 0);
    virtio_kick(&q);
    ours(name, virtio_wait(&q, 0) < 0 && (dev.legacy || virtio_read(&dev, VIRTIO_MMIO_STATUS) &
                                                            VIRTIO_STATUS_DEVICE_NEEDS_RESET));
    begin(1 << VIRTIO_F_INDIRECT_DESC);
}

static void test_strict(void)
{
    virtio_desc(&q.desc[0], (uintptr_t)table, 3 * sizeof table[0],
                VIRTQ_DESC_F_INDIRECT | VIRTQ_DESC_F_NEXT, 1);
    ours_fails("ours: no chain behind an indirect table");
    virtio_desc(&table[2], (uintptr_t)table, 16, VIRTQ_DESC_F_INDIRECT | VIRTQ_DESC_F_WRITE, 0);
    virtio_desc(&q.desc[0], (uintptr_t)table, 3 * sizeof table[0], VIRTQ_DESC_F_INDIRECT, 0);
    ours_fails("ours: no indirect table in one");
    begin(0);
    virtio_desc(&q.desc[0], (uintptr_t)table, 3 * sizeof table[0], VIRTQ_DESC_F_INDIRECT, 0);
    ours_fails("ours: no indirect table unless agreed");
    q.desc[0].addr = 0;
    ours_fails("ours: header nowhere");
    q.desc[1].addr = UINT64_MAX - 100;
    ours_fails("ours: data over the end of the world");
    q.desc[1].addr = PLIC_BASE;
    ours_fails("ours: data in a device");
    q.desc[1].addr = 0x1000;
    ours_fails("ours: data into the ROM");
    q.desc[2].addr = 0x40000000;
    ours_fails("ours: status nowhere");
    /* More bytes than there may be in one chain (2.7.5.2), which nobody would look at. */
    req.type = VIRTIO_BLK_T_FLUSH;
    q.desc[1].len = UINT32_MAX;
    ours_fails("ours: more than 4 GiB");
}

/* What is asked of devices whose driver knows no better (3.1.2): used before it says DRIVER_OK. */
static void test_legacy(void)
{
    if (!dev.legacy)
        return;
    ours("ours: any layout", virtio_features(&dev) >> VIRTIO_F_ANY_LAYOUT & 1);
    begin(0);
    virtio_negotiate(&dev, 1 << VIRTIO_F_INDIRECT_DESC);
    virtio_queue_init(&q, &dev, 0, QUEUE, 0);
    virtio_queue_ready(&q);
    virtio_desc(&table[0], (uintptr_t)&req, sizeof req, VIRTQ_DESC_F_NEXT, 1);
    virtio_desc(&table[1], (uintptr_t)data, 512, VIRTQ_DESC_F_NEXT | VIRTQ_DESC_F_WRITE, 2);
    virtio_desc(&table[2], (uintptr_t)&status_byte, 1, VIRTQ_DESC_F_WRITE, 0);
    virtio_desc(&q.desc[0], (uintptr_t)table, 3 * sizeof table[0], VIRTQ_DESC_F_INDIRECT, 0);
    status_byte = 0x55;
    virtio_offer(&q, 0);
    virtio_kick(&q);
    note("before it is ready", (unsigned long)virtio_wait(&q, 0));
    note("  status", status_byte);
    note("  interrupt", virtio_read(&dev, VIRTIO_MMIO_INTERRUPT_STATUS));
    virtio_start(&dev);
    virtio_offer(&q, 0);
    virtio_kick(&q);
    note("and behind that", (unsigned long)virtio_wait(&q, 0));
}

/* Features are settled before the device is (3.1.1), not behind. */
static void test_order(void)
{
    uint32_t half = VIRTIO_STATUS_ACKNOWLEDGE | VIRTIO_STATUS_DRIVER | VIRTIO_STATUS_DRIVER_OK;

    if (dev.legacy || !is_ours())
        return;
    virtio_negotiate(&dev, 0);
    virtio_write(&dev, VIRTIO_MMIO_STATUS, 0);
    virtio_write(&dev, VIRTIO_MMIO_STATUS, half);
    virtio_write(&dev, VIRTIO_MMIO_DRIVER_FEATURES_SEL, 1);
    virtio_write(&dev, VIRTIO_MMIO_DRIVER_FEATURES, 1);
    virtio_write(&dev, VIRTIO_MMIO_STATUS, half | VIRTIO_STATUS_FEATURES_OK);
    ours("ours: no FEATURES_OK behind DRIVER_OK", virtio_read(&dev, VIRTIO_MMIO_STATUS) == half);
}

/* A table behind some ordinary descriptors (2.7.5.3.2), and with the flag that means nothing. */
static void test_mixed(void)
{
    if (!is_ours())
        return;
    begin(1 << VIRTIO_F_INDIRECT_DESC);
    table[0] = q.desc[1];
    table[0].next = 1;
    table[1] = q.desc[2];
    virtio_desc(&q.desc[1], (uintptr_t)table, 2 * sizeof table[0],
                VIRTQ_DESC_F_INDIRECT | VIRTQ_DESC_F_WRITE, 0);
    virtio_offer(&q, 0);
    virtio_kick(&q);
    ours("ours: a table at the end of a chain", virtio_wait(&q, 0) == 513 && status_byte == 0);
}

/* Queues that must not start. */
static void bad_queue(const char *name, unsigned num, unsigned shift)
{
    if (!is_ours() || dev.legacy)
        return;
    virtio_negotiate(&dev, 0);
    virtio_queue_init(&q, &dev, 0, QUEUE, 0);
    q.num = num;
    q.desc = (struct virtq_desc *)((uintptr_t)q.desc + shift);
    virtio_queue_ready(&q);
    ours(name, !virtio_read(&dev, VIRTIO_MMIO_QUEUE_READY) &&
                   virtio_read(&dev, VIRTIO_MMIO_STATUS) & VIRTIO_STATUS_DEVICE_NEEDS_RESET);
}

/* Rings that are no memory. */
static void bad_ring(const char *name, unsigned reg)
{
    if (!is_ours() || dev.legacy)
        return;
    virtio_negotiate(&dev, 0);
    virtio_queue_init(&q, &dev, 0, QUEUE, 0);
    virtio_queue_ready(&q);
    virtio_write(&dev, VIRTIO_MMIO_QUEUE_READY, 0);
    virtio_write(&dev, reg, 0x4000000);
    virtio_write(&dev, VIRTIO_MMIO_QUEUE_READY, 1);
    virtio_start(&dev);
    virtio_offer(&q, 0);
    virtio_kick(&q);
    ours(name, (virtio_read(&dev, VIRTIO_MMIO_STATUS) & VIRTIO_STATUS_DEVICE_NEEDS_RESET) != 0);
}

int main(void)
{
    if (!virtio_find(&dev, VIRTIO_ID_BLOCK, 0))
        return 1;
    test_registers();
    test_modern_registers();
    test_interrupts();
    test_before_ready();
    test_event_idx();
    test_chains();
    test_indirect();
    test_strict();
    test_mixed();
    test_legacy();
    test_order();
    bad_queue("ours: no queue of 0", 0, 0);
    bad_queue("ours: no queue of 15", 15, 0);
    bad_queue("ours: no queue of 32768", 32768, 0);
    bad_queue("ours: no misaligned table", QUEUE, 8);
    bad_ring("ours: no table outside memory", VIRTIO_MMIO_QUEUE_DESC_LOW);
    bad_ring("ours: no available ring outside memory", VIRTIO_MMIO_QUEUE_DRIVER_LOW);
    bad_ring("ours: no used ring outside memory", VIRTIO_MMIO_QUEUE_DEVICE_LOW);
    report();
    return 0;
}
