/*
 * Eight PMP entries: the registers for sixteen are there, those of the missing ones read 0 ("may be read-only zero").
 * isa: emu,pmp=8
 */
#include "isa.h"
#include "modes.h"

TEST_BEGIN
    CASE
    .irp n, 0, 1, 7
    li t0, 0x123450 + \n
    csrw 0x3b0 + \n, t0
    CHECK_CSR(0x3b0 + \n, -1, 0x123450 + \n)
    .endr
    .irp n, 8, 9, 15
    li t0, 0x123450
    csrw 0x3b0 + \n, t0
    CHECK_CSR(0x3b0 + \n, -1, 0)
    .endr
    CASE
    li t0, 0x01010101
    csrw pmpcfg2, t0
    CHECK_CSR(pmpcfg2, -1, 0)
    CASE
    TRAPS(1f)
0:  csrr a0, 0x3c0
    j no_trap
1:  CHECK_CAUSE(ILLEGAL)
    TEST_END
