/*
 * Random values into random device registers, and random virtqueues, for every device there is:
 * WRITES register writes from SEED on. The program itself is closed to devices by PMP, so that it
 * lives through what they do to memory; it ends with success when it has not noticed anything, and
 * whoever runs it looks for what the host noticed.
 */
#include "hw/cfi_flash.h"
#include "hw/fw_cfg.h"
#include "tests/emu/guest/virtio.h"

#ifndef SEED
#    define SEED 1
#endif
#ifndef WRITES
#    define WRITES 10000
#endif

enum {
    SLOTS = 16,         /* QEMU's and ours */
    QUEUES = 6,         /* of a device, that get used */
    DESCS = 6,          /* of a chain, at most */
    RINGS = 0x80200000, /* memory of the queues, then that of buffers */
    RING_SIZE = 2 * VIRTIO_PAGE,
    BUFFERS = 0x80400000,
    BUFFERS_SIZE = 0x40000,
    CLOSED_END = 0x80100000, /* of the program's memory */
    BURST = 64,
};

struct slot {
    struct virtio dev;
    struct virtio_queue queues[QUEUES];
    unsigned count;
};

static struct slot slots[SLOTS];
static unsigned slot_count;
static uint64_t state = SEED * UINT64_C(0x9e3779b97f4a7c15) + 1;
static unsigned long writes;

/* xorshift64 (Marsaglia, Xorshift RNGs, 2003). */
static uint32_t rnd(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 16);
}

static uint32_t below(uint32_t n)
{
    return (uint32_t)((uint64_t)rnd() * n >> 32);
}

static bool one_in(uint32_t n)
{
    return below(n) == 0;
}

/* A value that may mean something. */
static uint32_t value(void)
{
    switch (below(10)) {
    case 0: return 0;
    case 1: return 1;
    case 2: return below(16);
    case 3: return 0x100 + below(16);
    case 4: return UINT32_C(1) << below(32);
    case 5: return (UINT32_C(1) << below(32)) - 1;
    case 6: return RINGS + below(16) * VIRTIO_PAGE;
    case 7: return BUFFERS + below(BUFFERS_SIZE);
    case 8: return below(4096);
    default: return rnd();
    }
}

static void poke(uintptr_t addr, unsigned size)
{
    writes++;
    switch (size) {
    case 1: write8(addr, (uint8_t)value()); break;
    case 2: write16(addr, (uint16_t)value()); break;
#if __riscv_xlen == 64
    case 8: write64(addr, (uint64_t)value() << 32 | value()); break;
#endif
    default: write32(addr, value()); break;
    }
    if (one_in(4))
        read32(addr & ~(uintptr_t)3);
}

/* --- devices that are not virtio -------------------------------------------------------------- */

static uint32_t big_endian(uint32_t v)
{
    return v << 24 | (v & 0xff00) << 8 | (v >> 8 & 0xff00) | v >> 24;
}

/* A DMA command, mostly a sensible one. Lengths are such that it ends soon. */
static void fw_cfg_dma(void)
{
    uint32_t at = BUFFERS + (below(BUFFERS_SIZE) & ~15u), key = below(FW_CFG_KEYS);
    volatile uint32_t *access = (volatile uint32_t *)(uintptr_t)at;

    access[0] = big_endian((one_in(8) ? rnd() : key) << 16 | below(0x20));
    access[1] = big_endian(one_in(40) ? rnd() >> 8 : below(0x200));
    access[2] = one_in(40) ? big_endian(rnd()) : 0;
    access[3] = big_endian(one_in(8) ? value() : BUFFERS + below(BUFFERS_SIZE));
    write32(FW_CFG_BASE + FW_CFG_DMA, one_in(40) ? value() : 0);
    write32(FW_CFG_BASE + FW_CFG_DMA + 4, big_endian(one_in(8) ? value() : at));
    writes += 2;
}

static void fw_cfg_item(void)
{
    uint32_t key = one_in(8) ? rnd() : below(FW_CFG_KEYS);

    write16(FW_CFG_BASE + FW_CFG_SELECTOR, (uint16_t)(big_endian(key) >> 16));
    for (unsigned n = below(16); n > 0; n--)
        read32(FW_CFG_BASE + FW_CFG_DATA);
    writes++;
}

