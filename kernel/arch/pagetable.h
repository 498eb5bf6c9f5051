#pragma once
/*
 * Page tables: geometry, entries and the one walker, for Sv39 and Sv32 alike. Levels count down to
 * 0, whose entries map small pages. No locking here: the owner of a table has it.
 */
#include <stdbool.h>
#include <stdint.h>
#include "kernel/arch/arch.h"
#include "kernel/arch/thread.h"
#include "riscv/pte.h"

typedef unsigned long pte_t;

/* For software: the page was shared by fork, a write must look at its count. */
#define PTE_COW 0x100

/* Leaf entries of kernel mappings. */
#define PT_KERNEL_R  (PTE_V | PTE_R | PTE_A | PTE_G)
#define PT_KERNEL_RX (PT_KERNEL_R | PTE_X)
#define PT_KERNEL_RW (PT_KERNEL_R | PTE_W | PTE_D)

/* Bits above the page number: 10 on Sv39, none on Sv32. */
#define PTE_IGNORE_TOP (sizeof(pte_t) == 8 ? 64 - PTE_PPN_SHIFT - PTE64_PPN_BITS : 0)

static inline pte_t pte_make(paddr_t pa, pte_t bits)
{
    return (pte_t)(pa >> PAGE_SHIFT) << PTE_PPN_SHIFT | bits;
}

static inline paddr_t pte_pa(pte_t pte)
{
    return (paddr_t)(pte << PTE_IGNORE_TOP >> (PTE_IGNORE_TOP + PTE_PPN_SHIFT)) << PAGE_SHIFT;
}

/*
 * The level-0 entry of `va` below the table at physical address `root`, or NULL when there is none:
 * a table is missing (with `create`: memory for one is) or a superpage is in the way.
 */
pte_t *pt_walk(paddr_t root, vaddr_t va, bool create);

/*
 * The first non-zero level-0 entry in [*va, end), skipping missing tables, with its address in *va;
 * or NULL.
 */
pte_t *pt_next(paddr_t root, vaddr_t *va, vaddr_t end);

/*
 * Maps [va, va + size) to pa with the biggest pages that fit (`small`: only small ones). Nothing
 * may be mapped there. All page aligned. 0 or -ENOMEM.
 */
int pt_map(paddr_t root, vaddr_t va, paddr_t pa, uint64_t size, pte_t bits, bool small);

/*
 * Fills in the top-level entries of a window of the kernel's half, so that every address space made
 * later shares what is mapped there. 0 or -ENOMEM.
 */
int pt_prepare_window(vaddr_t va, size_t size);

/* The same for all levels: mapping small pages there needs no memory any more. */
int pt_prepare_tables(vaddr_t va, size_t size);

/* A new user table: empty below, the kernel's half shared. Physical address, 0 without memory. */
paddr_t pt_create(void);

/* Frees the tables of the user half and the root. The pages they map must be gone. */
void pt_destroy(paddr_t root);

/* The kernel's own table, and what selects a table. */
paddr_t pt_kernel_root(void);
unsigned long pt_satp(paddr_t root);

/*
 * Loads an address space on this hart in place of another, with interrupts off, and forgets all
 * cached translations. Each space's mask of harts covers the time in which translations may be
 * cached.
 */
void pt_switch(struct arch_space *from, struct arch_space *to);

/* New instructions became visible in a space: fence.i here, and elsewhere before they can run. */
void pt_code_changed(struct arch_space *space);

/* Forget cached translations on this hart: of one page, or all. */
void pt_flush_page(vaddr_t va);
void pt_flush_all(void);

/*
 * Forget them on the harts of a mask of hart indexes (bit n: index n), this one included if it is
 * named. [va, va + size); size ~0UL: everything. Returns when all have done so.
 */
void pt_shootdown(unsigned long harts, vaddr_t va, unsigned long size);

/* ---- boot */

/* With the MMU off: tables for the image and the device tree at `dtb`. Returns the satp value. */
unsigned long early_page_tables(uintptr_t dtb);

/* Leaves that are writable and executable at once, in the kernel's half: must be none. */
unsigned pt_count_writable_code(paddr_t root);

/* Where the image lies. */
vaddr_t pt_image_va(void);
paddr_t pt_image_pa(void);
size_t pt_image_size(void);

/*
 * The direct map: physical `base`, superpage aligned, appears at LAYOUT_DIRECT. Init once, then add
 * each range of RAM, then done. The image's text and constants stay read-only there. 0 or -ENOMEM.
 */
void pt_direct_init(paddr_t base);
int pt_direct_add(paddr_t pa, uint64_t size);
void pt_direct_done(void);
uint64_t pt_direct_limit(void);   /* bytes of address space it has */
uintptr_t pt_direct_offset(void); /* virtual minus physical address, for RAM in it */

/* The windows of layout.h for whoever hands out parts of them. */
void pt_mmio_window(vaddr_t *start, size_t *size);
void pt_stack_window(vaddr_t *start, size_t *size);

/* Where user addresses end. */
vaddr_t pt_user_end(void);
