/*
 * virtio-blk: features and configuration, every kind of request, requests in all shapes, and what
 * is refused. The disk is 64 sectors; byte i of sector s is s + i / 8 (mod 256).
 */
#include "hw/virtio_blk.h"
#include "tests/emu/guest/virtio.h"

enum { SECTORS = 64, QUEUE = 16 };

static struct virtio dev;
static struct virtio_queue q;
static struct virtio_blk_req req;
static uint8_t data[8 * 512 + 16], status_byte;

static void begin(uint64_t features)
{
    note("negotiated", virtio_negotiate(&dev, features));
    virtio_queue_init(&q, &dev, 0, QUEUE, 0);
    virtio_queue_ready(&q);
    virtio_start(&dev);
}

/* Run the chain at descriptor 0; status 0x55 means that the device did not write any. */
static long run(uint32_t type, uint64_t sector)
{
    req = (struct virtio_blk_req){.type = type, .sector = sector};
    status_byte = 0x55;
    virtio_offer(&q, 0);
    virtio_kick(&q);
    return virtio_wait(&q, 0);
}

/* Header, n bytes of data, status. */
static long request(uint32_t type, uint64_t sector, uint32_t n, bool in)
{
    unsigned last = n != 0 ? 2 : 1;

    virtio_desc(&q.desc[0], (uintptr_t)&req, sizeof req, VIRTQ_DESC_F_NEXT, 1);
    virtio_desc(&q.desc[1], (uintptr_t)data, n, VIRTQ_DESC_F_NEXT | (in ? VIRTQ_DESC_F_WRITE : 0),
                2);
    virtio_desc(&q.desc[last], (uintptr_t)&status_byte, 1, VIRTQ_DESC_F_WRITE, 0);
    return run(type, sector);
}

/* After an error QEMU claims to have written data, too, which the specification forbids. */
static void note_request(const char *name, long written)
{
    note(name, status_byte == 0 ? (unsigned long)written : written >= 0);
    note("  status", status_byte);
    if (status_byte != 0)
        note("ours: nothing is claimed that was not written", written <= 1);
}

static uint8_t pattern(unsigned sector, unsigned i)
{
    return (uint8_t)(sector + i / 8);
}

static bool data_is(unsigned sector, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (data[i] != pattern(sector + i / 512, i % 512))
            return false;
    return true;
}

static void clear(uint8_t byte)
{
    for (unsigned i = 0; i < sizeof data; i++)
        data[i] = byte;
}

static unsigned long sum(unsigned n)
{
    unsigned long total = 0;

    for (unsigned i = 0; i < n; i++)
        total += data[i];
    return total;
}

static void test_config(void)
{
    uintptr_t config = dev.base + VIRTIO_MMIO_CONFIG;

    note("capacity", read32(config));
    note("capacity high", read32(config + 4));
    note("capacity by halves", read16(config));
    note("capacity by bytes", read8(config));
    note("seg_max", read32(config + 12));
    note("blk_size", read32(config + 20));
    note("physical_block_exp", read8(config + 24));
    note("alignment_offset", read8(config + 25));
    note("min_io_size", read16(config + 26));
    note("opt_io_size", read32(config + 28));
}

static void test_read(void)
{
    clear(0);
    note_request("read 0", request(VIRTIO_BLK_T_IN, 0, 512, true));
    note("  data", data_is(0, 512));
    note_request("read 5 of 8 sectors", request(VIRTIO_BLK_T_IN, 5, 8 * 512, true));
    note("  data", data_is(5, 8 * 512));
    note_request("read the last", request(VIRTIO_BLK_T_IN, SECTORS - 1, 512, true));
    note("  data", data_is(SECTORS - 1, 512));
    note_request("read over the end", request(VIRTIO_BLK_T_IN, SECTORS - 1, 1024, true));
    note_request("read beyond the end", request(VIRTIO_BLK_T_IN, SECTORS, 512, true));
    note_request("read far beyond", request(VIRTIO_BLK_T_IN, UINT64_C(1) << 60, 512, true));
    note_request("read with overflow", request(VIRTIO_BLK_T_IN, UINT64_MAX, 512, true));
    note_request("read half a sector", request(VIRTIO_BLK_T_IN, 0, 256, true));
}

static void test_write(void)
{
    for (unsigned i = 0; i < 1024; i++)
        data[i] = (uint8_t)(3 * i);
    note_request("write 10", request(VIRTIO_BLK_T_OUT, 10, 1024, false));
    clear(0);
    note_request("read 9", request(VIRTIO_BLK_T_IN, 9, 4 * 512, true));
    note("  sum", sum(4 * 512));
    note_request("write over the end", request(VIRTIO_BLK_T_OUT, SECTORS - 1, 1024, false));
    note_request("flush", request(VIRTIO_BLK_T_FLUSH, 0, 0, false));
    note_request("no such request", request(77, 0, 512, true));
    if (dev.legacy)
        note_request("flush by its other name", request(VIRTIO_BLK_T_FLUSH_OUT, 0, 0, false));
}

