/* rv32 has no shift by 32; rv64 has. */
#include "env.h"
BEGIN MODE_M
    li a0, 1
    slli a0, a0, 16
    CHECK 2, a0, 65536
    li a0, 1
    li gp, 3
    .word 0x02051513                     /* slli a0, a0, 32 */
#if __riscv_xlen == 64
    CHECK 4, a0, 1 << 32
    j pass
#else
    j fail
#endif
END
    .text
    .balign 4
    .globl m_handler
m_handler:
    li t0, 3
    bne gp, t0, fail
    csrr t0, mcause
    li t1, CAUSE_ILLEGAL
    bne t0, t1, fail
    csrr t0, mtval
    beqz t0, 1f
    li t1, 0x02051513
    bne t0, t1, fail
1:
#if __riscv_xlen == 32
    j pass
#else
    j fail
#endif
