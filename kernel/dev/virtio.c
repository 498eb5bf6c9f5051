/*
 * The virtio bus over MMIO registers (Virtual I/O Device Version 1.2, sections 3 and 4.2; legacy
 * devices as section 4.2.4 has them): which driver a device gets, features, configuration space,
 * interrupts, and what happens to a device that misbehaves.
 */
#include "abi/errno.h"
#include "kernel/dev/internal.h"
#include "kernel/dev/virtio_internal.h"
#include "kernel/klog.h"
#include "lib/fdt.h"
#include "lib/fmt.h"

static const struct virtio_driver *const drivers[] = {
    &virtio_blk_driver,   &virtio_console_driver, &virtio_gpu_driver,
    &virtio_input_driver, &virtio_rng_driver,     &virtio_snd_driver,
};

/* What the rings and the kernel's memory can do, whatever the device. */
#define BUS_FEATURES                                                                            \
    (1ull << VIRTIO_F_INDIRECT_DESC | 1ull << VIRTIO_F_EVENT_IDX | 1ull << VIRTIO_F_VERSION_1 | \
     1ull << VIRTIO_F_ACCESS_PLATFORM)

#define RESET_PATIENCE 1000000u /* reads of the status before a reset counts as failed */

bool virtio_has(const struct virtio_device *dev, unsigned bit)
{
    return dev->features >> bit & 1;
}

void virtio_set_priv(struct virtio_device *dev, void *priv)
{
    dev->priv = priv;
}

void *virtio_priv(const struct virtio_device *dev)
{
    return dev->priv;
}

bool virtio_is_broken(const struct virtio_device *dev)
{
    return __atomic_load_n(&dev->broken, __ATOMIC_ACQUIRE);
}

/* ---- configuration space */

/* Where a field lies; NULL beyond the end. */
static uint8_t *config_field(struct virtio_device *dev, unsigned offset, unsigned width)
{
    if (width > dev->config_size || offset > dev->config_size - width)
        return NULL;
    return dev->base + VIRTIO_MMIO_CONFIG + offset;
}

uint8_t virtio_config8(struct virtio_device *dev, unsigned offset)
{
    const uint8_t *field = config_field(dev, offset, 1);
    return field ? mmio_read8(field) : 0;
}

uint16_t virtio_config16(struct virtio_device *dev, unsigned offset)
{
    const uint8_t *field = config_field(dev, offset, 2);
    return field ? mmio_read16(field) : 0;
}

uint32_t virtio_config32(struct virtio_device *dev, unsigned offset)
{
    const uint8_t *field = config_field(dev, offset, 4);
    return field ? mmio_read32(field) : 0;
}

/* Tells one state of the configuration space from the next; legacy devices do not say. */
static uint32_t generation(struct virtio_device *dev, uint32_t high)
{
    return dev->legacy ? high : virtio_reg(dev, VIRTIO_MMIO_CONFIG_GENERATION);
}

uint64_t virtio_config64(struct virtio_device *dev, unsigned offset)
{
    uint32_t before, low, high = virtio_config32(dev, offset + 4);
    unsigned tries = 0;
    do {
        before = generation(dev, high);
        low = virtio_config32(dev, offset);
        high = virtio_config32(dev, offset + 4);
    } while (generation(dev, high) != before && ++tries < 100);
    return (uint64_t)high << 32 | low;
}

void virtio_config_write8(struct virtio_device *dev, unsigned offset, uint8_t value)
{
    uint8_t *field = config_field(dev, offset, 1);
    if (field)
        mmio_write8(field, value);
}

void virtio_config_write32(struct virtio_device *dev, unsigned offset, uint32_t value)
{
    uint8_t *field = config_field(dev, offset, 4);
    if (field)
        mmio_write32(field, value);
}

/* ---- status */

static void add_status(struct virtio_device *dev, uint32_t bits)
{
    virtio_set_reg(dev, VIRTIO_MMIO_STATUS, virtio_reg(dev, VIRTIO_MMIO_STATUS) | bits);
}

/* After this the device does not touch memory any more. False: it did not come to rest. */
static bool reset(struct virtio_device *dev)
{
    virtio_set_reg(dev, VIRTIO_MMIO_STATUS, 0);
    for (unsigned i = 0; i < RESET_PATIENCE; i++) {
        if (virtio_reg(dev, VIRTIO_MMIO_STATUS) == 0)
            return true;
    }
    return false;
}

