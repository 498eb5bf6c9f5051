/* A few results that everything else depends on; programs of the public suites have more of them. */
#include "env.h"
BEGIN MODE_U
    li a0, 0x7fffffff
    addi a1, a0, 1
#if __riscv_xlen == 64
    CHECK 2, a1, 0x80000000
    addw a1, a0, a0
    CHECK 3, a1, -2
#else
    CHECK 2, a1, -0x80000000
#endif
    la a0, table
    li a1, 0
    li a2, 16
1:  lw a3, 0(a0)
    add a1, a1, a3
    addi a0, a0, 4
    addi a2, a2, -1
    bnez a2, 1b
    CHECK 4, a1, 136
    mul a3, a1, a1
    CHECK 5, a3, 18496
    li a4, 0
    div a3, a1, a4
    CHECK 6, a3, -1
    rem a3, a1, a4
    CHECK 7, a3, 136
    j pass
END
table:
    .word 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
