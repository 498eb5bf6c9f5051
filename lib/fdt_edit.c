/*
 * Device trees: changing one where it is.
 *
 * The blocks lie in the order reservations, structure, strings, and nothing but slack follows the
 * strings. A change opens or closes a gap by moving everything behind it; before the first byte
 * moves it is known that all of the change fits.
 */
#include "lib/fdt_private.h"

static uint8_t *writable(struct fdt *fdt, const void *p)
{
    return (uint8_t *)(uintptr_t)fdt->base + ((const uint8_t *)p - fdt->base);
}

/* End of what is in use. */
static uint32_t content_end(const struct fdt *fdt)
{
    return (uint32_t)((const uint8_t *)fdt->strings - fdt->base) + fdt->strings_size;
}

/* Make header and struct agree after blocks have moved or grown. */
static void settle(struct fdt *fdt, uint32_t off_struct, uint32_t off_strings)
{
    uint8_t *b = writable(fdt, fdt->base);
    fdt->structure = b + off_struct;
    fdt->strings = (const char *)b + off_strings;
    fdt->size = content_end(fdt);
    fdt->path_len = 0;
    put_be32(b + HEADER_TOTALSIZE, fdt->size);
    put_be32(b + HEADER_OFF_STRUCT, off_struct);
    put_be32(b + HEADER_OFF_STRINGS, off_strings);
    put_be32(b + HEADER_SIZE_STRUCT, fdt->structure_size);
    put_be32(b + HEADER_SIZE_STRINGS, fdt->strings_size);
}

static int check_room(const struct fdt *fdt, size_t more)
{
    if (fdt->capacity == 0)
        return -FDT_EREADONLY;
    return more > fdt->capacity - content_end(fdt) ? -FDT_ENOROOM : 0;
}

/* Replace the old bytes at pos of the structure by a gap of new bytes; the room has been checked.
 */
static uint8_t *resize_structure(struct fdt *fdt, int pos, uint32_t old, uint32_t new)
{
    uint8_t *gap = writable(fdt, fdt->structure) + pos;
    uint32_t off_struct = (uint32_t)(fdt->structure - fdt->base);
    uint32_t off_strings = (uint32_t)((const uint8_t *)fdt->strings - fdt->base);
    memmove(gap + new, gap + old, (size_t)(fdt->base + content_end(fdt) - (gap + old)));
    fdt->structure_size += new - old;
    settle(fdt, off_struct, off_strings + new - old);
    return gap;
}

/* Offset of a string in the strings block (perhaps as the tail of another), or -FDT_ENOTFOUND. */
static int find_string(const struct fdt *fdt, const char *s)
{
    uint32_t n = (uint32_t)strlen(s) + 1;
    for (uint32_t i = 0; n <= fdt->strings_size && i <= fdt->strings_size - n; i++) {
        if (fdt->strings[i] == *s && memcmp(fdt->strings + i, s, n) == 0)
            return (int)i;
    }
    return -FDT_ENOTFOUND;
}

static int add_string(struct fdt *fdt, const char *s)
{
    uint32_t n = (uint32_t)strlen(s) + 1, offset = fdt->strings_size;
    memcpy(writable(fdt, fdt->strings) + offset, s, n);
    fdt->strings_size += n;
    settle(fdt, (uint32_t)(fdt->structure - fdt->base),
           (uint32_t)((const uint8_t *)fdt->strings - fdt->base));
    return (int)offset;
}

int fdt_open_rw(struct fdt *fdt, void *buf, size_t capacity)
{
    int error = fdt_open(fdt, buf, capacity);
    if (error)
        return error;
    const uint8_t *reserve_end = fdt->reserve + (fdt->reserve_count + 1) * RESERVE_ENTRY;
    if (reserve_end > fdt->structure ||
        fdt->structure + fdt->structure_size > (const uint8_t *)fdt->strings)
        return -FDT_EHEADER;
    fdt->capacity = capacity < FDT_MAX_SIZE ? (uint32_t)capacity : FDT_MAX_SIZE;
    return 0;
}

