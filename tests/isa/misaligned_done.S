/*
 * Without that they are done: page by page, each half with its own permissions, and either whole or not at all.
 * Atomics trap, and devices do not take them.
 * isa: emu
 */
#include "vm_access.h"

TEST_BEGIN
    .option norvc
    VM_ON
    li t0, 1 << 13                  /* FS, for floating-point loads and stores */
    csrs mstatus, t0
    CASE                            /* both pages there, in another order in memory */
    MAP_WINDOW(0, high, PTE_RW)
    MAP_WINDOW(1, low, PTE_RW)
    sfence.vma
    li a0, WINDOW + PAGE - 2
    access 0, lw a1, (a0)
    CHECK(a1, 0x1110fefd)
    li a1, 0x12345678
    access 0, sw a1, (a0)
    la t0, high + PAGE - 2
    lhu a1, (t0)
    CHECK(a1, 0x5678)
    la t0, low
    lhu a1, (t0)
    CHECK(a1, 0x1234)
    li a0, WINDOW + PAGE - 5
    access 0, .word 0x00053007      /* fld ft0, (a0) */
    access 0, .word 0x00053027      /* fsd ft0, (a0) */
    la t0, low
    lhu a1, (t0)
    CHECK(a1, 0x1234)
    li a0, WINDOW + PAGE - 1
    access 0, lh a1, (a0)
    CHECK(a1, 0x3456)

    CASE                            /* the second page missing: its address is reported, the first is untouched */
    MAP_WINDOW(1, low, 0)
    sfence.vma
    .macro second cause, insn:vararg
    li t0, MPP
    csrc mstatus, t0
    li t0, (MODE_S << MPP_SHIFT) | MPRV
    li a0, WINDOW + PAGE - 2
    li a2, WINDOW + PAGE
    TRAPS(1f)
    csrs mstatus, t0
0:  \insn
    j no_trap
1:  CHECK_TRAP_REG(\cause, 0b, a2)
    .endm
    second LOAD_PAGE, lw a1, (a0)
    li a1, -1
    second STORE_PAGE, sw a1, (a0)
    MAP_WINDOW(1, low, PTE_V | PTE_R | PTE_A)
    sfence.vma
    second STORE_PAGE, sw a1, (a0)
    la t0, high + PAGE - 2
    lhu a1, (t0)
    CHECK(a1, 0x5678)

    CASE                            /* the first page missing */
    MAP_WINDOW(0, high, 0)
    MAP_WINDOW(1, low, PTE_RW)
    sfence.vma
    li a0, WINDOW + PAGE - 2
    access LOAD_PAGE, lw a1, (a0)
    access STORE_PAGE, sw a1, (a0)

    CASE                            /* in part outside memory, by PMP: an access fault */
    MAP_WINDOW(0, high, PTE_RW)
    la t0, low
    srli t0, t0, 2
    ori t0, t0, 4096 / 8 - 1
    csrw pmpaddr0, t0
    li t0, -1
    csrw pmpaddr1, t0
    li t0, 0x1f18
    csrw pmpcfg0, t0
    sfence.vma
    second LOAD_ACCESS, lw a1, (a0)
    li a1, -1
    second STORE_ACCESS, sw a1, (a0)
    la t0, high + PAGE - 2
    lhu a1, (t0)
    CHECK(a1, 0x5678)
    li t0, 0x1f1f
    csrw pmpcfg0, t0
    sfence.vma

    CASE                            /* atomics */
    li a0, WINDOW + 2
    access STORE_MISALIGNED, amoadd.w a1, a1, (a0)
    access LOAD_MISALIGNED, lr.w a1, (a0)
    access STORE_MISALIGNED, sc.w a1, a1, (a0)

    CASE                            /* devices */
    li a0, CLINT + 2
    TRAPS(1f)
0:  lw a1, (a0)
    j no_trap
1:  CHECK_TRAP_REG(LOAD_ACCESS, 0b, a0)
    TRAPS(1f)
0:  sw a1, (a0)
    j no_trap
1:  CHECK_TRAP_REG(STORE_ACCESS, 0b, a0)
    TEST_END

    .data
    .balign 4096
low:
    .byte 0x10, 0x11
    .space 4094
high:
    .space 4094
    .byte 0xfd, 0xfe
    VM_TABLES
