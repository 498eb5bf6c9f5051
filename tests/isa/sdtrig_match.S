/*
 * Sdtrig, what QEMU has not or has otherwise (Debug specification 1.0, chapter 5; sections named below).
 * isa: emu
 */
#include "sdtrig.h"

#define SIZE6(n)   ((n) << 16)
#define HIT6       (1 << 22)
#define HIT2       (1 << 20)
#define COUNT(n)   ((n) << 10)
#define ICOUNT_U   (1 << 6)
#define ICOUNT_S   (1 << 7)
#define PENDING    (1 << 8)
#define ICOUNT_M   (1 << 9)
#define ICOUNT_HIT (1 << 24)
#define MTE        0x08
#define MPTE       0x80
#if __riscv_xlen == 64
#    define MHSELECT(n)  ((n) << 48)
#    define MHVALUE(n)   ((n) << 51)
#    define SBYTEMASK(n) ((n) << 36)
#else
#    define MHSELECT(n)  ((n) << 23)
#    define MHVALUE(n)   ((n) << 26)
#    define SBYTEMASK(n) ((n) << 18)
#endif
#define SVALUE(n) ((n) << 2)

    .macro select n
    li t0, \n
    csrw tselect, t0
    .endm
    /* Trigger n: tdata2 = what t0 is made, tdata1. */
    .macro compare address, offset=0
    la t0, \address
    addi t0, t0, \offset
    csrw tdata2, t0
    .endm
    .macro off
    SET_CSR(tdata1, DISABLED)
    .endm
    .macro stores matches, offset
    la a0, word
    addi a0, a0, \offset
    TRAPS(1f)
    ENTER(MODE_U, target_store)
1:
    .if \matches
    CHECK_CAUSE(BREAKPOINT)
    CHECK_EPC(target_store)
    HERE
    LX t5, TVAL(tp)
    mv t6, a0
    jal gp, check
    .else
    CHECK_CAUSE(ECALL_U)
    .endif
    .endm

TEST_BEGIN
    CASE                            /* tselect: four triggers; tinfo: version 1, types 2, 3, 6 and 15 (5.7.1, 5.7.5) */
    select 3
    CHECK_CSR(tselect, -1, 3)
    select 4
    CHECK_CSR(tselect, -1, 3)
    select 0
    CHECK_CSR(tinfo, -1, 0x0100804c)

    CASE                            /* writing 0 disables, as types there are not: 15; no debug mode, so no dmode (5.7.2) */
    csrw tdata1, zero
    CHECK_CSR(tdata1, -1, DISABLED)
    SET_CSR(tdata1, MCONTROL6 | (1 << (__riscv_xlen - 5)) | (1 << 12) | M | S | U | LOAD)
    CHECK_CSR(tdata1, -1, MCONTROL6 | M | S | U | LOAD)
    SET_CSR(tdata1, (5 << (__riscv_xlen - 4)))
    CHECK_CSR(tdata1, -1, DISABLED)
    li t0, 0x12345678               /* tdata2 and 3 take values all the same */
    csrw tdata2, t0
    CHECK_CSR(tdata2, -1, 0x12345678)

    CASE                            /* match: reserved values are not taken */
    SET_CSR(tdata1, MCONTROL6 | MATCH(2))
    .irp n, 6, 7, 10, 11, 14, 15
    SET_CSR(tdata1, MCONTROL6 | MATCH(\n))
    CHECK_CSR(tdata1, -1, MCONTROL6 | MATCH(2))
    .endr
    .irp n, 0, 1, 3, 4, 5, 8, 9, 12, 13
    SET_CSR(tdata1, MCONTROL6 | MATCH(\n))
    CHECK_CSR(tdata1, -1, MCONTROL6 | MATCH(\n))
    .endr

    .macro both type
    CASE                            /* match: equal, any byte of the access (5.7.12 match 0, select 0) */
    compare word, 8
    SET_CSR(tdata1, \type | U | STORE)
    stores 1, 8
    stores 0, 12
    stores 0, 4
    compare word, 10
    stores 1, 8
    stores 0, 12
    CASE                            /* not equal (8) */
    compare word, 8
    SET_CSR(tdata1, \type | U | STORE | MATCH(8))
    stores 0, 8
    stores 1, 12
    CASE                            /* naturally aligned power of two (1): 16 bytes, and not (9) */
    compare word, 16 + 7
    SET_CSR(tdata1, \type | U | STORE | MATCH(1))
    stores 0, 12
    stores 1, 16
    stores 1, 28
    stores 0, 32
    SET_CSR(tdata1, \type | U | STORE | MATCH(9))
    stores 1, 12
    stores 0, 16
    CASE                            /* greater or equal (2), less (3) */
    compare word, 16
    SET_CSR(tdata1, \type | U | STORE | MATCH(2))
    stores 0, 12
    stores 1, 16
    stores 1, 20
    compare word, 19                /* the last byte of a word, which alone is not less */
    stores 0, 12
    stores 1, 16
    compare word, 16
    SET_CSR(tdata1, \type | U | STORE | MATCH(3))
    stores 1, 12
    stores 0, 16
    CASE                            /* low half under a mask (4, 12), high half (5, 13) */
    la t0, word
    li t1, 0x3c
    and t0, t0, t1
    ori t0, t0, 0x08
    li t1, 0x3c << (__riscv_xlen / 2)
    or t0, t0, t1
    csrw tdata2, t0
    SET_CSR(tdata1, \type | U | STORE | MATCH(4))
    stores 1, 8
    stores 0, 12
    SET_CSR(tdata1, \type | U | STORE | MATCH(12))
    stores 0, 8
    stores 1, 12
    la t0, word
    srli t0, t0, __riscv_xlen / 2
    li t1, MSB >> (__riscv_xlen / 2 - 1) >> 1
