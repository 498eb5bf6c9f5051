/* Code written, then run after fence.i; twice, at the same place and across pages. */
#include "env.h"
BEGIN MODE_U
    la s0, patch
    la s1, source
    lw t0, 0(s1)
    sw t0, 0(s0)
    fence.i
    li a0, 1
    jalr ra, s0
    CHECK 2, a0, 124
    lw t0, 4(s1)
    sw t0, 0(s0)
    fence.i
    jalr ra, s0
    CHECK 3, a0, 1000
    li s2, 10                            /* a loop that rewrites what it runs */
1:  lw t0, 0(s0)
    li t1, 1 << 20
    add t0, t0, t1
    sw t0, 0(s0)
    fence.i
    jalr ra, s0
    addi s2, s2, -1
    bnez s2, 1b
    CHECK 4, a0, 1010
    la a1, fetched                       /* data that was loaded is code by now */
    lw t0, 0(a1)
    lw t1, 0(s1)
    li gp, 5
    bne t0, t1, fail
    j pass
END
source:
    addi a0, a0, 123
    li a0, 1000
fetched:
    addi a0, a0, 123
    .balign 4096
patch:
    unimp
    ret
