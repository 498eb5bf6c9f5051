/*
 * minstret to the instruction. A read gives what has retired before it; a write, of the counter or of
 * mcountinhibit, takes effect behind the instruction that writes (privileged specification, 3.1.10, 3.1.12).
 * isa: emu
 */
#include "isa.h"

    .macro differ high, low, by
    sub a5, \high, \low
    CHECK(a5, \by)
    .endm

TEST_BEGIN
    CASE                            /* each instruction counts once, whatever its length */
    csrr a0, minstret
    csrr a1, minstret
    .option push
    .option norvc
    nop
    .option pop
    c.nop
    j 1f
1:  csrr a2, minstret
    differ a1, a0, 1
    differ a2, a1, 4

    CASE                            /* what is written is what the next instruction reads */
    li a3, 1000
    csrw minstret, a3
    csrr a0, minstret
    csrr a1, minstret
    differ a0, a3, 0
    differ a1, a3, 1

    CASE                            /* the instruction that stops it counts, the one that starts it does not */
    csrr a0, minstret
    csrwi mcountinhibit, 4
    nop
    nop
    csrr a1, minstret
    csrwi mcountinhibit, 0
    csrr a2, minstret
    csrr a3, minstret
    differ a1, a0, 2
    differ a2, a1, 0
    differ a3, a2, 1

    CASE                            /* the other counter goes on */
    csrr a0, minstret
    csrwi mcountinhibit, 1
    csrr a1, minstret
    csrwi mcountinhibit, 0
    csrr a2, minstret
    differ a1, a0, 2
    differ a2, a0, 4

    CASE                            /* a stopped one keeps what is written */
    csrwi mcountinhibit, 4
    li a3, 77
    csrw minstret, a3
    nop
    csrr a0, minstret
    csrwi mcountinhibit, 0
    csrr a1, minstret
    differ a0, a3, 0
    differ a1, a3, 0
    TEST_END
