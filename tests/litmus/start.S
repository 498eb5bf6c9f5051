/* M-mode, no firmware: each hart gets a stack and goes to litmus_main(hart id). */
    .section .text.start, "ax"
    .globl _start
_start:
    csrr a0, mhartid
    la t0, trapped
    csrw mtvec, t0
    la sp, stacks
    slli t1, a0, 13
    add sp, sp, t1
    li t1, 8192
    add sp, sp, t1
    tail litmus_main

/* Nothing here should trap: fail with 2. */
    .balign 4
trapped:
    li t0, 0x100000
    li t1, 0x23333
    sw t1, 0(t0)
    j trapped

    .bss
    .balign 16
stacks:
    .space 64 * 8192