/* A command, often followed by what belongs to it. */
static void flash_command(void)
{
    static const uint8_t commands[] = {
        CFI_READ_ARRAY,  CFI_READ_ID, CFI_READ_QUERY,  CFI_READ_STATUS,    CFI_CLEAR_STATUS,
        CFI_BLOCK_ERASE, CFI_PROGRAM, CFI_PROGRAM_ALT, CFI_BUFFER_PROGRAM, CFI_LOCK_SETUP,
    };
    uintptr_t at = FLASH_BASE + (below(0x4000000) & ~3u);
    unsigned command = commands[below(sizeof commands)];

    /* Erasing takes the host long. */
    write32(at, command == CFI_BLOCK_ERASE && !one_in(64) ? CFI_PROGRAM : command);
    for (unsigned n = below(4); n > 0; n--)
        poke(at + below(64) * 4, 1u << below(3));
    if (command == CFI_BUFFER_PROGRAM && !one_in(8)) {
        unsigned words = below(20);
        write32(at, words);
        for (unsigned i = 0; i <= words; i++)
            poke(at + 4 * i, 4);
    }
    write32(at, one_in(4) ? value() : CFI_CONFIRM);
    writes += 2;
}

/* Anything but what ends the run. */
static void poke_finisher(void)
{
    uint32_t v = value();

    if ((v & 0xffff) != TEST_PASS && (v & 0xffff) != TEST_FAIL && (v & 0xffff) != TEST_RESET)
        write32(TEST_BASE + (below(0x1000) & ~3u), v);
    writes++;
}

static void poke_platform(void)
{
    static const struct {
        uint32_t base, size;
    } devices[] = {
        {RTC_BASE, 0x40},
        {CLINT_BASE, 0x10000},
        {PLIC_BASE, 0x4000},
        {PLIC_BASE, 0x600000},
        {PLIC_BASE + PLIC_CONTEXT, 0x4000},
        {SSWI_BASE, 0x4000},
        {UART_BASE, 8},
        {FW_CFG_BASE, FW_CFG_SIZE},
        {FLASH_BASE, 0x4000000},
        {0x10000000, 0x1000000},
    };
    unsigned i = below(sizeof devices / sizeof devices[0] + 4);
    unsigned size = 1u << below(4);

    switch (i) {
    case 0: fw_cfg_dma(); break;
    case 1: fw_cfg_item(); break;
    case 2: flash_command(); break;
    case 3: poke_finisher(); break;
    default:
        i -= 4;
        poke(devices[i].base + (below(devices[i].size) & ~(size - 1)), size);
        break;
    }
}

/* --- virtio ----------------------------------------------------------------------------------- */

static void find_slots(void)
{
    for (unsigned i = 0; i < SLOTS; i++) {
        struct virtio *v = &slots[slot_count].dev;
        v->base = VIRTIO_BASE + i * 0x1000;
        v->irq = 1;
        if (virtio_read(v, VIRTIO_MMIO_MAGIC_VALUE) != VIRTIO_MMIO_MAGIC || last_cause != 0 ||
            virtio_read(v, VIRTIO_MMIO_DEVICE_ID) == 0) {
            last_cause = 0;
            continue;
        }
        v->legacy = virtio_read(v, VIRTIO_MMIO_VERSION) == 1;
        slot_count++;
    }
}

/* Begin anew, as a driver does, with some of the features. */
static void bring_up(struct slot *s)
{
    unsigned n = (unsigned)(s - slots);
    uint64_t features = virtio_features(&s->dev);

    if (one_in(2))
        features &= (uint64_t)rnd() << 32 | rnd();
    virtio_negotiate(&s->dev, features);
    s->count = 0;
    for (unsigned q = 0; q < QUEUES; q++) {
        struct virtio_queue *queue = &s->queues[q];
        uint8_t *base = (uint8_t *)(uintptr_t)(RINGS + (n * QUEUES + q) * RING_SIZE);
        virtio_write(&s->dev, VIRTIO_MMIO_QUEUE_SEL, q);
        if (virtio_read(&s->dev, VIRTIO_MMIO_QUEUE_NUM_MAX) < 8)
            break;
        for (unsigned i = 0; i < 256; i += 4) { /* table and rings of 8 entries */
            *(volatile uint32_t *)(base + i) = 0;
            *(volatile uint32_t *)(base + VIRTIO_PAGE + i) = 0;
        }
        *queue = (struct virtio_queue){
            .virtio = &s->dev,
            .index = q,
            .num = 8,
            .desc = (struct virtq_desc *)base,
            .avail = (struct virtq_avail *)(base + 8 * sizeof(struct virtq_desc)),
            .used = (struct virtq_used *)(base + VIRTIO_PAGE),
        };
        virtio_queue_ready(queue);
        s->count++;
        writes += 10;
    }
    virtio_start(&s->dev);
    writes += 10;
}

