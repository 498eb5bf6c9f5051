/*
 * Zfhmin and Zfa without Zfh (unprivileged specification, "Zfhmin", "Zfa"): halves can be loaded,
 * stored, moved and converted, and nothing else; of Zfa's half-precision instructions there is none.
 * isa: emu,zfh=false
 */
#include "isa.h"
    .option arch, +f, +d, +zfh

    .macro illegal insn:vararg
    TRAPS(1f)
0:  \insn
    j no_trap
1:  CHECK_CAUSE(ILLEGAL)
    CHECK_EPC(0b)
    .endm

TEST_BEGIN
    li a0, 0x6000
    csrs mstatus, a0
    CASE
    la s0, data
    flh fa0, (s0)
    fmv.x.h a0, fa0
    CHECK(a0, -0x4400)              /* sign-extended */
    fcvt.s.h fa1, fa0
    fmv.x.w a0, fa1
    CHECK(a0, -0x40800000)          /* -1.0 */
    fcvt.d.h fa2, fa0
    fcvt.h.d fa3, fa2
    fsh fa3, 2(s0)
    CHECK_MEMORY(lhu, 2(s0), 0xbc00)
    li a0, 0x4000
    fmv.h.x fa0, a0
    fcvt.s.h fa1, fa0
    fcvt.h.s fa3, fa1
    fmv.x.h a0, fa3
    CHECK(a0, 0x4000)

    CASE
    illegal fadd.h fa0, fa0, fa0
    illegal fmadd.h fa0, fa0, fa0, fa0
    illegal fsqrt.h fa0, fa0
    illegal fsgnj.h fa0, fa0, fa0
    illegal fmin.h fa0, fa0, fa0
    illegal feq.h a0, fa0, fa0
    illegal fclass.h a0, fa0
    illegal fcvt.w.h a0, fa0
    illegal fcvt.h.w fa0, a0
#if __riscv_xlen == 64
    illegal fcvt.l.h a0, fa0
    illegal fcvt.h.lu fa0, a0
#endif

    CASE
    illegal .insn r 0x53, 0, 0x7a, fa0, x16, x1    /* fli.h */
    illegal .insn r 0x53, 2, 0x16, fa0, fa0, fa0   /* fminm.h */
    illegal .insn r 0x53, 3, 0x16, fa0, fa0, fa0   /* fmaxm.h */
    illegal .insn r 0x53, 0, 0x22, fa0, fa0, x4    /* fround.h */
    illegal .insn r 0x53, 0, 0x22, fa0, fa0, x5    /* froundnx.h */
    illegal .insn r 0x53, 4, 0x52, a0, fa0, fa0    /* fleq.h */
    illegal .insn r 0x53, 5, 0x52, a0, fa0, fa0    /* fltq.h */
    .insn r 0x53, 0, 0x78, fa0, x16, x1            /* fli.s fa0, 1.0 */
    fmv.x.w a0, fa0
    CHECK(a0, 0x3f800000)
    .insn r 0x53, 0, 0x20, fa0, fa0, x4            /* fround.s */
    TEST_END

    .data
    .balign 8
data:
    .half 0xbc00, 0
