/* ecall and ebreak: cause, epc, and that nothing else happened. */
#include "env.h"
BEGIN MODE_M
    la t0, handler
    csrw mtvec, t0
    li gp, 2
    li s1, CAUSE_ECALL_M
here:
    ecall
    li gp, 3
    li s1, CAUSE_BREAKPOINT
    la s0, 1f
1:  ebreak
    li gp, 4
    li s1, CAUSE_ECALL_U
    la t0, 1f
    csrw mepc, t0
    li t0, MSTATUS_MPP
    csrc mstatus, t0
    mret
1:  la s0, 1f
1:  ecall
    li gp, 5
    li s1, CAUSE_BREAKPOINT
    la s0, 1f
1:  ebreak
    li s1, -1
    j pass
    .balign 4
handler:
    csrr t0, mcause
    bltz s1, trapped
    bne t0, s1, 1f
    csrr t0, mepc
    beqz s0, 2f
    bne t0, s0, 1f
2:  addi t0, t0, 4
    csrw mepc, t0
    mret
1:  slli gp, gp, 1
    ori gp, gp, 1
    j report
END
