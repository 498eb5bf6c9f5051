/*
 * Floating-point state: mstatus.FS and who makes it dirty, fcsr and its parts, reserved rounding
 * modes, encodings that are nothing, boxed values in memory, faults of loads and stores.
 */
#include "isa.h"
#include "modes.h"
    .option arch, +f, +d, +c

#define FS         0x6000
#define FS_INITIAL 0x2000
#define FS_CLEAN   0x4000
#define FS_DIRTY   0x6000

    .macro set_fs value
    li t5, FS
    csrc mstatus, t5
    li t5, \value
    csrs mstatus, t5
    .endm

    /* FS, and SD with it, in mstatus and in sstatus. */
    .macro check_fs value
    CHECK_CSR(mstatus, FS | MSB, \value + (\value / FS_DIRTY) * MSB)
    CHECK_CSR(sstatus, FS | MSB, \value + (\value / FS_DIRTY) * MSB)
    .endm

    .macro illegal insn:vararg
    TRAPS(1f)
0:  \insn
    j no_trap
1:  CHECK_CAUSE(ILLEGAL)
    CHECK_EPC(0b)
    .endm

    /* FS becomes dirty by this, whatever it was but off; and it is illegal when FS is off. */
    .macro dirties insn:vararg
    set_fs FS_INITIAL
    \insn
    check_fs FS_DIRTY
    set_fs FS_CLEAN
    \insn
    check_fs FS_DIRTY
    set_fs 0
    illegal \insn
    check_fs 0
    .endm

    /* FS stays what it is; still illegal when it is off. */
    .macro keeps insn:vararg
    set_fs FS_INITIAL
    \insn
    check_fs FS_INITIAL
    set_fs FS_CLEAN
    \insn
    check_fs FS_CLEAN
    set_fs 0
    illegal \insn
    check_fs 0
    .endm

TEST_BEGIN
    CASE                            /* mstatus.FS keeps all four values; SD says dirty */
    set_fs 0
    check_fs 0
    set_fs FS_INITIAL
    check_fs FS_INITIAL
    set_fs FS_CLEAN
    check_fs FS_CLEAN
    set_fs FS_DIRTY
    check_fs FS_DIRTY
    li a0, FS                       /* sstatus is the same field */
    csrc sstatus, a0
    check_fs 0
    li a0, FS_CLEAN
    csrs sstatus, a0
    check_fs FS_CLEAN
    li a0, MSB                      /* SD is not to be written */
    csrs mstatus, a0
    check_fs FS_CLEAN
    li a0, FS
    csrs sstatus, a0
    li a0, MSB
    csrc mstatus, a0
    check_fs FS_DIRTY

    CASE                            /* what writes f registers makes FS dirty */
    la s0, data
    dirties flw fa0, (s0)
    dirties fld fa0, (s0)
    dirties c.fld fa0, 0(s0)
    dirties fmv.w.x fa0, zero
    dirties fcvt.s.w fa0, zero
    dirties fcvt.d.w fa0, zero
    dirties fsgnj.s fa0, fa0, fa0
    dirties fsgnjx.d fa0, fa0, fa0
    dirties fadd.s fa0, fa0, fa0
    dirties fmul.d fa0, fa0, fa0
    dirties fmadd.d fa0, fa0, fa0, fa0
    dirties fnmsub.s fa0, fa0, fa0, fa0
    dirties fsqrt.d fa0, fa0
    dirties fdiv.s fa0, fa0, fa0
    dirties fmin.d fa0, fa0, fa0
    dirties fcvt.d.s fa0, fa0
    dirties fcvt.s.d fa0, fa0
#if __riscv_xlen == 64
    dirties fmv.d.x fa0, zero
    dirties fcvt.d.l fa0, zero
#else
    dirties c.flw fa0, 0(s0)
#endif

    CASE                            /* what writes fcsr does, too */
    dirties csrw fflags, zero
    dirties csrw frm, zero
    dirties csrw fcsr, zero
    dirties csrrwi a0, fflags, 3
    dirties csrrsi a0, fflags, 1
    dirties csrrci a0, frm, 1
    set_fs FS_INITIAL
    csrw fcsr, zero

    CASE                            /* reading does not */
    keeps csrr a0, fflags
    keeps csrr a0, frm
    keeps csrr a0, fcsr
    keeps csrrsi a0, fcsr, 0
    keeps csrrc a0, fcsr, zero
    keeps fsw fa0, 16(s0)
    keeps fsd fa0, 16(s0)
    keeps c.fsd fa0, 16(s0)
    keeps fmv.x.w a0, fa0
    keeps fclass.s a0, fa0
    keeps fclass.d a0, fa0
    set_fs FS_DIRTY
    fcvt.d.w fa0, zero
    keeps feq.d a0, fa0, fa0
    keeps flt.d a0, fa0, fa0
    keeps fcvt.w.d a0, fa0
