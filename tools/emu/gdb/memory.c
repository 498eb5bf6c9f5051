/*
 * Memory, by the virtual addresses of the chosen hart in its current privilege, or by physical
 * ones. What is not memory is never touched, unless physical addresses of devices were asked for.
 */
#include <string.h>

#include "tools/emu/gdb/private.h"

/* The physical address; false if it is not mapped. */
static bool translate(const struct gdb *g, uint64_t address, uint64_t *paddr)
{
    *paddr = address;
    return g->physical || hart_translate(gdb_hart(g), address, hart_priv(gdb_hart(g)), paddr);
}

/*
 * The size of the first access to a device's registers for n bytes: all of them if that is a size
 * of accesses, of more a word; 0 if they must not be accessed so.
 */
static unsigned device_part(const struct gdb *g, uint64_t paddr, size_t n)
{
    if (n > 4 && n % 4 == 0 && (n != 8 || paddr % 8 != 0))
        n = 4;
    return g->physical && g->mmio && n <= 8 && (n & (n - 1)) == 0 && paddr % n == 0 ? (unsigned)n
                                                                                    : 0;
}

/* What to try when a device has no accesses of that size. */
static unsigned smaller(unsigned size)
{
    return size == 8 ? 4 : 0;
}

/* Both return how many of the n bytes were read or written. */
static size_t read_device(const struct gdb *g, uint64_t paddr, uint8_t *bytes, size_t n)
{
    unsigned size = device_part(g, paddr, n);
    uint64_t value;

    while (size != 0 && !machine_bus_read(g->machine, paddr, size, &value))
        size = smaller(size);
    for (unsigned i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
    return size;
}

static size_t write_device(const struct gdb *g, uint64_t paddr, const uint8_t *bytes, size_t n)
{
    unsigned size = device_part(g, paddr, n);
    uint64_t value = 0;

    for (unsigned i = 0; i < size; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    while (size != 0 && !machine_bus_write(g->machine, paddr, size, value))
        size = smaller(size);
    return size;
}

/* How much of n bytes lies in the page of the address. */
static size_t in_page(uint64_t address, size_t n)
{
    size_t room = RAM_PAGE_SIZE - address % RAM_PAGE_SIZE;

    return n < room ? n : room;
}

/* Returns how many of the n bytes could be read. */
static size_t read_bytes(const struct gdb *g, uint64_t address, uint8_t *bytes, size_t n)
{
    size_t done = 0;

    while (done < n) {
        uint64_t paddr;
        size_t part = in_page(address + done, n - done);
        if (!translate(g, address + done, &paddr))
            break;
        if (ram_read(g->machine->ram, paddr, bytes + done, part) != 0)
            part = read_device(g, paddr, bytes + done, part);
        if (part == 0)
            break;
        done += part;
    }
    return done;
}

static bool write_bytes(struct gdb *g, uint64_t address, const uint8_t *bytes, size_t n)
{
    size_t done = 0;

    while (done < n) {
        uint64_t paddr;
        size_t part = in_page(address + done, n - done);
        if (!translate(g, address + done, &paddr))
            break;
        if (ram_write(g->machine->ram, paddr, bytes + done, part) != 0)
            part = write_device(g, paddr, bytes + done, part);
        if (part == 0)
            break;
        done += part;
    }
    /* It may have been a page table. */
    for (unsigned i = 0; n != 0 && i < g->machine->hart_count; i++)
        hart_flush_tlb(g->machine->harts[i]);
    return done == n;
}

/* ADDRESS,LENGTH, and `end` */
static bool range(const char **p, char end, uint64_t *address, uint64_t *len)
{
    return gdb_number(p, address) && gdb_char(p, ',') && gdb_number(p, len) &&
           (end == '\0' ? **p == '\0' : gdb_char(p, end));
}

void gdb_read_memory(struct gdb *g, const char *content)
{
    const char *p = content + 1;
    uint64_t address, len;
    size_t n;

    if (!range(&p, '\0', &address, &len)) {
        gdb_error(g, GDB_EINVAL);
        return;
    }
    n = read_bytes(g, address, g->bytes, len < sizeof g->bytes ? (size_t)len : sizeof g->bytes);
    if (n == 0 && len != 0)
        gdb_error(g, GDB_EFAULT);
    gdb_put_hex(g, g->bytes, n);
}

static void reply_written(struct gdb *g, bool done)
{
    if (done)
        gdb_put(g, "OK");
    else
        gdb_error(g, GDB_EFAULT);
}

void gdb_write_memory(struct gdb *g, const char *content)
{
    const char *p = content + 1;
    uint64_t address, len;

    if (!range(&p, ':', &address, &len) || len > sizeof g->bytes || strlen(p) != 2 * len ||
        !gdb_bytes(p, g->bytes, (size_t)len))
        gdb_error(g, GDB_EINVAL);
    else
        reply_written(g, write_bytes(g, address, g->bytes, (size_t)len));
}

void gdb_write_binary(struct gdb *g, char *content, size_t packet_len)
{
    const char *p = content + 1;
    uint64_t address, len;
    size_t n;

    if (!range(&p, ':', &address, &len)) {
        gdb_error(g, GDB_EINVAL);
        return;
    }
    n = gdb_packet_unescape(content + (p - content), packet_len - (size_t)(p - content));
    if (n != len)
        gdb_error(g, GDB_EINVAL);
    else
        reply_written(g, write_bytes(g, address, (const uint8_t *)p, n));
}
