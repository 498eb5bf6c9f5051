/* Device trees: opening, checking, walking, properties. */
#include "lib/fdt_private.h"

/*
 * ---- Checking -----------------------------------------------------------------------------------
 */

/* A block of the tree, by its header fields, inside totalsize bytes. */
static bool block_fits(uint32_t offset, uint32_t size, uint32_t total, uint32_t alignment)
{
    return offset % alignment == 0 && offset >= FDT_HEADER_SIZE && offset <= total &&
           size <= total - offset;
}

static int check_header(struct fdt *fdt, const uint8_t *b, size_t max)
{
    if ((uintptr_t)b % 8 != 0)
        return -FDT_EALIGN;
    if (max < FDT_HEADER_SIZE)
        return -FDT_ETRUNC;
    if (get_be32(b + HEADER_MAGIC) != FDT_MAGIC)
        return -FDT_EMAGIC;
    if (get_be32(b + HEADER_VERSION) < VERSION || get_be32(b + HEADER_LAST_COMP) > VERSION)
        return -FDT_EVERSION;
    uint32_t total = get_be32(b + HEADER_TOTALSIZE);
    if (total < FDT_HEADER_SIZE || total > FDT_MAX_SIZE)
        return -FDT_EHEADER;
    if (total > max)
        return -FDT_ETRUNC;
    uint32_t off_struct = get_be32(b + HEADER_OFF_STRUCT);
    uint32_t off_strings = get_be32(b + HEADER_OFF_STRINGS);
    uint32_t off_reserve = get_be32(b + HEADER_OFF_RESERVE);
    fdt->structure_size = get_be32(b + HEADER_SIZE_STRUCT);
    fdt->strings_size = get_be32(b + HEADER_SIZE_STRINGS);
    if (!block_fits(off_struct, fdt->structure_size, total, 4) ||
        !block_fits(off_strings, fdt->strings_size, total, 1) ||
        !block_fits(off_reserve, 0, total, 8))
        return -FDT_EHEADER;
    fdt->base = b;
    fdt->size = total;
    fdt->structure = b + off_struct;
    fdt->strings = (const char *)b + off_strings;
    fdt->reserve = b + off_reserve;
    return 0;
}

static int check_reserve(struct fdt *fdt)
{
    const uint8_t *entry = fdt->reserve, *end = fdt->base + fdt->size;
    for (fdt->reserve_count = 0; end - entry >= RESERVE_ENTRY; entry += RESERVE_ENTRY) {
        if (get_be64(entry) == 0 && get_be64(entry + 8) == 0)
            return 0;
        fdt->reserve_count++;
    }
    return -FDT_ERESERVE;
}

/* Check the name of a node at pos; returns the position after it or an error. */
static int check_node_name(const struct fdt *fdt, uint32_t pos, uint32_t size)
{
    const char *name = node_name(fdt, (int)pos);
    const char *nul = memchr(name, '\0', size - pos - 4);
    if (!nul)
        return -FDT_ESTRING;
    return (int)(pos + 4 + align4((uint32_t)(nul - name) + 1));
}

/* Check a property at pos; returns the position after it or an error. */
static int check_prop(const struct fdt *fdt, uint32_t pos, uint32_t size)
{
    if (size - pos < PROP_HEAD)
        return -FDT_ESTRUCT;
    uint32_t len = prop_len(fdt, (int)pos);
    if (len > size - pos - PROP_HEAD)
        return -FDT_ESTRUCT;
    if (get_be32(fdt->structure + pos + 8) >= fdt->strings_size)
        return -FDT_ESTRING;
    return (int)(pos + PROP_HEAD + align4(len));
}

/* One pass over the structure block; cuts structure_size down to what is in use. */
static int check_structure(struct fdt *fdt)
{
    uint32_t size = fdt->structure_size;
    unsigned depth = 0;
    bool props_allowed = false, root_seen = false;
    for (uint32_t pos = 0; size >= 4 && pos <= size - 4;) {
        int next = (int)pos + 4;
        switch (get_be32(fdt->structure + pos)) {
        case TOKEN_BEGIN:
            if (depth == 0 && root_seen)
                return -FDT_ESTRUCT;
            if (++depth > FDT_MAX_DEPTH)
                return -FDT_EDEPTH;
            root_seen = props_allowed = true;
            next = check_node_name(fdt, pos, size);
            break;
        case TOKEN_PROP:
            if (!props_allowed)
                return -FDT_ESTRUCT;
            next = check_prop(fdt, pos, size);
            break;
        case TOKEN_END_NODE:
            if (depth-- == 0)
                return -FDT_ESTRUCT;
            props_allowed = false;
            break;
        case TOKEN_NOP: break;
        case TOKEN_END:
            fdt->structure_size = pos + 4;
            return depth == 0 && root_seen ? 0 : -FDT_ESTRUCT;
        default: return -FDT_ESTRUCT;
        }
        if (next < 0)
            return next;
        pos = (uint32_t)next;
    }
    return -FDT_ESTRUCT;
}

