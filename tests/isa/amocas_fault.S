/*
 * How amocas faults: as a store, whether it would have stored or not; registers and memory stay.
 * isa: all
 */
#include "vm.h"

    .macro amocas width, rd, rs2, rs1
    .insn r 0x2f, \width, 0x14, \rd, \rs1, \rs2
    .endm
    /* At a0 in a mode; what is compared (a4, a5) equals memory or not, it makes no difference. */
    .macro faults mode, cause, width
    .irp same, 0x11, 0x22
    li a4, \same
    li a5, \same
    TRAPS(1f)
    ENTER(\mode, 0f)
0:  amocas \width, a4, a2, a0
    j no_trap
1:  CHECK_TRAP_REG(\cause, 0b, a0)
    CHECK_FROM(\mode)
    CHECK(a4, \same)
    CHECK(a5, \same)
    .endr
    .endm
    /* Misaligned, or an access fault where the machine could not emulate it. */
    .macro misaligned width, at
    la a0, page + \at
    TRAPS(1f)
0:  amocas \width, a4, a2, a0
    j no_trap
1:  LX a1, CAUSE(tp)
    li t5, STORE_ACCESS
    beq a1, t5, 2f
    SAME(a1, STORE_MISALIGNED)
2:  LX a1, TVAL(tp)
    CHECK_REG(a1, a0)
    .endm

#if __riscv_xlen == 64
#    define WIDTHS 2, 3, 4
#else
#    define WIDTHS 2, 3
#endif

TEST_BEGIN
    la s0, page
    li t0, 0x11
    SX t0, (s0)
    SX t0, REGBYTES(s0)
    li a2, -1
    li a3, -1

    CASE
    misaligned 2, 1
    misaligned 2, 2
    misaligned 3, 1
    misaligned 3, 4
#if __riscv_xlen == 64
    misaligned 4, 1
    misaligned 4, 4
    misaligned 4, 8
#endif

    VM_ON
    li a0, WINDOW + 0x1000
    CASE
    .irp width, WIDTHS
    faults MODE_S, STORE_PAGE, \width
    .endr
    CASE                            /* read-only */
    MAP_WINDOW(1, page, PTE_V | PTE_R | PTE_A | PTE_D)
    sfence.vma
    .irp width, WIDTHS
    faults MODE_S, STORE_PAGE, \width
    .endr
    CASE                            /* a page of U-mode */
    MAP_WINDOW(1, page, PTE_RW | PTE_U)
    sfence.vma
    .irp width, WIDTHS
    faults MODE_S, STORE_PAGE, \width
    .endr
    csrw satp, zero
    sfence.vma

    CASE                            /* read-only by PMP */
    la t0, page
    srli t0, t0, 2
    ori t0, t0, 0x1ff
    csrw pmpaddr0, t0
    li t0, -1
    csrw pmpaddr1, t0
    SET_CSR(pmpcfg0, 0x1f19)
    la a0, page
    .irp width, WIDTHS
    faults MODE_S, STORE_ACCESS, \width
    .endr

    CASE
    LX a1, (s0)
    CHECK(a1, 0x11)
    LX a1, REGBYTES(s0)
    CHECK(a1, 0x11)
    TEST_END

    VM_TABLES
    .bss
    .balign 4096
page:
    .space 4096
    .text
