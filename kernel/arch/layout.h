#pragma once
/*
 * The kernel's half of every address space, and the geometry of its page tables. Read by C, by
 * assembly and by the linker script. Sizes are multiples of a superpage.
 *
 *   LAYOUT_DIRECT  RAM, in order, read-write (the image's text and constants read-only)
 *   LAYOUT_MMIO    device registers
 *   LAYOUT_STACKS  stack slots (see thread.h), small pages only
 *   LAYOUT_FDT     the device tree, read-only, two superpages
 *   LAYOUT_IMAGE   the kernel image, small pages, text r-x, constants r--, data rw-
 *
 * User space is everything below LAYOUT_USER_END; on rv32 that is 3 GiB, which leaves 896 MiB of
 * RAM for the direct map: memory beyond it is reported at boot and stays unused.
 */
#include "riscv/pte.h"

#if __riscv_xlen == 64
#    define LAYOUT_USER_END    0x0000003fffff0000
#    define LAYOUT_HALF        0xffffffc000000000
#    define LAYOUT_DIRECT      0xffffffc000000000
#    define LAYOUT_DIRECT_SIZE 0x0000003000000000
#    define LAYOUT_MMIO        0xfffffff000000000
#    define LAYOUT_MMIO_SIZE   0x0000000040000000
#    define LAYOUT_STACKS      0xfffffff040000000
#    define LAYOUT_STACKS_SIZE 0x0000000040000000
#    define LAYOUT_FDT         0xfffffff080000000
#    define LAYOUT_IMAGE       0xffffffff80000000
#    define SUPERPAGE_SHIFT    21
#    define PT_LEVELS          SV39_LEVELS
#    define PT_INDEX_BITS      SV39_INDEX_BITS
#    define PT_SATP_MODE       ((unsigned long)SV39_MODE << SATP64_MODE_SHIFT)
#    define MMU_NAME           "sv39"
#    define MACHINE_NAME       "riscv64"
#else
#    define LAYOUT_USER_END    0xbfff0000
#    define LAYOUT_HALF        0xc0000000
#    define LAYOUT_DIRECT      0xc0000000
#    define LAYOUT_DIRECT_SIZE 0x38000000
#    define LAYOUT_MMIO        0xf8000000
#    define LAYOUT_MMIO_SIZE   0x02000000
#    define LAYOUT_STACKS      0xfa000000
#    define LAYOUT_STACKS_SIZE 0x02000000
#    define LAYOUT_FDT         0xfc000000
#    define LAYOUT_IMAGE       0xfd000000
#    define SUPERPAGE_SHIFT    22
#    define PT_LEVELS          SV32_LEVELS
#    define PT_INDEX_BITS      SV32_INDEX_BITS
#    define PT_SATP_MODE       ((unsigned long)SV32_MODE << SATP32_MODE_SHIFT)
#    define MMU_NAME           "sv32"
#    define MACHINE_NAME       "riscv32"
#endif

#define SUPERPAGE_SIZE  (1 << SUPERPAGE_SHIFT)
#define LAYOUT_FDT_SIZE (2 * SUPERPAGE_SIZE)
/* What one page table of small pages maps: the linker script asserts that the image fits. */
#define LAYOUT_IMAGE_MAX SUPERPAGE_SIZE
