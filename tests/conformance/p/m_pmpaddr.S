/* The granularity as software finds it; a pmpaddr that is all ones covers everything. */
#include "env.h"
BEGIN MODE_M
    csrw pmpcfg0, zero
    li t0, -1
    csrw pmpaddr0, t0
    csrr t0, pmpaddr0
    neg t1, t0
    and a7, t0, t1
    li gp, 2
    beqz a7, fail
    srli a7, a7, 1
    beqz a7, 1f                          /* G is 0: every bit reads as written */
    li t2, 3 << 3
    csrs pmpcfg0, t2
    csrc pmpaddr0, a7
    csrr t3, pmpaddr0
    and t3, t3, a7
    CHECK 3, t3, 0
    csrs pmpaddr0, a7
    csrc pmpcfg0, t2
    csrr t3, pmpaddr0
    and t3, t3, a7
    CHECK 4, t3, 0
    csrs pmpcfg0, t2
    csrr t3, pmpaddr0
    and t3, t3, a7
    li gp, 5
    beqz t3, fail
1:  li t0, -1
    csrw pmpaddr0, t0
    li t0, 0x1f
    csrw pmpcfg0, t0
    la t0, 1f
    csrw mepc, t0
    li t0, MSTATUS_MPP
    csrc mstatus, t0
    mret
1:  li gp, 6
    la a0, value
    lw a1, 0(a0)
    CHECK 7, a1, 0x13579
    sw a1, 4(a0)
    lw a2, 4(a0)
    CHECK 8, a2, 0x13579
    j pass
END
value:
    .word 0x13579, 0
