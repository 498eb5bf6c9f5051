/*
 * Block device (Virtual I/O Device Version 1.2, section 5.2): disks /dev/vda, /dev/vdb... in the
 * order of the device tree.
 *
 * A request has one slot while it is with the device; those that find none free, or no room in the
 * queue, wait on a list for the next completion. A device that has requests and completes none of
 * them for half a minute is given up, so that nobody waits for it for ever. (That is looked for a
 * few times: a machine that was halted meanwhile, by a debugger, shall not cost it its disks.)
 */
#include "abi/errno.h"
#include "hw/virtio_blk.h"
#include "hw/virtio_mmio.h"
#include "kernel/dev/block.h"
#include "kernel/dev/internal.h"
#include "kernel/dev/virtio.h"
#include "kernel/klog.h"
#include "kernel/mm/mm.h"
#include "kernel/sched/sched.h"

#define DISKS_MAX       16
#define BLOCK_MAJOR     254 /* what Linux most often gives these, with 16 minors a disk */
#define MINORS          16
#define QUEUE_SIZE      128
#define SLOTS           32
#define CHAIN_MAX       (BLOCK_SEGS_MAX + 2)      /* header, data, status */
#define SECTORS_MAX     ((uint64_t)1 << (43 - 9)) /* the page cache's limit */
#define STATUS_NOT_SAID 0xff
#define LOOK_NS         10000000000ull /* between looks at a device that has requests */
#define LOOKS_MAX       4              /* in a row without a completion */

/* What the device sees of a request besides the data. */
struct wire {
    struct virtio_blk_req header;
    struct virtio_blk_discard_write_zeroes range;
    uint8_t status;
};

struct slot {
    struct block_request *request;
    struct wire *wire;
    struct slot *next; /* free ones */
};

struct disk {
    struct block_device block;
    struct virtio_device *virtio;
    struct virtqueue *vq;
    uint32_t size_max;    /* bytes in a segment on the wire */
    struct spinlock lock; /* all that follows, and slots that are free */
    unsigned under_way;   /* requests the device has */
    unsigned looks;       /* since it last completed one */
    bool watched;         /* `watch` is armed */
    struct timer watch;
    struct list waiting;
    struct slot *free;
    struct slot slots[SLOTS];
    struct wire *wires; /* SLOTS of them */
    char name[4];
};

/* ---- requests */

static const uint32_t wire_type[] = {
    [BLOCK_READ] = VIRTIO_BLK_T_IN,
    [BLOCK_WRITE] = VIRTIO_BLK_T_OUT,
    [BLOCK_FLUSH] = VIRTIO_BLK_T_FLUSH,
    [BLOCK_DISCARD] = VIRTIO_BLK_T_DISCARD,
};

/* Adds [va, va + len) in pieces the device takes, growing the last one where memory goes on. */
static unsigned add_data(const struct disk *disk, struct virtio_seg *segs, unsigned n,
                         const uint8_t *va, uint32_t len, bool first)
{
    while (len > 0) {
        struct virtio_seg *last = &segs[n - 1];
        uint32_t part = len < disk->size_max ? len : disk->size_max;
        struct virtio_seg seg = virtio_seg(va, part);
        if (!first && last->pa + last->len == seg.pa && disk->size_max - last->len >= part)
            last->len += part;
        else
            segs[n++] = seg;
        first = false;
        va += part;
        len -= part;
    }
    return n;
}

/* Gives a request to the device: 0 or an error of virtqueue_add(). disk->lock held. */
static int start(struct disk *disk, struct slot *slot, struct block_request *request)
{
    struct virtio_seg segs[CHAIN_MAX];
    struct wire *wire = slot->wire;
    bool data = request->op == BLOCK_READ || request->op == BLOCK_WRITE;
    unsigned n = 1;
    wire->header = (struct virtio_blk_req){.type = wire_type[request->op]};
    wire->status = STATUS_NOT_SAID;
    segs[0] = virtio_seg(&wire->header, sizeof wire->header);
    if (data)
        wire->header.sector = request->sector;
    for (unsigned i = 0; data && i < request->seg_count; i++)
        n = add_data(disk, segs, n, request->segs[i].va, request->segs[i].len, i == 0);
    if (request->op == BLOCK_DISCARD) {
        wire->range = (struct virtio_blk_discard_write_zeroes){
            .sector = request->sector, .num_sectors = (uint32_t)request->count};
        segs[n++] = virtio_seg(&wire->range, sizeof wire->range);
    }
    segs[n] = virtio_seg(&wire->status, sizeof wire->status);
    unsigned in = request->op == BLOCK_READ ? n : 1;
    slot->request = request;
    return virtqueue_add(disk->vq, segs, n + 1 - in, in, slot);
}