static void fail_buffers(struct timer *timer)
{
    struct virtio_device *dev = container_of(timer, struct virtio_device, failure);
    if (!reset(dev)) {
        /* It may still write to buffers: better to leave who waits for them waiting. */
        klog(LOG_ERR, "%s: cannot be reset", dev->name);
        return;
    }
    for (unsigned i = 0; i < VIRTIO_QUEUES_MAX; i++) {
        if (dev->queues[i])
            virtqueue_fail(dev->queues[i]);
    }
}

void virtio_break(struct virtio_device *dev, const char *why)
{
    if (__atomic_exchange_n(&dev->broken, 1, __ATOMIC_ACQ_REL))
        return;
    klog(LOG_ERR, "%s (%s): %s; given up", dev->name, dev->driver->name, why);
    timer_start(&dev->failure, time_ns(), fail_buffers);
}

/* ---- interrupts */

static void virtio_interrupt(void *arg)
{
    struct virtio_device *dev = arg;
    uint32_t cause = virtio_reg(dev, VIRTIO_MMIO_INTERRUPT_STATUS);
    virtio_set_reg(dev, VIRTIO_MMIO_INTERRUPT_ACK, cause);
    if (virtio_is_broken(dev))
        return;
    arch_io_barrier(); /* acknowledged before the rings are looked at */
    if (cause & VIRTIO_MMIO_INT_USED) {
        for (unsigned i = 0; i < VIRTIO_QUEUES_MAX; i++) {
            if (dev->queues[i])
                virtqueue_interrupt(dev->queues[i]);
        }
    }
    if (cause & VIRTIO_MMIO_INT_CONFIG) {
        if (virtio_reg(dev, VIRTIO_MMIO_STATUS) & VIRTIO_STATUS_DEVICE_NEEDS_RESET)
            virtio_break(dev, "the device needs a reset");
        else if (dev->driver->config_changed)
            dev->driver->config_changed(dev);
    }
}

int virtio_start(struct virtio_device *dev)
{
    int err = irq_request(dev->irq, virtio_interrupt, dev, dev->driver->name);
    if (err == 0) {
        dev->started = true;
        add_status(dev, VIRTIO_STATUS_DRIVER_OK);
    }
    return err;
}

/* ---- queues */

static void set_address(struct virtio_device *dev, unsigned low, paddr_t pa)
{
    virtio_set_reg(dev, low, (uint32_t)pa);
    virtio_set_reg(dev, low + 4, (uint32_t)(pa >> 32));
}

/* Tells the device where the selected queue is. Legacy ones know page numbers of 32 bits only. */
static bool hand_over(struct virtio_device *dev, const struct virtqueue *vq)
{
    paddr_t pa = page_pa(vq->memory);
    virtio_set_reg(dev, VIRTIO_MMIO_QUEUE_NUM, vq->num);
    if (dev->legacy) {
        virtio_set_reg(dev, VIRTIO_MMIO_QUEUE_ALIGN, PAGE_SIZE);
        virtio_set_reg(dev, VIRTIO_MMIO_QUEUE_PFN, (uint32_t)(pa >> PAGE_SHIFT));
        return pa >> PAGE_SHIFT <= UINT32_MAX;
    }
    set_address(dev, VIRTIO_MMIO_QUEUE_DESC_LOW, pa);
    set_address(dev, VIRTIO_MMIO_QUEUE_DRIVER_LOW,
                pa + (paddr_t)((uint8_t *)vq->avail - (uint8_t *)vq->desc));
    set_address(dev, VIRTIO_MMIO_QUEUE_DEVICE_LOW,
                pa + (paddr_t)((uint8_t *)vq->used - (uint8_t *)vq->desc));
    virtio_set_reg(dev, VIRTIO_MMIO_QUEUE_READY, 1);
    return true;
}

struct virtqueue *virtqueue_create(struct virtio_device *dev, unsigned index, unsigned max,
                                   virtio_complete_fn *complete, void *arg)
{
    KASSERT(index < VIRTIO_QUEUES_MAX && !dev->queues[index] && max > 0 && max <= 256);
    virtio_set_reg(dev, VIRTIO_MMIO_QUEUE_SEL, index);
    uint32_t limit = virtio_reg(dev, VIRTIO_MMIO_QUEUE_NUM_MAX);
    bool in_use = virtio_reg(dev, dev->legacy ? VIRTIO_MMIO_QUEUE_PFN : VIRTIO_MMIO_QUEUE_READY);
    if (limit == 0 || in_use)
        return NULL;
    while (max > limit)
        max /= 2;
    struct virtqueue *vq = virtqueue_alloc(dev, index, max);
    if (!vq)
        return NULL;
    vq->complete = complete;
    vq->arg = arg;
    if (!hand_over(dev, vq)) {
        virtqueue_free(vq);
        return NULL;
    }
    dev->queues[index] = vq;
    return vq;
}