#if __riscv_xlen == 64
    keeps fmv.x.d a0, fa0
    keeps fcvt.l.d a0, fa0
#endif

    CASE                            /* a comparison that raises a flag writes fcsr (QEMU forgets that) */
    csrr t5, marchid
    bnez t5, 2f
    set_fs FS_DIRTY
    la s1, signalling
    fld fa0, (s1)
    csrw fcsr, zero
    set_fs FS_CLEAN
    feq.d a0, fa0, fa0
    li a1, FS
    csrr a0, mstatus
    and a0, a0, a1
    SAME(a0, FS_DIRTY)
2:
    CASE                            /* in S- and U-mode as well */
    set_fs 0
    denied MODE_S, fadd.d fa0, fa0, fa0
    denied MODE_U, fadd.d fa0, fa0, fa0
    denied MODE_U, csrr a0, fcsr
    set_fs FS_CLEAN
    allowed MODE_S, fadd.d fa0, fa0, fa0
    check_fs FS_DIRTY
    set_fs FS_CLEAN
    allowed MODE_U, csrw frm, zero
    check_fs FS_DIRTY
    allowed MODE_U, fsgnj.d fa1, fa0, fa0

    CASE                            /* fcsr and its two parts */
    csrw fcsr, zero
    li a0, -1
    csrw fflags, a0
    csrr a1, fflags
    CHECK(a1, 0x1f)
    csrr a1, frm
    CHECK(a1, 0)
    csrr a1, fcsr
    CHECK(a1, 0x1f)
    csrw fflags, zero
    csrw frm, a0
    csrr a1, frm
    CHECK(a1, 7)
    csrr a1, fcsr
    CHECK(a1, 0xe0)
    csrw fcsr, a0
    csrr a1, fcsr
    CHECK(a1, 0xff)
    csrrci a1, fcsr, 0x15
    CHECK(a1, 0xff)
    csrrci a1, frm, 5
    CHECK(a1, 7)
    csrrsi a1, fflags, 4
    CHECK(a1, 0x0a)
    csrr a1, fcsr
    CHECK(a1, 0x4e)
    csrw fcsr, zero

    CASE                            /* flags stay until they are cleared */
    li a0, 1
    fcvt.d.w fa0, a0
    fcvt.d.w fa1, zero
    fdiv.d fa2, fa0, fa1
    csrr a1, fflags
    CHECK(a1, 8)
    li a0, 3
    fcvt.d.w fa1, a0
    fdiv.d fa2, fa0, fa1
    csrr a1, fflags
    CHECK(a1, 9)
    fadd.d fa2, fa0, fa0
    csrr a1, fflags
    CHECK(a1, 9)
    csrw fflags, zero
    fadd.d fa2, fa0, fa0
    csrr a1, fflags
    CHECK(a1, 0)

    CASE                            /* reserved rounding modes: in frm they count when asked for */
    .irp mode, 5, 6, 7
    csrwi frm, \mode
    illegal fadd.d fa0, fa0, fa0, dyn
    illegal fmadd.s fa0, fa0, fa0, fa0, dyn
    illegal fsqrt.s fa0, fa0, dyn
    illegal fcvt.w.d a0, fa0, dyn
    illegal fcvt.s.w fa0, a0, dyn
    illegal .insn r 0x53, 7, 0x69, fa0, a0, x0     /* fcvt.d.w, which never rounds */
    illegal .insn r 0x53, 7, 0x21, fa0, fa0, x0    /* fcvt.d.s */
    fadd.d fa2, fa0, fa0, rne
    fcvt.w.d a0, fa0, rtz
    fsgnj.d fa2, fa0, fa0
    fmin.d fa2, fa0, fa0
    feq.d a0, fa0, fa0
    fclass.d a0, fa0
    fmv.x.w a0, fa0
    fld fa2, (s0)
    .endr
    csrwi frm, 0
    .irp mode, 5, 6                 /* in the instruction always */
    illegal .insn r 0x53, \mode, 0x01, fa0, fa0, fa0
    illegal .insn r 0x53, \mode, 0x2d, fa0, fa0, x0
    illegal .insn r4 0x43, \mode, 1, fa0, fa0, fa0, fa0
    illegal .insn r 0x53, \mode, 0x61, a0, fa0, x0
    illegal .insn r 0x53, \mode, 0x68, fa0, a0, x0
    .endr

    CASE                            /* what is no instruction */
    illegal .insn r 0x53, 0, 0x03, fa0, fa0, fa0   /* fadd.q */
    illegal .insn r4 0x43, 0, 3, fa0, fa0, fa0, fa0
    illegal .insn i 0x07, 4, fa0, 0(s0)            /* flq */
    illegal .insn i 0x07, 0, fa0, 0(s0)
    illegal .insn s 0x27, 4, fa0, 0(s0)
    illegal .insn r 0x53, 0, 0x02, fa0, fa0, fa0   /* fadd.h, without Zfh */
    illegal .insn i 0x07, 1, fa0, 0(s0)            /* flh */
    illegal .insn r 0x53, 3, 0x11, fa0, fa0, fa0   /* fsgnj and the like end at 2 */
    illegal .insn r 0x53, 2, 0x15, fa0, fa0, fa0   /* fminm.d, without Zfa */
    illegal .insn r 0x53, 3, 0x51, a0, fa0, fa0
    illegal .insn r 0x53, 0, 0x2d, fa0, fa0, x1    /* fsqrt with a second operand */
    illegal .insn r 0x53, 0, 0x21, fa0, fa0, x1    /* fcvt.d.d */
    illegal .insn r 0x53, 0, 0x61, a0, fa0, x4
    illegal .insn r 0x53, 2, 0x70, a0, fa0, x0
    illegal .insn r 0x53, 0, 0x70, a0, fa0, x1
    illegal .insn r 0x53, 0, 0x7f, a0, fa0, x1
