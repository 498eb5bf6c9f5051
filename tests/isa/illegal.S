/* Encodings that are no instructions: each is tried, and tval must be its bits or zero. */
#include "illegal.h"

    .balign 4
words:
    .word 0x0000000b, 0x0000002b, 0x0000005b, 0x0000007b        /* custom */
    .word 0xffffffff, 0x0000001f, 0x0000003f, 0x0000007f        /* longer than 32 bits */
    .word 0x00000057, 0x00000077                                /* vector, reserved */
    .word 0x04000033, 0x40001033, 0x40002033, 0x40004033        /* OP with a wrong funct7 */
    .word 0x40006033, 0x40007033, 0x08000033, 0x80000033, 0xfe000033
    .word 0x40001013, 0x04001013, 0x80001013, 0x20005013, 0x84005013 /* shifts */
    .word 0x00007003, 0x00004023, 0x00005023, 0x00007023        /* LOAD, STORE */
    .word 0x00002063, 0x00003063                                /* BRANCH */
    .word 0x00001067, 0x00007067                                /* JALR */
    .word 0x0000300f, 0x0000700f                                /* MISC-MEM */
    .word 0x00004073, 0x60004073                                /* SYSTEM; hypervisor load */
    .word 0x00200073, 0x00300073, 0x10300073, 0x7b200073, 0x70200073 /* uret, mnret, dret and the like */
    .word 0x000000f3, 0x00008073, 0x00400073, 0x10200173, 0x120000f3
    .word 0x0000002f, 0x0000102f, 0x0000402f, 0x0000702f        /* AMO of a wrong width */
    .word 0x3000202f, 0x5000202f, 0xf000202f, 0x1010202f        /* unknown AMO; LR with rs2 */
    .word 0x00002007, 0x00003007, 0x00002027, 0x00003027        /* F and D, which are off */
    .word 0x00000043, 0x00000047, 0x0000004b, 0x0000004f, 0x00000053, 0x02000053
    .word 0x60001013, 0x48001013, 0x20002033, 0x0a004033        /* Zbb, Zbs, Zba, which are off */
#if __riscv_xlen == 32
    .word 0x02001013, 0x02005013, 0x42005013                    /* shifts by 32 and more */
    .word 0x00003003, 0x00006003, 0x00003023                    /* ld, lwu, sd */
    .word 0x0000001b, 0x0000101b, 0x0000003b, 0x0200003b        /* word operations */
    .word 0x0000302f, 0x1000302f, 0x1800302f                    /* AMOs on doublewords */
#else
    .word 0x0000201b, 0x0000301b, 0x0000401b, 0x0200101b, 0x0200501b, 0x4200501b
    .word 0x0000203b, 0x0400003b, 0x4000103b, 0x0200103b, 0x0200203b
#endif
    .word 0

halves:
    .half 0x0000
    .half 0x0004                                                /* c.addi4spn of 0 */
    .half 0x8000, 0x8400, 0x9c00                                /* quadrant 0, reserved */
    .half 0x6101                                                /* c.addi16sp of 0 */
    .half 0x6501, 0x6081                                        /* c.lui of 0 */
    .half 0x4002, 0x4006                                        /* c.lwsp to zero */
    .half 0x8002                                                /* c.jr zero */
    .half 0x9d41, 0x9d61                                        /* quadrant 1, reserved */
    .half 0x2000, 0xa000, 0x2002, 0xa002                        /* c.fld and its kin, D being off */
#if __riscv_xlen == 32
    .half 0x1506, 0x9105, 0x9505                                /* shifts by more than 31 */
    .half 0x9d01, 0x9d21                                        /* c.subw, c.addw */
    .half 0x6000, 0xe000, 0x6002, 0xe002                        /* c.flw and its kin, F being off */
#else
    .half 0x2001, 0x2005                                        /* c.addiw to zero */
    .half 0x6002, 0x6006                                        /* c.ldsp to zero */
#endif
    .half 0xffff
