/*
 * Entry of the M-mode test guests: hart 0 calls main() and ends the run with its result, the
 * others wait. Exceptions store their cause in last_cause and go on behind the instruction.
 */
    .section .text.start, "ax"
    .globl _start
_start:
    csrr    t0, mhartid
    bnez    t0, park
    la      sp, stack_end
    la      t0, trap
    csrw    mtvec, t0
    call    main
    li      t0, 0x5555
    beqz    a0, 1f
    slli    a0, a0, 16
    li      t0, 0x3333
    or      t0, t0, a0
1:  li      t1, 0x100000
    sw      t0, 0(t1)
park:
    wfi
    j       park

    .balign 4
trap:
    csrw    mscratch, t0
    la      t0, saved_t1
#if __riscv_xlen == 64
    sd      t1, 0(t0)
#else
    sw      t1, 0(t0)
#endif
    csrr    t1, mcause
    la      t0, last_cause
    sw      t1, 0(t0)
    csrr    t1, mepc
    addi    t1, t1, 4 /* guests are built without compressed instructions */
    csrw    mepc, t1
    la      t0, saved_t1
#if __riscv_xlen == 64
    ld      t1, 0(t0)
#else
    lw      t1, 0(t0)
#endif
    csrr    t0, mscratch
    mret

    .bss
    .balign 16
saved_t1:
    .zero   8
    .globl  last_cause
last_cause:
    .zero   8
    .balign 16
stack:
    .zero   8192
stack_end:
