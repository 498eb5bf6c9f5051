# For float.test: single precision only, four processes, each with its own values in every register and in
# fcsr over many switches. Each writes "ok" when nothing was lost.
    .equ    ROUNDS, 300
    .equ    SYS_sched_yield, 124
    .equ    SYS_write, 64
    .equ    SYS_exit, 93
    .equ    SYS_clone, 220
    .equ    SYS_waitid, 95

    .macro  each macro:req
    .set    number, 0
    .irp    reg, f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14, f15, f16, f17, \
                 f18, f19, f20, f21, f22, f23, f24, f25, f26, f27, f28, f29, f30, f31
    \macro  \reg, number
    .set    number, number + 1
    .endr
    .endm
    .macro  put reg, number
    addi    t0, s2, \number
    fmv.w.x \reg, t0
    .endm
    .macro  check reg, number
    addi    t0, s2, \number
    fmv.x.w t1, \reg
    bne     t0, t1, bad
    .endm

    .text
    .globl  _start
_start:
    li      s1, 3                   # which process: 0 is the parent
1:  li      a0, 17                  # SIGCHLD
    li      a1, 0
    li      a2, 0
    li      a3, 0
    li      a4, 0
    li      a7, SYS_clone
    ecall
    bltz    a0, bad
    beqz    a0, 2f
    addi    s1, s1, -1
    bnez    s1, 1b

2:  slli    s2, s1, 24
    li      s0, ROUNDS
3:  each    put
    andi    t0, s0, 0x1f
    fscsr   t0
    li      a7, SYS_sched_yield
    ecall
    frcsr   t1
    andi    t0, s0, 0x1f
    bne     t0, t1, bad
    each    check
    addi    s2, s2, 64
    addi    s0, s0, -1
    bnez    s0, 3b

    li      a0, 1
    la      a1, good_text
    li      a2, 3
    li      a7, SYS_write
    ecall
    bnez    s1, 5f
    li      s0, 3
4:  li      a0, 0                   # P_ALL
    li      a1, 0
    li      a2, 0
    li      a3, 4                   # WEXITED
    li      a4, 0
    li      a7, SYS_waitid
    ecall
    addi    s0, s0, -1
    bnez    s0, 4b
5:  li      a0, 0
    li      a7, SYS_exit
    ecall

bad:
    li      a0, 1
    la      a1, bad_text
    li      a2, 4
    li      a7, SYS_write
    ecall
    li      a0, 1
    li      a7, SYS_exit
    ecall

    .section .rodata
good_text:
    .ascii  "ok\n"
bad_text:
    .ascii  "bad\n"
