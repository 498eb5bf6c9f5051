/* A and D bits: set by the hart or left to software by a page fault; never set by an access that faults. */
#include "env.h"
BEGIN MODE_M
    li a0, SATP_PAGED
    la a1, table_1
    srli a1, a1, 12
    or a1, a1, a0
    la a2, table_2
    srli a2, a2, 12
    or a2, a2, a0
    csrw satp, a1
    sfence.vma
    li t0, MODE_S << 11 | MSTATUS_SUM
    li t1, MSTATUS_MPP
    csrc mstatus, t1
    csrs mstatus, t0
    li s2, 0x80000000                    /* mapped at 0 */
    la t0, 1f
    sub t0, t0, s2
    csrw mepc, t0
    la t0, s_handler
    sub t0, t0, s2
    csrw stvec, t0
    mret
1:  li gp, 2
    li t0, 1
    sw t0, dummy, t1                     /* read-only: faults, sets nothing */
    li gp, 3
    csrw satp, a2
    sfence.vma
    sw t0, dummy, t1
    lw t0, table_2
    andi t0, t0, PTE_A | PTE_D
    CHECK 4, t0, PTE_A | PTE_D
    j pass
END
    .text
    .balign 4
    .globl s_handler
s_handler:
    csrr t0, scause
    addi t0, t0, -CAUSE_STORE_PAGE
    bnez t0, fail
    li t1, 2
    bne gp, t1, 1f
    lw t0, table_1
    andi t0, t0, PTE_D
    bnez t0, fail
    csrr t0, sepc
    addi t0, t0, 4                       /* sw is auipc and sw: sepc is the second */
    csrw sepc, t0
    sret
1:  lw t0, table_2                       /* Svade */
    andi t0, t0, PTE_D
    bnez t0, fail
    j pass
    .data
    .balign 4096
table_1:
    .dword (0x80000000 >> 12 << 10) | PTE_V | PTE_R | PTE_X | PTE_A
dummy:
    .dword 0
    .balign 4096
table_2:
    .dword (0x80000000 >> 12 << 10) | PTE_V | PTE_R | PTE_W | PTE_X | PTE_A
