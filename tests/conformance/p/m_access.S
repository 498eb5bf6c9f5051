/* Addresses where nothing is: a jump commits its link, a load commits nothing. */
#include "env.h"
BEGIN MODE_M
    la t2, fail
    li t0, 1 << (__riscv_xlen - 1)
    xor t0, t0, t2
#if __riscv_xlen == 32
    li t0, 0x10                          /* below everything */
#endif
    li gp, 2
    li t1, CAUSE_FETCH_ACCESS
    la s1, 1f
    li t2, 0
    jalr t2, t0
1:  li gp, 3
    li t1, CAUSE_LOAD_ACCESS
    la s1, 1f
    mv t2, s1
    lb t2, (t0)
    j fail
1:  j pass
END
    .text
    .balign 4
    .globl m_handler
m_handler:
    bne t2, s1, fail
    csrr t2, mcause
    bne t2, t1, fail
    csrr t2, mtval
    bne t2, t0, fail
    csrw mepc, s1
    mret
