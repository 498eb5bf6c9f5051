#pragma once
/*
 * Page table entries and the geometry of the paging schemes (privileged specification, "Sv32",
 * "Sv39"). Usable from assembly: numbers only.
 */
#define PTE_V 0x001 /* valid */
#define PTE_R 0x002
#define PTE_W 0x004
#define PTE_X 0x008
#define PTE_U 0x010 /* user mode may use it */
#define PTE_G 0x020 /* in every address space */
#define PTE_A 0x040 /* accessed */
#define PTE_D 0x080 /* dirty */

#define PTE_RSW       0x300 /* for software */
#define PTE_PPN_SHIFT 10

/* Sv39 and up only: bits 53:10 are the PPN, the rest is reserved or an extension's. */
#define PTE64_PPN_BITS 44
#define PTE64_PBMT     0x6000000000000000 /* Svpbmt */
#define PTE64_N        0x8000000000000000 /* Svnapot */
#define PTE64_NAPOT    0x8                /* PPN[3:0] of the one size there is, 64 KiB */
#define PTE64_RESERVED 0x1fc0000000000000

#define SV_PAGE_SHIFT 12
#define SV_PAGE_SIZE  4096

/* Per scheme: page-table levels, virtual address bits per level, bytes of an entry, satp.MODE. */
#define SV_NAPOT_SHIFT  16
#define SV32_LEVELS     2
#define SV32_INDEX_BITS 10
#define SV32_PTE_BYTES  4
#define SV32_MODE       1
#define SV39_LEVELS     3
#define SV39_INDEX_BITS 9
#define SV39_PTE_BYTES  8
#define SV39_MODE       8
#define SV48_LEVELS     4
#define SV48_MODE       9
#define SV57_LEVELS     5
#define SV57_MODE       10

/* satp fields: RV32, then RV64. */
#define SATP32_MODE_SHIFT 31
#define SATP32_ASID_SHIFT 22
#define SATP32_PPN        0x003fffff
#define SATP64_MODE_SHIFT 60
#define SATP64_ASID_SHIFT 44
#define SATP64_PPN        0x00000fffffffffff
