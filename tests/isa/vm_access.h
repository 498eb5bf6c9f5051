/* clang-format off */
#pragma once
/* Accesses by S-mode's rights to the virtual address in a0, from M-mode; cause 0 is success. */
#include "vm.h"

    .macro access cause, insn:vararg
    li t0, MPP
    csrc mstatus, t0
    li t0, (MODE_S << MPP_SHIFT) | MPRV
    TRAPS(1f)
    csrs mstatus, t0
0:  \insn
    ecall
1:
    .if \cause
    CHECK_TRAP_REG(\cause, 0b, a0)
    .else
    CHECK_CAUSE(ECALL_M)
    .endif
    .endm

    /* There must be an ecall where this succeeds. */
    .macro fetch cause
    TRAPS(1f)
    ENTER_REG(MODE_S, a0)
1:  CHECK_CAUSE(\cause)
    HERE
    LX t5, EPC(tp)
    mv t6, a0
    jal gp, check
    .endm

    .macro faults_at_a0
    access LOAD_PAGE, lw a1, (a0)
    access STORE_PAGE, sw a1, (a0)
    access LOAD_PAGE, lr.w a1, (a0)
    access STORE_PAGE, amoadd.w a1, a1, (a0)
    fetch FETCH_PAGE
    .endm
    .macro reaches_at_a0 want
    access 0, lw a1, (a0)
    CHECK(a1, \want)
    access 0, sw a1, (a0)
    fetch ECALL_S
    .endm
