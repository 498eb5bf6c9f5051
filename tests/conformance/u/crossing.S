/* Misaligned accesses inside and across pages, that is two demand-loaded ones. */
#include "env.h"
.macro AT number, offset
    la a0, edge
    addi a0, a0, \offset
    li a1, 0x12345678
    sw a1, 0(a0)
    lw a2, 0(a0)
    CHECK \number, a2, 0x12345678
    lbu a2, 1(a0)
    CHECK \number, a2, 0x56
    lhu a2, 1(a0)
    CHECK \number, a2, 0x3456
    sh a1, 3(a0)
    lw a2, 0(a0)
    CHECK \number, a2, 0x78345678
    sw zero, 0(a0)
    sb zero, 4(a0)
.endm
BEGIN MODE_U
    AT 2, -9
    AT 3, -5
    AT 4, -3
    AT 5, -2
    AT 6, -1
    AT 7, 1
    AT 8, 6
    j pass
END
    .fill 4096, 1, 0
edge:
    .fill 4096, 1, 0
