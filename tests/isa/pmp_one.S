/*
 * One PMP entry: the registers for sixteen are there all the same.
 * isa: emu,pmp=1
 */
#include "isa.h"

TEST_BEGIN
    CASE                            /* privileged specification, 3.7.1: 0, 16 or 64 may be implemented, any of them read-only zero */
    li t0, 0x123450
    csrw pmpaddr0, t0
    CHECK_CSR(pmpaddr0, -1, 0x123450)
    .irp n, 1, 15
    csrw 0x3b0 + \n, t0
    CHECK_CSR(0x3b0 + \n, -1, 0)
    .endr
    CASE
    li t0, 0x0f0f
    csrw pmpcfg0, t0
    CHECK_CSR(pmpcfg0, -1, 0x0f)
    TEST_END