static void watch_expired(struct timer *timer)
{
    struct disk *disk = container_of(timer, struct disk, watch);
    spin_lock(&disk->lock);
    bool stuck = disk->under_way > 0 && ++disk->looks >= LOOKS_MAX;
    disk->watched = disk->under_way > 0 && !stuck;
    if (disk->watched)
        timer_start(&disk->watch, time_ns() + LOOK_NS, watch_expired);
    spin_unlock(&disk->lock);
    if (stuck)
        virtio_break(disk->virtio, "it does not answer");
}

/* The device has got a request. disk->lock held. */
static void note_start(struct disk *disk)
{
    if (disk->under_way++ == 0)
        disk->looks = 0;
    if (!disk->watched)
        timer_start(&disk->watch, time_ns() + LOOK_NS, watch_expired);
    disk->watched = true;
}

/*
 * Starts what is waiting, as far as there is room. Requests the queue refuses for good go to
 * `refused`. disk->lock held.
 */
static void start_waiting(struct disk *disk, struct list *refused)
{
    while (disk->free && !list_empty(&disk->waiting)) {
        struct block_request *request = list_first(&disk->waiting, struct block_request, link);
        int err = start(disk, disk->free, request);
        if (err == -ENOSPC)
            break;
        list_del(&request->link);
        if (err < 0) {
            list_add(refused, &request->link);
            continue;
        }
        disk->free = disk->free->next;
        note_start(disk);
    }
    virtqueue_kick(disk->vq);
}

static void end_refused(struct list *refused)
{
    while (!list_empty(refused)) {
        struct block_request *request = list_first(refused, struct block_request, link);
        list_del(&request->link);
        request->done(request, -EIO);
    }
}

static void disk_submit(struct block_device *block, struct block_request *request)
{
    struct disk *disk = block->priv;
    struct list refused;
    if (request->op == BLOCK_FLUSH && !virtio_has(disk->virtio, VIRTIO_BLK_F_FLUSH)) {
        request->done(request, 0); /* the device has no cache that could lose anything */
        return;
    }
    list_init(&refused);
    spin_lock(&disk->lock);
    list_add_tail(&disk->waiting, &request->link);
    start_waiting(disk, &refused);
    spin_unlock(&disk->lock);
    end_refused(&refused);
}

static void disk_complete(void *arg, void *token, long result)
{
    struct disk *disk = arg;
    struct slot *slot = token;
    struct block_request *request = slot->request;
    uint8_t status = __atomic_load_n(&slot->wire->status, __ATOMIC_RELAXED);
    int err = result < 0 ? (int)result : -EIO;
    struct list refused;
    if (result >= 0 && status == VIRTIO_BLK_S_OK)
        err = 0;
    else if (result >= 0 && status == VIRTIO_BLK_S_UNSUPP)
        err = -EOPNOTSUPP;
    list_init(&refused);
    spin_lock(&disk->lock);
    disk->under_way--;
    disk->looks = 0;
    slot->next = disk->free;
    disk->free = slot;
    start_waiting(disk, &refused);
    spin_unlock(&disk->lock);
    request->done(request, err);
    end_refused(&refused);
}

static const struct block_ops disk_ops = {disk_submit};

/* ---- the device's properties */

static uint32_t read_or(struct virtio_device *dev, unsigned feature, unsigned offset,
                        uint32_t otherwise)
{
    return virtio_has(dev, feature) ? virtio_config32(dev, offset) : otherwise;
}

/* In sectors. A part of a block at the end cannot be read by any request, and does not count. */
static uint64_t read_capacity(struct disk *disk)
{
    uint64_t sectors = virtio_config64(disk->virtio, offsetof(struct virtio_blk_config, capacity));
    sectors = sectors < SECTORS_MAX ? sectors : SECTORS_MAX;
    return sectors - sectors % (disk->block.block_size / BLOCK_SECTOR);
}

