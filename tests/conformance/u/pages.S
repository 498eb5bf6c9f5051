/* More pages than the v environment has frames: written, read back after they were out, code among them. */
#include "env.h"
#define COUNT 20
BEGIN MODE_U
    la a0, pages
    li a1, 0
    li a2, COUNT
1:  sw a1, 16(a0)
    addi a1, a1, 3
    li a3, 4096
    add a0, a0, a3
    addi a2, a2, -1
    bnez a2, 1b
    li s0, 5                             /* rounds, backwards */
2:  li a2, COUNT
    li a3, 4096
3:  sub a0, a0, a3
    addi a1, a1, -3
    lw a4, 16(a0)
    li gp, 2
    bne a4, a1, fail
    lw a4, 20(a0)
    li gp, 3
    bnez a4, fail
    addi a2, a2, -1
    bnez a2, 3b
    li a2, COUNT
4:  add a0, a0, a3
    addi a1, a1, 3
    addi a2, a2, -1
    bnez a2, 4b
    call far
    addi s0, s0, -1
    bnez s0, 2b
    CHECK 4, s1, 35
    j pass
    .balign 4096
far:
    addi s1, s1, 7
    ret
    .balign 4096
END
pages:
    .fill COUNT * 4096, 1, 0
