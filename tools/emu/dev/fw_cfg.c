/*
 * QEMU's firmware configuration device (include/hw/fw_cfg.h): items and files for the firmware,
 * read through a register or by DMA.
 */
#include "hw/fw_cfg.h"

#include <stdio.h>
#include <string.h>

#include "tools/emu/dev/fw_cfg.h"
#include "tools/emu/machine.h"

enum { NO_ITEM = 0xffff, NUMBER_SIZE = 8, FILL_SIZE = 256, BOOT_MAX = 16 };

static const char boot_order_file[] = "bootorder";

struct item {
    const uint8_t *data;
    uint32_t size;
    uint8_t number[NUMBER_SIZE]; /* where data points if it is one */
};

/* A device that firmware is to try. */
struct boot {
    uint64_t index;
    char path[FW_CFG_BOOT_PATH];
};

struct fw_cfg {
    struct item items[FW_CFG_KEYS];
    const char *names[FW_CFG_FILE_SLOTS]; /* of the files, by key */
    unsigned file_count;
    struct boot boots[BOOT_MAX]; /* by index */
    unsigned boot_count;
    char boot_order[BOOT_MAX * FW_CFG_BOOT_PATH]; /* their paths, as the file has them */
    uint8_t directory[sizeof(uint32_t) + FW_CFG_FILE_SLOTS * sizeof(struct fw_cfg_file)];
    uint16_t selected; /* key, or NO_ITEM */
    uint32_t offset;   /* in that item */
    uint64_t dma_address;
};

static const struct state_field fw_cfg_fields[] = {
    STATE_FIELD(struct fw_cfg, selected, 1),
    STATE_FIELD(struct fw_cfg, offset, 1),
    STATE_FIELD(struct fw_cfg, dma_address, 1),
};

static void put_be(uint8_t *p, uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        p[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
}

static uint64_t get_be(const uint8_t *p, unsigned size)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < size; i++)
        value = value << 8 | p[i];
    return value;
}