/* Blocks, segments and discards as the configuration space gives them: 0 or -EINVAL. */
static int read_limits(struct disk *disk)
{
    struct virtio_device *dev = disk->virtio;
    struct block_device *block = &disk->block;
    uint32_t seg_max =
        read_or(dev, VIRTIO_BLK_F_SEG_MAX, offsetof(struct virtio_blk_config, seg_max), 1);
    disk->size_max = read_or(dev, VIRTIO_BLK_F_SIZE_MAX,
                             offsetof(struct virtio_blk_config, size_max), UINT32_MAX);
    block->block_size = read_or(dev, VIRTIO_BLK_F_BLK_SIZE,
                                offsetof(struct virtio_blk_config, blk_size), BLOCK_SECTOR);
    if (block->block_size < BLOCK_SECTOR || block->block_size > PAGE_SIZE ||
        block->block_size & (block->block_size - 1))
        return -EINVAL;
    if (disk->size_max < BLOCK_SECTOR || seg_max == 0)
        return -EINVAL;
    /* A page of data takes this many segments on the wire. */
    uint32_t pieces = (uint32_t)((PAGE_SIZE - 1) / disk->size_max + 1);
    uint32_t chain = virtqueue_max_segs(disk->vq) - 2;
    if (seg_max > chain)
        seg_max = chain;
    if (seg_max > BLOCK_SEGS_MAX)
        seg_max = BLOCK_SEGS_MAX;
    block->max_segs = seg_max / pieces;
    if (block->max_segs == 0)
        return -EINVAL;
    block->physical_size = block->block_size;
    if (virtio_has(dev, VIRTIO_BLK_F_TOPOLOGY)) {
        uint8_t exp =
            virtio_config8(dev, offsetof(struct virtio_blk_config, topology.physical_block_exp));
        if (exp < 16)
            block->physical_size <<= exp;
    }
    block->read_only = virtio_has(dev, VIRTIO_BLK_F_RO);
    block->max_discard = read_or(dev, VIRTIO_BLK_F_DISCARD,
                                 offsetof(struct virtio_blk_config, max_discard_sectors), 0);
    block->sectors = read_capacity(disk);
    return 0;
}

static void disk_config_changed(struct virtio_device *dev)
{
    struct disk *disk = virtio_priv(dev);
    if (!disk)
        return;
    block_set_sectors(&disk->block, read_capacity(disk));
    klog(LOG_NOTICE, "%s: now %llu KiB", disk->name,
         (unsigned long long)block_sectors(&disk->block) / 2);
}

/* ---- the way up */

static int disk_init(struct disk *disk)
{
    spin_init(&disk->lock);
    list_init(&disk->waiting);
    disk->wires = kmalloc(SLOTS * sizeof *disk->wires);
    if (!disk->wires)
        return -ENOMEM;
    for (unsigned i = 0; i < SLOTS; i++) {
        disk->slots[i].wire = &disk->wires[i];
        disk->slots[i].next = disk->free;
        disk->free = &disk->slots[i];
    }
    disk->vq = virtqueue_create(disk->virtio, 0, QUEUE_SIZE, disk_complete, disk);
    if (!disk->vq)
        return -ENOMEM;
    return virtqueue_max_segs(disk->vq) > 2 ? read_limits(disk) : -EINVAL;
}

static int disk_probe(struct virtio_device *dev)
{
    static unsigned count;
    if (count == DISKS_MAX)
        return -ENOSPC;
    struct disk *disk = kzalloc(sizeof *disk);
    if (!disk)
        return -ENOMEM;
    disk->virtio = dev;
    disk->name[0] = 'v', disk->name[1] = 'd', disk->name[2] = (char)('a' + count);
    int err = disk_init(disk);
    if (err == 0) {
        virtio_set_priv(dev, disk);
        err = virtio_start(dev);
    }
    if (err < 0) {
        virtio_set_priv(dev, NULL);
        kfree(disk->wires);
        kfree(disk);
        return err;
    }
    disk->block.name = disk->name;
    disk->block.major = BLOCK_MAJOR;
    disk->block.minor = count++ * MINORS;
    disk->block.ops = &disk_ops;
    disk->block.priv = disk;
    klog(LOG_INFO, "%s: %llu KiB%s", disk->name, (unsigned long long)disk->block.sectors / 2,
         disk->block.read_only ? ", read-only" : "");
    block_register(&disk->block);
    return 0;
}

const struct virtio_driver virtio_blk_driver = {
    .name = "virtio-blk",
    .device_id = VIRTIO_ID_BLOCK,
    .features = 1ull << VIRTIO_BLK_F_SIZE_MAX | 1ull << VIRTIO_BLK_F_SEG_MAX |
                1ull << VIRTIO_BLK_F_RO | 1ull << VIRTIO_BLK_F_BLK_SIZE |
                1ull << VIRTIO_BLK_F_FLUSH | 1ull << VIRTIO_BLK_F_TOPOLOGY |
                1ull << VIRTIO_BLK_F_DISCARD,
    .probe = disk_probe,
    .config_changed = disk_config_changed,
};
