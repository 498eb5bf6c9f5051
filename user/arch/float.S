/*
 * For usertests: everything the floating-point unit holds, put there, kept through something that
 * enters the kernel, and taken back. struct tarn_float (usertests' float.h): 32 doublewords, fcsr.
 * The functions are C's to call: what their caller must find again is kept on the stack.
 */
    .macro each_register insn, base
    .set    slot, 0
    .irp    reg, f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14, f15, f16, f17, \
                 f18, f19, f20, f21, f22, f23, f24, f25, f26, f27, f28, f29, f30, f31
    \insn   \reg, slot * 8(\base)
    .set    slot, slot + 1
    .endr
    .endm

    .macro each_saved insn
    .set    slot, 0
    .irp    reg, fs0, fs1, fs2, fs3, fs4, fs5, fs6, fs7, fs8, fs9, fs10, fs11
    \insn   \reg, slot * 8(sp)
    .set    slot, slot + 1
    .endr
    .endm

#if __riscv_xlen == 64
#    define REG_S sd
#    define REG_L ld
#else
#    define REG_S sw
#    define REG_L lw
#endif
#define FRAME 144 /* 12 registers, then fcsr, ra, s0, s1, a doubleword each */

    /* s0 = in, s1 = out; from here on the unit holds what `in` says. */
    .macro begin name
    .section .text.\name, "ax"
    .globl \name
    .type \name, @function
\name:
    addi    sp, sp, -FRAME
    each_saved fsd
    REG_S   ra, 104(sp)
    REG_S   s0, 112(sp)
    REG_S   s1, 120(sp)
    mv      s0, a0
    mv      s1, a1
    lw      t0, 256(s0)
    fscsr   t1, t0
    REG_S   t1, 96(sp)
    each_register fld, s0
    .endm

    /* What the unit holds goes to *out; a0 is the result. */
    .macro finish name
    each_register fsd, s1
    REG_L   t1, 96(sp)
    fscsr   t0, t1
    sw      t0, 256(s1)
    each_saved fld
    REG_L   ra, 104(sp)
    REG_L   s0, 112(sp)
    REG_L   s1, 120(sp)
    addi    sp, sp, FRAME
    ret
    .size \name, . - \name
    .endm

/* long tarn_float_call(in, out, long number, long a, long b, long c): a system call. */
    begin   tarn_float_call
    mv      a7, a2
    mv      a0, a3
    mv      a1, a4
    mv      a2, a5
    li      a3, 0
    li      a4, 0
    ecall
    finish  tarn_float_call

/* void tarn_float_spin(in, out, unsigned long turns): until the timer has come by. */
    begin   tarn_float_spin
1:  addi    a2, a2, -1
    bnez    a2, 1b
    finish  tarn_float_spin

/* void tarn_float_touch(in, out, void *page): a floating-point store that faults. */
    begin   tarn_float_touch
    fsd     f31, 0(a2)
    finish  tarn_float_touch

/* void tarn_float_jump(in, out, jmp_buf): setjmp(), everything zero, longjmp(). */
    begin   tarn_float_jump
    mv      s0, a2
    mv      a0, s0
    call    setjmp
    bnez    a0, 1f
    .irp    reg, f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14, f15, f16, f17, \
                 f18, f19, f20, f21, f22, f23, f24, f25, f26, f27, f28, f29, f30, f31
    fcvt.d.w \reg, zero
    .endr
    mv      a0, s0
    li      a1, 1
    tail    longjmp
1:  finish  tarn_float_jump

/* void tarn_float_read(out): what the unit holds now. */
    .section .text.tarn_float_read, "ax"
    .globl tarn_float_read
    .type tarn_float_read, @function
tarn_float_read:
    each_register fsd, a0
    frcsr   t0
    sw      t0, 256(a0)
    ret
    .size tarn_float_read, . - tarn_float_read
