/* Load-reserved and store-conditional. */
#include "isa.h"

    /* success is 0, failure anything else: only which it is enters the signature */
#define CHECK_SC(reg, failed)                                                                      \
    snez reg, reg;                                                                                 \
    CHECK(reg, failed)

TEST_BEGIN
    la s0, data
    la s1, other
    CASE
    lr.w a0, (s0)
    CHECK(a0, -0x7f8100)
    li a1, 0x1234
    sc.w a2, a1, (s0)
    /* code between the two was more than the architecture promises a retry for: no result demanded */
    li a1, 0x5678
1:  lr.w a0, (s0)
    sc.w a2, a1, (s0)
    bnez a2, 1b
    CHECK(a2, 0)
    CHECK_MEMORY(lw, (s0), 0x5678)

    CASE                            /* a second store-conditional fails and stores nothing */
    sc.w a2, zero, (s0)
    CHECK_SC(a2, 1)
    CHECK_MEMORY(lw, (s0), 0x5678)

    CASE                            /* any store-conditional ends the reservation, even to elsewhere */
    lr.w a0, (s0)
    sc.w a2, zero, (s1)
    sc.w a3, zero, (s0)
    CHECK_SC(a3, 1)
    CHECK_MEMORY(lw, (s0), 0x5678)

    CASE                            /* orderings, register zero, one register for everything */
1:  lr.w.aq a0, (s0)
    sc.w.rl a2, zero, (s0)
    bnez a2, 1b
    CHECK_MEMORY(lw, (s0), 0)
1:  lr.w.aqrl a0, (s0)
    sc.w.aqrl a2, a1, (s0)
    bnez a2, 1b
1:  lr.w zero, (s0)
    sc.w a2, a1, (s0)
    bnez a2, 1b
    CHECK(zero, 0)
1:  mv a3, s0
    mv a4, s0
    lr.w a3, (a3)
    sc.w a4, a4, (a4)
    bnez a4, 1b
    CHECK(a3, 0x5678)
    lw a0, (s0)
#if __riscv_xlen == 64
    sext.w a3, s0
#else
    mv a3, s0
#endif
    CHECK_REG(a0, a3)
    sc.w zero, zero, (s0)
    CHECK(zero, 0)

    CASE                            /* sign extension */
    li a1, -2
    sw a1, (s0)
    lr.w a0, (s0)
    CHECK(a0, -2)

#if __riscv_xlen == 64
    CASE
    li a1, 0x8123456789abcdef
    sd a1, (s0)
    li a2, 0x1122334455667788
1:  lr.d a0, (s0)
    sc.d a3, a2, (s0)
    bnez a3, 1b
    CHECK(a0, 0x8123456789abcdef)
    CHECK_MEMORY(ld, (s0), 0x1122334455667788)
    sc.d a3, zero, (s0)
    CHECK_SC(a3, 1)
    CHECK_MEMORY(ld, (s0), 0x1122334455667788)
1:  lr.w a0, (s0)
    li a1, -1
    sc.w a3, a1, (s0)
    bnez a3, 1b
    CHECK_MEMORY(ld, (s0), 0x11223344ffffffff)
#endif

    CASE                            /* a counter, as programs use it */
    sw zero, (s0)
    li s2, 1000
2:  lr.w a0, (s0)
    addi a0, a0, 1
    sc.w a1, a0, (s0)
    bnez a1, 2b
    addi s2, s2, -1
    bnez s2, 2b
    CHECK_MEMORY(lw, (s0), 1000)

    CASE                            /* after a trap and its return nothing is lost but the reservation */
    lr.w a0, (s0)
    TRAPS(1f)
    ecall
1:  li a1, 77
3:  lr.w a0, (s0)
    sc.w a2, a1, (s0)
    bnez a2, 3b
    CHECK_MEMORY(lw, (s0), 77)
    TEST_END

    .data
    .balign 64
data:
    .byte 0x00, 0x7f, 0x80, 0xff, 0x01, 0x23, 0x45, 0x67
    .balign 64
other:
    .dword 0