/* The beginning of a message: words that look like the types, sizes and numbers in one. */
static void fill(uint32_t addr, uint32_t len)
{
    volatile uint32_t *p = (volatile uint32_t *)(uintptr_t)(addr & ~3u);

    for (unsigned i = 0; i < 10 && i * 4 < len; i++)
        p[i] = one_in(3) ? below(8) : value();
    if (one_in(4)) /* 9P: size, type and tag */
        p[0] = len;
    if (one_in(4))
        p[1] = (p[1] & 0xff000000) | 0x100 | (6 + 2 * below(61));
    if (one_in(3)) /* gpu and sound: a kind of command */
        p[0] = (one_in(6) ? 0x300 : 0x100) + below(12);
}

static uint32_t length(void)
{
    static const uint32_t usual[] = {1, 4, 8, 16, 20, 24, 32, 40, 48, 64, 512, 513, 1024, 4096};

    if (one_in(40))
        return value();
    return one_in(8) ? below(20000) : usual[below(sizeof usual / sizeof usual[0])];
}

/* A chain of some descriptors at `head`, mostly as the rules want it. */
static void make_chain(struct virtio_queue *q, unsigned head)
{
    unsigned count = 1 + below(DESCS), readable = below(count + 1);

    for (unsigned i = 0; i < count; i++) {
        struct virtq_desc *desc = &q->desc[(head + i) % q->num];
        uint32_t len = length();
        uint32_t addr = BUFFERS + (below(BUFFERS_SIZE) & ~(one_in(8) ? 0u : 15u));
        uint16_t flags = (uint16_t)((i >= readable ? VIRTQ_DESC_F_WRITE : 0) |
                                    (i + 1 < count ? VIRTQ_DESC_F_NEXT : 0));
        if (i < readable)
            fill(addr, len);
        if (one_in(60))
            flags = (uint16_t)below(8);
        virtio_desc(desc, one_in(60) ? value() : addr, len, flags,
                    (uint16_t)(one_in(60) ? value() : (head + i + 1) % q->num));
    }
    if (one_in(12)) /* as an indirect table */
        virtio_desc(&q->desc[(head + 7) % q->num], (uintptr_t)q->desc, 16 * (1 + below(8)),
                    VIRTQ_DESC_F_INDIRECT, 0);
}

/* One that has failed does nothing more. A legacy device does not say so. */
static bool has_failed(const struct slot *s)
{
    if (s->dev.legacy)
        return one_in(6);
    return virtio_read(&s->dev, VIRTIO_MMIO_STATUS) & VIRTIO_STATUS_DEVICE_NEEDS_RESET;
}

static void traffic(struct slot *s)
{
    struct virtio_queue *q;

    if (s->count == 0 || one_in(24) || (has_failed(s) && !one_in(4)))
        bring_up(s);
    if (s->count == 0)
        return;
    q = &s->queues[below(s->count)];
    for (unsigned n = 1 + below(3); n > 0; n--) {
        unsigned head = below(q->num);
        make_chain(q, head);
        virtio_offer(q, (uint16_t)(one_in(60) ? value() : head));
    }
    if (one_in(60))
        q->avail->idx = (uint16_t)value();
    if (one_in(8))
        q->avail->ring[q->num] = (uint16_t)rnd(); /* used_event */
    virtio_kick(q);
    writes++;
}

/* Registers of the transport, or the configuration. */
static void poke_virtio(struct slot *s)
{
    uint32_t offset = one_in(3) ? 0x100 + below(0x100) : below(0x40) * 4;

    if (one_in(50))
        offset = below(0x1000);
    /* Resets and queues that are elsewhere would let nothing happen for long. */
    if ((offset == VIRTIO_MMIO_STATUS || offset == VIRTIO_MMIO_QUEUE_READY ||
         offset == VIRTIO_MMIO_QUEUE_PFN) &&
        !one_in(16))
        offset = VIRTIO_MMIO_QUEUE_NOTIFY;
    poke(s->dev.base + offset, offset < 0x100 ? 4 : 1u << below(3));
}

/* Devices do not reach the program (tools/emu/machine_dma.c). */
static void close_program(void)
{
    __asm__ volatile(
        "csrw pmpaddr0, %0\n\tcsrw pmpaddr1, %1\n\tcsrw pmpcfg0, %2" ::"r"(0x80000000ul >> 2),
        "r"((unsigned long)CLOSED_END >> 2), "r"(1ul << 11));
}

int main(void)
{
    close_program();
    find_slots();
    while (writes < WRITES) {
        for (unsigned i = 0; i < BURST && slot_count != 0; i++)
            poke_virtio(&slots[below(slot_count)]);
        for (unsigned i = 0; i < 4; i++)
            poke_platform();
        for (unsigned i = 0; i < 4 && slot_count != 0; i++)
            traffic(&slots[below(slot_count)]);
        last_cause = 0;
    }
    return 0;
}
