/*
 * Atomics at misaligned addresses: a misaligned exception, or an access fault where the machine could
 * not emulate it. LR counts as a load, everything else as a store.
 */
#include "isa.h"

    .macro faults op, at, misaligned=STORE_MISALIGNED, access=STORE_ACCESS
    CASE
    addi a0, s0, \at
    TRAPS(1f)
0:  \op
    j no_trap
1:  LX t5, CAUSE(tp)
    li t6, \access
    beq t5, t6, 2f
    CHECK_CAUSE(\misaligned)
2:  CHECK_EPC(0b)
    LX a2, TVAL(tp)
    CHECK_REG(a2, a0)
    .endm

    /* An old QEMU's store-conditional without a reservation fails before it looks at the address. */
    .macro sc_faults op, at
    CASE
    UNLESS_OLD_QEMU(2f)
    addi a0, s0, \at
    TRAPS(1f)
    \op
    j no_trap
1:  LX a2, CAUSE(tp)
    li t5, STORE_ACCESS
    beq a2, t5, 2f
    SAME(a2, STORE_MISALIGNED)
2:
    .endm

TEST_BEGIN
    la s0, data
    li a1, -1
    faults "amoadd.w a2, a1, (a0)", 1
    faults "amoswap.w a2, a1, (a0)", 2
    faults "amomaxu.w a2, a1, (a0)", 3
    faults "amoor.w zero, a1, (a0)", 7
    sc_faults "sc.w a2, a1, (a0)", 2
    faults "lr.w a2, (a0)", 2, LOAD_MISALIGNED, LOAD_ACCESS
#if __riscv_xlen == 64
    faults "amoadd.d a2, a1, (a0)", 4
    faults "amoand.d a2, a1, (a0)", 1
    sc_faults "sc.d a2, a1, (a0)", 4
    faults "lr.d a2, (a0)", 4, LOAD_MISALIGNED, LOAD_ACCESS
#endif
    CASE
    CHECK_MEMORY(lw, 0(s0), 0x11223344)
    CHECK_MEMORY(lw, 4(s0), 0x55667788)
    CHECK_MEMORY(lw, 8(s0), 0x01234567)
    TEST_END

    .data
    .balign 16
data:
    .word 0x11223344, 0x55667788, 0x01234567, 0
