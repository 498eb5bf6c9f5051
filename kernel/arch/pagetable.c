/* The page-table walker, and the kernel's own mappings. */
#include "abi/errno.h"
#include "kernel/arch/hooks.h"
#include "kernel/arch/image.h"
#include "kernel/arch/layout.h"
#include "kernel/arch/pagetable.h"
#include "kernel/klog.h"
#include "lib/string.h"

#define PT_ENTRIES         (1UL << PT_INDEX_BITS)
#define LEAF(pte)          ((pte) & (PTE_R | PTE_W | PTE_X))
#define LEVEL_SHIFT(level) (PAGE_SHIFT + (level)*PT_INDEX_BITS)
#define LEVEL_SIZE(level)  ((uint64_t)1 << LEVEL_SHIFT(level))

_Static_assert(LEVEL_SHIFT(1) == SUPERPAGE_SHIFT, "superpage geometry");

/*
 * Tables come from this pool inside the image until the page allocator exists: the root, one for
 * the image, and what the device tree window and the direct map need.
 */
#define POOL_PAGES 12
static uint8_t pool[POOL_PAGES][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static unsigned pool_used;

static paddr_t kernel_root;
static paddr_t image_pa;

/*
 * How a table's physical address becomes a pointer: 0 with the MMU off, then through the image (the
 * pool), then through the direct map.
 */
static uintptr_t table_offset;

static pte_t *table_at(paddr_t pa)
{
    return (pte_t *)((uintptr_t)pa + table_offset);
}

static unsigned index_of(vaddr_t va, int level)
{
    return va >> LEVEL_SHIFT(level) & (PT_ENTRIES - 1);
}

static paddr_t table_alloc(void)
{
    if (arch_hooks.table_alloc)
        return arch_hooks.table_alloc();
    if (pool_used == POOL_PAGES)
        return 0;
    /* The same sum with the MMU off and on. */
    return image_pa + (uintptr_t)((char *)pool[pool_used++] - __image_start);
}

/* The entry of va at `level`; creates tables above it if asked to. NULL: missing, or a leaf above.
 */
static pte_t *walk_to(paddr_t root, vaddr_t va, int level, bool create)
{
    pte_t *table = table_at(root);
    for (int l = PT_LEVELS - 1; l > level; l--) {
        pte_t *entry = &table[index_of(va, l)];
        if (!(*entry & PTE_V)) {
            paddr_t pa = create ? table_alloc() : 0;
            if (!pa)
                return NULL;
            *entry = pte_make(pa, PTE_V);
        } else if (LEAF(*entry)) {
            return NULL;
        }
        table = table_at(pte_pa(*entry));
    }
    return &table[index_of(va, level)];
}

pte_t *pt_walk(paddr_t root, vaddr_t va, bool create)
{
    return walk_to(root, va, 0, create);
}

pte_t *pt_next(paddr_t root, vaddr_t *va, vaddr_t end)
{
    while (*va < end) {
        pte_t *table = table_at(root);
        int level = PT_LEVELS - 1;
        while (level > 0) {
            pte_t entry = table[index_of(*va, level)];
            if (!(entry & PTE_V) || LEAF(entry))
                break;
            table = table_at(pte_pa(entry));
            level--;
        }
        if (level > 0) {
            *va = (*va | (vaddr_t)(LEVEL_SIZE(level) - 1)) + 1;
            if (*va == 0)
                return NULL;
            continue;
        }
        for (unsigned i = index_of(*va, 0); i < PT_ENTRIES && *va < end; i++, *va += PAGE_SIZE)
            if (table[i])
                return &table[i];
    }
    return NULL;
}

int pt_map(paddr_t root, vaddr_t va, paddr_t pa, uint64_t size, pte_t bits, bool small)
{
    while (size) {
        int level = small ? 0 : PT_LEVELS - 1;
        while (level > 0 && ((va | pa) & (LEVEL_SIZE(level) - 1) || size < LEVEL_SIZE(level)))
            level--;
        pte_t *entry = walk_to(root, va, level, true);
        if (!entry)
            return -ENOMEM;
        *entry = pte_make(pa, bits);
        va += LEVEL_SIZE(level);
        pa += LEVEL_SIZE(level);
        size -= LEVEL_SIZE(level);
    }
    return 0;
}

static int prepare(vaddr_t va, size_t size, int level)
{
    for (uint64_t done = 0; done < size; done += LEVEL_SIZE(level + 1))
        if (!walk_to(kernel_root, va + (vaddr_t)done, level, true))
            return -ENOMEM;
    return walk_to(kernel_root, va + size - PAGE_SIZE, level, true) ? 0 : -ENOMEM;
}

int pt_prepare_window(vaddr_t va, size_t size)
{
    return prepare(va, size, PT_LEVELS - 2);
}

int pt_prepare_tables(vaddr_t va, size_t size)
{
    return prepare(va, size, 0);
}

/* ---- address spaces */

paddr_t pt_create(void)
{
    paddr_t root = table_alloc();
    if (!root)
        return 0;
    unsigned half = index_of(LAYOUT_HALF, PT_LEVELS - 1);
    memcpy(table_at(root) + half, table_at(kernel_root) + half,
           (PT_ENTRIES - half) * sizeof(pte_t));
    return root;
}

static void free_tables(pte_t *table, unsigned count, int level)
{
    for (unsigned i = 0; i < count; i++) {
        pte_t entry = table[i];
        if (!(entry & PTE_V) || LEAF(entry))
            continue;
        if (level > 1)
            free_tables(table_at(pte_pa(entry)), PT_ENTRIES, level - 1);
        arch_hooks.table_free(pte_pa(entry));
    }
}

void pt_destroy(paddr_t root)
{
    free_tables(table_at(root), index_of(LAYOUT_HALF, PT_LEVELS - 1), PT_LEVELS - 1);
    arch_hooks.table_free(root);
}

paddr_t pt_kernel_root(void)
{
    return kernel_root;
}

unsigned long pt_satp(paddr_t root)
{
    return PT_SATP_MODE | (unsigned long)(root >> PAGE_SHIFT);
}

/* ---- boot */

/*
 * Runs with the MMU off, so addresses of symbols are physical here; it must not use pointers stored
 * in data, nor a switch that may become a table.
 */
unsigned long early_page_tables(uintptr_t dtb)
{
    image_pa = (uintptr_t)__image_start;
    kernel_root = table_alloc();
    uintptr_t up = LAYOUT_IMAGE - (uintptr_t)image_pa;
    uintptr_t text = (uintptr_t)__text_start, rodata = (uintptr_t)__rodata_start;
    uintptr_t data = (uintptr_t)__data_start, end = (uintptr_t)__image_end;
    pt_map(kernel_root, text + up, text, rodata - text, PT_KERNEL_RX, true);
    pt_map(kernel_root, rodata + up, rodata, data - rodata, PT_KERNEL_R, true);
    pt_map(kernel_root, data + up, data, end - data, PT_KERNEL_RW, true);
    pt_map(kernel_root, LAYOUT_FDT, dtb & ~(uintptr_t)(SUPERPAGE_SIZE - 1), LAYOUT_FDT_SIZE,
           PT_KERNEL_R, false);
    table_offset = up; /* for when the MMU is on */
    return pt_satp(kernel_root);
}

static unsigned count_in(const pte_t *table, unsigned from, int level)
{
    unsigned count = 0;
    for (unsigned i = from; i < PT_ENTRIES; i++) {
        if (!(table[i] & PTE_V))
            continue;
        if (!LEAF(table[i]))
            count += count_in(table_at(pte_pa(table[i])), 0, level - 1);
        else if (table[i] & PTE_W && table[i] & PTE_X)
            count++;
    }
    return count;
}

unsigned pt_count_writable_code(paddr_t root)
{
    return count_in(table_at(root), index_of(LAYOUT_HALF, PT_LEVELS - 1), PT_LEVELS - 1);
}

vaddr_t pt_image_va(void)
{
    return LAYOUT_IMAGE;
}

paddr_t pt_image_pa(void)
{
    return image_pa;
}

size_t pt_image_size(void)
{
    return (size_t)(__image_end - __image_start);
}

static uintptr_t direct_offset; /* of a direct-map address from the physical one */

void pt_direct_init(paddr_t base)
{
    direct_offset = LAYOUT_DIRECT - (uintptr_t)base;
}

uint64_t pt_direct_limit(void)
{
    return LAYOUT_DIRECT_SIZE;
}

static int direct_map(paddr_t pa, paddr_t end, pte_t bits)
{
    if (pa >= end)
        return 0;
    return pt_map(kernel_root, (uintptr_t)pa + direct_offset, pa, end - pa, bits, false);
}

static paddr_t later(paddr_t a, paddr_t b)
{
    return a > b ? a : b;
}

static paddr_t sooner(paddr_t a, paddr_t b)
{
    return a < b ? a : b;
}

/* What the image maps read-only must not be writable here either. */
int pt_direct_add(paddr_t pa, uint64_t size)
{
    paddr_t end = pa + size;
    paddr_t locked = image_pa, locked_end = image_pa + (size_t)(__data_start - __image_start);
    int error = direct_map(pa, sooner(end, locked), PT_KERNEL_RW);
    if (!error)
        error = direct_map(later(pa, locked), sooner(end, locked_end), PT_KERNEL_R);
    if (!error)
        error = direct_map(later(pa, locked_end), end, PT_KERNEL_RW);
    return error;
}

void pt_direct_done(void)
{
    pt_flush_all();
    table_offset = direct_offset;
}

uintptr_t pt_direct_offset(void)
{
    return direct_offset;
}

void pt_mmio_window(vaddr_t *start, size_t *size)
{
    *start = LAYOUT_MMIO;
    *size = LAYOUT_MMIO_SIZE;
}

void pt_stack_window(vaddr_t *start, size_t *size)
{
    *start = LAYOUT_STACKS;
    *size = LAYOUT_STACKS_SIZE;
}

vaddr_t pt_user_end(void)
{
    return LAYOUT_USER_END;
}
