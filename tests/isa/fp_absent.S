/*
 * Without F: nothing of floating point is there, and mstatus.FS stays off.
 * isa: noc
 */
#include "isa.h"
    .option arch, +f, +d

#define FS 0x6000

    .macro illegal insn:vararg
    TRAPS(1f)
0:  \insn
    j no_trap
1:  CHECK_CAUSE(ILLEGAL)
    CHECK_EPC(0b)
    .endm

TEST_BEGIN
    CASE                            /* FS and SD are zero */
    li a0, FS
    csrs mstatus, a0
    CHECK_CSR(mstatus, FS | MSB, 0)
    csrs sstatus, a0
    CHECK_CSR(sstatus, FS | MSB, 0)

    CASE
    csrr a0, misa
    andi a0, a0, 0x28
    CHECK(a0, 0)
    illegal csrr a0, fflags
    illegal csrr a0, frm
    illegal csrr a0, fcsr
    illegal csrwi fcsr, 0
    illegal fadd.s fa0, fa0, fa0
    illegal fadd.d fa0, fa0, fa0
    illegal fmadd.d fa0, fa0, fa0, fa0
    illegal flw fa0, (sp)
    illegal fsd fa0, (sp)
    illegal fmv.x.w a0, fa0
    illegal fmv.w.x fa0, a0
    TEST_END
