/* Environment calls and breakpoints from each mode: cause, epc, tval, where from. */
#include "isa.h"

TEST_BEGIN
    CASE
    TRAPS(1f)
0:  ecall
    j no_trap
1:  CHECK_TRAP(ECALL_M, 0b, 0)
    CHECK_FROM(MODE_M)

    CASE
    TRAPS(1f)
    ENTER(MODE_S, 0f)
0:  ecall
    j no_trap
1:  CHECK_TRAP(ECALL_S, 0b, 0)
    CHECK_FROM(MODE_S)

    CASE
    TRAPS(1f)
    ENTER(MODE_U, 0f)
0:  ecall
    j no_trap
1:  CHECK_TRAP(ECALL_U, 0b, 0)
    CHECK_FROM(MODE_U)

    /* A breakpoint's tval is its address or zero. */
    .macro breaks insn
    TRAPS(1f)
0:  \insn
    j no_trap
1:  CHECK_CAUSE(BREAKPOINT)
    CHECK_EPC(0b)
    LX a0, TVAL(tp)
    beqz a0, 2f
    la a1, 0b
    beq a0, a1, 2f
    FAIL
2:
    .endm
    CASE
    .option norvc
    breaks ebreak
    .option rvc
    breaks c.ebreak
    TRAPS(1f)
    ENTER(MODE_U, 0f)
0:  ebreak
    j no_trap
1:  CHECK_CAUSE(BREAKPOINT)
    CHECK_EPC(0b)
    CHECK_FROM(MODE_U)
    TEST_END
