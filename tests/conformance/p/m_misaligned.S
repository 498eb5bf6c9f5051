/* Misaligned loads and stores: done and right, or trapped and without effect. */
#include "env.h"
.macro LOAD number, insn, offset, value
    li gp, \number
    la t2, 1f
    addi t1, s0, \offset
    \insn t1, \offset(s0)
    li t2, \value
    bne t1, t2, fail
1:
.endm
.macro STORE number, insn, offset, size
    li gp, \number
    la t2, 1f
    addi t1, s0, \offset
    \insn zero, \offset(s0)
    lb t1, \offset - 1(s0)
    beqz t1, fail
    lb t1, \offset + \size(s0)
    beqz t1, fail
    lb t1, \offset(s0)
    bnez t1, fail
    lb t1, \offset + \size - 1(s0)
    bnez t1, fail
1:
.endm
BEGIN MODE_M
    la s0, value
    li s1, CAUSE_LOAD_MISALIGNED
    LOAD 2, lh, 1, -0x4434
    LOAD 3, lhu, 1, 0xbbcc
    LOAD 4, lw, 1, 0x99aabbcc - (1 << 32)
    LOAD 5, lw, 2, 0x8899aabb - (1 << 32)
    LOAD 6, lw, 3, 0x778899aa
#if __riscv_xlen == 64
    LOAD 7, lwu, 1, 0x99aabbcc
    LOAD 8, ld, 1, 0x5566778899aabbcc
    LOAD 9, ld, 4, 0x2233445566778899
    LOAD 10, ld, 7, 0xffee112233445566
#endif
    li s1, CAUSE_STORE_MISALIGNED
    la s0, ones
    STORE 11, sh, 1, 2
    STORE 12, sw, 5, 4
    STORE 13, sw, 10, 4
    STORE 14, sw, 15, 4
#if __riscv_xlen == 64
    STORE 15, sd, 25, 8
    STORE 16, sd, 39, 8
#endif
    j pass
END
    .balign 8
value:
    .word 0xaabbccdd, 0x66778899, 0x22334455, 0xeeffee11
ones:
    .fill 80, 1, 0xff
    .text
    .balign 8
    .globl m_handler
m_handler:
    csrr t0, mcause
    bne t0, s1, fail
    csrr t0, mtval
    bne t0, t1, fail
    lb t0, (t0)
    beqz t0, fail
    csrw mepc, t2
    mret
