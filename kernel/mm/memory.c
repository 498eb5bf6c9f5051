/* Finding memory: the device tree's RAM minus what is in use, the direct map, the page structs. */
#include "kernel/arch/hooks.h"
#include "kernel/arch/internal.h"
#include "kernel/klog.h"
#include "kernel/mm/internal.h"
#include "lib/fdt.h"
#include "lib/string.h"

#define MAX_RANGES    16
#define MAX_RESERVED  32
#define BLOCK_SIZE    (4UL << 20) /* the page allocator's largest block */
#define SUPERPAGE(pa) ((pa) & ~((paddr_t)BLOCK_SIZE - 1))
#define PAGE_UP(pa)   (((pa) + PAGE_MASK) & ~(paddr_t)PAGE_MASK)
#define PAGE_DOWN(pa) ((pa) & ~(paddr_t)PAGE_MASK)

struct range {
    paddr_t start, end;
};

static struct range ram[MAX_RANGES];
static unsigned ram_count;
static struct range reserved[MAX_RESERVED];
static unsigned reserved_count;
static struct range initrd;
static paddr_t direct_base, direct_end;

static void reserve(paddr_t start, uint64_t size)
{
    if (size == 0)
        return;
    if (reserved_count == MAX_RESERVED)
        panic("memory: too many reservations");
    paddr_t end = start + size < start ? UINT64_MAX - PAGE_MASK : PAGE_UP(start + size);
    reserved[reserved_count++] = (struct range){PAGE_DOWN(start), end};
}

/* ---- reading the device tree */

static void add_ram(paddr_t start, uint64_t size)
{
    paddr_t end = PAGE_DOWN(start + size);
    start = PAGE_UP(start);
    if (ram_count == MAX_RANGES || end <= start)
        return;
    unsigned at = ram_count++;
    for (; at > 0 && ram[at - 1].start > start; at--)
        ram[at] = ram[at - 1];
    ram[at] = (struct range){start, end};
}

static void find_ram(struct fdt *fdt)
{
    int node;
    fdt_for_each_child (node, fdt, fdt_root(fdt)) {
        const char *type = fdt_prop_string(fdt, node, "device_type");
        uint64_t start, size;
        if (!type || strcmp(type, "memory") != 0 || !fdt_is_available(fdt, node))
            continue;
        for (unsigned i = 0; fdt_reg(fdt, node, i, &start, &size) == 0; i++)
            add_ram(start, size);
    }
    if (ram_count == 0)
        panic("memory: the device tree names no RAM");
}

static void find_reserved(struct fdt *fdt)
{
    uint64_t start, size;
    for (unsigned i = 0; fdt_reserve(fdt, i, &start, &size) == 0; i++)
        reserve(start, size);
    int node;
    fdt_for_each_child (node, fdt, fdt_node_by_path(fdt, "/reserved-memory")) {
        for (unsigned i = 0; fdt_reg(fdt, node, i, &start, &size) == 0; i++)
            reserve(start, size);
    }
}

/* linux,initrd-start and -end have one or two cells each. */
static void find_initrd(struct fdt *fdt)
{
    int chosen = fdt_node_by_path(fdt, "/chosen");
    if (fdt_prop_u64(fdt, chosen, "linux,initrd-start", &initrd.start) != 0 ||
        fdt_prop_u64(fdt, chosen, "linux,initrd-end", &initrd.end) != 0 ||
        initrd.end <= initrd.start) {
        initrd = (struct range){0, 0};
        return;
    }
    reserve(initrd.start, initrd.end - initrd.start);
}

/* ---- free ranges */

/*
 * The first piece of [*start, end) that is not reserved, in *start and *stop; false: none left.
 * Call again from *stop.
 */
static bool next_free(paddr_t *start, paddr_t end, paddr_t *stop)
{
    for (bool moved = true; moved;) {
        moved = false;
        for (unsigned i = 0; i < reserved_count; i++) {
            if (reserved[i].start <= *start && *start < reserved[i].end) {
                *start = reserved[i].end;
                moved = true;
            }
        }
    }
    if (*start >= end)
        return false;
    *stop = end;
    for (unsigned i = 0; i < reserved_count; i++)
        if (reserved[i].start > *start && reserved[i].start < *stop)
            *stop = reserved[i].start;
    return true;
}

