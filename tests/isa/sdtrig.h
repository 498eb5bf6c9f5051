/* clang-format off */
#pragma once
/* Triggers: fields of tdata1, and code for them to fire at. */
#include "isa.h"
    .option norelax

#define MCONTROL  (2 << (__riscv_xlen - 4))
#define ICOUNT    (3 << (__riscv_xlen - 4))
#define MCONTROL6 (6 << (__riscv_xlen - 4))
#define DISABLED  (15 << (__riscv_xlen - 4))
#define LOAD      0x01
#define STORE     0x02
#define EXECUTE   0x04
#define U         0x08
#define S         0x10
#define M         0x40
#define MATCH(n)  ((n) << 7)
#define CHAIN     0x800

    /*
     * Run the code at `target` in a mode with a0 at an address: a breakpoint must come at the label
     * (0 = none), and mtval must be that label for execution and the address for the others.
     */
    .macro attempt mode, at, address
    la a0, \address
    TRAPS(1f)
    ENTER(\mode, target)
1:
    .ifc \at, 0
    CHECK_CAUSE(ECALL_U + \mode)
    .else
    CHECK_CAUSE(BREAKPOINT)
    CHECK_EPC(\at)
    HERE
    LX t5, TVAL(tp)
    .ifc \at, target_nop
    la t6, target_nop
    .else
    mv t6, a0
    .endif
    jal gp, check
    .endif
    .endm

#define SDTRIG_TARGET                                                                              \
    .option norvc;                                                                                 \
    .balign 8;                                                                                     \
    target:                                                                                        \
    lui a1, 1;                                                                                     \
    target_nop:                                                                                    \
    nop;                                                                                           \
    target_load:                                                                                   \
    lw a1, (a0);                                                                                   \
    target_store:                                                                                  \
    sw a1, (a0);                                                                                   \
    ecall;                                                                                         \
    elsewhere:                                                                                     \
    nop;                                                                                           \
    .data;                                                                                         \
    .balign 64;                                                                                    \
    word:                                                                                          \
    .dword 0, 0, 0, 0, 0, 0, 0, 0
