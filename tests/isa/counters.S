/* Zicntr: the counters run, and mcounteren and scounteren guard them. */
#include "isa.h"

    .macro rises csr
    csrr a0, \csr
    li a2, 100000
1:  csrr a1, \csr
    bne a0, a1, 2f
    addi a2, a2, -1
    bnez a2, 1b
    FAIL
2:  sltu a1, a0, a1
    CHECK(a1, 1)
    .endm

    .macro reads mode, csr, cause
    TRAPS(1f)
    ENTER(\mode, 2f)
2:  csrr a0, \csr
    ecall
1:  CHECK_CAUSE(\cause)
    CHECK_FROM(\mode)
    .endm

TEST_BEGIN
    CASE
    rises cycle
    rises mcycle
    rises instret
    rises minstret
    rises time
#if __riscv_xlen == 32
    csrr a0, cycleh
    csrr a0, mcycleh
    csrr a0, instreth
    csrr a0, minstreth
    csrr a0, timeh
#endif

    CASE                            /* instret counts instructions: a known number of them, give or take the reads */
    csrr a0, minstret
    nop
    nop
    nop
    csrr a1, minstret
    sltu a2, a0, a1
    CHECK(a2, 1)

    CASE                            /* time is the CLINT's */
1:  csrr a0, time
    li a1, CLINT + 0xbff8
    lw a1, (a1)
    csrr a2, time
    sltu a3, a2, a0
    bnez a3, 1b
#if __riscv_xlen == 64
    slli a1, a1, 32
    srli a1, a1, 32
    slli a0, a0, 32
    srli a0, a0, 32
    slli a2, a2, 32
    srli a2, a2, 32
#endif
    bltu a2, a0, 1b                 /* the low half wrapped: again */
    sltu a3, a1, a0
    CHECK(a3, 0)
    sltu a3, a2, a1
    CHECK(a3, 0)

    CASE                            /* nothing enabled */
    reads MODE_S, cycle, ILLEGAL
    reads MODE_S, time, ILLEGAL
    reads MODE_S, instret, ILLEGAL
    reads MODE_U, cycle, ILLEGAL
    reads MODE_U, time, ILLEGAL
    reads MODE_U, instret, ILLEGAL

    CASE                            /* mcounteren alone: good for S, not for U */
    SET_CSR(mcounteren, 1)
    reads MODE_S, cycle, ECALL_S
    reads MODE_S, time, ILLEGAL
    reads MODE_S, instret, ILLEGAL
    reads MODE_U, cycle, ILLEGAL
    SET_CSR(mcounteren, 2)
    reads MODE_S, cycle, ILLEGAL
    reads MODE_S, time, ECALL_S
    reads MODE_U, time, ILLEGAL
    SET_CSR(mcounteren, 4)
    reads MODE_S, time, ILLEGAL
    reads MODE_S, instret, ECALL_S
    reads MODE_U, instret, ILLEGAL

    CASE                            /* scounteren alone is good for nobody */
    SET_CSR(mcounteren, 0)
    SET_CSR(scounteren, 7)
    reads MODE_S, cycle, ILLEGAL
    reads MODE_U, cycle, ILLEGAL
    reads MODE_U, time, ILLEGAL
    reads MODE_U, instret, ILLEGAL

    CASE                            /* both */
    SET_CSR(mcounteren, 7)
    SET_CSR(scounteren, 1)
    reads MODE_U, cycle, ECALL_U
    reads MODE_U, time, ILLEGAL
    reads MODE_U, instret, ILLEGAL
    reads MODE_S, instret, ECALL_S
    SET_CSR(scounteren, 6)
    reads MODE_U, cycle, ILLEGAL
    reads MODE_U, time, ECALL_U
    reads MODE_U, instret, ECALL_U
#if __riscv_xlen == 32
    reads MODE_U, cycleh, ILLEGAL
    reads MODE_U, timeh, ECALL_U
    reads MODE_U, instreth, ECALL_U
#endif

    CASE                            /* the machine's own are not for others */
    reads MODE_S, mcycle, ILLEGAL
    reads MODE_U, minstret, ILLEGAL
    TEST_END