#if __riscv_xlen == 32
    illegal .insn r 0x53, 0, 0x71, a0, fa0, x0     /* fmv.x.d */
    illegal .insn r 0x53, 0, 0x79, fa0, a0, x0     /* fmv.d.x */
    illegal .insn r 0x53, 0, 0x61, a0, fa0, x2     /* fcvt.l.d */
    illegal .insn r 0x53, 0, 0x69, fa0, a0, x2
    illegal .insn r 0x53, 0, 0x60, a0, fa0, x3
#endif

    CASE                            /* f0 is a register like others, and x0 takes no result */
    fld f0, (s0)
    fsd f0, 16(s0)
    CHECK_MEMORY(lw, 16(s0), 0x33333333)
    CHECK_MEMORY(lw, 20(s0), 0x3ff33333)
    feq.d zero, f0, f0
    fclass.d zero, f0
    CHECK(zero, 0)

    CASE                            /* singles in registers and memory */
    flw fa0, 8(s0)
    fsd fa0, 16(s0)
    CHECK_MEMORY(lw, 16(s0), 0x3fc00000)
    CHECK_MEMORY(lw, 20(s0), -1)
    fld fa0, (s0)                   /* not boxed: fsw and fmv.x.w do not mind, others see a NaN */
    fsw fa0, 16(s0)
    CHECK_MEMORY(lw, 16(s0), 0x33333333)
    fmv.x.w a0, fa0
    CHECK(a0, 0x33333333)
    fclass.s a0, fa0
    CHECK(a0, 0x200)
    flw fa0, 12(s0)
    fmv.x.w a0, fa0
    CHECK(a0, -0x00400000)          /* sign-extended */

    CASE                            /* loads and stores that are not aligned, and that cross pages */
    la s1, page + 4096
    .irp offset, 1, 3, 4, 7
    fld fa0, (s0)
    fsd fa0, -\offset(s1)
    fld fa1, -\offset(s1)
    feq.d a0, fa0, fa1
    CHECK(a0, 1)
    fsw fa0, 32 - \offset(s1)
    flw fa1, 32 - \offset(s1)
    fmv.x.w a0, fa1
    CHECK(a0, 0x33333333)
    .endr

    CASE                            /* a load that faults changes neither register nor FS */
    fld fa0, (s0)
    set_fs FS_CLEAN
    li s1, 0x01c00000
    TRAPS(1f)
0:  fld fa0, (s1)
    j no_trap
1:  CHECK_TRAP(LOAD_ACCESS, 0b, 0x01c00000)
    UNLESS_OLD_QEMU(2f)
    li a1, FS
    csrr a0, mstatus
    and a0, a0, a1
    SAME(a0, FS_CLEAN)
2:  set_fs FS_CLEAN
    fsd fa0, 16(s0)
    CHECK_MEMORY(lw, 16(s0), 0x33333333)
    TRAPS(1f)
0:  fsw fa0, (s1)
    j no_trap
1:  CHECK_TRAP(STORE_ACCESS, 0b, 0x01c00000)
    set_fs 0                        /* being illegal comes first */
    TRAPS(1f)
0:  fld fa0, (s1)
    j no_trap
1:  CHECK_CAUSE(ILLEGAL)
    set_fs FS_DIRTY

    CASE                            /* traps and returns leave FS alone */
    li a0, MPP
    set_fs FS_CLEAN
    allowed MODE_U, nop
    check_fs FS_CLEAN
    TEST_END

    .data
    .balign 8
data:
    .dword 0x3ff3333333333333
    .word 0x3fc00000, 0xffc00000
    .dword 0
signalling:
    .dword 0x7ff0000000000001
    .balign 4096
page:
    .space 8192
