/* WFI: goes on when an interrupt is pending and enabled by mie, whatever the global enable; TW. */
#include "isa.h"

TEST_BEGIN
    CASE                            /* already pending, interrupts off: no trap */
    SET_CSR(mie, 1 << SSI)
    SET_CSR(mip, 1 << SSI)
    wfi
    SET_CSR(mip, 0)
    SET_CSR(mie, 0)

    CASE                            /* the timer wakes it up, still without a trap */
    SET_CSR(mie, 1 << MTI)
    li a0, CLINT + 0xbff8
    li a1, CLINT + 0x4000
#if __riscv_xlen == 64
    ld a2, (a0)
    li a3, 1000
    add a2, a2, a3
    sd a2, (a1)
#else
    li a2, -1
    sw a2, 4(a1)
    lw a2, (a0)
    lw a4, 4(a0)
    li a3, 1000
    add a3, a2, a3
    sltu a2, a3, a2
    add a4, a4, a2
    sw a3, (a1)
    sw a4, 4(a1)
#endif
1:  wfi
    csrr a2, mip
    andi a2, a2, 1 << MTI
    beqz a2, 1b
    CHECK(a2, 1 << MTI)
    li a2, -1
    SX a2, (a1)
#if __riscv_xlen == 32
    sw a2, 4(a1)
#endif

    CASE                            /* taken with the address behind the wfi */
    SET_CSR(mie, 1 << MSI)
    TRAPS(1f)
    li a0, MIE
    csrs mstatus, a0
    li a1, CLINT
    li a0, 1
    .option push
    .option norvc
    sw a0, (a1)
2:  wfi
    .option pop
0:  j 2b
1:  CHECK_CAUSE(INTERRUPT(MSI))
    sw zero, (a1)
    SET_CSR(mie, 0)
    li a0, MIE
    csrc mstatus, a0

    CASE                            /* in S-mode */
    SET_CSR(mie, 1 << SSI)
    SET_CSR(mip, 1 << SSI)
    SET_CSR(mideleg, 1 << SSI)
    TRAPS(1f)
    ENTER(MODE_S, 2f)
2:  wfi
0:  ecall
1:  CHECK_TRAP(ECALL_S, 0b, 0)

    CASE                            /* TW: illegal in S and U, not in M */
    SET_CSR(mie, 0)
    SET_CSR(mip, 0)
    li s0, TW
    csrs mstatus, s0
    TRAPS(1f)
    ENTER(MODE_S, 0f)
0:  wfi
    j no_trap
1:  CHECK_ILLEGAL(0b, 0x10500073)
    CHECK_FROM(MODE_S)
    TRAPS(1f)
    ENTER(MODE_U, 0f)
0:  wfi
    j no_trap
1:  CHECK_ILLEGAL(0b, 0x10500073)
    CHECK_FROM(MODE_U)
    SET_CSR(mie, 1 << SSI)
    SET_CSR(mip, 1 << SSI)
    wfi
    SET_CSR(mip, 0)
    TEST_END
