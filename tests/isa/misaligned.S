/*
 * Misaligned loads and stores. A machine either does them or traps with the address in tval; both are
 * right, so nothing here enters the signature.
 */
#include "isa.h"

    .macro trapped cause, at
    LX t5, CAUSE(tp)
    li t6, \cause
    beq t5, t6, 97f
    j fail
97: LX t5, TVAL(tp)
    addi t6, s0, \at
    beq t5, t6, 97f
    j fail
97:
    .endm

#define LOAD(op, at, value)                                                                        \
    TRAPS(1f);                                                                                     \
    op a0, at(s0);                                                                                 \
    SX zero, RESUME(tp);                                                                           \
    SAME(a0, value);                                                                               \
    j 2f;                                                                                          \
    1 : trapped LOAD_MISALIGNED, at;                                                               \
    2:

#define STORE(op, value, at, load, place, want)                                                    \
    sw s2, 0(s0);                                                                                  \
    sw s2, 4(s0);                                                                                  \
    sw s2, 8(s0);                                                                                  \
    li a1, value;                                                                                  \
    TRAPS(1f);                                                                                     \
    op a1, at(s0);                                                                                 \
    SX zero, RESUME(tp);                                                                           \
    load a0, place(s0);                                                                            \
    SAME(a0, want);                                                                                \
    j 2f;                                                                                          \
    1 : trapped STORE_MISALIGNED, at;                                                              \
    2:

TEST_BEGIN
    la s0, data
    CASE
    LOAD(lh, 1, -0x7f81)
    LOAD(lhu, 1, 0x807f)
    LOAD(lh, 3, 0x1ff)
    LOAD(lw, 1, 0x01ff807f)
    LOAD(lw, 2, 0x2301ff80)
    LOAD(lw, 7, -0x32547699)
#if __riscv_xlen == 64
    LOAD(lwu, 7, 0xcdab8967)
    LOAD(ld, 1, 0x8967452301ff807f)
    LOAD(ld, 4, 0xefcdab8967452301)
    LOAD(ld, 7, 0xbadcfeefcdab8967)
#endif
    CASE                            /* across a page */
    la s0, page - 8
    LOAD(lh, 7, 0x4433)
    LOAD(lw, 5, 0x44332211)
    LOAD(lw, 6, 0x55443322)
    LOAD(lw, 7, 0x66554433)
#if __riscv_xlen == 64
    LOAD(ld, 1, 0x4433221100000000)
    LOAD(ld, 4, 0x7766554433221100)
#endif
    li s2, -1
    CASE
    la s0, page - 4
    STORE(sh, 0x1234, 3, lw, 0, 0x34ffffff)
    STORE(sw, 0x12345678, 1, lw, 0, 0x345678ff)
    STORE(sw, 0x12345678, 1, lw, 4, -0xee)
    STORE(sw, 0x12345678, 3, lw, 4, -0xedcbaa)
#if __riscv_xlen == 64
    STORE(sd, 0x123456789abcdef0, 1, lw, 0, -0x43210f01)
    STORE(sd, 0x123456789abcdef0, 1, lw, 4, 0x3456789a)
    STORE(sd, 0x123456789abcdef0, 1, lw, 8, -0xee)
#endif
    TEST_END

    .data
    .balign 16
data:
    .byte 0x00, 0x7f, 0x80, 0xff, 0x01, 0x23, 0x45, 0x67
    .byte 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98
    .balign 4096
    .space 4096 - 4
    .byte 0, 0x11, 0x22, 0x33
page:
    .byte 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb
    .space 64