#if __riscv_xlen == 32
    li t1, 0x8000
#else
    li t1, 0
#endif
    and t0, t0, t1
    slli t1, t1, __riscv_xlen / 2
    or t0, t0, t1
    csrw tdata2, t0
    SET_CSR(tdata1, \type | U | STORE | MATCH(5))
    stores 1, 8
    SET_CSR(tdata1, \type | U | STORE | MATCH(13))
    stores 0, 8
    off
    .endm
    both MCONTROL
    both MCONTROL6

    CASE                            /* size: accesses of that many bytes only */
    compare word, 8
    SET_CSR(tdata1, MCONTROL6 | U | STORE | SIZE6(3))
    stores 1, 8
    .irp n, 1, 2, 5
    SET_CSR(tdata1, MCONTROL6 | U | STORE | SIZE6(\n))
    stores 0, 8
    .endr
    SET_CSR(tdata1, MCONTROL | U | STORE | (3 << 16))
    stores 1, 8
    SET_CSR(tdata1, MCONTROL | U | STORE | (1 << 16))
    stores 0, 8
    compare target_nop
    SET_CSR(tdata1, MCONTROL6 | U | EXECUTE | SIZE6(3))
    attempt MODE_U, target_nop, word
    SET_CSR(tdata1, MCONTROL6 | U | EXECUTE | SIZE6(2))
    attempt MODE_U, 0, word

    CASE                            /* atomics are loads and stores; LR is a load, SC a store, even one that fails */
    .macro atomic kind, matches, insn:vararg
    compare word
    SET_CSR(tdata1, MCONTROL6 | U | \kind)
    la a0, word
    TRAPS(1f)
    ENTER(MODE_U, 0f)
0:  \insn
    ecall
1:
    .if \matches
    CHECK_TRAP_REG(BREAKPOINT, 0b, a0)
    .else
    CHECK_CAUSE(ECALL_U)
    .endif
    .endm
    atomic LOAD, 1, amoadd.w a1, a1, (a0)
    atomic STORE, 1, amoadd.w a1, a1, (a0)
    atomic LOAD, 1, lr.w a1, (a0)
    atomic STORE, 0, lr.w a1, (a0)
    atomic LOAD, 0, sc.w a1, a1, (a0)
    atomic STORE, 1, sc.w a1, a1, (a0)
    .option push
    .option rvc
    atomic LOAD, 1, c.lw a1, 0(a0)
    atomic STORE, 1, c.sw a1, 0(a0)
    .option pop
    atomic STORE, 0, lw a1, 0(a0)
    atomic LOAD, 1, lb a1, 0(a0)
