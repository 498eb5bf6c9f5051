/*
 * Sixty-four PMP entries: each of them works, by itself and in its place in the order, can be locked, and is S-mode's
 * protection (privileged specification, "Physical Memory Protection CSRs": 0, 16 or 64 entries; "Priority and
 * Matching Logic"). No QEMU has more than 16.
 * isa: emu,pmp=64
 */
#include "isa.h"

#define R     1
#define W     2
#define X     4
#define TOR   0x08
#define NA4   0x10
#define NAPOT 0x18
#define L     0x80

    /* pmpaddr of entry n = t0; the register's number is part of the instruction */
    .macro address n
    csrw 0x3b0 + \n, t0
    .endm
    /* cfg byte of entry n */
#if __riscv_xlen == 64
    .macro config n, value
    li t1, 0xff << (8 * ((\n) % 8))
    csrc 0x3a0 + 2 * ((\n) / 8), t1
    li t1, (\value) << (8 * ((\n) % 8))
    csrs 0x3a0 + 2 * ((\n) / 8), t1
    sfence.vma
    .endm
    .macro reads n, value
    csrr t1, 0x3a0 + 2 * ((\n) / 8)
    srli t1, t1, 8 * ((\n) % 8)
    andi a1, t1, 0xff
    CHECK(a1, \value)
    .endm
#else
    .macro config n, value
    li t1, 0xff << (8 * ((\n) % 4))
    csrc 0x3a0 + (\n) / 4, t1
    li t1, (\value) << (8 * ((\n) % 4))
    csrs 0x3a0 + (\n) / 4, t1
    sfence.vma
    .endm
    .macro reads n, value
    csrr t1, 0x3a0 + (\n) / 4
    srli t1, t1, 8 * ((\n) % 4)
    andi a1, t1, 0xff
    CHECK(a1, \value)
    .endm
#endif

    .macro access cause, insn:vararg
    li t0, MPP
    csrc mstatus, t0
    li t0, (MODE_S << MPP_SHIFT) | MPRV
    TRAPS(1f)
    csrs mstatus, t0
    \insn
    ecall
1:  CHECK_CAUSE(\cause)
    .endm

TEST_BEGIN
    la a0, zone
    srli s0, a0, 2
    csrw pmpcfg0, zero

    .macro each n
    CASE                            /* entry n alone: NAPOT, NA4, TOR from its neighbour; off */
    ori t0, s0, 4096 / 8 - 1
    address \n
    config \n, 0
    access LOAD_ACCESS, lw a1, (a0)
    config \n, (NAPOT | R)
    reads \n, (NAPOT | R)
    access ECALL_M, lw a1, (a0)
    access STORE_ACCESS, sw a1, (a0)
    mv t0, s0
    address \n
    config \n, (NA4 | R | W)
    access ECALL_M, sw a1, (a0)
    access LOAD_ACCESS, lw a1, 4(a0)
    .if \n
    mv t0, s0
    address (\n - 1)
    addi t0, s0, 2
    address \n
    config \n, (TOR | R)
    access ECALL_M, lw a1, 4(a0)
    access LOAD_ACCESS, lw a1, 8(a0)
    access LOAD_ACCESS, lw a1, -4(a0)
    .endif
    config \n, 0
    .endm
    .irp n, 0, 1, 2, 3, 4, 7, 8, 11, 15, 16, 17, 23, 31, 32, 33, 40, 47, 48, 55, 60, 61, 62, 63
    each \n
    .endr

    CASE                            /* all of them: entry n permits the word n of the page, and the last denies the rest */
    .set n, 0
    .rept 63
    addi t0, s0, n
    address n
    .set n, n + 1
    .endr
    ori t0, s0, 4096 / 8 - 1
    address 63
#if __riscv_xlen == 64
    li t0, 0x1111111111111111       /* NA4, R */
    .irp c, 0, 2, 4, 6, 8, 10, 12
    csrw 0x3a0 + \c, t0
    .endr
    li t0, 0x1a11111111111111       /* the last: NAPOT, and W without R is not to be had */
    csrw 0x3ae, t0
#else
    li t0, 0x11111111
    .irp c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
    csrw 0x3a0 + \c, t0
    .endr
    li t0, 0x1a111111
    csrw 0x3af, t0
#endif
    sfence.vma
    reads 63, NAPOT
    .irp n, 0, 1, 15, 16, 31, 32, 47, 61, 62
    access ECALL_M, lw a1, 4 * \n(a0)
    access STORE_ACCESS, sw a1, 4 * \n(a0)
    .endr
    access LOAD_ACCESS, lw a1, 4 * 63(a0)

    CASE                            /* the lowest that matches decides */
    ori t0, s0, 4096 / 8 - 1
    address 40
    config 40, NAPOT
    access ECALL_M, lw a1, 4 * 39(a0)
    access LOAD_ACCESS, lw a1, 4 * 41(a0)
    config 40, (NA4 | R)
    addi t0, s0, 40
    address 40

    CASE                            /* locked: for M-mode too, and with the bottom of its range */
    config 61, 0
    config 62, (TOR | L | R)
    .irp entry, 61, 62
    csrr a1, 0x3b0 + \entry
    csrw 0x3b0 + \entry, zero
    csrr a2, 0x3b0 + \entry
    CHECK_REG(a1, a2)
    .endr
    config 62, 0
    reads 62, (TOR | L | R)
    TRAPS(1f)
    sw a1, 4 * 61(a0)
    j no_trap
1:  CHECK_CAUSE(STORE_ACCESS)
    lw a1, 4 * 61(a0)
    sw a1, 4 * 62(a0)
    config 63, (NAPOT | L)
    TRAPS(1f)
    lw a1, 4 * 63(a0)
    j no_trap
1:  CHECK_CAUSE(LOAD_ACCESS)
    li t0, 0
    address 63
    TRAPS(1f)
    lw a1, 4 * 63(a0)
    j no_trap
1:  CHECK_CAUSE(LOAD_ACCESS)
    TEST_END

    .bss
    .balign 4096
    .space 4096
zone:
    .space 4096
