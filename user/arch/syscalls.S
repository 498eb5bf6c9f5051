/*
 * One stub per row of abi/syscall.def: sys_NAME(arguments) returns what the kernel does, a value or
 * a negated error number. The C calling convention puts every argument where the kernel wants it,
 * 64-bit ones on rv32 in a pair of registers included. Prototypes: tarn/syscall.h.
 */
#if __riscv_xlen == 64
#    define SYSCALL(name, nr64, nr32, ...) syscall_stub sys_##name, nr64
#else
#    define SYSCALL(name, nr64, nr32, ...) syscall_stub sys_##name, nr32
#endif
#define NR_NONE -1

    .macro syscall_stub name, number
    .if \number >= 0
    .section .text.\name, "ax"
    .globl \name
    .type \name, @function
\name:
    li a7, \number
    ecall
    ret
    .size \name, . - \name
    .endif
    .endm

#include "abi/syscall.def"