int fdt_open(struct fdt *fdt, const void *blob, size_t max)
{
    fdt->capacity = 0;
    fdt->path_len = 0;
    int error = check_header(fdt, blob, max);
    if (error)
        return error;
    /* A string is terminated if it starts before the last NUL: no need to look at each one. */
    while (fdt->strings_size > 0 && fdt->strings[fdt->strings_size - 1] != '\0')
        fdt->strings_size--;
    error = check_reserve(fdt);
    return error ? error : check_structure(fdt);
}

const char *fdt_strerror(int error)
{
    static const char *const text[FDT_ERROR_COUNT] = {
        [FDT_OK] = "no error",
        [FDT_EALIGN] = "device tree not aligned to 8 bytes",
        [FDT_EMAGIC] = "not a device tree",
        [FDT_EVERSION] = "unsupported device tree version",
        [FDT_ETRUNC] = "device tree cut short",
        [FDT_EHEADER] = "bad device tree header",
        [FDT_ESTRUCT] = "malformed structure block",
        [FDT_ESTRING] = "unterminated or misplaced name",
        [FDT_EDEPTH] = "nodes nested too deeply",
        [FDT_ERESERVE] = "memory reservation list has no end",
        [FDT_ENOTFOUND] = "no such node, property or entry",
        [FDT_EVALUE] = "impossible value",
        [FDT_ENOROOM] = "no room for the device tree",
        [FDT_EEXISTS] = "node exists",
        [FDT_EORDER] = "written out of order",
        [FDT_EREADONLY] = "device tree is read-only",
    };
    unsigned n = error < 0 ? 0U - (unsigned)error : (unsigned)error;
    return n < FDT_ERROR_COUNT ? text[n] : "unknown device tree error";
}

uint32_t fdt_boot_cpu(const struct fdt *fdt)
{
    return get_be32(fdt->base + HEADER_BOOT_CPU);
}

int fdt_reserve(const struct fdt *fdt, unsigned index, uint64_t *addr, uint64_t *size)
{
    if (index >= fdt->reserve_count)
        return -FDT_ENOTFOUND;
    *addr = get_be64(fdt->reserve + index * RESERVE_ENTRY);
    *size = get_be64(fdt->reserve + index * RESERVE_ENTRY + 8);
    return 0;
}

/*
 * ---- Walking ------------------------------------------------------------------------------------
 */

int fdt_root(const struct fdt *fdt)
{
    int pos = 0;
    while (token_at(fdt, pos) == TOKEN_NOP)
        pos += 4;
    return pos;
}

const char *fdt_name(const struct fdt *fdt, int node)
{
    return node < 0 ? NULL : node_name(fdt, node);
}

int fdt_first_child(const struct fdt *fdt, int node)
{
    if (node < 0)
        return node;
    int pos = after_begin(fdt, node);
    for (;;) {
        switch (token_at(fdt, pos)) {
        case TOKEN_PROP: pos = after_prop(fdt, pos); break;
        case TOKEN_NOP: pos += 4; break;
        case TOKEN_BEGIN: return pos;
        default: return -FDT_ENOTFOUND;
        }
    }
}

int fdt_skip_node(const struct fdt *fdt, int node)
{
    int pos = node, depth = 0;
    do {
        unsigned token = token_at(fdt, pos);
        depth += (token == TOKEN_BEGIN) - (token == TOKEN_END_NODE);
        pos = after_token(fdt, pos);
    } while (depth > 0);
    return pos;
}

int fdt_next_sibling(const struct fdt *fdt, int node)
{
    if (node < 0)
        return node;
    int pos = fdt_skip_node(fdt, node);
    while (token_at(fdt, pos) == TOKEN_NOP)
        pos += 4;
    return token_at(fdt, pos) == TOKEN_BEGIN ? pos : -FDT_ENOTFOUND;
}

int fdt_next_node(const struct fdt *fdt, int node, int *depth)
{
    if (node < 0)
        return node;
    int change = 1;
    for (int pos = after_begin(fdt, node);; pos = after_token(fdt, pos)) {
        switch (token_at(fdt, pos)) {
        case TOKEN_BEGIN:
            if (depth)
                *depth += change;
            return pos;
        case TOKEN_END_NODE: change--; break;
        case TOKEN_END: return -FDT_ENOTFOUND;
        default: break;
        }
    }
}