enum { WRITEBACK = VIRTIO_MMIO_CONFIG + 32 };

/* The cache mode that a driver finds which has agreed to this and said nothing. */
static unsigned cache_mode(uint64_t features)
{
    begin(features);
    return read8(dev.base + WRITEBACK);
}

/* 5.2.5.2 and 5.2.5.3; QEMU has a writeback cache also for drivers that cannot flush. */
static void test_cache(uint64_t features)
{
    uint64_t flush = 1 << VIRTIO_BLK_F_FLUSH, choose = 1 << VIRTIO_BLK_F_CONFIG_WCE;

    note("cache with both", cache_mode(flush | choose));
    note("cache with flush", cache_mode(flush));
    note("cache with neither", cache_mode(0));
    if (!dev.legacy)
        note("ours: no writeback without flush", cache_mode(choose) == 0);
    begin(flush | choose);
    write8(dev.base + WRITEBACK, 0);
    note("cache switched off", read8(dev.base + WRITEBACK));
    note_request("  write", request(VIRTIO_BLK_T_OUT, 60, 512, false));
    write8(dev.base + WRITEBACK, 1);
    note("cache switched on", read8(dev.base + WRITEBACK));
    if (dev.legacy) { /* before there are features, and they change nothing */
        virtio_write(&dev, VIRTIO_MMIO_STATUS, 0);
        write8(dev.base + WRITEBACK, 0);
        note("cache switched off early", read8(dev.base + WRITEBACK));
        virtio_write(&dev, VIRTIO_MMIO_DRIVER_FEATURES, (uint32_t)choose);
        virtio_write(&dev, VIRTIO_MMIO_STATUS, VIRTIO_STATUS_ACKNOWLEDGE | VIRTIO_STATUS_DRIVER);
        virtio_start(&dev);
        note("  and behind DRIVER_OK", read8(dev.base + WRITEBACK));
    }
    begin(features);
}

static void test_id(void)
{
    clear(0xee);
    note_request("get id", request(VIRTIO_BLK_T_GET_ID, 0, VIRTIO_BLK_ID_BYTES, true));
    for (unsigned i = 0; i < 4; i++)
        note("  byte", data[i]);
    note("  byte behind", data[VIRTIO_BLK_ID_BYTES]);
}

static void ranges(const char *name, uint32_t type, uint64_t sector, uint32_t count, uint32_t flags)
{
    struct virtio_blk_discard_write_zeroes *range = (void *)data;

    *range = (struct virtio_blk_discard_write_zeroes){sector, count, flags};
    note_request(name, request(type, 0, sizeof *range, false));
}

static void test_ranges(void)
{
    ranges("write zeroes", VIRTIO_BLK_T_WRITE_ZEROES, 20, 2, 0);
    request(VIRTIO_BLK_T_IN, 19, 4 * 512, true);
    note("  sum", sum(4 * 512));
    note("  sum of zeros", sum(3 * 512) - sum(512));
    ranges("write zeroes and unmap", VIRTIO_BLK_T_WRITE_ZEROES, 24, 8,
           VIRTIO_BLK_WRITE_ZEROES_UNMAP);
    request(VIRTIO_BLK_T_IN, 24, 8 * 512, true);
    note("  sum", sum(8 * 512));
    ranges("write zeroes, bad flag", VIRTIO_BLK_T_WRITE_ZEROES, 24, 8, 2);
    ranges("write zeroes over the end", VIRTIO_BLK_T_WRITE_ZEROES, SECTORS - 1, 2, 0);
    ranges("discard", VIRTIO_BLK_T_DISCARD, 40, 8, 0);
    ranges("discard with unmap", VIRTIO_BLK_T_DISCARD, 40, 8, VIRTIO_BLK_WRITE_ZEROES_UNMAP);
    ranges("discard over the end", VIRTIO_BLK_T_DISCARD, SECTORS, 1, 0);
    ranges("discard too much", VIRTIO_BLK_T_DISCARD, 0, UINT32_MAX, 0);
}

