/*
 * A hart whose largest scheme is Sv39: a write of satp with another mode changes nothing (12.1.11).
 * xlen: 64
 * isa: emu,sv48=false
 */
#include "isa.h"

TEST_BEGIN
    CASE
    li a0, (8 << 60) | 0x123
    csrw satp, a0
    CHECK_CSR(satp, -1, (8 << 60) | 0x123)
    .irp mode, 1, 2, 7, 9, 10, 11, 15
    li a0, (\mode << 60) | 0x456
    csrw satp, a0
    CHECK_CSR(satp, -1, (8 << 60) | 0x123)
    .endr
    csrw satp, zero
    CHECK_CSR(satp, -1, 0)
    TEST_END
