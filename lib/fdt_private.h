/* What the files of the device tree library share. Not for others. */
#pragma once

#include <stdint.h>

#include "lib/fdt.h"
#include "lib/string.h"

/* Tokens of the structure block. Once checked, their last byte tells them apart. */
enum { TOKEN_BEGIN = 1, TOKEN_END_NODE = 2, TOKEN_PROP = 3, TOKEN_NOP = 4, TOKEN_END = 9 };

/* Byte offsets of the header's fields. */
enum {
    HEADER_MAGIC = 0,
    HEADER_TOTALSIZE = 4,
    HEADER_OFF_STRUCT = 8,
    HEADER_OFF_STRINGS = 12,
    HEADER_OFF_RESERVE = 16,
    HEADER_VERSION = 20,
    HEADER_LAST_COMP = 24,
    HEADER_BOOT_CPU = 28,
    HEADER_SIZE_STRINGS = 32,
    HEADER_SIZE_STRUCT = 36,
};

enum {
    VERSION = 17,
    VERSION_COMPATIBLE = 16,
    RESERVE_ENTRY = 16, /* bytes of an entry of the reservation block */
    PROP_HEAD = 12,     /* token, length, name */
};

static inline uint32_t get_be32(const void *p)
{
    const uint8_t *b = p;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static inline uint64_t get_be64(const void *p)
{
    return (uint64_t)get_be32(p) << 32 | get_be32((const uint8_t *)p + 4);
}

static inline void put_be32(void *p, uint32_t v)
{
    uint8_t *b = p;
    b[0] = (uint8_t)(v >> 24), b[1] = (uint8_t)(v >> 16), b[2] = (uint8_t)(v >> 8),
    b[3] = (uint8_t)v;
}

static inline void put_be64(void *p, uint64_t v)
{
    put_be32(p, (uint32_t)(v >> 32));
    put_be32((uint8_t *)p + 4, (uint32_t)v);
}

static inline uint32_t align4(uint32_t n)
{
    return (n + 3) & ~(uint32_t)3;
}

static inline unsigned token_at(const struct fdt *fdt, int pos)
{
    return fdt->structure[pos + 3];
}

static inline const char *node_name(const struct fdt *fdt, int node)
{
    return (const char *)fdt->structure + node + 4;
}

static inline uint32_t prop_len(const struct fdt *fdt, int pos)
{
    return get_be32(fdt->structure + pos + 4);
}

static inline const char *prop_name(const struct fdt *fdt, int pos)
{
    return fdt->strings + get_be32(fdt->structure + pos + 8);
}

static inline const void *prop_data(const struct fdt *fdt, int pos)
{
    return fdt->structure + pos + PROP_HEAD;
}

/* The token after a begin-node token, a property, any token but the last. */
static inline int after_begin(const struct fdt *fdt, int node)
{
    return node + 4 + (int)align4((uint32_t)strlen(node_name(fdt, node)) + 1);
}

static inline int after_prop(const struct fdt *fdt, int pos)
{
    return pos + PROP_HEAD + (int)align4(prop_len(fdt, pos));
}

static inline int after_token(const struct fdt *fdt, int pos)
{
    switch (token_at(fdt, pos)) {
    case TOKEN_PROP: return after_prop(fdt, pos);
    case TOKEN_BEGIN: return after_begin(fdt, pos);
    default: return pos + 4;
    }
}

/* Equality of strings, tuned for ones that differ early. */
static inline bool same_name(const char *a, const char *b)
{
    for (; *a == *b; a++, b++) {
        if (*a == '\0')
            return true;
    }
    return false;
}

/* First property at or after the token pos of a node; negative if there is none. */
static inline int prop_from(const struct fdt *fdt, int pos)
{
    while (token_at(fdt, pos) == TOKEN_NOP)
        pos += 4;
    return token_at(fdt, pos) == TOKEN_PROP ? pos : -FDT_ENOTFOUND;
}

/* Position of a property by name; negative if there is none. */
int fdt_find_prop(const struct fdt *fdt, int node, const char *name);

/* The token after the end-node token of a node. */
int fdt_skip_node(const struct fdt *fdt, int node);

/* Make fdt->path the path from the root to node, which must not be negative. */
void fdt_locate(struct fdt *fdt, int node);
