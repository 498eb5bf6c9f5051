/* LR/SC and AMOs, with failures that must be seen. */
#include "env.h"
BEGIN MODE_U
    la a0, word
    li a1, 7
1:  lr.w a2, (a0)                        /* until no page fault comes between */
    sc.w a3, a1, (a0)
    bnez a3, 1b
    CHECK 2, a2, 5
    sc.w a3, zero, (a0)                  /* no reservation any more */
    li gp, 3
    beqz a3, fail
    lw a2, 0(a0)
    CHECK 5, a2, 7
    addi a4, a0, 1024
    lr.w a2, (a0)
    sc.w a3, a1, (a4)                    /* not what was reserved */
    li gp, 6
    beqz a3, fail
    li a1, -3
    amoadd.w a2, a1, (a0)
    CHECK 7, a2, 7
    amomaxu.w a2, a1, (a0)
    CHECK 8, a2, 4
    amomin.w a2, a1, (a0)
    CHECK 9, a2, -3
    amoswap.w a2, zero, (a0)
    CHECK 10, a2, -3
    li s0, 1000
1:  lr.w a2, (a0)
    addi a2, a2, 1
    sc.w a3, a2, (a0)
    bnez a3, 1b
    addi s0, s0, -1
    bnez s0, 1b
    lw a2, 0(a0)
    CHECK 11, a2, 1000
    j pass
END
word:
    .word 5
    .fill 2048, 1, 0
