/*
 * Sdtrig: breakpoints on execution, loads and stores at an address, from S and U.
 * isa: all
 */
#include "sdtrig.h"

TEST_BEGIN
    CASE                            /* there are triggers, and unused ones do nothing */
    csrw tselect, zero
    CHECK_CSR(tselect, -1, 0)
    SET_CSR(tdata1, MCONTROL)
    attempt MODE_U, 0, word

    .macro each type
    CASE                            /* execution */
    la t0, target_nop
    csrw tdata2, t0
    SET_CSR(tdata1, \type | U | EXECUTE)
    attempt MODE_U, target_nop, word
    attempt MODE_S, 0, word
    SET_CSR(tdata1, \type | S | EXECUTE)
    attempt MODE_S, target_nop, word
    attempt MODE_U, 0, word
    SET_CSR(tdata1, \type | S | U | EXECUTE)
    attempt MODE_S, target_nop, word
    attempt MODE_U, target_nop, word
    SET_CSR(tdata1, \type | S | U)
    attempt MODE_S, 0, word
    CASE                            /* loads and stores: tval is the address, nothing has happened */
    la t0, word
    csrw tdata2, t0
    SET_CSR(tdata1, \type | U | LOAD)
    attempt MODE_U, target_load, word
    attempt MODE_S, 0, word
    SET_CSR(tdata1, \type | S | STORE)
    attempt MODE_S, target_store, word
    attempt MODE_U, 0, word
    SET_CSR(tdata1, \type | U | LOAD | STORE)
    attempt MODE_U, target_load, word
    SET_CSR(tdata1, \type | S | U | EXECUTE | LOAD | STORE)
    attempt MODE_S, target_load, word
    attempt MODE_S, 0, word + 16
    la t0, elsewhere
    csrw tdata2, t0
    attempt MODE_S, 0, word
    SET_CSR(tdata1, \type)
    attempt MODE_S, 0, word
    .endm
    each MCONTROL
    each MCONTROL6

    CASE                            /* the second one as well as the first */
    li t0, 1
    csrw tselect, t0
    CHECK_CSR(tselect, -1, 1)
    la t0, target_nop
    csrw tdata2, t0
    SET_CSR(tdata1, MCONTROL | U | EXECUTE)
    attempt MODE_U, target_nop, word
    csrw tselect, zero
    la t0, word
    csrw tdata2, t0
    SET_CSR(tdata1, MCONTROL | U | STORE)
    attempt MODE_U, target_nop, word
    li t0, 1
    csrw tselect, t0
    SET_CSR(tdata1, MCONTROL)
    attempt MODE_U, target_store, word
    csrw tselect, zero
    SET_CSR(tdata1, MCONTROL)

    CASE                            /* delegated: the supervisor's */
    SET_CSR(medeleg, 1 << BREAKPOINT)
    la t0, s_trap
    csrw stvec, t0
    la t0, word
    csrw tdata2, t0
    SET_CSR(tdata1, MCONTROL | U | STORE)
    la a0, word
    TRAPS(1f)
    ENTER(MODE_U, target)
1:  CHECK_CAUSE(ECALL_S)
    LX a0, S_CAUSE(tp)
    CHECK(a0, BREAKPOINT)
    LX a0, S_EPC(tp)
    CHECK_ADDR(a0, target_store)
    SET_CSR(tdata1, MCONTROL)
    csrw medeleg, zero
    TEST_END

    SDTRIG_TARGET