/* ---- the way up */

static uint64_t offered_features(struct virtio_device *dev)
{
    virtio_set_reg(dev, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 0);
    uint64_t features = virtio_reg(dev, VIRTIO_MMIO_DEVICE_FEATURES);
    if (dev->legacy)
        return features;
    virtio_set_reg(dev, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 1);
    return features | (uint64_t)virtio_reg(dev, VIRTIO_MMIO_DEVICE_FEATURES) << 32;
}

/* Section 3.1.1, steps 4 to 6; legacy devices have no say in it. */
static int negotiate(struct virtio_device *dev)
{
    dev->features = offered_features(dev) & (dev->driver->features | BUS_FEATURES);
    if (!dev->legacy && !virtio_has(dev, VIRTIO_F_VERSION_1))
        return -ENODEV;
    virtio_set_reg(dev, VIRTIO_MMIO_DRIVER_FEATURES_SEL, 0);
    virtio_set_reg(dev, VIRTIO_MMIO_DRIVER_FEATURES, (uint32_t)dev->features);
    if (dev->legacy) {
        virtio_set_reg(dev, VIRTIO_MMIO_GUEST_PAGE_SIZE, PAGE_SIZE);
        return 0;
    }
    virtio_set_reg(dev, VIRTIO_MMIO_DRIVER_FEATURES_SEL, 1);
    virtio_set_reg(dev, VIRTIO_MMIO_DRIVER_FEATURES, (uint32_t)(dev->features >> 32));
    add_status(dev, VIRTIO_STATUS_FEATURES_OK);
    return virtio_reg(dev, VIRTIO_MMIO_STATUS) & VIRTIO_STATUS_FEATURES_OK ? 0 : -ENODEV;
}

static const struct virtio_driver *driver_for(uint32_t device_id)
{
    for (size_t i = 0; i < sizeof drivers / sizeof *drivers; i++) {
        if (drivers[i]->device_id == device_id)
            return drivers[i];
    }
    return NULL;
}

static int bring_up(struct virtio_device *dev)
{
    if (!reset(dev))
        return -EIO;
    add_status(dev, VIRTIO_STATUS_ACKNOWLEDGE);
    add_status(dev, VIRTIO_STATUS_DRIVER);
    int err = negotiate(dev);
    return err < 0 ? err : dev->driver->probe(dev);
}

/* After a failed bring_up(): frees what neither the device nor an interrupt can come back to. */
static void abandon(struct virtio_device *dev)
{
    if (dev->started) {
        virtio_break(dev, "no use for it");
        return;
    }
    if (!reset(dev))
        return;
    virtio_set_reg(dev, VIRTIO_MMIO_STATUS, VIRTIO_STATUS_FAILED);
    for (unsigned i = 0; i < VIRTIO_QUEUES_MAX; i++) {
        if (dev->queues[i])
            virtqueue_free(dev->queues[i]);
    }
    kfree(dev);
}

static int virtio_probe(struct fdt *fdt, int node)
{
    static unsigned count;
    uint64_t pa, size;
    if (fdt_reg(fdt, node, 0, &pa, &size) < 0 || size < VIRTIO_MMIO_CONFIG)
        return -EINVAL;
    uint8_t *base = dev_map_reg(fdt, node, 0);
    if (!base)
        return -ENOMEM;
    if (mmio_read32(base + VIRTIO_MMIO_MAGIC_VALUE) != VIRTIO_MMIO_MAGIC)
        return -ENODEV;
    uint32_t version = mmio_read32(base + VIRTIO_MMIO_VERSION);
    const struct virtio_driver *driver = driver_for(mmio_read32(base + VIRTIO_MMIO_DEVICE_ID));
    if (!driver)
        return 0; /* an empty slot, or a device nobody drives */
    if (version != 1 && version != 2)
        return -ENODEV;
    struct virtio_device *dev = kzalloc(sizeof *dev);
    if (!dev)
        return -ENOMEM;
    dev->base = base;
    dev->config_size = (size_t)size - VIRTIO_MMIO_CONFIG;
    dev->irq = dev_irq(fdt, node);
    dev->legacy = version == 1;
    dev->driver = driver;
    fmt_snprint(dev->name, sizeof dev->name, "virtio%u", count++);
    int err = bring_up(dev);
    if (err < 0)
        abandon(dev);
    return err;
}

static const char *const virtio_compatible[] = {"virtio,mmio", NULL};
const struct driver virtio_mmio_driver = {"virtio-mmio", virtio_compatible, virtio_probe};
