/*
 * Without compressed instructions, jumps to addresses that are no multiple of four are misaligned: the
 * jump traps, at its own address, with the target in tval and without writing its link.
 *
 * isa: noc
 */
#include "isa.h"

    .macro faults skip, target, insn:vararg
    li a1, 0x1234
    TRAPS(1f)
0:  \insn
    j no_trap
1:  CHECK_CAUSE(FETCH_MISALIGNED)
    CHECK_EPC(0b)
    CHECK(a1, 0x1234)
    .if \skip
    UNLESS_OLD_QEMU(2f)             /* which knows the target of jalr only */
    .endif
    LX a2, TVAL(tp)
    la a3, \target
    beq a2, a3, 2f
    FAIL
2:
    .endm

TEST_BEGIN
    la a0, place
    CASE
    faults 0, place + 2, jalr a1, 2(a0)
    faults 0, place + 2, jalr a1, 3(a0)
    faults 0, place - 2, jalr a1, -2(a0)
    CASE                            /* jal and branches, by their encodings: no assembler makes them */
    faults 1, 0b + 2, .word 0x002005ef /* jal a1, .+2 */
    faults 1, 0b + 6, .word 0x006005ef
    faults 1, 0b + 2, .word 0x00000163 /* beq zero, zero, .+2 */
    faults 1, 0b - 2, .word 0xfe000fe3 /* beq zero, zero, .-2 */
    CASE                            /* a branch that is not taken does not */
    .word 0x00001163                /* bne zero, zero, .+2 */
    CASE                            /* the low bit alone is dropped */
    la a2, 1f
    jalr a1, 1(a2)
    FAIL
1:
    CASE                            /* addresses to return to are multiples of four */
    la a0, place
    addi a0, a0, 2
    csrw mepc, a0
    csrr a1, mepc
    addi a0, a0, -2
    UNLESS_OLD_QEMU(1f)
    beq a0, a1, 1f
    FAIL
1:  TEST_END

    .balign 4
place:
    nop
