/* FENCE.I: code that was executed is changed and executed again, many times over. FENCE in all its forms. */
#include "isa.h"

TEST_BEGIN
    CASE                            /* one instruction, changed in a loop */
    la s0, slot
    li s1, 0
    li s2, 0
1:  slli a0, s1, 20                 /* addi a1, zero, s1 */
    li a1, 0x00000593
    or a0, a0, a1
    sw a0, (s0)
    fence.i
    jalr s0
    bne a1, s1, bad
    add s2, s2, a1
    addi s1, s1, 1
    li a0, 1000
    bne s1, a0, 1b
    CHECK(s2, 499500)

    CASE                            /* half of one: the immediate, by a halfword and by a byte */
    li a0, 0x7ff0
    sh a0, 2(s0)
    fence.i
    jalr s0
    CHECK(a1, 0x7ff)
    li a0, 0x12
    sb a0, 3(s0)
    fence.i
    jalr s0
    CHECK(a1, 0x12f)

    CASE                            /* code further on in the block that stores it */
    la s0, 3f
    li s1, 2
2:  li a0, 0x02a00593               /* addi a1, zero, 42 */
    sw a0, (s0)
    fence.i
    .balign 4
3:  addi a1, zero, 1
    CHECK(a1, 42)
    addi s1, s1, -1
    bnez s1, 2b

    CASE                            /* a long instruction becomes two short ones */
    la s0, slot
    li a0, 0x45a94599               /* c.li a1, 6; c.li a1, 10 */
    sw a0, (s0)
    fence.i
    jalr s0
    CHECK(a1, 10)

    CASE                            /* by a store of a lower mode, seen there */
    TRAPS(1f)
    la s0, slot
    li a0, 0x03700593               /* addi a1, zero, 55 */
    ENTER(MODE_S, 2f)
2:  sw a0, (s0)
    fence.i
    jalr s0
    ecall
1:  CHECK(a1, 55)

    CASE                            /* through an atomic and a store-conditional */
    li a0, 0x04d00593               /* addi a1, zero, 77 */
    amoswap.w a2, a0, (s0)
    fence.i
    jalr s0
    CHECK(a1, 77)
    li a0, 0x05800593               /* addi a1, zero, 88 */
1:  lr.w a2, (s0)
    sc.w a2, a0, (s0)
    bnez a2, 1b
    fence.i
    jalr s0
    CHECK(a1, 88)

    CASE                            /* fences: every set, the total-store-order one, reserved ones */
    fence
    fence rw, rw
    fence r, w
    fence io, iorw
    fence.tso
    .word 0x0000000f                /* empty sets, pause among them */
    .word 0x0100000f
    .word 0xfff0000f
    .word 0x0ff50f8f                /* fields that are to be ignored */
    .word 0x00b5158f                /* fence.i with such */
    CASE
    TEST_END
bad:
    FAIL

    .balign 4
    .option norvc
slot:
    addi a1, zero, 0
    ret
