/* clang-format off */
#pragma once
/* An instruction tried in a lower mode: it must be illegal there, or must be executed. */
#include "isa.h"

    .macro denied mode, insn:vararg
    TRAPS(1f)
    ENTER(\mode, 0f)
0:  \insn
    j no_trap
1:  CHECK_CAUSE(ILLEGAL)
    CHECK_EPC(0b)
    CHECK_FROM(\mode)
    .endm
    .macro allowed mode, insn:vararg
    TRAPS(1f)
    ENTER(\mode, 2f)
2:  \insn
0:  ecall
1:  CHECK_EPC(0b)
    CHECK_FROM(\mode)
    .endm
