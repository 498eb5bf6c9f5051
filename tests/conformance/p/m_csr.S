/* What every M-mode has, and the six CSR instructions; then from U-mode what must trap. */
#include "env.h"
BEGIN MODE_M
    csrr a0, misa
    srli a0, a0, __riscv_xlen - 2
    CHECK 2, a0, __riscv_xlen / 32
    csrr a0, mhartid
    CHECK 3, a0, 0
    csrr a0, mimpid
    csrr a0, marchid
    csrr a0, mvendorid
    li t0, 0
    csrs mtvec, t0
    csrs mepc, t0
    csrwi mscratch, 3
    csrr a0, mscratch
    CHECK 4, a0, 3
    csrrci a1, mscratch, 1
    CHECK 5, a1, 3
    csrrsi a2, mscratch, 4
    CHECK 6, a2, 2
    csrrwi a3, mscratch, 2
    CHECK 7, a3, 6
    li a0, 0xbad1dea
    csrrw a1, mscratch, a0
    CHECK 8, a1, 2
    li a0, 0x0001dea
    csrrc a0, mscratch, a0
    CHECK 9, a0, 0xbad1dea
    li a0, 0x000beef
    csrrs a0, mscratch, a0
    CHECK 10, a0, 0xbad0000
    csrr a0, mscratch
    CHECK 11, a0, 0xbadbeef
    csrr a0, misa
    srli a0, a0, 20
    andi a0, a0, 1
    CHECK 12, a0, 1
    csrci misa, 1 << 2                   /* may or may not take, but does not trap */
    csrsi misa, 1 << 2
    la t0, 1f
    csrw mepc, t0
    li t0, MSTATUS_MPP
    csrc mstatus, t0
    mret
1:  li gp, 13
    li a0, 255
    csrrw a0, cycle, zero                /* read-only, and closed besides */
    CHECK 14, a0, 255
    li gp, 15
    csrr a0, sstatus
    CHECK 16, a0, 255
    li gp, 17
    csrr a0, 0x7ff                       /* there is none */
    CHECK 18, a0, 255
    li s0, 3
    bne s0, s1, fail                     /* that many traps */
    j pass
END
    .text
    .balign 4
    .globl m_handler
m_handler:
    csrr t0, mcause
    li t1, CAUSE_ILLEGAL
    bne t0, t1, fail
    csrr t0, mstatus
    li t1, MSTATUS_MPP
    and t0, t0, t1
    bnez t0, fail
    addi s1, s1, 1
    csrr t0, mepc
    addi t0, t0, 4
    csrw mepc, t0
    mret
