/* clang-format off */
/*
 * A program that tries encodings which are no instructions, and checks that tval is their bits or zero.
 * Whoever includes this gives them at `words`, ended by 0, and at `halves`, ended by 0xffff.
 */
#pragma once
#include "isa.h"

TEST_BEGIN
    CASE
    la s0, words
1:  lw s1, (s0)
    beqz s1, 2f
    jal try
    addi s0, s0, 4
    j 1b
2:
    CASE
    la s0, halves
1:  lhu s1, (s0)
    li t0, 0xffff
    beq s1, t0, 2f
    jal try
    addi s0, s0, 2
    j 1b
2:  TEST_END

/* Put the instruction s1 into the slot and run it. */
try:
    mv s2, ra
    la s3, slot
    sh s1, (s3)
    srli t0, s1, 16
    andi t1, s1, 3
    li t2, 3
    beq t1, t2, 1f
    li t0, 0x9002                   /* c.ebreak behind a short one */
1:  sh t0, 2(s3)
    fence.i
    TRAPS(3f)
    j slot
3:  OUT(s1)
    CHECK_CAUSE(ILLEGAL)
    CHECK_EPC(slot)
    HERE
    LX t5, TVAL(tp)
    mv t6, s1
#if __riscv_xlen == 64
    slli t6, t6, 32                 /* an instruction is not sign-extended */
    srli t6, t6, 32
#endif
    jal gp, check_or_zero
    jr s2

    .balign 4
slot:
    .word 0
    ebreak
    ebreak

