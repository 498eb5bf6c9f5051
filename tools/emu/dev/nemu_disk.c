/* NEMU's disk (include/hw/nemu.h), with both layouts of its registers. */
#include <inttypes.h>

#include "hw/nemu.h"
#include "tools/emu/backend.h"
#include "tools/emu/machine.h"
#include "tools/emu/machines/nemu.h"

enum { REG_COUNT = NEMU_DISK_REG_SIZE / 4, READY = 1 };

struct disk {
    uint32_t regs[REG_COUNT]; /* as written */
    struct block_backend *image;
};

static const struct state_field disk_fields[] = {STATE_ARRAY(struct disk, regs, 1)};

static uint64_t block_count(const struct disk *disk)
{
    return disk->image != NULL ? disk->image->size / NEMU_DISK_BLOCK : 0;
}

/* Between the image and memory; a request that cannot be carried out ends the run. */
static void transfer(struct device *dev, bool write, uint32_t buf, uint32_t start, uint32_t count)
{
    const struct disk *disk = dev->state;
    struct block_backend *image = disk->image;
    struct iovec iov = {.iov_len = (size_t)count * NEMU_DISK_BLOCK};
    uint64_t offset = (uint64_t)start * NEMU_DISK_BLOCK;
    const char *what = write ? "written" : "read";
    int error;

    if (count == 0)
        return;
    if (start >= block_count(disk) || count > block_count(disk) - start) {
        nemu_abort(dev->machine,
                   "disk: %" PRIu32 " blocks from %" PRIu32 " on are %s; it has %" PRIu64, count,
                   start, what, block_count(disk));
        return;
    }
    iov.iov_base = write ? (void *)device_dma_readable(dev, buf, iov.iov_len)
                         : device_dma_writable(dev, buf, iov.iov_len);
    if (iov.iov_base == NULL) {
        nemu_abort(dev->machine,
                   "disk: %zu bytes at 0x%" PRIx32 ", which is not all memory, are %s", iov.iov_len,
                   buf, write ? what : "filled");
        return;
    }
    if (write && image->read_only)
        error = -1;
    else
        error = write ? image->write(image, offset, &iov, 1) : image->read(image, offset, &iov, 1);
    if (error != 0)
        nemu_abort(dev->machine, "disk: blocks cannot be %s", what);
}

static void disk_init(struct device *dev)
{
    struct disk *disk = dev->state;

    disk->image = (struct block_backend *)machine_take_backend(dev, BACKEND_BLOCK);
}

static bool disk_read(struct device *dev, uint64_t offset, unsigned size, uint64_t *value)
{
    const struct disk *disk = dev->state;
    uint64_t blocks = block_count(disk);

    switch (offset) {
    case NEMU_DISK_SIZE:
    case NEMU_DISK_BUF: *value = blocks < UINT32_MAX ? blocks : UINT32_MAX; break;
    case NEMU_DISK_CMD: *value = NEMU_DISK_BLOCK; break;
    case NEMU_DISK_START: *value = READY; break;
    default: *value = disk->regs[offset / 4]; break;
    }
    return true;
}

static bool disk_write(struct device *dev, uint64_t offset, unsigned size, uint64_t value)
{
    struct disk *disk = dev->state;
    uint32_t *regs = disk->regs;

    regs[offset / 4] = (uint32_t)value;
    if (offset == NEMU_DISK_CMD)
        transfer(dev, value != 0, regs[NEMU_DISK_BUF / 4], regs[NEMU_DISK_START / 4],
                 regs[NEMU_DISK_COUNT / 4]);
    else if (offset == NEMU_DISK_IO_CMD && value != 0)
        transfer(dev, regs[NEMU_DISK_IO_WRITE / 4] != 0, regs[NEMU_DISK_IO_BUF / 4],
                 regs[NEMU_DISK_IO_BLKNO / 4], regs[NEMU_DISK_IO_BLKCNT / 4]);
    if (offset == NEMU_DISK_IO_CMD)
        regs[offset / 4] = 0; /* done */
    return true;
}

const struct device_ops nemu_disk_device = {
    .name = "nemu_disk",
    .node = "disk",
    .compatible = {"nemu,disk"},
    .sizes = 4,
    .state_size = sizeof(struct disk),
    .fields = disk_fields,
    .field_count = sizeof disk_fields / sizeof disk_fields[0],
    .init = disk_init,
    .read = disk_read,
    .write = disk_write,
};
