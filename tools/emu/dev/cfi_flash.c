/*
 * A bank of CFI flash (include/hw/cfi_flash.h), with the geometry, identifiers and command
 * sequences of QEMU's: two 16-bit chips on a 32-bit bus; commands are taken from the low byte of
 * what is written, erasing and programming take no time, programming sets bits as well as it clears
 * them, and locking is accepted and does nothing.
 *
 * Instructions are fetched from the array whatever the mode: a region of memory that only fetches
 * see. Loads and stores come here.
 */
#include "hw/cfi_flash.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/emu/backend.h"
#include "tools/emu/dev/cfi_flash.h"
#include "tools/emu/machine.h"

enum {
    BLOCK_SIZE = 0x40000, /* of both chips together */
    CHIPS = 2,
    CHIP_MASK = 0xffff, /* a word of one chip */
    BUFFER_LOG = 11,    /* of a chip's write buffer */
    BUFFER_SIZE = CHIPS << BUFFER_LOG,
    SECTOR = 512,
    COPY_SIZE = 65536,
    MANUFACTURER = 0x89, /* Intel */
    DEVICE_ID = 0x18,
    EXTENDED_TABLE = 0x31,
};

struct flash {
    uint8_t command; /* what reads answer to, and whose words follow; CFI_READ_ARRAY: none */
    uint8_t cycle;   /* words of the command that have come */
    uint8_t status;
    uint32_t counter;    /* words of a buffered write still to come, less 1 */
    uint32_t buffer_at;  /* what the buffer is for, aligned to its size, if ... */
    uint8_t buffer_used; /* a word has come: it has the array's bytes, but those that came */
    uint8_t buffer[BUFFER_SIZE]; /* goes to the array when it is confirmed */
    struct block_backend *image; /* NULL: none, the content is lost at the end */
};

static const struct state_field flash_fields[] = {
    STATE_FIELD(struct flash, command, 1),   STATE_FIELD(struct flash, cycle, 1),
    STATE_FIELD(struct flash, status, 1),    STATE_FIELD(struct flash, counter, 1),
    STATE_FIELD(struct flash, buffer_at, 1), STATE_FIELD(struct flash, buffer_used, 1),
    STATE_ARRAY(struct flash, buffer, 1),
};

/* --- content ---------------------------------------------------------------------------------- */

static bool is_read_only(const struct flash *f)
{
    return f->image != NULL && f->image->read_only;
}

/* Write the sectors that hold the range back to the image. */
static bool save(struct device *dev, uint64_t offset, uint64_t n)
{
    const struct flash *f = dev->state;
    uint64_t start = offset / SECTOR * SECTOR, end = (offset + n + SECTOR - 1) / SECTOR * SECTOR;
    const void *host = ram_code_host(dev->machine->ram, dev->slot->base + start, end - start);
    struct iovec iov = {(void *)host, end - start};

    return f->image == NULL || host == NULL || f->image->write(f->image, start, &iov, 1) == 0;
}

static void erase(struct device *dev, uint64_t offset)
{
    struct flash *f = dev->state;
    uint64_t block = offset / BLOCK_SIZE * BLOCK_SIZE;

    f->status |= CFI_STATUS_READY;
    if (!is_read_only(f))
        ram_fill(dev->machine->ram, dev->slot->base + block, 0xff, BLOCK_SIZE);
    if (is_read_only(f) || !save(dev, block, BLOCK_SIZE))
        f->status |= CFI_STATUS_ERASE_ERROR;
}

static void program(struct device *dev, uint64_t offset, const uint8_t *bytes, uint64_t n)
{
    struct flash *f = dev->state;

    f->status |= CFI_STATUS_READY;
    if (!is_read_only(f))
        ram_write(dev->machine->ram, dev->slot->base + offset, bytes, n);
    if (is_read_only(f) || !save(dev, offset, n))
        f->status |= CFI_STATUS_PROGRAM_ERROR;
}

