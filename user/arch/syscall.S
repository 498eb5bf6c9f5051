/*
 * long __tarn_syscall(long number, a, b, c, d, e, f): any system call, what the kernel returns.
 * For syscall(), whose arguments are variable and yet all in registers.
 */
    .section .text.__tarn_syscall, "ax"
    .globl __tarn_syscall
    .type __tarn_syscall, @function
__tarn_syscall:
    mv a7, a0
    mv a0, a1
    mv a1, a2
    mv a2, a3
    mv a3, a4
    mv a4, a5
    mv a5, a6
    ecall
    ret
    .size __tarn_syscall, . - __tarn_syscall
