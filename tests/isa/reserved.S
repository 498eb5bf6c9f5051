/*
 * Encodings that stay reserved with every extension on, next to those that do not.
 * isa: all
 */
#include "illegal.h"

    .balign 4
words:
    .word 0x40001033, 0x40002033, 0x40003033                    /* OP: sub's funct7 */
    .word 0x08000033, 0x08001033, 0x08005033                    /* pack's */
    .word 0x0a000033, 0x0e000033, 0x0e004033, 0x0e006033        /* min's and clmul's; czero's */
    .word 0x20000033, 0x20001033, 0x20003033, 0x20005033, 0x20007033 /* sh1add's */
    .word 0x28000033, 0x28003033, 0x28005033, 0x28006033        /* bset's and xperm's */
    .word 0x48000033, 0x48002033, 0x60000033, 0x60002033        /* bclr's, rol's */
    .word 0x68000033, 0x68005033, 0x80000033, 0xfe007033        /* binv's */
    .word 0x60301013, 0x60601013, 0x60f01013, 0x61f01013        /* clz and its kin: only some second fields */
    .word 0x28605013, 0x28005013, 0x68605013, 0x68005013        /* orc.b and rev8: one immediate each */
    .word 0x04001013, 0x04005013, 0x84001013, 0xa8001013        /* shifts */
    .word 0x0030200f, 0x0050200f, 0x0080200f, 0xfff0200f        /* cbo with an unknown number */
    .word 0x0000208f, 0x0040208f                                /* cbo with rd */
    .word 0x00d000f3, 0x00d08073, 0x01d000f3, 0x02d00073, 0x00e00073 /* wrs.nto, wrs.sto and neighbours */
    .word 0x00004073, 0x80004073, 0x81404073, 0xa1c04073, 0xa2004073, 0x01c04073 /* mop.r, mop.rr: fixed bits wrong */
    .word 0x2800502f, 0x2800602f, 0x2800702f                    /* amocas of no width */
    .word 0x1010202f, 0x3000202f, 0x5800202f                    /* lr with rs2; no such operations */
#if __riscv_xlen == 32
    .word 0x02001013, 0x02005013, 0x42005013                    /* slli, srli, srai by 32 and more */
    .word 0x2a001013, 0x4a001013, 0x4a005013, 0x6a001013, 0x62005013 /* bseti, bclri, bexti, binvi, rori */
    .word 0x6b805013                                            /* RV64's rev8 */
    .word 0x280030af, 0x2810302f, 0x298031af                    /* amocas.d on odd registers */
    .word 0x2800402f, 0x2820412f                                /* amocas.q */
    .word 0x0800003b, 0x0800403b, 0x2000203b, 0x6000103b        /* word operations */
    .word 0x0800101b, 0x6000101b, 0x6000501b
#else
    .word 0x69805013                                            /* RV32's rev8 */
    .word 0x08f01013, 0x08f05013                                /* zip, unzip */
    .word 0x280040af, 0x2810402f, 0x298041af                    /* amocas.q on odd registers */
    .word 0x0800103b, 0x2000003b, 0x2000103b, 0x6000003b, 0x6000203b, 0x0a00003b /* OP-32 */
    .word 0x6030101b, 0x6200501b, 0x0c00101b, 0x0200101b, 0x2800101b /* OP-IMM-32 */
#endif
    .word 0

halves:
    .half 0x0000
    .half 0x0004                                                /* c.addi4spn of 0 */
    .half 0x6101                                                /* c.addi16sp of 0 */
    .half 0x6001, 0x6201, 0x6401, 0x6701, 0x6801                /* c.lui of 0 where no c.mop is: even registers */
    .half 0x6881, 0x6981, 0x6f81                                /* and high ones */
    .half 0x4002, 0x4006                                        /* c.lwsp to zero */
    .half 0x8002                                                /* c.jr zero */
    .half 0x9c79, 0x9c7d, 0x9ff9, 0x9ffd                        /* Zcb: the last two of one register */
    .half 0x8c40, 0x8ffc, 0x9000, 0x9c00                        /* next to c.sh, and above */
#if __riscv_xlen == 32
    .half 0x1506, 0x9105, 0x9505                                /* shifts by more than 31 */
    .half 0x9c01, 0x9c21                                        /* c.subw, c.addw */
    .half 0x9c71                                                /* c.zext.w */
#else
    .half 0x2001, 0x2005                                        /* c.addiw to zero */
    .half 0x6002, 0x6006                                        /* c.ldsp to zero */
#endif
    .half 0xffff
