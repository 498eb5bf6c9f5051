/*
 * One floating-point register, by number, to or from memory: void float_X(unsigned reg, void *memory).
 * The instruction that trapped used the unit, so mstatus.FS lets this code do so, too.
 */
    .macro float_access name, extension, insn
    .section .text.\name, "ax", @progbits
    .globl  \name
    .type   \name, @function
\name:
    slli    a0, a0, 3
    la      t0, 1f
    add     t0, t0, a0
    jr      t0
    .balign 8
    .option push
    .option arch, +\extension
    .option norvc                   /* 8 bytes for each register */
1:
    .irp    reg, f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14, f15, f16, f17, \
                 f18, f19, f20, f21, f22, f23, f24, f25, f26, f27, f28, f29, f30, f31
    \insn   \reg, 0(a1)
    ret
    .endr
    .option pop
    .size   \name, . - \name
    .endm

    float_access float_store_s, f, fsw
    float_access float_load_s, f, flw
    float_access float_store_d, d, fsd
    float_access float_load_d, d, fld
