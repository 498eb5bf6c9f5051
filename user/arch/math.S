/* Functions of libm that are one instruction here. sqrt() is __ieee754_sqrt() and errno. */
    .macro one name, insn:vararg
    .section .text.\name, "ax"
    .globl \name
    .type \name, @function
\name:
    \insn
    ret
    .size \name, . - \name
    .endm

    one __ieee754_sqrt, fsqrt.d fa0, fa0
    one __ieee754_sqrtf, fsqrt.s fa0, fa0
    one fma, fmadd.d fa0, fa0, fa1, fa2
    one fmaf, fmadd.s fa0, fa0, fa1, fa2
