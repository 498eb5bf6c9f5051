/*
 * All floating-point registers and fcsr, to and from memory: for each width the unit may have
 *
 *   void fp_save_s(void *area), fp_load_s(const void *area)     F: 32 words, then fcsr
 *   void fp_save_d(void *area), fp_load_d(const void *area)     D: 32 doublewords, then fcsr
 *
 * The only floating-point instructions of the kernel. sstatus.FS must not be Off.
 */
#include "kernel/arch/asm.h"

    .macro fp_moves name, extension, insn, size
FUNCTION(\name)
    .option push
    .option arch, +\extension
    .set    number, 0
    .irp    reg, f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13, f14, f15, f16, f17, \
                 f18, f19, f20, f21, f22, f23, f24, f25, f26, f27, f28, f29, f30, f31
    \insn   \reg, number * \size(a0)
    .set    number, number + 1
    .endr
    .option pop
    .endm

    .macro fp_save name, extension, insn, size
    fp_moves \name, \extension, \insn, \size
    csrr    t0, fcsr
    sw      t0, 32 * \size(a0)
    ret
END(\name)
    .endm

    .macro fp_load name, extension, insn, size
    fp_moves \name, \extension, \insn, \size
    lw      t0, 32 * \size(a0)
    csrw    fcsr, t0
    ret
END(\name)
    .endm

    fp_save fp_save_s, f, fsw, 4
    fp_load fp_load_s, f, flw, 4
    fp_save fp_save_d, d, fsd, 8
    fp_load fp_load_d, d, fld, 8