/* Registers are big-endian and the bus little-endian. */
static uint64_t swap(uint64_t value, unsigned size)
{
    uint8_t bytes[8];

    put_be(bytes, value, size);
    value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

/* --- what is in it ---------------------------------------------------------------------------- */

bool fw_cfg_set(struct device *dev, unsigned key, const void *data, size_t n)
{
    struct fw_cfg *f = dev->state;

    if (key >= FW_CFG_KEYS || n > UINT32_MAX)
        return false;
    f->items[key].data = data;
    f->items[key].size = (uint32_t)n;
    return true;
}

bool fw_cfg_set_number(struct device *dev, unsigned key, uint64_t value, unsigned size)
{
    struct fw_cfg *f = dev->state;

    if (key >= FW_CFG_KEYS || size > NUMBER_SIZE)
        return false;
    for (unsigned i = 0; i < size; i++)
        f->items[key].number[i] = (uint8_t)(value >> (8 * i));
    return fw_cfg_set(dev, key, f->items[key].number, size);
}

static void write_directory(struct device *dev)
{
    struct fw_cfg *f = dev->state;
    uint8_t *p = f->directory;

    put_be(p, f->file_count, sizeof(uint32_t));
    p += sizeof(uint32_t);
    for (unsigned i = 0; i < f->file_count; i++, p += sizeof(struct fw_cfg_file)) {
        put_be(p + offsetof(struct fw_cfg_file, size), f->items[FW_CFG_FILE_FIRST + i].size, 4);
        put_be(p + offsetof(struct fw_cfg_file, select), FW_CFG_FILE_FIRST + i, 2);
        memset(p + offsetof(struct fw_cfg_file, name), 0, FW_CFG_NAME_SIZE);
        memcpy(p + offsetof(struct fw_cfg_file, name), f->names[i], strlen(f->names[i]));
    }
    fw_cfg_set(dev, FW_CFG_FILE_DIR, f->directory, (size_t)(p - f->directory));
}

const char *fw_cfg_add_file(struct device *dev, const char *name, const void *data, size_t n)
{
    struct fw_cfg *f = dev->state;
    unsigned at = 0;

    if (name[0] == '\0' || strlen(name) >= FW_CFG_NAME_SIZE)
        return "the name is empty or longer than 55 characters";
    if (f->file_count == FW_CFG_FILE_SLOTS)
        return "there are too many files";
    while (at < f->file_count && strcmp(f->names[at], name) < 0)
        at++;
    if (at < f->file_count && strcmp(f->names[at], name) == 0)
        return "there is such a file already";
    for (unsigned i = f->file_count; i > at; i--) {
        f->names[i] = f->names[i - 1];
        f->items[FW_CFG_FILE_FIRST + i] = f->items[FW_CFG_FILE_FIRST + i - 1];
    }
    if (!fw_cfg_set(dev, FW_CFG_FILE_FIRST + at, data, n))
        return "it is too large";
    f->names[at] = name;
    f->file_count++;
    write_directory(dev);
    return NULL;
}

/* One path a line, a zero behind the last; without any the file is empty. */
static void write_boot_order(struct device *dev)
{
    struct fw_cfg *f = dev->state;
    size_t n = 0;
    unsigned file = 0;

    for (unsigned i = 0; i < f->boot_count; i++) {
        size_t len = strlen(f->boots[i].path);
        memcpy(f->boot_order + n, f->boots[i].path, len);
        n += len;
        f->boot_order[n++] = i + 1 < f->boot_count ? '\n' : '\0';
    }
    while (strcmp(f->names[file], boot_order_file) != 0)
        file++;
    fw_cfg_set(dev, FW_CFG_FILE_FIRST + file, f->boot_order, n);
    write_directory(dev);
}

const char *fw_cfg_add_boot(struct device *dev, uint64_t index, const char *path)
{
    struct fw_cfg *f = dev->state;
    unsigned at = 0;

    while (at < f->boot_count && f->boots[at].index < index)
        at++;
    if (at < f->boot_count && f->boots[at].index == index)
        return "another device has it";
    if (f->boot_count == BOOT_MAX)
        return "too many devices have one";
    memmove(&f->boots[at + 1], &f->boots[at], (f->boot_count - at) * sizeof f->boots[0]);
    f->boots[at].index = index;
    snprintf(f->boots[at].path, sizeof f->boots[at].path, "%s", path);
    f->boot_count++;
    write_boot_order(dev);
    return NULL;
}

/* What QEMU's machine has, whatever its options. */
static void fw_cfg_init(struct device *dev)
{
    static const uint8_t signature[] = {'Q', 'E', 'M', 'U'}, uuid[16];
    static const uint8_t never[] = {0xff, 0xff, 0xff, 0xff};

    fw_cfg_set(dev, FW_CFG_SIGNATURE, signature, sizeof signature);
    fw_cfg_set(dev, FW_CFG_UUID, uuid, sizeof uuid);
    fw_cfg_set_number(dev, FW_CFG_ID, FW_CFG_VERSION | FW_CFG_VERSION_DMA, 4);
    fw_cfg_set_number(dev, FW_CFG_NOGRAPHIC, 1, 2);
    fw_cfg_set_number(dev, FW_CFG_NB_CPUS, dev->machine->hart_count, 2);
    fw_cfg_set_number(dev, FW_CFG_BOOT_MENU, 0, 2);
    fw_cfg_add_file(dev, "bios-geometry", "", 0);
    fw_cfg_add_file(dev, "etc/boot-fail-wait", never, sizeof never);
    fw_cfg_add_file(dev, boot_order_file, "", 0);
}

/* --- reading ---------------------------------------------------------------------------------- */

static void fw_cfg_select(struct fw_cfg *f, uint16_t key)
{
    f->offset = 0;
    f->selected = (key & FW_CFG_KEY_MASK) < FW_CFG_KEYS ? key : NO_ITEM;
}

/* What of the selected item is still to come; nothing of one that is not there. */
static uint32_t rest(const struct fw_cfg *f, const uint8_t **data)
{
    const struct item *item;

    if (f->selected == NO_ITEM || f->selected & FW_CFG_ARCH_LOCAL)
        return 0;
    item = &f->items[f->selected & FW_CFG_KEY_MASK];
    if (item->data == NULL || f->offset >= item->size)
        return 0;
    *data = item->data + f->offset;
    return item->size - f->offset;
}

static uint64_t fw_cfg_next(struct fw_cfg *f, unsigned size)
{
    const uint8_t *data;
    uint64_t value = 0;

    for (unsigned i = 0; i < size && rest(f, &data) != 0; i++, f->offset++)
        value |= (uint64_t)*data << (8 * i);
    return value;
}

/* Zeros to memory. */
static bool dma_clear(struct device *dev, uint64_t address, uint32_t n)
{
    static const uint8_t zeros[FILL_SIZE];

    for (uint32_t part; n != 0; address += part, n -= part) {
        part = n < FILL_SIZE ? n : FILL_SIZE;
        if (!device_dma_write(dev, address, zeros, part))
            return false;
    }
    return true;
}

/* Read or skip: what is beyond the item's end reads as zeros. */
static bool dma_transfer(struct device *dev, uint64_t address, uint32_t length, bool skip)
{
    struct fw_cfg *f = dev->state;
    const uint8_t *data = NULL;
    uint32_t n = rest(f, &data);

    n = n < length ? n : length;
    if (!skip && n != 0 && !device_dma_write(dev, address, data, n))
        return false;
    f->offset += n;
    return skip || dma_clear(dev, address + n, length - n);
}

/* Carry out the command at that address. No item can be written. */
static void fw_cfg_dma(struct device *dev, uint64_t at)
{
    struct fw_cfg *f = dev->state;
    uint8_t access[sizeof(struct fw_cfg_dma_access)];
    uint32_t control, length;
    bool done = false;

    if (device_dma_read(dev, at, access, sizeof access)) {
        control = (uint32_t)get_be(access + offsetof(struct fw_cfg_dma_access, control), 4);
        length = (uint32_t)get_be(access + offsetof(struct fw_cfg_dma_access, length), 4);
        if (control & FW_CFG_DMA_SELECT)
            fw_cfg_select(f, (uint16_t)(control >> 16));
        if (control & (FW_CFG_DMA_READ | FW_CFG_DMA_SKIP) &&
            !(control & FW_CFG_DMA_WRITE && !(control & FW_CFG_DMA_READ)))
            done =
                dma_transfer(dev, get_be(access + offsetof(struct fw_cfg_dma_access, address), 8),
                             length, !(control & FW_CFG_DMA_READ));
        else
            done = !(control & FW_CFG_DMA_WRITE) || length == 0;
    }
    put_be(access, done ? 0 : FW_CFG_DMA_ERROR, 4);
    device_dma_write(dev, at, access, 4);
}

/* --- registers -------------------------------------------------------------------------------- */

static bool fw_cfg_read(struct device *dev, uint64_t offset, unsigned size, uint64_t *value)
{
    if (offset == FW_CFG_DATA) {
        *value = fw_cfg_next(dev->state, size);
    } else if (offset >= FW_CFG_DMA) {
        uint8_t signature[8];
        put_be(signature, FW_CFG_DMA_SIGNATURE, 8);
        *value = swap(get_be(signature + (offset - FW_CFG_DMA), size), size);
    } else {
        return false;
    }
    return true;
}

static bool fw_cfg_write(struct device *dev, uint64_t offset, unsigned size, uint64_t value)
{
    struct fw_cfg *f = dev->state;

    if (offset == FW_CFG_DATA)
        return true; /* writing items is gone since QEMU 2.4 */
    if (offset == FW_CFG_SELECTOR && size == 2) {
        fw_cfg_select(f, (uint16_t)swap(value, size));
    } else if (offset == FW_CFG_DMA && size == 8) {
        f->dma_address = 0;
        fw_cfg_dma(dev, swap(value, size));
    } else if (offset == FW_CFG_DMA && size == 4) {
        f->dma_address = swap(value, size) << 32;
    } else if (offset == FW_CFG_DMA + 4 && size == 4) {
        uint64_t at = f->dma_address | swap(value, size);
        f->dma_address = 0;
        fw_cfg_dma(dev, at);
    } else {
        return false;
    }
    return true;
}

static void fw_cfg_fdt(struct device *dev, struct fdt_writer *w)
{
    fdtw_prop_empty(w, "dma-coherent");
}

const struct device_ops fw_cfg_device = {
    .name = "fw_cfg",
    .node = "fw-cfg",
    .place = DEVICE_NODE_ROOT,
    .compatible = {"qemu,fw-cfg-mmio"},
    .sizes = 1 | 2 | 4 | 8,
    .state_size = sizeof(struct fw_cfg),
    .fields = fw_cfg_fields,
    .field_count = sizeof fw_cfg_fields / sizeof fw_cfg_fields[0],
    .init = fw_cfg_init,
    .read = fw_cfg_read,
    .write = fw_cfg_write,
    .fdt = fw_cfg_fdt,
};
