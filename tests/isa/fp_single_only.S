/*
 * F without D: f registers hold singles, and what has to do with doubles is illegal.
 * isa: emu,d=false
 */
#include "isa.h"
    .option arch, +f, +d, +c

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
    csrr a0, misa
    andi a0, a0, 0x28
    CHECK(a0, 0x20)
    la s0, data
    flw fa0, (s0)
    fadd.s fa0, fa0, fa0
    fsw fa0, 4(s0)
    CHECK_MEMORY(lw, 4(s0), 0x40400000)
    fcvt.w.s a0, fa0
    CHECK(a0, 3)
#if __riscv_xlen == 32
    c.flw fa0, 0(s0)
    fmv.x.w a0, fa0
    CHECK(a0, 0x3fc00000)
#endif

    CASE
    illegal fld fa0, (s0)
    illegal fsd fa0, (s0)
    illegal c.fld fa0, 0(s0)
    illegal c.fsd fa0, 0(s0)
    illegal c.fldsp fa0, 0(sp)
    illegal c.fsdsp fa0, 0(sp)
    illegal fadd.d fa0, fa0, fa0
    illegal fmadd.d fa0, fa0, fa0, fa0
    illegal fsgnj.d fa0, fa0, fa0
    illegal feq.d a0, fa0, fa0
    illegal fclass.d a0, fa0
    illegal fcvt.d.s fa0, fa0
    illegal fcvt.s.d fa0, fa0
    illegal fcvt.w.d a0, fa0
    illegal fcvt.d.w fa0, a0
    illegal .insn r 0x53, 0, 0x21, fa0, fa0, x2    /* fcvt.d.h */
    illegal .insn r 0x53, 0, 0x22, fa0, fa0, x1    /* fcvt.h.d */
    illegal .insn r 0x53, 0, 0x79, fa0, x16, x1    /* fli.d */
    illegal .insn r 0x53, 0, 0x21, fa0, fa0, x4    /* fround.d */
    illegal .insn r 0x53, 1, 0x61, a0, fa0, x8     /* fcvtmod.w.d */
#if __riscv_xlen == 32
    illegal .insn r 0x53, 0, 0x71, a0, fa0, x1     /* fmvh.x.d */
    illegal .insn r 0x53, 0, 0x59, fa0, a0, a1     /* fmvp.d.x */
#endif
    TEST_END

    .data
    .balign 8
data:
    .word 0x3fc00000, 0
