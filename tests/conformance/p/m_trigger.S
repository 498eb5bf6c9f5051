/*
 * Triggers (Sdtrig), as far as there are any: execute, load and store, in M-mode; of type mcontrol,
 * then of type mcontrol6, whose bits are the same as far as they are used here.
 */
#include "env.h"
#define TYPE_SHIFT (__riscv_xlen - 4)
#define IN_M 0x40
BEGIN MODE_M
    TRY
    csrsi 0x7a5, 8                       /* tcontrol.mte */
    END_TRY
    la t0, trapped
    csrw mtvec, t0
    li s5, 2 << TYPE_SHIFT
again:
    li gp, 2
    csrw tselect, zero
    csrr a1, tselect
    bnez a1, pass
    la a2, 1f
    csrw tdata2, a2
    ori a0, s5, IN_M | 4
    csrw tdata1, a0
    csrr a1, tdata1
    bne a0, a1, 2f
1:  beqz zero, fail                      /* not executed: the handler skips it */
    li gp, 3
    lw a0, (a2)
2:  li gp, 4
    ori a0, s5, IN_M | 1
    csrw tdata1, a0
    csrr a1, tdata1
    bne a0, a1, 2f
    la a2, one
    csrw tdata2, a2
    lw a2, (a2)
    beqz a2, fail
    li gp, 5
    sw zero, (a2)
2:  li gp, 6
    ori a0, s5, IN_M | 2
    csrw tdata1, a0
    csrr a1, tdata1
    bne a0, a1, next
    sw a2, (a2)
    li gp, 7
    lw a2, (a2)
    bnez a2, fail
    li a0, 1
    csrw tselect, a0
    csrr a1, tselect
    bne a0, a1, next
    ori a0, s5, IN_M | 1
    csrw tdata1, a0
    la a3, two
    csrw tdata2, a3
    li gp, 8
    lw a3, (a3)
    beqz a3, fail
    li gp, 10
    la a2, one
    sw a2, (a2)
    li gp, 11
    lw a2, (a2)
    bnez a2, fail
    csrw tdata1, zero
next:
    csrw tselect, zero
    csrw tdata1, zero
    li s6, 6 << TYPE_SHIFT
    beq s5, s6, pass
    mv s5, s6
    j again
END
one:
    .word 0
two:
    .word 0
    .text
    .balign 4
    .globl m_handler
m_handler:
    andi t0, gp, 1                       /* odd cases do not trap */
    bnez t0, fail
    li t0, CAUSE_BREAKPOINT
    csrr t1, mcause
    bne t0, t1, fail
    csrr t0, mepc
    addi t0, t0, 4
    csrw mepc, t0
    mret
