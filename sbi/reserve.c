/* The one change to the device tree: /reserved-memory gets the firmware's memory. */
#include <stddef.h>

#include "lib/fmt.h"
#include "sbi/platform.h"

enum {
    ROOM = 512, /* more than the nodes, properties and names added here take */
    SLACK =
        4096, /* for what the next stage adds: U-Boot does so in place, and asks nobody for room */
};

/* Whether a node of /reserved-memory covers the firmware already. */
static bool is_reserved(struct fdt *tree, int reserved)
{
    const struct region *fw = &platform.firmware;
    uint64_t base, size;
    int node;
    fdt_for_each_child (node, tree, reserved)
        for (unsigned i = 0; fdt_reg(tree, node, i, &base, &size) == 0; i++)
            if (base <= fw->base && fw->base + fw->size <= base + size)
                return true;
    return false;
}

static bool overlaps(uint64_t base, uint64_t end, uint64_t other, uint64_t other_end)
{
    return base < other_end && other < end;
}

/* Whether that many bytes behind the tree are RAM in which nothing is known to lie. */
static bool is_room_behind(struct fdt *tree, uint32_t room)
{
    uint64_t base = (uintptr_t)tree->base + tree->size, end = base + room, start, size;
    if (!platform_is_smode_ram(base, room))
        return false;
    int chosen = fdt_node_by_path(tree, "/chosen");
    uint64_t initrd = 0, initrd_end = 0;
    fdt_prop_u64(tree, chosen, "linux,initrd-start", &initrd);
    fdt_prop_u64(tree, chosen, "linux,initrd-end", &initrd_end);
    if (overlaps(base, end, initrd, initrd_end))
        return false;
    for (unsigned i = 0; fdt_reserve(tree, i, &start, &size) == 0; i++)
        if (overlaps(base, end, start, start + size))
            return false;
    return true;
}

/* Number of cells a property of a node gives, in 1..2; what the specification says without it. */
static unsigned cells(const struct fdt *tree, int node, const char *name, unsigned absent)
{
    uint32_t value = absent;
    fdt_prop_u32(tree, node, name, &value);
    return value;
}

static int add_region(struct fdt *tree, int reserved)
{
    const struct region *fw = &platform.firmware;
    unsigned address_cells = cells(tree, reserved, "#address-cells", 2);
    unsigned size_cells = cells(tree, reserved, "#size-cells", 1);
    if (address_cells < 1 || address_cells > 2 || size_cells < 1 || size_cells > 2)
        return -FDT_EVALUE;
    uint32_t reg[4];
    unsigned count = 0;
    char name[40];
    if (address_cells == 2)
        reg[count++] = fw->base >> 32;
    reg[count++] = fw->base;
    if (size_cells == 2)
        reg[count++] = fw->size >> 32;
    reg[count++] = fw->size;
    fmt_snprint(name, sizeof(name), "firmware@%llx", (unsigned long long)fw->base);
    int node = fdt_add_node(tree, reserved, name);
    int error = node < 0 ? node : fdt_set_prop_cells(tree, node, "reg", reg, count);
    return error ? error : fdt_set_prop(tree, node, "no-map", NULL, 0);
}

static int add_reserved_memory(struct fdt *tree)
{
    int root = fdt_root(tree);
    unsigned address_cells = cells(tree, root, "#address-cells", 2);
    unsigned size_cells = cells(tree, root, "#size-cells", 1);
    int node = fdt_add_node(tree, root, "reserved-memory");
    if (node < 0)
        return node;
    int error = fdt_set_prop_u32(tree, node, "#address-cells", address_cells);
    error = error ? error : fdt_set_prop_u32(tree, node, "#size-cells", size_cells);
    error = error ? error : fdt_set_prop(tree, node, "ranges", NULL, 0);
    return error ? error : node;
}

const char *platform_reserve_firmware(struct fdt *tree)
{
    int reserved = fdt_node_by_path(tree, "/reserved-memory");
    if (is_reserved(tree, reserved))
        return NULL;
    bool is_ample = is_room_behind(tree, ROOM + SLACK);
    size_t room = is_ample ? ROOM + SLACK : is_room_behind(tree, ROOM) ? ROOM : 0;
    int error = fdt_open_rw(tree, (void *)tree->base, tree->size + room);
    if (error == 0 && reserved < 0)
        reserved = error = add_reserved_memory(tree);
    if (error >= 0)
        error = add_region(tree, reserved);
    if (error >= 0 && is_ample)
        error = fdt_claim_slack(tree);
    return error < 0 ? fdt_strerror(error) : NULL;
}