static void put_word(uint8_t *bytes, unsigned size, uint64_t value)
{
    for (unsigned i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
}

static void program_word(struct device *dev, uint64_t offset, unsigned size, uint64_t value)
{
    uint8_t bytes[sizeof value];

    put_word(bytes, size, value);
    program(dev, offset, bytes, size);
}

/* A word for the buffer. The first one says where that is for; others must be, too. */
static void fill_buffer(struct device *dev, uint64_t offset, unsigned size, uint64_t value)
{
    struct flash *f = dev->state;
    const void *host;

    f->status |= CFI_STATUS_READY;
    if (!f->buffer_used) {
        f->buffer_at = (uint32_t)(offset / BUFFER_SIZE * BUFFER_SIZE);
        host = ram_code_host(dev->machine->ram, dev->slot->base + f->buffer_at, BUFFER_SIZE);
        f->buffer_used = host != NULL;
        if (host != NULL)
            memcpy(f->buffer, host, BUFFER_SIZE);
    }
    if (f->buffer_used && offset / BUFFER_SIZE * BUFFER_SIZE == f->buffer_at && !is_read_only(f))
        put_word(f->buffer + (offset - f->buffer_at), size, value);
    else
        f->status |= CFI_STATUS_PROGRAM_ERROR;
}

const char *cfi_flash_attach(struct device *dev, struct block_backend *image)
{
    struct flash *f = dev->state;
    static uint8_t buf[COPY_SIZE], zeros[COPY_SIZE];

    if (image->size != dev->slot->size)
        return "the image must be exactly 32 MiB, as the flash bank";
    for (uint64_t at = 0; at < image->size; at += COPY_SIZE) {
        struct iovec iov = {buf, COPY_SIZE};
        if (image->read(image, at, &iov, 1) != 0)
            return "the image cannot be read";
        if (memcmp(buf, zeros, COPY_SIZE) != 0) /* untouched memory is no memory */
            ram_write(dev->machine->ram, dev->slot->base + at, buf, COPY_SIZE);
    }
    f->image = image;
    image->backend.machine = dev->machine;
    image->backend.taken = true;
    return NULL;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* The word of a chip's query structure at that index. */
static uint16_t query(const struct device *dev, uint64_t index)
{
    static const char string[] = "QRY", extended[] = "PRI10";
    static const uint8_t times[] = {7, 7, 10, 0, 4, 4, 4, 0};
    uint64_t blocks = dev->slot->size / BLOCK_SIZE - 1, size = BLOCK_SIZE / CHIPS;

    if (index >= CFI_QUERY_STRING && index < CFI_QUERY_STRING + 3)
        return (uint8_t)string[index - CFI_QUERY_STRING];
    if (index >= EXTENDED_TABLE && index < EXTENDED_TABLE + 5)
        return (uint8_t)extended[index - EXTENDED_TABLE];
    if (index >= CFI_QUERY_TIMES && index < CFI_QUERY_TIMES + sizeof times)
        return times[index - CFI_QUERY_TIMES];
    switch (index) {
    case CFI_QUERY_COMMAND_SET: return 1; /* Intel's, with the extended table */
    case CFI_QUERY_EXTENDED: return EXTENDED_TABLE;
    case CFI_QUERY_VCC_MIN: return 0x45;
    case CFI_QUERY_VCC_MIN + 1: return 0x55;
    case CFI_QUERY_SIZE: return (uint16_t)__builtin_ctzll(dev->slot->size / CHIPS);
    case CFI_QUERY_INTERFACE: return 2; /* 8 and 16 bits */
    case CFI_QUERY_BUFFER: return BUFFER_LOG;
    case CFI_QUERY_REGIONS: return 1;
    case CFI_QUERY_REGION: return blocks & 0xff;
    case CFI_QUERY_REGION + 1: return (uint16_t)(blocks >> 8);
    case CFI_QUERY_REGION + 2: return size >> 8 & 0xff;
    case CFI_QUERY_REGION + 3: return (uint16_t)(size >> 16);
    case 0x3f: return 1; /* protection fields */
    }
    return 0;
}

static uint16_t identifier(uint64_t index)
{
    switch (index & 0xff) {
    case 0: return MANUFACTURER;
    case 1: return DEVICE_ID;
    }
    return 0;
}

/* What both chips answer. A narrow access gets the low chip's answer, wherever in the word it is.
 */
static uint32_t answer(const struct device *dev, uint64_t offset, unsigned size)
{
    const struct flash *f = dev->state;
    uint32_t word;

    switch (f->command) {
    case CFI_READ_QUERY: word = query(dev, offset / sizeof(uint32_t)); break;
    case CFI_READ_ID: word = identifier(offset / sizeof(uint32_t)); break;
    default: word = f->status; break;
    }
    word |= word << 16;
    return size < sizeof word ? word & ((UINT32_C(1) << 8 * size) - 1) : word;
}

static bool flash_read(struct device *dev, uint64_t offset, unsigned size, uint64_t *value)
{
    const struct flash *f = dev->state;
    const void *host;

    if (f->command == CFI_READ_ARRAY) {
        host = ram_code_host(dev->machine->ram, dev->slot->base + offset, size);
        if (host == NULL)
            return false;
        *value = ram_load(host, size);
    } else if (size == 8) {
        *value = answer(dev, offset, 4) | (uint64_t)answer(dev, offset + 4, 4) << 32;
    } else {
        *value = answer(dev, offset, size);
    }
    return true;
}

/* --- commands --------------------------------------------------------------------------------- */

static void read_array(struct flash *f)
{
    f->command = CFI_READ_ARRAY;
    f->cycle = 0;
}

static void first_word(struct flash *f, uint8_t command)
{
    f->command = command;
    switch (command) {
    case CFI_BUFFER_PROGRAM: f->status |= CFI_STATUS_READY; /* fall through */
    case CFI_PROGRAM:
    case CFI_PROGRAM_ALT:
    case CFI_BLOCK_ERASE:
    case CFI_LOCK_SETUP:
    case CFI_READ_QUERY: f->cycle = 1; break;
    case CFI_READ_STATUS:
    case CFI_READ_ID: break;
    case CFI_CLEAR_STATUS: f->status = 0; /* fall through */
    default: read_array(f); break;
    }
}

static void second_word(struct device *dev, uint64_t offset, unsigned size, uint64_t value)
{
    struct flash *f = dev->state;
    uint8_t confirm = (uint8_t)value;

    switch (f->command) {
    case CFI_PROGRAM:
    case CFI_PROGRAM_ALT:
        program_word(dev, offset, size, value);
        f->cycle = 0;
        break;
    case CFI_BLOCK_ERASE:
        if (confirm != CFI_CONFIRM) {
            read_array(f);
            break;
        }
        erase(dev, offset);
        f->cycle = 0;
        break;
    case CFI_BUFFER_PROGRAM:
        f->counter = value & CHIP_MASK;
        f->buffer_used = 0;
        f->cycle = 2;
        break;
    case CFI_LOCK_SETUP:
        f->cycle = 0;
        if (confirm == CFI_CONFIRM || confirm == CFI_LOCK)
            f->status |= CFI_STATUS_READY;
        else
            read_array(f);
        break;
    default: /* in query mode other words mean nothing */
        if (confirm == CFI_READ_ARRAY)
            read_array(f);
        break;
    }
}

static void write_word(struct device *dev, uint64_t offset, unsigned size, uint64_t value)
{
    struct flash *f = dev->state;

    switch (f->cycle) {
    case 0: first_word(f, (uint8_t)value); break;
    case 1: second_word(dev, offset, size, value); break;
    case 2:
        fill_buffer(dev, offset, size, value);
        if (f->counter-- == 0)
            f->cycle = 3;
        break;
    default: /* the buffer's confirmation; without it nothing is programmed */
        if ((uint8_t)value == CFI_CONFIRM) {
            f->cycle = 0;
            if (f->buffer_used)
                program(dev, f->buffer_at, f->buffer, BUFFER_SIZE);
        } else {
            read_array(f);
        }
        f->status |= CFI_STATUS_READY;
        break;
    }
}

static bool flash_write(struct device *dev, uint64_t offset, unsigned size, uint64_t value)
{
    if (size < 8) {
        write_word(dev, offset, size, value);
    } else {
        write_word(dev, offset, 4, (uint32_t)value);
        write_word(dev, offset + 4, 4, value >> 32);
    }
    return true;
}

/* --- the device ------------------------------------------------------------------------------- */

static void flash_init(struct device *dev)
{
    /* Without memory for it, every access is a fault. */
    ram_add_region(dev->machine->ram, dev->slot->base, dev->slot->size, RAM_FETCH_ONLY);
}

static void flash_reset(struct device *dev)
{
    struct flash *f = dev->state;

    f->status = CFI_STATUS_READY;
    read_array(f);
}

static bool is_first(struct device *dev)
{
    return machine_device(dev->machine, dev->ops->name, 0) == dev;
}

/* One node stands for all banks. */
static void flash_fdt_root(struct device *dev, struct fdt_writer *w)
{
    uint32_t cells[4 * 4];
    unsigned count = 0;
    const struct device *bank;
    char name[32];

    if (!is_first(dev))
        return;
    for (unsigned i = 0; count < 16 && (bank = machine_device(dev->machine, dev->ops->name, i));
         i++) {
        cells[count++] = (uint32_t)(bank->slot->base >> 32);
        cells[count++] = (uint32_t)bank->slot->base;
        cells[count++] = (uint32_t)(bank->slot->size >> 32);
        cells[count++] = (uint32_t)bank->slot->size;
    }
    snprintf(name, sizeof name, "%s@%" PRIx64, dev->ops->node, dev->slot->base);
    fdtw_begin_node(w, name);
    fdtw_prop_string(w, "compatible", dev->ops->compatible[0]);
    fdtw_prop_cells(w, "reg", cells, count);
    fdtw_prop_u32(w, "bank-width", sizeof(uint32_t));
    fdtw_end_node(w);
}

const struct device_ops cfi_flash_device = {
    .name = "cfi_flash",
    .node = "flash",
    .place = DEVICE_NODE_NONE,
    .compatible = {"cfi-flash"},
    .sizes = 1 | 2 | 4 | 8,
    .state_size = sizeof(struct flash),
    .fields = flash_fields,
    .field_count = sizeof flash_fields / sizeof flash_fields[0],
    .init = flash_init,
    .reset = flash_reset,
    .read = flash_read,
    .write = flash_write,
    .fdt_root = flash_fdt_root,
};
