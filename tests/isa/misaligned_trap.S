/*
 * With -cpu misaligned=trap every misaligned access is an exception with its address, and does nothing.
 * isa: emu,misaligned=trap
 */
#include "isa.h"

    .macro traps cause, at, insn:vararg
    li a1, 0x55
    li a0, \at
    add a0, a0, s0
    TRAPS(1f)
0:  \insn
    j no_trap
1:  CHECK_TRAP_REG(\cause, 0b, a0)
    CHECK(a1, 0x55)
    .endm

TEST_BEGIN
    .option norvc
    li t0, 1 << 13                  /* FS, for floating-point loads and stores */
    csrs mstatus, t0
    la s0, data
    CASE                            /* loads, inside a word, across words, lines and pages */
    .irp at, 1, 3, 5, 7, 63, 4095
    traps LOAD_MISALIGNED, \at, lh a1, (a0)
    traps LOAD_MISALIGNED, \at, lhu a1, (a0)
    .endr
    .irp at, 1, 2, 3, 6, 62, 4094
    traps LOAD_MISALIGNED, \at, lw a1, (a0)
    traps LOAD_MISALIGNED, \at, .word 0x00052007 /* flw ft0, (a0) */
    .endr
    .irp at, 1, 2, 4, 7, 60, 4092
#if __riscv_xlen == 64
    traps LOAD_MISALIGNED, \at, ld a1, (a0)
#endif
    traps LOAD_MISALIGNED, \at, .word 0x00053007 /* fld ft0, (a0) */
    .endr
#if __riscv_xlen == 64
    traps LOAD_MISALIGNED, 2, lwu a1, (a0)
#endif
    CASE                            /* stores */
    .irp at, 1, 3, 63, 4095
    traps STORE_MISALIGNED, \at, sh a1, (a0)
    .endr
    .irp at, 1, 2, 3, 62, 4094
    traps STORE_MISALIGNED, \at, sw a1, (a0)
    traps STORE_MISALIGNED, \at, .word 0x00052027 /* fsw ft0, (a0) */
    .endr
    .irp at, 1, 2, 4, 60, 4092
#if __riscv_xlen == 64
    traps STORE_MISALIGNED, \at, sd a1, (a0)
#endif
    traps STORE_MISALIGNED, \at, .word 0x00053027 /* fsd ft0, (a0) */
    .endr
    CASE                            /* nothing was stored */
    CHECK_MEMORY(lw, 0(s0), 0x03020100)
    CHECK_MEMORY(lw, 4(s0), 0x07060504)
    CASE                            /* compressed spellings */
    .option push
    .option rvc
    traps LOAD_MISALIGNED, 2, c.lw a1, 0(a0)
    traps STORE_MISALIGNED, 2, c.sw a1, 0(a0)
    .option pop
    CASE                            /* atomics, always */
    traps STORE_MISALIGNED, 2, amoadd.w a1, a1, (a0)
    traps LOAD_MISALIGNED, 2, lr.w a1, (a0)
    traps STORE_MISALIGNED, 2, sc.w a1, a1, (a0)
    CASE                            /* devices */
    li s0, CLINT
    traps LOAD_MISALIGNED, 2, lw a1, (a0)
    traps STORE_MISALIGNED, 2, sw a1, (a0)
    CASE                            /* aligned ones are done, bytes anywhere */
    la s0, data
    CHECK_MEMORY(lb, 3(s0), 3)
    CHECK_MEMORY(lh, 2(s0), 0x0302)
    TEST_END

    .data
    .balign 4096
data:
    .byte 0, 1, 2, 3, 4, 5, 6, 7
    .space 8192
