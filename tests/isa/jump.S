/* JAL and JALR: targets at the ends of their ranges, links, low bit, one register for all; long branches. */
#include "isa.h"

    .option norvc
TEST_BEGIN
    CASE
0:  jal a0, 1f
    FAIL
1:  la a1, 0b
    addi a1, a1, 4
    CHECK_REG(a0, a1)
    jal zero, 1f
    FAIL
1:  CHECK(zero, 0)
    j 2f
1:  j 3f
2:  jal t3, 1b
    FAIL
3:

    CASE                            /* the offset of jalr at its ends */
    la a0, 1f - 2047 + 1
    jalr a1, 2046(a0)
    FAIL
    .balign 4
1:  la a0, 1f + 2048
0:  jalr a1, -2048(a0)
    FAIL
1:  la a2, 0b + 4
    CHECK_REG(a1, a2)

    CASE                            /* the low bit of the target is dropped, that of base and offset is not */
    la a0, 1f + 1
    jalr a1, (a0)
    FAIL
    .balign 4
1:  la a0, 1f - 1
    jalr a1, 1(a0)
    FAIL
    .balign 4
1:  la a0, 1f + 1
    jalr a1, -1(a0)
    FAIL
    .balign 4
1:

    CASE                            /* base and link are the same register */
    la ra, 1f
0:  jalr ra, (ra)
    FAIL
1:  la a2, 0b + 4
    CHECK_REG(ra, a2)
    la t0, 1f
0:  jalr t0, (t0)
    FAIL
1:  la a2, 0b + 4
    CHECK_REG(t0, a2)

    CASE                            /* no link */
    la a0, 1f
    jalr zero, (a0)
    FAIL
1:  CHECK(zero, 0)

    CASE                            /* the ends of a branch's range */
    j 2f
    .balign 4
1:  j 3f
    .space 4092 - 4
    .space 4
2:  beq zero, zero, 1b + 0          /* -4096 */
    FAIL
3:  beq zero, zero, 1f              /* +4094 */
    .space 4090
    .option rvc
1:  c.nop
    .option norvc

    CASE                            /* the ends of jal's range */
    jal a0, 1f                      /* +1048574 */
    .space 0xffffe - 4
    .option rvc
1:  c.nop
    .option norvc
    la t0, 2f
    jr t0
    .balign 4
1:  la t0, 3f
    jr t0
    .space 0x100000 - 12
2:  jal a0, 1b                      /* -1048576 */
    FAIL
3:
    TEST_END
