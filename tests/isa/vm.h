/* clang-format off */
/*
 * Page tables for the tests of translation, Sv39 or Sv32 (nothing here knows the number of levels but
 * this file). Virtual addresses:
 *
 *   0x40000000  WINDOW: pages of 4 KiB, through the table `leaf`
 *   BIG         one superpage slot, entry `big_entry`
 *   0x80000000  memory as it is, for S-mode
 *   0xc0000000  the same for U-mode: code for U runs at its address + U_OFFSET
 */
#pragma once


#include "isa.h"

#define WINDOW   0x40000000
#define U_OFFSET 0x40000000
#define PAGE     4096
#define PTE_RWX  (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)
#define PTE_RW   (PTE_V | PTE_R | PTE_W | PTE_A | PTE_D)

#if __riscv_xlen == 64
#    define BIG       (WINDOW + 0x200000)
#    define BIG_SIZE  0x200000
#    define big_entry middle + 8
#    define SATP_MODE (8 << 60)
#else
#    define BIG       (WINDOW + 0x400000)
#    define BIG_SIZE  0x400000
#    define big_entry root + 257 * 4
#    define SATP_MODE (1 << 31)
#endif

/* to = page table entry for the page at the label, with the bits; clobbers t0 */
#define ENTRY(to, label, bits)                                                                     \
    la to, label;                                                                                  \
    srli to, to, 2;                                                                                \
    li t0, bits;                                                                                   \
    or to, to, t0

/* Put an entry for the page at a label into a slot; clobbers t0 to t2. */
#define MAP(slot, label, bits)                                                                     \
    ENTRY(t1, label, bits);                                                                        \
    la t2, slot;                                                                                   \
    SX t1, (t2)

/* The same for a physical address that is a constant. */
#define MAP_AT(slot, address, bits)                                                                \
    li t1, ((address) >> 2) | (bits);                                                              \
    la t2, slot;                                                                                   \
    SX t1, (t2)

/* Entry n of the window. */
#define MAP_WINDOW(n, label, bits) MAP(leaf + (n) * REGBYTES, label, bits)

/* Build the tables and switch translation on for the lower modes; clobbers t0 to t2. */
#if __riscv_xlen == 64
#    define VM_ON                                                                                  \
        MAP_AT(root + 2 * 8, RAM, PTE_RWX);                                                           \
        MAP_AT(root + 3 * 8, RAM, PTE_RWX | PTE_U);                                                   \
        MAP(root + 1 * 8, middle, PTE_V);                                                          \
        MAP(middle, leaf, PTE_V);                                                                  \
        SATP_ON(root, 0)
#else
#    define VM_ON                                                                                  \
        MAP_AT(root + 512 * 4, RAM, PTE_RWX);                                                         \
        MAP_AT(root + 768 * 4, RAM, PTE_RWX | PTE_U);                                                 \
        MAP(root + 256 * 4, leaf, PTE_V);                                                          \
        SATP_ON(root, 0)
#endif

/* Use a root table with an address space number. */
#if __riscv_xlen == 64
#    define ASID_SHIFT 44
#else
#    define ASID_SHIFT 22
#endif
#define SATP_ON(table, asid)                                                                       \
    la t0, table;                                                                                  \
    srli t0, t0, 12;                                                                               \
    li t1, SATP_MODE | ((asid) << ASID_SHIFT);                                                     \
    or t0, t0, t1;                                                                                 \
    csrw satp, t0;                                                                                 \
    sfence.vma

#define VM_TABLES                                                                                  \
    .bss;                                                                                          \
    .balign 4096;                                                                                  \
    root:                                                                                          \
    .space 4096;                                                                                   \
    middle:                                                                                        \
    .space 4096;                                                                                   \
    leaf:                                                                                          \
    .space 4096;                                                                                   \
    .text
