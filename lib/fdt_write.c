/*
 * Device trees: writing one from front to back.
 *
 * The structure block grows up from the front of the buffer and the strings grow down from its end.
 * A property's name is noted as its distance from the end, which later strings do not change;
 * fdtw_finish() moves the strings behind the structure and turns distances into offsets.
 */
#include "lib/fdt_private.h"

static void fail(struct fdt_writer *w, int error)
{
    if (!w->error)
        w->error = error;
}

/* Take n bytes at the front; NULL (and an error noted) if they are not there. */
static uint8_t *take(struct fdt_writer *w, size_t n)
{
    if (w->error)
        return NULL;
    if (n > w->capacity - w->strings - w->pos) {
        fail(w, -FDT_ENOROOM);
        return NULL;
    }
    uint8_t *p = w->base + w->pos;
    w->pos += (uint32_t)n;
    return p;
}

static void put_token(struct fdt_writer *w, uint32_t token)
{
    uint8_t *p = take(w, 4);
    if (p)
        put_be32(p, token);
}

/* Distance from the end of the buffer to the string, which is added if it is new. */
static uint32_t intern(struct fdt_writer *w, const char *name)
{
    size_t n = strlen(name) + 1;
    const char *end = (const char *)w->base + w->capacity;
    for (const char *s = end - w->strings; s < end; s += strlen(s) + 1) {
        if (same_name(s, name))
            return (uint32_t)(end - s);
    }
    if (n > w->capacity - w->strings - w->pos) {
        fail(w, -FDT_ENOROOM);
        return 0;
    }
    w->strings += (uint32_t)n;
    memcpy(w->base + w->capacity - w->strings, name, n);
    return w->strings;
}

void fdtw_begin(struct fdt_writer *w, void *buf, size_t size)
{
    *w = (struct fdt_writer){.base = buf};
    w->capacity = size < FDT_MAX_SIZE ? (uint32_t)size : FDT_MAX_SIZE;
    if ((uintptr_t)buf % 8 != 0)
        fail(w, -FDT_EALIGN);
    take(w, FDT_HEADER_SIZE);
}

void fdtw_reserve(struct fdt_writer *w, uint64_t addr, uint64_t size)
{
    if (w->structure != 0)
        fail(w, -FDT_EORDER);
    uint8_t *p = take(w, RESERVE_ENTRY);
    if (p) {
        put_be64(p, addr);
        put_be64(p + 8, size);
    }
}

void fdtw_begin_node(struct fdt_writer *w, const char *name)
{
    if (w->structure == 0) {
        fdtw_reserve(w, 0, 0);
        w->structure = w->pos;
    } else if (w->depth == 0) {
        fail(w, -FDT_EORDER);
    }
    if (w->depth >= FDT_MAX_DEPTH)
        fail(w, -FDT_EDEPTH);
    size_t n = strlen(name) + 1, room = align4((uint32_t)n);
    put_token(w, TOKEN_BEGIN);
    uint8_t *p = take(w, room);
    if (p) {
        memset(p + room - 4, 0, 4);
        memcpy(p, name, n);
    }
    w->depth++;
    w->props_over = false;
}

void fdtw_end_node(struct fdt_writer *w)
{
    if (w->depth == 0) {
        fail(w, -FDT_EORDER);
        return;
    }
    put_token(w, TOKEN_END_NODE);
    w->depth--;
    w->props_over = true;
}

/* Begin a property; returns where its len bytes go, padding already in place, or NULL. */
static uint8_t *begin_prop(struct fdt_writer *w, const char *name, size_t len)
{
    if (w->depth == 0 || w->props_over)
        fail(w, -FDT_EORDER);
    if (len > FDT_MAX_SIZE)
        fail(w, -FDT_ENOROOM);
    uint32_t distance = w->error ? 0 : intern(w, name);
    uint8_t *head = take(w, PROP_HEAD);
    uint8_t *data = take(w, align4((uint32_t)len));
    if (!head || !data)
        return NULL;
    put_be32(head, TOKEN_PROP);
    put_be32(head + 4, (uint32_t)len);
    put_be32(head + 8, distance);
    if (len % 4 != 0)
        memset(data + align4((uint32_t)len) - 4, 0, 4);
    return data;
}

void fdtw_prop(struct fdt_writer *w, const char *name, const void *data, size_t len)
{
    uint8_t *p = begin_prop(w, name, len);
    if (p && len > 0)
        memcpy(p, data, len);
}

void fdtw_prop_empty(struct fdt_writer *w, const char *name)
{
    begin_prop(w, name, 0);
}

void fdtw_prop_cells(struct fdt_writer *w, const char *name, const uint32_t *cells, unsigned count)
{
    uint8_t *p = begin_prop(w, name, (size_t)count * 4);
    for (unsigned i = 0; p && i < count; i++)
        put_be32(p + i * 4, cells[i]);
}

void fdtw_prop_u32(struct fdt_writer *w, const char *name, uint32_t value)
{
    fdtw_prop_cells(w, name, &value, 1);
}

void fdtw_prop_u64(struct fdt_writer *w, const char *name, uint64_t value)
{
    fdtw_cells(w, name, (uint32_t)(value >> 32), (uint32_t)value);
}

void fdtw_prop_string(struct fdt_writer *w, const char *name, const char *value)
{
    fdtw_prop(w, name, value, strlen(value) + 1);
}

void fdtw_prop_strings(struct fdt_writer *w, const char *name, const char *const *values,
                       unsigned count)
{
    size_t len = 0;
    for (unsigned i = 0; i < count; i++)
        len += strlen(values[i]) + 1;
    uint8_t *p = begin_prop(w, name, len);
    for (unsigned i = 0; p && i < count; i++) {
        size_t n = strlen(values[i]) + 1;
        memcpy(p, values[i], n);
        p += n;
    }
}

/* Turn the names' distances from the end into offsets. */
static void settle_names(struct fdt_writer *w)
{
    struct fdt tree = {.structure = w->base + w->structure};
    for (int pos = 0; token_at(&tree, pos) != TOKEN_END; pos = after_token(&tree, pos)) {
        if (token_at(&tree, pos) == TOKEN_PROP) {
            uint8_t *name = w->base + w->structure + pos + 8;
            put_be32(name, w->strings - get_be32(name));
        }
    }
}

int fdtw_finish(struct fdt_writer *w, uint32_t boot_cpu)
{
    if (w->depth != 0 || w->structure == 0)
        fail(w, -FDT_EORDER);
    put_token(w, TOKEN_END);
    if (w->error)
        return w->error;
    settle_names(w);
    memmove(w->base + w->pos, w->base + w->capacity - w->strings, w->strings);
    put_be32(w->base + HEADER_MAGIC, FDT_MAGIC);
    put_be32(w->base + HEADER_TOTALSIZE, w->pos + w->strings);
    put_be32(w->base + HEADER_OFF_STRUCT, w->structure);
    put_be32(w->base + HEADER_OFF_STRINGS, w->pos);
    put_be32(w->base + HEADER_OFF_RESERVE, FDT_HEADER_SIZE);
    put_be32(w->base + HEADER_VERSION, VERSION);
    put_be32(w->base + HEADER_LAST_COMP, VERSION_COMPATIBLE);
    put_be32(w->base + HEADER_BOOT_CPU, boot_cpu);
    put_be32(w->base + HEADER_SIZE_STRINGS, w->strings);
    put_be32(w->base + HEADER_SIZE_STRUCT, w->pos - w->structure);
    return (int)(w->pos + w->strings);
}
