/* Illegal instructions in M and S; vectored interrupts; TVM and TSR switching what is illegal. */
#include "env.h"
BEGIN MODE_M
    li gp, 2
bad_word:
    .word 0
    j fail
    /* A software interrupt of S-mode, taken in M-mode through the vector table. */
    li gp, 3
    la t0, vectors + 1
    csrw mtvec, t0
    csrr t1, mtvec
    bne t0, t1, fail
    csrwi mip, 2
    csrwi mie, 2
    csrsi mstatus, MSTATUS_MIE
1:  j 1b
soft_interrupt:
    li t0, -1
    srli t0, t0, 1
    xori t0, t0, -1                  /* the top bit, and number 1 */
    ori t0, t0, 1
    csrr t1, mcause
    bne t0, t1, fail
    la t0, trapped
    csrw mtvec, t0
    /* To S-mode with that interrupt delegated and pending, so that wfi goes on. */
    csrwi mideleg, 2
    la t0, supervisor
    csrw mepc, t0
    li t0, MSTATUS_MPP
    csrc mstatus, t0
    li t0, MODE_S << 11
    csrs mstatus, t0
    mret
supervisor:
    li gp, 4
    wfi
    sfence.vma
    csrr t0, satp
    li gp, 5
set_tvm:
    .word 0                          /* m_handler sets TVM */
    j fail
    li gp, 6
bad_sfence:
    sfence.vma
    j fail
    li gp, 7
bad_satp:
    csrr t0, satp
    j fail
    li gp, 8
    la t0, set_tsr
    csrw sepc, t0
    li t0, MSTATUS_SPP
    csrs sstatus, t0
    sret
set_tsr:
    .word 0                          /* m_handler sets TSR */
    j fail
    li gp, 9
    la t0, 1f
    csrw sepc, t0
bad_sret:
    sret
    j fail
1:  j pass
END
    .text
    .balign 256
vectors:
    j m_handler
    j soft_interrupt
    .rept 14
    j fail
    .endr
    .globl m_handler
m_handler:
    csrr t0, mcause
    li t1, CAUSE_ILLEGAL
    bne t0, t1, fail
    csrr t0, mepc
    csrr t1, mtval                   /* the instruction, or nothing */
    beqz t1, 1f
    LWU t2, 0(t0)
    bne t1, t2, fail
1:  la t1, bad_word
    beq t0, t1, skip
    la t1, bad_sfence
    beq t0, t1, skip
    la t1, bad_satp
    beq t0, t1, skip
    la t1, bad_sret
    beq t0, t1, skip
    li t2, MSTATUS_TVM
    la t1, set_tvm
    beq t0, t1, set
    li t2, MSTATUS_TSR
    la t1, set_tsr
    bne t0, t1, fail
set:
    csrs mstatus, t2
skip:
    addi t0, t0, 8
    csrw mepc, t0
    mret
