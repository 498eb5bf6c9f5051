/* Start-up in the manner of the public benchmarks: M-mode throughout, calls by ecall to itself. */
#if __riscv_xlen == 64
#    define LX ld
#    define SX sd
#    define WORD 8
#else
#    define LX lw
#    define SX sw
#    define WORD 4
#endif
    .section .text.init, "ax", @progbits
    .globl _start
_start:
    li t0, 3 << 13 | 3 << 15            /* FS and XS on, whatever there is of them */
    csrs mstatus, t0
    fscsr zero
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    la t0, trap_entry
    csrw mtvec, t0
    la tp, _end + 63                    /* a stack and thread-local data for each hart */
    andi tp, tp, -64
    csrr a0, mhartid
    li a1, 1
1:  bgeu a0, a1, 1b
    addi sp, a0, 1
    slli sp, sp, 17
    add sp, sp, tp
    slli a2, a0, 17
    add tp, tp, a2
    j start_c

    .balign 4
trap_entry:
    addi sp, sp, -34 * WORD
    .irp n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    SX x\n, \n * WORD(sp)
    .endr
    csrr a0, mcause
    csrr a1, mepc
    mv a2, sp
    jal handle_trap
    csrw mepc, a0
    .irp n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    LX x\n, \n * WORD(sp)
    .endr
    addi sp, sp, 34 * WORD
    mret

    .section .tohost, "aw", @progbits
    .balign 64
    .globl tohost, fromhost
tohost:
    .dword 0
    .balign 64
fromhost:
    .dword 0
