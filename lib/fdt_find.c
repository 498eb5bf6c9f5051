/* Device trees: finding nodes, and what a node's place in the tree means for its addresses. */
#include "lib/fdt_private.h"

/* Whether a node's name is the n bytes at part: in full, or up to its @ if part has none. */
static bool name_matches(const char *name, const char *part, size_t n)
{
    if (strncmp(name, part, n) != 0)
        return false;
    return name[n] == '\0' || (name[n] == '@' && !memchr(part, '@', n));
}

static int child_by_part(const struct fdt *fdt, int parent, const char *part, size_t n)
{
    int child;
    fdt_for_each_child (child, fdt, parent) {
        if (name_matches(node_name(fdt, child), part, n))
            return child;
    }
    return -FDT_ENOTFOUND;
}

int fdt_child_by_name(const struct fdt *fdt, int parent, const char *name)
{
    return child_by_part(fdt, parent, name, strlen(name));
}

/* Follow a path of names separated by slashes down from node. */
static int follow_path(const struct fdt *fdt, int node, const char *path)
{
    while (node >= 0) {
        path += strspn(path, "/");
        size_t n = strcspn(path, "/:");
        if (n == 0)
            return node;
        node = child_by_part(fdt, node, path, n);
        path += n;
    }
    return node;
}

/* The value of the alias that is the n bytes at name; NULL unless it is an absolute path. */
static const char *alias_path(const struct fdt *fdt, const char *name, size_t n)
{
    int aliases = fdt_child_by_name(fdt, fdt_root(fdt), "aliases");
    const char *prop;
    const void *data;
    int len;
    for (const void *p = NULL; (p = fdt_next_prop(fdt, aliases, p, &prop, &data, &len));) {
        if (strncmp(prop, name, n) != 0 || prop[n] != '\0')
            continue;
        const char *path = data;
        return len > 1 && path[0] == '/' && path[len - 1] == '\0' ? path : NULL;
    }
    return NULL;
}

int fdt_node_by_path(const struct fdt *fdt, const char *path)
{
    int node = fdt_root(fdt);
    if (*path != '/') {
        size_t n = strcspn(path, "/:");
        const char *target = alias_path(fdt, path, n);
        if (!target)
            return -FDT_ENOTFOUND;
        node = follow_path(fdt, node, target);
        path += n;
    }
    return follow_path(fdt, node, path);
}

int fdt_node_by_phandle(const struct fdt *fdt, uint32_t phandle)
{
    if (phandle == 0 || phandle == UINT32_MAX)
        return -FDT_ENOTFOUND;
    int node = -FDT_ENOTFOUND;
    for (int pos = fdt_root(fdt);; pos = after_token(fdt, pos)) {
        switch (token_at(fdt, pos)) {
        case TOKEN_BEGIN: node = pos; break;
        case TOKEN_END: return -FDT_ENOTFOUND;
        case TOKEN_PROP:
            if (prop_len(fdt, pos) == 4 && get_be32(prop_data(fdt, pos)) == phandle &&
                (same_name(prop_name(fdt, pos), "phandle") ||
                 same_name(prop_name(fdt, pos), "linux,phandle")))
                return node;
            break;
        default: break;
        }
    }
}

int fdt_next_compatible(const struct fdt *fdt, int after, const char *compatible)
{
    int node = after < 0 ? fdt_root(fdt) : fdt_next_node(fdt, after, NULL);
    if (node < 0)
        return node;
    for (int pos = node;; pos = after_token(fdt, pos)) {
        switch (token_at(fdt, pos)) {
        case TOKEN_BEGIN: node = pos; break;
        case TOKEN_END: return -FDT_ENOTFOUND;
        case TOKEN_PROP:
            if (same_name(prop_name(fdt, pos), "compatible") &&
                fdt_stringlist_contains(prop_data(fdt, pos), (int)prop_len(fdt, pos), compatible))
                return node;
            break;
        default: break;
        }
    }
}

/*
 * ---- Paths and addresses ------------------------------------------------------------------------
 */

static void push_level(struct fdt *fdt, int node)
{
    /* the specification's defaults */
    fdt->path[fdt->path_len++] = (struct fdt_level){node, .address_cells = 2, .size_cells = 1};
}

/* Note #address-cells and #size-cells as they pass by. */
static void note_cells(struct fdt *fdt, int pos)
{
    const char *name = prop_name(fdt, pos);
    if (*name != '#' || prop_len(fdt, pos) != 4)
        return;
    uint32_t cells = get_be32(prop_data(fdt, pos));
    uint8_t value = cells > UINT8_MAX ? UINT8_MAX : (uint8_t)cells;
    struct fdt_level *top = &fdt->path[fdt->path_len - 1];
    if (same_name(name, "#address-cells"))
        top->address_cells = value;
    else if (same_name(name, "#size-cells"))
        top->size_cells = value;
}

