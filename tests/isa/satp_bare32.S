/*
 * A hart without translation: no mode but Bare.
 * xlen: 32
 * isa: emu,sv32=false
 */
#include "isa.h"

TEST_BEGIN
    CASE
    .irp mode, 1
    li a0, (\mode << 31) | 0x456
    csrw satp, a0
    CHECK_CSR(satp, -1, 0)
    .endr
    TEST_END
