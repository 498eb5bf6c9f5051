/* LUI and AUIPC: sign extension, register zero. */
#include "isa.h"

TEST_BEGIN
    CASE
    lui a0, 0
    CHECK(a0, 0)
    lui a0, 1
    CHECK(a0, 0x1000)
    lui a0, 0x7ffff
    CHECK(a0, 0x7ffff000)
    lui a0, 0x80000
    CHECK(a0, -0x80000000)
    lui a0, 0xfffff
    CHECK(a0, -0x1000)
    lui zero, 0xfffff
    CHECK(zero, 0)

    CASE
1:  auipc a0, 0
    CHECK_ADDR(a0, 1b)
    li t0, 0x12345000
1:  auipc a0, 0x12345
    sub a0, a0, t0
    CHECK_ADDR(a0, 1b)
1:  auipc a0, 0xfffff
    li t0, 0x1000
    add a0, a0, t0
    CHECK_ADDR(a0, 1b)
1:  auipc a0, 0x80000
    li t0, -0x80000000
    sub a0, a0, t0
    CHECK_ADDR(a0, 1b)
    auipc zero, 0xfffff
    CHECK(zero, 0)
    TEST_END
