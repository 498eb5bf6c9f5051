/* The list of block devices, and what is true of every request. */
#include "kernel/dev/block.h"
#include "abi/errno.h"
#include "kernel/sched/sched.h"

static struct block_device *devices;
static void (*listener)(struct block_device *dev);
static struct spinlock list_lock = SPINLOCK_INIT; /* both, and every device's size */

void block_register(struct block_device *dev)
{
    spin_lock(&list_lock);
    struct block_device **p = &devices;
    while (*p)
        p = &(*p)->next;
    *p = dev;
    void (*added)(struct block_device *) = listener;
    spin_unlock(&list_lock);
    if (added)
        added(dev);
}

void block_listen(void (*added)(struct block_device *dev))
{
    spin_lock(&list_lock);
    struct block_device *last = devices; /* those after it will announce themselves */
    while (last && last->next)
        last = last->next;
    listener = added;
    spin_unlock(&list_lock);
    for (struct block_device *dev = devices; last && dev; dev = dev == last ? NULL : dev->next)
        added(dev);
}

uint64_t block_sectors(struct block_device *dev)
{
    spin_lock(&list_lock);
    uint64_t sectors = dev->sectors;
    spin_unlock(&list_lock);
    return sectors;
}

void block_set_sectors(struct block_device *dev, uint64_t sectors)
{
    spin_lock(&list_lock);
    uint64_t before = dev->sectors;
    dev->sectors = sectors;
    spin_unlock(&list_lock);
    void (*resized)(struct block_device *, uint64_t) =
        __atomic_load_n(&dev->resized, __ATOMIC_ACQUIRE);
    if (resized && before != sectors)
        resized(dev, before);
}

/* Bytes of all segments; 0 when one of them is not whole blocks. */
static uint64_t segs_size(const struct block_device *dev, const struct block_request *request)
{
    uint64_t bytes = 0;
    for (unsigned i = 0; i < request->seg_count; i++) {
        uint32_t len = request->segs[i].len;
        if (len == 0 || len % dev->block_size != 0)
            return 0;
        bytes += len;
    }
    return bytes;
}

static int check(struct block_device *dev, const struct block_request *request)
{
    uint64_t count = request->count, size = block_sectors(dev);
    if (request->op == BLOCK_FLUSH)
        return 0;
    if (request->op != BLOCK_READ && dev->read_only)
        return -EPERM;
    if (request->op == BLOCK_DISCARD && dev->max_discard == 0)
        return -EOPNOTSUPP;
    if (request->op == BLOCK_DISCARD && count > dev->max_discard)
        return -EINVAL;
    if (request->op != BLOCK_DISCARD) {
        if (request->seg_count > dev->max_segs)
            return -EINVAL;
        count = segs_size(dev, request) / BLOCK_SECTOR;
    }
    if (count == 0 || (request->sector | count) % (dev->block_size / BLOCK_SECTOR) != 0)
        return -EINVAL;
    return request->sector < size && count <= size - request->sector ? 0 : -EIO;
}

void block_submit(struct block_device *dev, struct block_request *request)
{
    int err = check(dev, request);
    if (err < 0)
        request->done(request, err);
    else
        dev->ops->submit(dev, request);
}