/*
 * ---- Properties ---------------------------------------------------------------------------------
 */

int fdt_find_prop(const struct fdt *fdt, int node, const char *name)
{
    if (node < 0)
        return -FDT_ENOTFOUND;
    int pos = prop_from(fdt, after_begin(fdt, node));
    while (pos >= 0 && !same_name(prop_name(fdt, pos), name))
        pos = prop_from(fdt, after_prop(fdt, pos));
    return pos;
}

const void *fdt_prop(const struct fdt *fdt, int node, const char *name, int *len)
{
    int pos = fdt_find_prop(fdt, node, name);
    if (len)
        *len = pos < 0 ? -FDT_ENOTFOUND : (int)prop_len(fdt, pos);
    return pos < 0 ? NULL : prop_data(fdt, pos);
}

const void *fdt_next_prop(const struct fdt *fdt, int node, const void *after, const char **name,
                          const void **data, int *len)
{
    if (node < 0)
        return NULL;
    int pos = after ? after_prop(fdt, (int)((const uint8_t *)after - fdt->structure))
                    : after_begin(fdt, node);
    pos = prop_from(fdt, pos);
    if (pos < 0)
        return NULL;
    *name = prop_name(fdt, pos);
    *data = prop_data(fdt, pos);
    *len = (int)prop_len(fdt, pos);
    return fdt->structure + pos;
}

uint64_t fdt_cells(const void *p, unsigned cells)
{
    const uint8_t *b = p;
    uint64_t value = 0;
    for (; cells > 0; cells--, b += 4)
        value = value << 32 | get_be32(b);
    return value;
}

int fdt_prop_u64(const struct fdt *fdt, int node, const char *name, uint64_t *value)
{
    int len;
    const void *data = fdt_prop(fdt, node, name, &len);
    if (!data)
        return -FDT_ENOTFOUND;
    if (len != 4 && len != 8)
        return -FDT_EVALUE;
    *value = fdt_cells(data, (unsigned)len / 4);
    return 0;
}

int fdt_prop_u32(const struct fdt *fdt, int node, const char *name, uint32_t *value)
{
    int len;
    const void *data = fdt_prop(fdt, node, name, &len);
    if (!data)
        return -FDT_ENOTFOUND;
    if (len != 4)
        return -FDT_EVALUE;
    *value = get_be32(data);
    return 0;
}

int fdt_prop_cell(const struct fdt *fdt, int node, const char *name, unsigned index,
                  uint32_t *value)
{
    int len;
    const uint8_t *data = fdt_prop(fdt, node, name, &len);
    if (!data || index >= (unsigned)len / 4)
        return -FDT_ENOTFOUND;
    *value = get_be32(data + index * 4);
    return 0;
}

const char *fdt_prop_string_at(const struct fdt *fdt, int node, const char *name, unsigned index)
{
    int len;
    const char *s = fdt_prop(fdt, node, name, &len);
    if (!s)
        return NULL;
    for (const char *end = s + len; s < end; index--) {
        const char *nul = memchr(s, '\0', (size_t)(end - s));
        if (!nul)
            return NULL;
        if (index == 0)
            return s;
        s = nul + 1;
    }
    return NULL;
}

const char *fdt_prop_string(const struct fdt *fdt, int node, const char *name)
{
    return fdt_prop_string_at(fdt, node, name, 0);
}

bool fdt_stringlist_contains(const void *list, int len, const char *s)
{
    if (!list || len <= 0)
        return false;
    const char *p = list, *end = p + len;
    size_t n = strlen(s) + 1;
    while ((size_t)(end - p) >= n) {
        if (memcmp(p, s, n) == 0)
            return true;
        p = memchr(p, '\0', (size_t)(end - p));
        if (!p)
            return false;
        p++;
    }
    return false;
}

bool fdt_is_compatible(const struct fdt *fdt, int node, const char *compatible)
{
    int len;
    const void *list = fdt_prop(fdt, node, "compatible", &len);
    return fdt_stringlist_contains(list, len, compatible);
}

bool fdt_is_available(const struct fdt *fdt, int node)
{
    int len;
    const void *status = fdt_prop(fdt, node, "status", &len);
    if (!status)
        return node >= 0;
    return (len == 5 && memcmp(status, "okay", 5) == 0) ||
           (len == 3 && memcmp(status, "ok", 3) == 0);
}
