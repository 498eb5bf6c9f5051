/* Jumps to halfwords: fine with C, misaligned without; which it is, the test does not know. */
#include "env.h"
.macro HALF number, insn:vararg          /* an instruction that goes 2 behind the next label 1 */
    li gp, \number
    li t1, 0
    la t0, 1f
    \insn
1:  .option rvc
    c.j 3f
2:  c.j 4f
    .option norvc
3:  j fail
4:
.endm
BEGIN MODE_M
    HALF 2, jalr t1, t0, 2
    li gp, 3
    la t0, 1f
    jalr t1, t0, 1                       /* the lowest bit does not count */
1:  j 1f
    j fail
1:  HALF 4, jalr t1, t0, 3
    HALF 5, jal t1, 2f
    HALF 6, beqz zero, 2f
    li gp, 7
    bnez zero, 1f + 2                    /* not taken, not wrong */
    j 2f
1:  j fail
2:  j pass
END
    .text
    .balign 4
    .globl m_handler
m_handler:
    bnez t1, fail                        /* the link was not written */
    csrr a0, mcause
    bnez a0, fail
    csrr a1, mepc
    addi a1, a1, 4
    bne t0, a1, fail
    csrr a0, mtval
    beqz a0, 1f
    addi a0, a0, -2
    bne a0, t0, fail
1:  addi a1, a1, 8
    csrw mepc, a1
    mret
