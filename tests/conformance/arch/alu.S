/* Results of integer instructions on boundary values. */
#include "model.h"
.macro CASES insn
    .irp a, 0, 1, -1, 0x7fffffff, -0x80000000, 0x55555555
    .irp b, 0, 1, -1, 31, 0x33333333
    li x10, \a
    li x11, \b
    \insn x12, x10, x11
    SIGN x12
    .endr
    .endr
.endm
    .section .text.init, "ax", @progbits
    .globl _start
_start:
    MODEL_BOOT
    la x8, begin_signature
    .irp insn, add, sub, xor, or, and, sll, srl, sra, slt, sltu, mul, mulh, mulhsu, mulhu, div, divu, rem, remu
    CASES \insn
    .endr
#if __riscv_xlen == 64
    .irp insn, addw, subw, sllw, srlw, sraw, mulw, divw, divuw, remw, remuw
    CASES \insn
    .endr
#endif
    MODEL_HALT
    MODEL_DATA
    .fill 28 * 30 * WORD, 1, 0xde
    MODEL_DATA_END