/* Header and status in pieces, data in odd pieces, all of it in an indirect table. */
static void test_shapes(void)
{
    static struct virtq_desc table[8] __attribute__((aligned(16)));
    struct virtq_desc *d = q.desc;

    clear(0);
    virtio_desc(&d[0], (uintptr_t)&req, 7, VIRTQ_DESC_F_NEXT, 5);
    virtio_desc(&d[5], (uintptr_t)&req + 7, 9, VIRTQ_DESC_F_NEXT, 3);
    virtio_desc(&d[3], (uintptr_t)data, 1, VIRTQ_DESC_F_NEXT | VIRTQ_DESC_F_WRITE, 7);
    virtio_desc(&d[7], (uintptr_t)data + 1, 1000, VIRTQ_DESC_F_NEXT | VIRTQ_DESC_F_WRITE, 2);
    virtio_desc(&d[2], (uintptr_t)data + 1001, 23, VIRTQ_DESC_F_NEXT | VIRTQ_DESC_F_WRITE, 1);
    virtio_desc(&d[1], (uintptr_t)&status_byte, 1, VIRTQ_DESC_F_WRITE, 0);
    note_request("in pieces", run(VIRTIO_BLK_T_IN, 30));
    note("  data", data_is(30, 1024));

    clear(0);
    virtio_desc(&table[0], (uintptr_t)&req, sizeof req, VIRTQ_DESC_F_NEXT, 2);
    virtio_desc(&table[2], (uintptr_t)data, 512, VIRTQ_DESC_F_NEXT | VIRTQ_DESC_F_WRITE, 1);
    virtio_desc(&table[1], (uintptr_t)&status_byte, 1, VIRTQ_DESC_F_WRITE, 0);
    virtio_desc(&d[0], (uintptr_t)table, 3 * sizeof table[0], VIRTQ_DESC_F_INDIRECT, 0);
    note_request("indirect", run(VIRTIO_BLK_T_IN, 31));
    note("  data", data_is(31, 512));

    clear(0); /* status and data in one descriptor */
    virtio_desc(&d[0], (uintptr_t)&req, sizeof req, VIRTQ_DESC_F_NEXT, 1);
    virtio_desc(&d[1], (uintptr_t)data, 513, VIRTQ_DESC_F_WRITE, 0);
    data[512] = 0x55;
    note("status behind the data", (unsigned long)run(VIRTIO_BLK_T_IN, 32));
    note("  data", data_is(32, 512));
    note("  status", data[512]);
}

/* The ring goes round; several at once. */
static void test_many(void)
{
    unsigned good = 0;

    for (unsigned i = 0; i < 100; i++)
        good += request(VIRTIO_BLK_T_IN, i % SECTORS, 512, true) == 513 && status_byte == 0;
    note("one hundred", good);
    for (unsigned i = 0; i < 4; i++) {
        virtio_desc(&q.desc[3 * i], (uintptr_t)&req, sizeof req, VIRTQ_DESC_F_NEXT,
                    (uint16_t)(3 * i + 1));
        virtio_desc(&q.desc[3 * i + 1], (uintptr_t)data + 512 * i, 512,
                    VIRTQ_DESC_F_NEXT | VIRTQ_DESC_F_WRITE, (uint16_t)(3 * i + 2));
        virtio_desc(&q.desc[3 * i + 2], (uintptr_t)data + 8 * 512 + i, 1, VIRTQ_DESC_F_WRITE, 0);
        virtio_offer(&q, (uint16_t)(3 * i));
    }
    req = (struct virtio_blk_req){.type = VIRTIO_BLK_T_IN, .sector = 50};
    virtio_kick(&q);
    for (unsigned i = 0; i < 4; i++)
        note("four at once", (unsigned long)virtio_wait(&q, 0));
    note("  data", data_is(50, 512));
}

static void test_read_only(void)
{
    struct virtio second = dev;

    if (!virtio_find(&dev, VIRTIO_ID_BLOCK, 1)) {
        note("no second disk", 0);
        return;
    }
    note("read only", (virtio_features(&dev) & 1 << VIRTIO_BLK_F_RO) != 0);
    begin(UINT64_C(1) << VIRTIO_BLK_F_RO);
    note_request("read", request(VIRTIO_BLK_T_IN, 3, 512, true));
    note("  data", data_is(3, 512));
    note_request("write", request(VIRTIO_BLK_T_OUT, 3, 512, false));
    clear(0);
    note_request("read again", request(VIRTIO_BLK_T_IN, 3, 512, true));
    note("  data", data_is(3, 512));
    virtio_write(&dev, VIRTIO_MMIO_STATUS, 0);
    dev = second;
}

int main(void)
{
    uint64_t wanted = 1 << VIRTIO_BLK_F_FLUSH | 1 << VIRTIO_BLK_F_DISCARD |
                      1 << VIRTIO_BLK_F_WRITE_ZEROES | 1 << VIRTIO_BLK_F_BLK_SIZE;

    if (!virtio_find(&dev, VIRTIO_ID_BLOCK, 0))
        return 1;
    note("offered", virtio_features(&dev) & wanted);
    begin((wanted | 1 << VIRTIO_F_INDIRECT_DESC) & virtio_features(&dev));
    test_cache((wanted | 1 << VIRTIO_F_INDIRECT_DESC) & virtio_features(&dev));
    test_config();
    test_read();
    test_id();
    test_write();
    test_ranges();
    test_shapes();
    test_many();
    test_read_only();
    report();
    return 0;
}
