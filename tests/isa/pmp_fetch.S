/*
 * Fetches where PMP divides a page: all bytes of an instruction must be executable, also those of its
 * second half (privileged specification, 3.7.1.3).
 * isa: emu
 */
#include "vm.h"

#define NA4_DATA 0x13           /* four bytes to be read and written */
#define OPEN     (0x1f << 24)   /* all the rest, in entry 3 */

    /* Puts the halves at zone + offset. */
    .macro code offset, low, high
    la a0, zone
    li t0, \low
    sh t0, \offset(a0)
    li t0, \high
    sh t0, \offset + 2(a0)
    fence.i
    .endm

    /* S-mode goes to zone + offset; the trap must come from zone + at. */
    .macro goes offset, cause, at
    la a0, zone + \offset
    TRAPS(1f)
    ENTER_REG(MODE_S, a0)
1:  CHECK_CAUSE(\cause)
    CHECK_EPC(zone + \at)
    .endm

    /* Entry 0: these four bytes are not executable. */
    .macro deny offset
    la t0, zone + \offset
    srli t0, t0, 2
    csrw pmpaddr0, t0
    SET_CSR(pmpcfg0, OPEN | NA4_DATA)
    sfence.vma
    .endm

TEST_BEGIN
    li t0, -1
    csrw pmpaddr3, t0

    CASE                            /* before and behind the four bytes */
    deny 64
    code 60, 0x0073, 0
    goes 60, ECALL_S, 60
    code 68, 0x0073, 0
    goes 68, ECALL_S, 68

    CASE                            /* the first half is there */
    code 66, 0x0073, 0
    goes 66, FETCH_ACCESS, 66
    goes 68, ILLEGAL, 68            /* that other half, which is all zeros */

    CASE                            /* the second half is there */
    code 62, 0x0073, 0
    goes 62, FETCH_ACCESS, 62
    code 60, 0x0001, 0x0073
    goes 60, FETCH_ACCESS, 62       /* the same, behind a short one */

    CASE                            /* the whole instruction is there, and two short ones lead to it */
    code 68, 0x0073, 0
    goes 68, ECALL_S, 68
    code 60, 0x0001, 0x0001
    goes 60, FETCH_ACCESS, 64
    CHECK_FROM(MODE_S)

    CASE                            /* executable again */
    SET_CSR(pmpcfg0, OPEN)
    sfence.vma
    code 64, 0x0073, 0
    goes 60, ECALL_S, 64
    TEST_END

    .bss
    .balign 4096
zone:
    .space 4096
