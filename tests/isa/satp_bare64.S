/*
 * A hart without translation: no mode but Bare.
 * xlen: 64
 * isa: emu,sv39=false
 */
#include "isa.h"

TEST_BEGIN
    CASE
    .irp mode, 1, 8, 9, 10, 15
    li a0, (\mode << 60) | 0x456
    csrw satp, a0
    CHECK_CSR(satp, -1, 0)
    .endr
    TEST_END
