/*
 * Entry of the test guests, in M-mode, or with S_MODE in S-mode under firmware: hart 0 calls main()
 * and ends the run with its result, the others wait. Exceptions store their cause in last_cause and
 * go on behind the instruction.
 */
#ifdef S_MODE
#    define MODE(name) s##name
#else
#    define MODE(name) m##name
#endif

    .section .text.start, "ax"
    .globl _start
_start:
#ifndef S_MODE
    csrr    t0, mhartid
    bnez    t0, park
#endif
    la      sp, stack_end
    la      t0, trap
    csrw    MODE(tvec), t0
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
    csrw    MODE(scratch), t0
    la      t0, saved_t1
#if __riscv_xlen == 64
    sd      t1, 0(t0)
#else
    sw      t1, 0(t0)
#endif
    csrr    t1, MODE(cause)
    la      t0, last_cause
    sw      t1, 0(t0)
    csrr    t1, MODE(epc)
    addi    t1, t1, 4 /* guests are built without compressed instructions */
    csrw    MODE(epc), t1
    la      t0, saved_t1
#if __riscv_xlen == 64
    ld      t1, 0(t0)
#else
    lw      t1, 0(t0)
#endif
    csrr    t0, MODE(scratch)
    MODE(ret)

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