#if __riscv_xlen == 64              /* any byte of the sixteen that amocas.q accesses */
    CASE
    compare word, 15
    SET_CSR(tdata1, MCONTROL6 | U | STORE)
    la a0, word
    TRAPS(1f)
    ENTER(MODE_U, 0f)
0:  .insn r 0x2f, 4, 0x14, a2, a0, a4
    ecall
1:  CHECK_TRAP_REG(BREAKPOINT, 0b, a0)
#endif

    CASE                            /* a trigger comes before the fault the access would have (priority table 15.2.1) */
    csrw pmpaddr0, zero
    li t0, -1
    csrw pmpaddr1, t0
    li t0, 0x1f00
    csrw pmpcfg0, t0
    csrw tdata2, zero
    SET_CSR(tdata1, MCONTROL6 | U | STORE)
    li a0, 0
    TRAPS(1f)
    ENTER(MODE_U, target_store)
1:  CHECK_TRAP(BREAKPOINT, target_store, 0)
    SET_CSR(tdata1, MCONTROL6 | U | EXECUTE)
    TRAPS(1f)
    ENTER_REG(MODE_U, zero)
1:  CHECK_CAUSE(BREAKPOINT)
    SET_CSR(tdata1, MCONTROL6)
    TRAPS(1f)
    ENTER_REG(MODE_U, zero)
1:  CHECK_CAUSE(FETCH_ACCESS)

    CASE                            /* hit: set by firing, software clears it */
    compare word
    SET_CSR(tdata1, MCONTROL6 | U | STORE)
    stores 0, 4
    CHECK_CSR(tdata1, -1, MCONTROL6 | U | STORE)
    stores 1, 0
    CHECK_CSR(tdata1, -1, MCONTROL6 | U | STORE | HIT6)
    SET_CSR(tdata1, MCONTROL6 | U | STORE)
    CHECK_CSR(tdata1, -1, MCONTROL6 | U | STORE)
    SET_CSR(tdata1, MCONTROL | U | STORE)
    stores 1, 0
    csrr a1, tdata1
    li t0, HIT2
    and a1, a1, t0
    CHECK(a1, HIT2)

    CASE                            /* a chain fires when all its members match: a range (5.7.11 chain) */
    compare word, 8
    SET_CSR(tdata1, MCONTROL6 | U | STORE | MATCH(2) | CHAIN)
    select 1
    compare word, 16
    SET_CSR(tdata1, MCONTROL6 | U | STORE | MATCH(3))
    stores 0, 4
    stores 1, 8
    stores 1, 12
    stores 0, 16
    select 3                        /* the last has nothing to chain to */
    SET_CSR(tdata1, MCONTROL6 | U | STORE | CHAIN)
    CHECK_CSR(tdata1, -1, MCONTROL6 | U | STORE)
    off
    select 1
    off
    select 0
    off

    CASE                            /* M-mode: only with tcontrol.mte, which traps put away and mret brings back (5.4, 5.7.6) */
    SET_CSR(tcontrol, -1)
    CHECK_CSR(tcontrol, -1, MTE | MPTE)
    csrw tcontrol, zero
    compare word
    SET_CSR(tdata1, MCONTROL6 | M | STORE)
    la a0, word
    sw zero, (a0)
    TRAPS(1f)
    ecall
1:  CHECK_CSR(tcontrol, -1, 0)
    SET_CSR(tcontrol, MTE)
    TRAPS(1f)
0:  sw zero, (a0)
    j no_trap
1:  CHECK_TRAP_REG(BREAKPOINT, 0b, a0)
    CHECK_FROM(MODE_M)
    CHECK_CSR(tcontrol, -1, MPTE)
    sw zero, (a0)
    TRAPS(2f)
    ENTER(MODE_M, 1f)
1:  csrr a1, tcontrol
    sw zero, (a0)
    j no_trap
2:  CHECK(a1, MTE | MPTE)
    CHECK_CAUSE(BREAKPOINT)
    csrw tcontrol, zero

    CASE                            /* S-mode with breakpoints delegated to itself: only with SIE (5.4) */
    compare word
    SET_CSR(tdata1, MCONTROL6 | S | STORE)
    SET_CSR(medeleg, 1 << BREAKPOINT)
    la t0, s_trap
    csrw stvec, t0
    attempt MODE_S, 0, word
    li t0, SIE
    csrs mstatus, t0
    la a0, word
    TRAPS(1f)
    ENTER(MODE_S, target)
1:  CHECK_CAUSE(ECALL_S)
    LX a1, S_CAUSE(tp)
    CHECK(a1, BREAKPOINT)
    csrw medeleg, zero
    li t0, SIE
    csrc mstatus, t0

    CASE                            /* contexts: scontext, with bytes left out, and mcontext (5.7.17) */
    SET_CSR(scontext, 0x1234)
    CHECK_CSR(scontext, -1, 0x1234)
    SET_CSR(mcontext, 0x2a)
    CHECK_CSR(mcontext, -1, 0x2a)
    SET_CSR(tdata1, MCONTROL6 | U | STORE)
    SET_CSR(tdata3, SVALUE(0x1234) | 1)
    stores 1, 0
    SET_CSR(tdata3, SVALUE(0x1235) | 1)
    stores 0, 0
    SET_CSR(tdata3, SVALUE(0x12ff) | SBYTEMASK(1) | 1)
    stores 1, 0
    SET_CSR(tdata3, SVALUE(0x1334) | SBYTEMASK(1) | 1)
    stores 0, 0
#if __riscv_xlen == 64              /* svalue and scontext have 32 bits */
    SET_CSR(scontext, 0x56781234)
    SET_CSR(tdata3, SVALUE(0x56781234) | 1)
    stores 1, 0
    SET_CSR(tdata3, SVALUE(0x12341234) | 1)
    stores 0, 0
#endif
    SET_CSR(tdata3, MHSELECT(4) | MHVALUE(0x2a))
    stores 1, 0
    SET_CSR(tdata3, MHSELECT(4) | MHVALUE(0x2b))
    stores 0, 0
    SET_CSR(tdata3, SVALUE(5) | 2)  /* the address space number in satp, which is 0 */
    stores 0, 0
    SET_CSR(tdata3, SVALUE(0) | 2)
    stores 1, 0
    csrw tdata3, zero

    CASE                            /* icount: count instructions in the mode, then a breakpoint (5.7.13) */
    .macro steps n, at, control=0
    SET_CSR(tdata1, ICOUNT | COUNT(\n) | ICOUNT_U)
    la a0, word
    TRAPS(1f)
    ENTER(MODE_U, target)
1:  CHECK_TRAP(BREAKPOINT, \at, 0)
    CHECK_CSR(tdata1, -1, ICOUNT | ICOUNT_HIT | ICOUNT_U)
    .endm
    steps 1, target_nop
    steps 2, target_load
    steps 4, target_ecall
    SET_CSR(tdata1, ICOUNT | COUNT(5) | ICOUNT_U)
    TRAPS(1f)                       /* a trap counts as well; the breakpoint waits for the mode */
    ENTER(MODE_U, target)
1:  CHECK_CAUSE(ECALL_U)
    CHECK_CSR(tdata1, -1, ICOUNT | PENDING | ICOUNT_U)
    TRAPS(1f)
    ENTER(MODE_U, target)
1:  CHECK_TRAP(BREAKPOINT, target, 0)
    SET_CSR(tdata1, ICOUNT | COUNT(6) | ICOUNT_U)
    TRAPS(1f)
    ENTER(MODE_U, target)
1:  CHECK_CAUSE(ECALL_U)
    CHECK_CSR(tdata1, -1, ICOUNT | COUNT(1) | ICOUNT_U)
    SET_CSR(tdata1, ICOUNT | COUNT(2) | ICOUNT_S)
    attempt MODE_U, 0, word
    CHECK_CSR(tdata1, -1, ICOUNT | COUNT(2) | ICOUNT_S)
    off
    TEST_END

    .set target_ecall, target_store + 4
    SDTRIG_TARGET
