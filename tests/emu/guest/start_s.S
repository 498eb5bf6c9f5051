/* Entry of an S-mode test guest under firmware: calls main() and ends the run with its result. */
    .section .text.start, "ax"
    .globl _start
_start:
    la      sp, stack_end
    la      t0, trap
    csrw    stvec, t0
    call    main
    li      t0, 0x5555
    beqz    a0, 1f
    slli    a0, a0, 16
    li      t0, 0x3333
    or      t0, t0, a0
1:  li      t1, 0x100000
    sw      t0, 0(t1)
2:  j       2b

    .balign 4
trap: /* stores the cause and goes on behind the instruction */
    csrw    sscratch, t0
    csrr    t0, scause
    sw      t0, last_cause, t2
    csrr    t0, sepc
    addi    t0, t0, 4
    csrw    sepc, t0
    csrr    t0, sscratch
    sret

    .bss
    .balign 8
    .globl  last_cause
last_cause:
    .zero   8
    .balign 16
stack:
    .zero   8192
stack_end:
