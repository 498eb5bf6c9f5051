/* Aligned loads and stores: sign extension, offsets at their ends, neighbours left alone. */
#include "isa.h"

TEST_BEGIN
    la s0, data
    CASE
    lb a0, 0(s0)
    CHECK(a0, 0)
    lb a0, 1(s0)
    CHECK(a0, 0x7f)
    lb a0, 2(s0)
    CHECK(a0, -0x80)
    lbu a0, 2(s0)
    CHECK(a0, 0x80)
    lb a0, 3(s0)
    CHECK(a0, -1)
    lbu a0, 3(s0)
    CHECK(a0, 0xff)

    CASE
    lh a0, 0(s0)
    CHECK(a0, 0x7f00)
    lh a0, 2(s0)
    CHECK(a0, -0x80)
    lhu a0, 2(s0)
    CHECK(a0, 0xff80)
    lh a0, 10(s0)
    CHECK(a0, -0x1033)
    lhu a0, 10(s0)
    CHECK(a0, 0xefcd)

    CASE
    lw a0, 0(s0)
    CHECK(a0, -0x7f8100)
    lw a0, 4(s0)
    CHECK(a0, 0x67452301)
#if __riscv_xlen == 64
    lwu a0, 0(s0)
    CHECK(a0, 0xff807f00)
    lwu a0, 4(s0)
    CHECK(a0, 0x67452301)
    ld a0, 0(s0)
    CHECK(a0, 0x67452301ff807f00)
    ld a0, 8(s0)
    CHECK(a0, 0x98badcfeefcdab89)
#endif

    CASE                            /* offsets at their ends, base and result one register, register zero */
    la a0, data + 2048
    lb a0, -2048 + 2(a0)
    CHECK(a0, -0x80)
    la a0, data + 2 - 2047
    lbu a0, 2047(a0)
    CHECK(a0, 0x80)
    la a0, data + 2048
    lw a0, -2048 + 4(a0)
    CHECK(a0, 0x67452301)
    lw zero, 4(s0)
    lb zero, 3(s0)
    CHECK(zero, 0)
    la a0, room + 2048
    li a1, 0x5a
    sb a1, -2048(a0)
    la a0, room - 2047 + 1
    sb a1, 2047(a0)
    la s1, room
    CHECK_MEMORY(lhu, (s1), 0x5a5a)

    .macro stores op, at, want
    li a0, -1
    sw a0, 0(s1)
    sw a0, 4(s1)
    li a0, 0x76543210
    \op a0, \at(s1)
    .endm
    CASE
    stores sb, 0
    CHECK_MEMORY(lw, (s1), -0xf0)
    stores sb, 1
    CHECK_MEMORY(lw, (s1), -0xef01)
    stores sb, 2
    CHECK_MEMORY(lw, (s1), -0xef0001)
    stores sb, 3
    CHECK_MEMORY(lw, (s1), 0x10ffffff)
    CHECK_MEMORY(lw, 4(s1), -1)
    stores sh, 0
    CHECK_MEMORY(lw, (s1), -0xcdf0)
    stores sh, 2
    CHECK_MEMORY(lw, (s1), 0x3210ffff)
    CHECK_MEMORY(lw, 4(s1), -1)
    stores sw, 0
    CHECK_MEMORY(lw, (s1), 0x76543210)
    CHECK_MEMORY(lw, 4(s1), -1)
    stores sw, 4
    CHECK_MEMORY(lw, (s1), -1)
    CHECK_MEMORY(lw, 4(s1), 0x76543210)

    CASE                            /* only the low part of the register counts; zero can be stored */
    li a0, -1
    SX a0, (s1)
    SX a0, REGBYTES(s1)
    sb zero, 0(s1)
    CHECK_MEMORY(lw, (s1), -0x100)
    sh zero, 2(s1)
    CHECK_MEMORY(lw, (s1), 0xff00)
    li a0, 0x1234567f
    sb a0, (s1)
    CHECK_MEMORY(lw, (s1), 0xff7f)
#if __riscv_xlen == 64
    li a0, 0x0123456789abcdef
    sd a0, (s1)
    CHECK_MEMORY(ld, (s1), 0x0123456789abcdef)
    CHECK_MEMORY(ld, 8(s1), -1)
    sw a0, 4(s1)
    CHECK_MEMORY(ld, (s1), 0x89abcdef89abcdef)
    sd zero, 8(s1)
    CHECK_MEMORY(ld, 8(s1), 0)
#endif
    CASE                            /* the address is stored at itself */
    sw s1, (s1)
    lw a0, (s1)
    lui a1, 0
    addi a1, s1, 0
#if __riscv_xlen == 64
    sext.w a1, a1
#endif
    CHECK_REG(a0, a1)
    TEST_END

    .data
    .balign 16
    .space 2048
data:
    .byte 0x00, 0x7f, 0x80, 0xff, 0x01, 0x23, 0x45, 0x67
    .byte 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98
    .space 2048
    .balign 16
room:
    .space 2048