/* Calls function on every free piece of RAM below `limit`. */
static void for_each_free(paddr_t limit, void (*function)(paddr_t start, paddr_t end))
{
    for (unsigned i = 0; i < ram_count; i++) {
        paddr_t start = ram[i].start, stop;
        paddr_t end = ram[i].end < limit ? ram[i].end : limit;
        while (start < end && next_free(&start, end, &stop)) {
            function(start, stop);
            start = stop;
        }
    }
}

/* ---- the direct map */

static void map_ram(void)
{
    paddr_t usable = direct_base + pt_direct_limit();
    uint64_t lost = 0;
    pt_direct_init(direct_base);
    for (unsigned i = 0; i < ram_count; i++) {
        if (ram[i].end > usable) {
            paddr_t from = ram[i].start > usable ? ram[i].start : usable;
            lost += ram[i].end - from;
            ram[i].end = from;
        }
        if (ram[i].end <= ram[i].start)
            continue;
        if (pt_direct_add(ram[i].start, ram[i].end - ram[i].start) != 0)
            panic("memory: no room for the direct map's tables");
        direct_end = ram[i].end;
    }
    pt_direct_done();
    if (lost)
        klog(LOG_WARNING, "memory: %llu MiB beyond the direct map stay unused",
             (unsigned long long)(lost >> 20));
}

static size_t map_bytes;
static paddr_t map_place;

static void place_map(paddr_t start, paddr_t end)
{
    if (!map_place && end - start >= map_bytes)
        map_place = start;
}

void mm_init(void)
{
    struct fdt fdt = *arch_fdt();
    find_ram(&fdt);
    find_reserved(&fdt);
    find_initrd(&fdt);
    reserve(pt_image_pa(), pt_image_size());
    reserve(arch_fdt_pa(), arch_fdt_size());
    direct_base = SUPERPAGE(ram[0].start);
    map_ram();
    map_bytes = PAGE_UP((size_t)((direct_end - direct_base) >> PAGE_SHIFT) * sizeof(struct page) +
                        (BLOCK_SIZE >> PAGE_SHIFT) * sizeof(struct page));
    for_each_free(direct_end, place_map);
    if (!map_place)
        panic("memory: no room for the page structs");
    reserve(map_place, map_bytes);
    pages_init((struct page *)((uintptr_t)map_place + pt_direct_offset()), direct_base, direct_end);
    for_each_free(direct_end, pages_add);
    klog(LOG_INFO, "memory: %lu MiB at %#llx, %lu KiB free",
         (unsigned long)((direct_end - ram[0].start) >> 20), (unsigned long long)ram[0].start,
         (unsigned long)(page_free_count() * (PAGE_SIZE / 1024)));
}

void *mm_phys_view(paddr_t pa, size_t size)
{
    for (unsigned i = 0; i < ram_count; i++)
        if (pa >= ram[i].start && pa < ram[i].end && size <= ram[i].end - pa)
            return (void *)((uintptr_t)pa + pt_direct_offset());
    return NULL;
}

bool mm_initrd(paddr_t *pa, size_t *size)
{
    *pa = initrd.start;
    *size = (size_t)(initrd.end - initrd.start);
    return *size != 0 && mm_phys_view(*pa, *size) != NULL;
}

/*
 * Bytes that share a page with another reservation stay reserved: the other may still need them.
 */
void mm_release_range(paddr_t pa, size_t size)
{
    paddr_t start = PAGE_DOWN(pa), end = PAGE_UP(pa + size);
    for (unsigned i = 0; i < reserved_count; i++) {
        if (reserved[i].start != start || reserved[i].end != end)
            continue;
        reserved[i] = reserved[--reserved_count];
        while (start < end) {
            paddr_t stop;
            if (!next_free(&start, end, &stop))
                break;
            pages_add(start, stop);
            start = stop;
        }
        return;
    }
}
