/* Compressed loads, stores and jumps; hints do nothing; long instructions on odd halfwords. */
#include "isa.h"

    .option norvc
TEST_BEGIN
    CASE                            /* loads and stores by three-bit registers, offsets at their ends */
    la a0, data
    .option rvc
    c.lw a1, 0(a0)
    c.lw a2, 124(a0)
    c.lw s0, 4(a0)
    .option norvc
    CHECK(a1, -0x7f8100)
    CHECK(a2, 0x7a7b7c7d)
    CHECK(s0, 0x67452301)
    la s1, room
    li a1, 0x12345678
    .option rvc
    c.sw a1, 0(s1)
    c.sw a1, 124(s1)
    .option norvc
    CHECK_MEMORY(lw, 0(s1), 0x12345678)
    CHECK_MEMORY(lw, 124(s1), 0x12345678)
    CHECK_MEMORY(lw, 4(s1), 0)
#if __riscv_xlen == 64
    .option rvc
    c.ld a1, 0(a0)
    c.ld a2, 248(a0)
    c.sd a1, 8(s1)
    c.sd a2, 248(s1)
    .option norvc
    CHECK(a1, 0x67452301ff807f00)
    CHECK(a2, 0x8877665544332211)
    CHECK_MEMORY(ld, 8(s1), 0x67452301ff807f00)
    CHECK_MEMORY(ld, 248(s1), 0x8877665544332211)
#endif

    CASE                            /* by the stack pointer */
    mv s0, sp
    la sp, data
    .option rvc
    c.lwsp t3, 0(sp)
    c.lwsp s9, 252(sp)
    .option norvc
    CHECK(t3, -0x7f8100)
    CHECK(s9, -0x778899ab)
    la sp, room
    .option rvc
    c.swsp t3, 16(sp)
    c.swsp s9, 252(sp)
    c.swsp zero, 0(sp)
    .option norvc
    la s1, room
    CHECK_MEMORY(lw, 16(s1), -0x7f8100)
    CHECK_MEMORY(lw, 252(s1), -0x778899ab)
    CHECK_MEMORY(lw, 0(s1), 0)
#if __riscv_xlen == 64
    la sp, data
    .option rvc
    c.ldsp t4, 0(sp)
    c.ldsp s8, 504(sp)
    .option norvc
    CHECK(t4, 0x67452301ff807f00)
    CHECK(s8, 0x0123456789abcdef)
    la sp, room
    .option rvc
    c.sdsp t4, 24(sp)
    c.sdsp s8, 504(sp)
    .option norvc
    CHECK_MEMORY(ld, 24(s1), 0x67452301ff807f00)
    CHECK_MEMORY(ld, 504(s1), 0x0123456789abcdef)
#endif
    mv sp, s0

    CASE                            /* links are two bytes on */
    la a0, 1f
    .option rvc
0:  c.jalr a0
    .option norvc
    FAIL
1:  la a1, 0b + 2
    CHECK_REG(ra, a1)
    la a0, 1f + 1
    .option rvc
    c.jr a0
    .option norvc
    FAIL
1:  la ra, 1f
    .option rvc
0:  c.jalr ra
    .option norvc
    FAIL
1:  la a1, 0b + 2
    CHECK_REG(ra, a1)
#if __riscv_xlen == 32
    .option rvc
0:  c.jal 1f
    .option norvc
    FAIL
1:  la a1, 0b + 2
    CHECK_REG(ra, a1)
#endif

    CASE                            /* c.j and branches at the ends of their ranges */
    li a0, 0
    j 2f
1:  j 3f
    .space 2048 - 4
    .option rvc
2:  c.j 1b                          /* -2048 */
    .space 2
3:  c.j 4f                          /* +2046 */
    .space 2044
4:  c.nop
    .option norvc
    j 2f
1:  j 3f
    .space 256 - 4
    .option rvc
2:  c.beqz a0, 1b                   /* -256 */
    .option norvc
    FAIL
    .option rvc
3:  c.beqz a0, 4f                   /* +254 */
    .space 252
4:  c.nop
    .option norvc

    CASE                            /* hints */
    li a0, 0x1234
    .option rvc
    .half 0x0001, 0x0005            /* c.nop, with an immediate */
    .half 0x0501                    /* c.addi a0, 0 */
    .half 0x4005, 0x6005            /* c.li and c.lui to zero */
    .half 0x802a, 0x902a            /* c.mv and c.add to zero */
    .half 0x0006, 0x0502            /* c.slli of zero; by nothing */
    .half 0x8101, 0x8501            /* c.srli, c.srai by nothing */
    .option norvc
    CHECK(a0, 0x1234)
    CHECK(zero, 0)

    CASE                            /* four-byte instructions between two-byte ones */
    .option rvc
    .balign 4
    c.li a0, 1
    .option norvc
    addi a0, a0, 0x100
    .option rvc
    c.addi a0, 2
    .option norvc
    lui a1, 0x12345
0:  jal ra, 1f
    FAIL
1:  CHECK(a0, 0x103)
    CHECK(a1, 0x12345000)
    la a2, 0b + 4
    CHECK_REG(ra, a2)

    CASE                            /* and across the end of a page */
    j 1f
    .balign 4096
    .space 4096 - 4
    .option rvc
1:  c.li a0, 3
    .option norvc
    addi a0, a0, 0x400
    CHECK(a0, 0x403)

    CASE                            /* the trap's address is that of the two-byte instruction */
    TRAPS(1f)
    .option rvc
    c.nop
0:  c.ebreak
    .option norvc
    j no_trap
1:  CHECK_CAUSE(BREAKPOINT)
    CHECK_EPC(0b)
    TEST_END

    .data
    .balign 16
data:
    .byte 0x00, 0x7f, 0x80, 0xff, 0x01, 0x23, 0x45, 0x67
    .space 124 - 8
    .word 0x7a7b7c7d
    .space 248 - 128
    .word 0x44332211, 0x88776655
    .space 504 - 256
    .word 0x89abcdef, 0x01234567
    .balign 16
room:
    .space 512