int fdt_open_into(struct fdt *fdt, void *buf, size_t capacity, const struct fdt *src)
{
    uint32_t reserve_size = (src->reserve_count + 1) * RESERVE_ENTRY;
    uint32_t off_struct = FDT_HEADER_SIZE + reserve_size;
    uint32_t off_strings = off_struct + src->structure_size;
    if ((uintptr_t)buf % 8 != 0)
        return -FDT_EALIGN;
    if (capacity < (size_t)off_strings + src->strings_size)
        return -FDT_ENOROOM;
    uint8_t *b = buf;
    memcpy(b, src->base, FDT_HEADER_SIZE);
    memcpy(b + FDT_HEADER_SIZE, src->reserve, reserve_size);
    memcpy(b + off_struct, src->structure, src->structure_size);
    memcpy(b + off_strings, src->strings, src->strings_size);
    put_be32(b + HEADER_OFF_RESERVE, FDT_HEADER_SIZE);
    put_be32(b + HEADER_VERSION, VERSION);
    put_be32(b + HEADER_LAST_COMP, VERSION_COMPATIBLE);
    *fdt = *src;
    fdt->base = b;
    fdt->reserve = b + FDT_HEADER_SIZE;
    fdt->capacity = capacity < FDT_MAX_SIZE ? (uint32_t)capacity : FDT_MAX_SIZE;
    settle(fdt, off_struct, off_strings);
    return 0;
}

int fdt_add_node(struct fdt *fdt, int parent, const char *name)
{
    if (parent < 0)
        return parent;
    if (*name == '\0' || strchr(name, '/'))
        return -FDT_EVALUE;
    int child;
    fdt_for_each_child (child, fdt, parent) {
        if (same_name(node_name(fdt, child), name))
            return -FDT_EEXISTS;
    }
    fdt_locate(fdt, parent);
    if (fdt->path_len >= FDT_MAX_DEPTH)
        return -FDT_EDEPTH;
    size_t n = strlen(name) + 1;
    if (n > FDT_MAX_SIZE)
        return -FDT_ENOROOM;
    uint32_t padded = align4((uint32_t)n), more = 4 + padded + 4;
    int error = check_room(fdt, more);
    if (error)
        return error;
    int pos = fdt_skip_node(fdt, parent) - 4;
    uint8_t *p = resize_structure(fdt, pos, 0, more);
    put_be32(p, TOKEN_BEGIN);
    memset(p + padded, 0, 4);
    memcpy(p + 4, name, n);
    put_be32(p + 4 + padded, TOKEN_END_NODE);
    return pos;
}

int fdt_del_node(struct fdt *fdt, int node)
{
    if (node < 0)
        return node;
    int error = check_room(fdt, 0);
    if (error)
        return error;
    if (node == fdt_root(fdt))
        return -FDT_EVALUE;
    resize_structure(fdt, node, (uint32_t)(fdt_skip_node(fdt, node) - node), 0);
    return 0;
}

/* Fill a gap of the structure with a property. */
static void put_prop(uint8_t *p, uint32_t name, const void *data, uint32_t len)
{
    put_be32(p, TOKEN_PROP);
    put_be32(p + 4, len);
    put_be32(p + 8, name);
    if (len % 4 != 0)
        memset(p + PROP_HEAD + align4(len) - 4, 0, 4);
    if (len > 0)
        memcpy(p + PROP_HEAD, data, len);
}

/* The place behind a node's last property. */
static int end_of_props(const struct fdt *fdt, int node)
{
    int end = after_begin(fdt, node);
    for (int pos = end; (pos = prop_from(fdt, pos)) >= 0; pos = end)
        end = after_prop(fdt, pos);
    return end;
}

