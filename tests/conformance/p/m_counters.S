/* alone: yes. minstret as its writer and the next instruction see it; cycle, time and instret from U-mode. */
#include "env.h"
BEGIN MODE_M
    csrwi minstret, 0
    csrr a0, minstret
    CHECK 2, a0, 0
    csrwi minstret, 0
    nop
    nop
    csrr a0, minstret
    CHECK 3, a0, 2
#if __riscv_xlen == 32
    li t0, -1
    csrw minstret, t0
    csrw minstreth, t0
    nop
    csrr a0, minstret
    CHECK 4, a0, 0
    csrr a0, minstreth
    CHECK 5, a0, 0
#else
    li t0, -1
    csrw minstret, t0
    nop
    csrr a0, minstret
    CHECK 4, a0, 0
#endif
    li gp, 6
    csrr a0, mcycle
    csrr a1, mcycle
    bgeu a0, a1, fail
    li t0, 7
    csrw mcounteren, t0
    csrw scounteren, t0
    la t0, 1f
    csrw mepc, t0
    li t0, MSTATUS_MPP
    csrc mstatus, t0
    mret
1:  li gp, 7
    rdcycle a0
    rdcycle a1
    bgeu a0, a1, fail
    li gp, 8
    rdinstret a0
    rdinstret a1
    sub a1, a1, a0
    CHECK 8, a1, 1
    li gp, 9
    rdtime a0
1:  rdtime a1
    beq a0, a1, 1b
    j pass
END
