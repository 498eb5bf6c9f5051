/* S-mode's registers, its traps, and U-mode under it. */
#include "env.h"
BEGIN MODE_S
    csrwi sscratch, 3
    csrrci a1, sscratch, 1
    CHECK 2, a1, 3
    csrrsi a2, sscratch, 4
    CHECK 3, a2, 2
    li a0, 0xbad1dea
    csrrw a1, sscratch, a0
    CHECK 4, a1, 6
    li gp, 5
    csrwi sie, 2
    csrwi sip, 2
    wfi                                  /* goes on: one is pending, though not taken */
    csrwi sie, 0
    la t0, 1f
    csrw sepc, t0
    li t0, MSTATUS_SPP
    csrc sstatus, t0
    sret
1:  li gp, 6
    la s0, 1f
    li s1, CAUSE_BREAKPOINT
1:  ebreak
    li gp, 7
    la s0, 1f
    li s1, CAUSE_ECALL_U
1:  ecall
    li gp, 8
    li s1, -1
    j pass
END
    .text
    .balign 4
    .globl s_handler, m_handler
s_handler:
    csrr t0, scause
    bltz s1, 1f
    bne t0, s1, fail
    csrr t0, sepc
    bne t0, s0, fail
    addi t0, t0, 4
    csrw sepc, t0
    sret
1:  ecall                                /* the end: hand it on to M-mode */
m_handler:
    j fail
