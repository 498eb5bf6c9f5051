/*
 * Smepmp with MML set and RLB not: rules that may not be added, and what no rule matches.
 * isa: all
 */
#include "isa.h"
#include "smepmp.h"

    /* Entry 8 takes the configuration, or keeps what it has. */
    .macro attempt cfg, want
    csrr a1, pmpcfg2
    li t0, 0xff
    csrc pmpcfg2, t0
    li t0, \cfg
    csrs pmpcfg2, t0
    CHECK_CSR(pmpcfg2, 0xff, \want)
    .endm

    .macro m_loads cause
    TRAPS(1f)
0:  lw a1, (a0)
    ecall
1:  CHECK_CAUSE(\cause)
    .endm
    .macro m_fetches cause
    TRAPS(1f)
    jr a0
1:  CHECK_CAUSE(\cause)
    .endm
    .macro s_loads cause
    li t0, MPP
    csrc mstatus, t0
    li t0, (MODE_S << MPP_SHIFT) | MPRV
    TRAPS(1f)
    csrs mstatus, t0
0:  lw a1, (a0)
    ecall
1:  CHECK_CAUSE(\cause)
    .endm

TEST_BEGIN
    CASE
    SMEPMP_RULES
    li t0, 0x00000073
    la a0, zone
    sw t0, (a0)
    fence.i
    li t0, MML | RLB
    csrw mseccfg, t0

    CASE                            /* while RLB is set any rule can be added */
    attempt (L | X), (L | X)
    attempt (L | W), (L | W)
    attempt (L | W | X), (L | W | X)
    attempt (L | R | X), (L | R | X)
    attempt 0, 0

    CASE                            /* without it, none by which M-mode could execute more (Smepmp, 2.3.c) */
    SET_CSR(mseccfg, 0)             /* MML is sticky */
    CHECK_CSR(mseccfg, 7, MML)
    attempt (L | X), 0
    attempt (L | W), 0
    attempt (L | W | X), 0
    attempt (L | R | X), 0
    attempt W, W                    /* the others can, W without R too */
    attempt (W | X), (W | X)
    attempt X, X
    attempt (R | X), (R | X)
    attempt (R | W | X), (R | W | X)
    attempt (L | R | W | X), (L | R | W | X)
    attempt 0, (L | R | W | X)      /* which is locked now */

    CASE                            /* a rule of S and U is nothing to M-mode, and may be changed */
    la a0, zone
    li t0, NAPOT | R | W | X
    csrs pmpcfg0, t0
    sfence.vma
    m_loads LOAD_ACCESS
    m_fetches FETCH_ACCESS
    s_loads ECALL_M
    li t0, 0xff
    csrc pmpcfg0, t0
    sfence.vma

    CASE                            /* no rule at all: M-mode may read and write, not execute */
    li t0, 0xffffffff               /* the rule for data, entry 4, is locked: it reaches up to 4 GiB */
    csrr a1, mseccfg
    CHECK(a1, MML)
    m_loads ECALL_M                 /* by that rule */
    m_fetches FETCH_ACCESS
    s_loads LOAD_ACCESS

    CASE                            /* MMWP is sticky too */
    SET_CSR(mseccfg, MMWP)
    CHECK_CSR(mseccfg, 7, MML | MMWP)
    SET_CSR(mseccfg, 0)
    CHECK_CSR(mseccfg, 7, MML | MMWP)
    m_loads ECALL_M
    TEST_END

    .bss
    .balign 4096
zone:
    .space 4096
