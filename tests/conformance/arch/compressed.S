/* Compressed instructions among others, and where pc is after them. */
#include "model.h"
    .section .text.init, "ax", @progbits
    .option rvc
    .globl _start
_start:
    MODEL_BOOT
    la x8, begin_signature
    li x10, 5
    c.addi x10, 7
    SIGN x10
    c.mv x11, x10
    c.add x11, x10
    SIGN x11
    c.slli x11, 3
    SIGN x11
    c.andi x11, -16
    SIGN x11
    c.li x12, -1
    c.srli x12, 4
    SIGN x12
    la x13, 1f
    c.jalr x13
1:  sub x14, ra, x13
    SIGN x14
    c.beqz x15, 2f
    SIGN x13
2:  c.j 3f
    SIGN x13
3:  auipc x16, 0
    la x17, 3b
    sub x16, x16, x17
    SIGN x16
    MODEL_HALT
    MODEL_DATA
    .fill 16 * WORD, 1, 0xde
    MODEL_DATA_END