/*
 * The scan goes on where the last one stopped, so looking at nodes in the order of the file costs
 * one pass over the tree altogether. For a node further up it restarts at the innermost level that
 * is known to contain it: whatever lies between two levels of a path is inside the upper one.
 */
void fdt_locate(struct fdt *fdt, int node)
{
    if (fdt->path_len > 0 && fdt->path[fdt->path_len - 1].node == node)
        return;
    bool behind = false;
    while (fdt->path_len > 0 && fdt->path[fdt->path_len - 1].node > node) {
        fdt->path_len--;
        behind = true;
    }
    if (fdt->path_len == 0) {
        push_level(fdt, fdt_root(fdt));
        behind = true;
    }
    struct fdt_level *top = &fdt->path[fdt->path_len - 1];
    int pos = behind || node < fdt->path_pos ? after_begin(fdt, top->node) : fdt->path_pos;
    while (fdt->path_len > 0 && fdt->path[fdt->path_len - 1].node != node) {
        switch (token_at(fdt, pos)) {
        case TOKEN_BEGIN: push_level(fdt, pos); break;
        case TOKEN_END_NODE: fdt->path_len--; break;
        case TOKEN_PROP: note_cells(fdt, pos); break;
        default: break;
        }
        pos = after_token(fdt, pos);
    }
    fdt->path_pos = pos;
}

int fdt_parent(struct fdt *fdt, int node)
{
    if (node < 0)
        return node;
    fdt_locate(fdt, node);
    return fdt->path_len < 2 ? -FDT_ENOTFOUND : fdt->path[fdt->path_len - 2].node;
}

static bool cells_valid(const struct fdt_level *level)
{
    return level->address_cells >= 1 && level->address_cells <= 4 && level->size_cells <= 4;
}

/* Map *addr, size bytes long, from the children of path[level] to its siblings. */
static int translate(const struct fdt *fdt, unsigned level, uint64_t *addr, uint64_t size)
{
    const struct fdt_level *bus = &fdt->path[level], *parent = &fdt->path[level - 1];
    int len;
    const uint8_t *range = fdt_prop(fdt, bus->node, "ranges", &len);
    if (!range || len == 0)
        return 0;
    if (!cells_valid(parent))
        return -FDT_EVALUE;
    unsigned from = bus->address_cells, to = parent->address_cells;
    int entry = (int)(from + to + bus->size_cells) * 4;
    for (; len >= entry; len -= entry, range += entry) {
        uint64_t start = fdt_cells(range, from);
        uint64_t base = fdt_cells(range + from * 4, to);
        uint64_t extent = fdt_cells(range + (from + to) * 4, bus->size_cells);
        uint64_t offset = *addr - start;
        if (*addr < start || offset >= extent || size > extent - offset)
            continue;
        if (base + offset < base)
            return -FDT_EVALUE;
        *addr = base + offset;
        return 0;
    }
    return -FDT_EVALUE;
}

int fdt_reg(struct fdt *fdt, int node, unsigned index, uint64_t *addr, uint64_t *size)
{
    int len;
    const uint8_t *reg = fdt_prop(fdt, node, "reg", &len);
    if (!reg)
        return -FDT_ENOTFOUND;
    fdt_locate(fdt, node);
    if (fdt->path_len < 2)
        return -FDT_EVALUE;
    const struct fdt_level *parent = &fdt->path[fdt->path_len - 2];
    if (!cells_valid(parent))
        return -FDT_EVALUE;
    unsigned address_cells = parent->address_cells, size_cells = parent->size_cells;
    unsigned entry = (address_cells + size_cells) * 4;
    if ((unsigned)len % entry != 0)
        return -FDT_EVALUE;
    if (index >= (unsigned)len / entry)
        return -FDT_ENOTFOUND;
    reg += index * entry;
    uint64_t start = fdt_cells(reg, address_cells);
    uint64_t extent = fdt_cells(reg + address_cells * 4, size_cells);
    if (extent > 0 && start + extent - 1 < start)
        return -FDT_EVALUE;
    for (unsigned level = fdt->path_len - 2; level > 0; level--) {
        int error = translate(fdt, level, &start, extent);
        if (error)
            return error;
    }
    *addr = start;
    if (size)
        *size = extent;
    return 0;
}
