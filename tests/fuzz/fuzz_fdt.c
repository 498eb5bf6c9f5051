/* Device trees: everything the reader offers, then changes in place. */
#include "fuzz.h"
#include "lib/fdt.h"

static volatile uint64_t sink;

static void use_bytes(const void *p, int len)
{
    const uint8_t *b = p;
    for (int i = 0; i < len; i++)
        sink += b[i];
}

static void use_node(struct fdt *fdt, int node)
{
    const char *name;
    const void *data;
    int len;
    uint64_t addr, size;
    uint32_t cell;
    sink += strlen(fdt_name(fdt, node));
    for (const void *p = NULL; (p = fdt_next_prop(fdt, node, p, &name, &data, &len));) {
        use_bytes(data, len);
        use_bytes(name, (int)strlen(name));
        fuzz_require(fdt_prop(fdt, node, name, NULL) != NULL);
        for (unsigned i = 0; fdt_prop_string_at(fdt, node, name, i) && i < 4; i++)
            sink += strlen(fdt_prop_string_at(fdt, node, name, i));
        sink += fdt_stringlist_contains(data, len, "okay");
        fdt_prop_u64(fdt, node, name, &addr);
        fdt_prop_u32(fdt, node, name, &cell);
        fdt_prop_cell(fdt, node, name, 2, &cell);
    }
    for (unsigned i = 0; fdt_reg(fdt, node, i, &addr, &size) == 0 && i < 16; i++)
        sink += addr + size;
    sink += fdt_is_available(fdt, node) + fdt_is_compatible(fdt, node, "ns16550a");
}

/* Children by way of their parent must come back to it. */
static int count_nodes(struct fdt *fdt, int parent)
{
    int child, count = 1;
    fdt_for_each_child (child, fdt, parent) {
        fuzz_require(fdt_parent(fdt, child) == parent);
        count += count_nodes(fdt, child);
    }
    return count;
}

static void read_all(struct fdt *fdt)
{
    int depth = 0, count = 0;
    uint64_t addr, size;
    for (int n = fdt_root(fdt); n >= 0; n = fdt_next_node(fdt, n, &depth)) {
        fuzz_require(depth >= 0 && depth < FDT_MAX_DEPTH);
        use_node(fdt, n);
        count++;
    }
    fuzz_require(count_nodes(fdt, fdt_root(fdt)) == count);
    for (unsigned i = 0; fdt_reserve(fdt, i, &addr, &size) == 0; i++)
        sink += addr + size;
    for (int n = -1; (n = fdt_next_compatible(fdt, n, "simple-bus")) >= 0;)
        sink += (uint64_t)n;
    sink += (uint64_t)fdt_node_by_path(fdt, "/soc/serial@10000000:115200");
    sink += (uint64_t)fdt_node_by_path(fdt, "serial0/x");
    sink += (uint64_t)fdt_node_by_phandle(fdt, 3);
    sink += fdt_boot_cpu(fdt);
}

/* Whatever the edits do, the result is a valid tree. */
static void check_valid(const struct fdt *edited)
{
    struct fdt again;
    fuzz_require(fdt_open(&again, edited->base, edited->capacity) == 0);
    fuzz_require(again.size == edited->size);
}

static void edit(struct fdt *fdt)
{
    int node = fdt_node_by_path(fdt, "/chosen");
    fdt_set_prop_string(fdt, node, "bootargs", "console=ttyS0 and some more text to make room for");
    fdt_set_prop_u64(fdt, fdt_root(fdt), "compatible", 1);
    fdt_add_reserve(fdt, 0x80000000, 0x40000);
    node = fdt_add_node(fdt, fdt_root(fdt), "reserved-memory");
    fdt_set_prop_u32(fdt, node, "#address-cells", 2);
    node = fdt_add_node(fdt, node, "mmode@80000000");
    fdt_set_prop(fdt, node, "no-map", "", 0);
    check_valid(fdt);
    fdt_del_prop(fdt, fdt_root(fdt), "compatible");
    fdt_del_node(fdt, fdt_first_child(fdt, fdt_root(fdt)));
    check_valid(fdt);
    read_all(fdt);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *copy = fuzz_copy(data, size);
    struct fdt fdt, edited;
    if (fdt_open(&fdt, copy, size) == 0) {
        read_all(&fdt);
        size_t room = size + size % 3 * 100;
        uint8_t *buf = fuzz_copy(copy, 0);
        buf = realloc(buf, room);
        memset(buf, 0xaa, room);
        if (fdt_open_into(&edited, buf, room, &fdt) == 0) {
            check_valid(&edited);
            edit(&edited);
        }
        free(buf);
        if (fdt_open_rw(&fdt, copy, size) == 0)
            edit(&fdt);
    }
    free(copy);
    return 0;
}