int fdt_set_prop(struct fdt *fdt, int node, const char *name, const void *data, size_t len)
{
    if (node < 0)
        return node;
    if (len > FDT_MAX_SIZE)
        return -FDT_ENOROOM;
    int pos = fdt_find_prop(fdt, node, name), offset;
    uint32_t new = PROP_HEAD + align4((uint32_t)len), old = 0, more = new;
    if (pos >= 0) {
        offset = (int)get_be32(fdt->structure + pos + 8);
        old = PROP_HEAD + align4(prop_len(fdt, pos));
        more = new > old ? new - old : 0;
    } else {
        offset = find_string(fdt, name);
        more += offset < 0 ? (uint32_t)strlen(name) + 1 : 0;
    }
    int error = check_room(fdt, more);
    if (error)
        return error;
    if (offset < 0)
        offset = add_string(fdt, name);
    if (pos < 0)
        pos = end_of_props(fdt, node);
    put_prop(resize_structure(fdt, pos, old, new), (uint32_t)offset, data, (uint32_t)len);
    return 0;
}

int fdt_set_prop_u32(struct fdt *fdt, int node, const char *name, uint32_t value)
{
    return fdt_set_prop_cells(fdt, node, name, &value, 1);
}

int fdt_set_prop_u64(struct fdt *fdt, int node, const char *name, uint64_t value)
{
    uint32_t cells[2] = {(uint32_t)(value >> 32), (uint32_t)value};
    return fdt_set_prop_cells(fdt, node, name, cells, 2);
}

int fdt_set_prop_string(struct fdt *fdt, int node, const char *name, const char *value)
{
    return fdt_set_prop(fdt, node, name, value, strlen(value) + 1);
}

int fdt_set_prop_cells(struct fdt *fdt, int node, const char *name, const uint32_t *cells,
                       unsigned count)
{
    enum { PIECE = 16 };
    uint8_t bytes[PIECE * 4];
    if (count > PIECE)
        return -FDT_EVALUE;
    for (unsigned i = 0; i < count; i++)
        put_be32(bytes + i * 4, cells[i]);
    return fdt_set_prop(fdt, node, name, bytes, (size_t)count * 4);
}

int fdt_del_prop(struct fdt *fdt, int node, const char *name)
{
    int error = check_room(fdt, 0);
    if (error)
        return error;
    int pos = fdt_find_prop(fdt, node, name);
    if (pos < 0)
        return pos;
    resize_structure(fdt, pos, PROP_HEAD + align4(prop_len(fdt, pos)), 0);
    return 0;
}

int fdt_add_reserve(struct fdt *fdt, uint64_t addr, uint64_t size)
{
    int error = check_room(fdt, RESERVE_ENTRY);
    if (error)
        return error;
    if (addr == 0 && size == 0)
        return -FDT_EVALUE;
    uint8_t *entry = writable(fdt, fdt->reserve) + fdt->reserve_count * RESERVE_ENTRY;
    uint32_t off_struct = (uint32_t)(fdt->structure - fdt->base) + RESERVE_ENTRY;
    uint32_t off_strings = (uint32_t)((const uint8_t *)fdt->strings - fdt->base) + RESERVE_ENTRY;
    memmove(entry + RESERVE_ENTRY, entry, (size_t)(fdt->base + content_end(fdt) - entry));
    put_be64(entry, addr);
    put_be64(entry + 8, size);
    fdt->reserve_count++;
    settle(fdt, off_struct, off_strings);
    return 0;
}

int fdt_claim_slack(struct fdt *fdt)
{
    if (fdt->capacity == 0)
        return -FDT_EREADONLY;
    fdt->size = fdt->capacity;
    put_be32(writable(fdt, fdt->base) + HEADER_TOTALSIZE, fdt->size);
    return 0;
}

int fdt_set_boot_cpu(struct fdt *fdt, uint32_t hart)
{
    if (fdt->capacity == 0)
        return -FDT_EREADONLY;
    put_be32(writable(fdt, fdt->base) + HEADER_BOOT_CPU, hart);
    return 0;
}
