/*
 * Waiting on a reservation set: it ends in any case here, be there a reservation, a change or neither.
 * isa: all
 */
#include "modes.h"

TEST_BEGIN
    la a0, word
    .irp insn, 0x00d00073, 0x01d00073       /* wrs.nto, wrs.sto */
    CASE                                    /* no reservation */
    sc.w zero, zero, (a0)
    .word \insn
    CASE                                    /* one that is lost */
    lr.w a1, (a0)
    sw a1, (a0)
    sc.w zero, zero, (a0)
    .word \insn
    CASE                                    /* an interrupt is pending, though not enabled globally */
    lr.w a1, (a0)
    SET_CSR(mie, 1 << SSI)
    SET_CSR(mip, 1 << SSI)
    .word \insn
    csrw mip, zero
    csrw mie, zero
    CASE                                    /* in every mode */
    allowed MODE_S, .word \insn
    allowed MODE_U, .word \insn
    .endr
    CASE                                    /* registers stay */
    li a1, 5
    .word 0x01d00073
    CHECK(a1, 5)
    TEST_END

    .data
    .balign 4
word:
    .word 7
    .text
