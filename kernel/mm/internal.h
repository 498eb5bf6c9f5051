#pragma once
/* Between the files of kernel/mm, and from there to main.c. */
#include "kernel/arch/pagetable.h"
#include "kernel/mm/mm.h"

/* ---- boot */

/*
 * Finds RAM in the device tree, maps it, and sets up the page allocator over what is not reserved:
 * the image, the device tree, the initrd, firmware. Panics when there is no usable RAM.
 */
void mm_init(void);
void stacks_init(void); /* stack slots, for sched */
void mmio_init(void);
void vm_init(void);

/* ---- page.c */

/* A range of RAM to manage; boot only. `map` is where the page structs go. */
void pages_init(struct page *map, paddr_t base, paddr_t end);
void pages_add(paddr_t start, paddr_t end);

/* Pages that caches hold on to and give back when memory is short: counted as free. */
size_t stacks_idle_pages(void);
size_t kmalloc_idle_pages(void);
bool stacks_reclaim(void); /* true if something was freed */
bool kmalloc_reclaim(void);

/* True when a test asked for this allocation to fail. */
bool alloc_must_fail(void);
