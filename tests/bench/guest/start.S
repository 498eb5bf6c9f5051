/*
 * Entry in M-mode at the start of DRAM: opens PMP, maps memory and devices as they are by superpages
 * (Sv39: four of 1 GiB; Sv32: 1024 of 4 MiB), and goes on in S-mode with translation and FP on, as
 * programs under an operating system run.
 */
#include "riscv/bits.h"
#include "riscv/pte.h"

#define PTE_RWX (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)

#if __riscv_xlen == 64
#    define SX          sd
#    define REGBYTES    8
#    define ENTRIES     4
#    define STEP        (1 << (30 - PAGE_SHIFT + PTE_PPN_SHIFT))
#    define SATP_MODE   (8 << SATP64_MODE_SHIFT)
#else
#    define SX          sw
#    define REGBYTES    4
#    define ENTRIES     1024
#    define STEP        (1 << (22 - PAGE_SHIFT + PTE_PPN_SHIFT))
#    define SATP_MODE   (1 << SATP32_MODE_SHIFT)
#endif
#define PAGE_SHIFT 12

/* As in hw/test.h, whose enums assembly cannot read. */
#define FINISHER        0x00100000
#define TEST_FAIL       0x3333
#define TEST_CODE_SHIFT 16

    .section .start, "ax"
    .globl _start
_start:
    csrr    t0, mhartid
    bnez    t0, park
    la      t0, _bss_start
    la      t1, _bss_end
1:  SX      zero, (t0)
    addi    t0, t0, REGBYTES
    bltu    t0, t1, 1b

    la      t0, fail
    csrw    mtvec, t0
    li      t0, -1
    csrw    pmpaddr0, t0
    li      t0, PMP_A_NAPOT | PMP_X | PMP_W | PMP_R
    csrw    pmpcfg0, t0

    la      t0, root
    li      t1, PTE_RWX
    li      t2, ENTRIES
    li      t3, STEP
1:  SX      t1, (t0)
    add     t1, t1, t3
    addi    t0, t0, REGBYTES
    addi    t2, t2, -1
    bnez    t2, 1b

    la      t0, root
    srli    t0, t0, PAGE_SHIFT
    li      t1, SATP_MODE
    or      t0, t0, t1
    csrw    satp, t0
    sfence.vma
    li      t0, MSTATUS_MPP
    csrc    mstatus, t0
    li      t0, 1 << MSTATUS_MPP_SHIFT | MSTATUS_FS
    csrs    mstatus, t0
    la      sp, stack_top
    la      t0, guest_main
    csrw    mepc, t0
    mret

    /* No program traps. */
    .balign 4
fail:
    li      t0, FINISHER
    li      t1, 1 << TEST_CODE_SHIFT | TEST_FAIL
    sw      t1, (t0)
park:
    wfi
    j       park

    .bss
    .balign 4096
root:
    .space 4096
stack:
    .space 65536
stack_top:
