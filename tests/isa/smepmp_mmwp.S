/*
 * Smepmp: what no rule matches, for M-mode, by MMWP and MML.
 * isa: all
 */
#include "isa.h"
#include "smepmp.h"

    .macro m_access cause, insn:vararg
    TRAPS(1f)
    \insn
    ecall
1:  CHECK_CAUSE(\cause)
    .endm

TEST_BEGIN
    /* everything but the page at zone: entries 1 to 4, but around the hole */
    SMEPMP_RULES
    la a0, zone
    li t0, 0x00000073
    sw t0, (a0)
    fence.i
    li t0, 0xff                     /* rule 4 off; the rest of memory in rules 5 and 6: up to zone, from behind it */
#if __riscv_xlen == 64
    slli t0, t0, 32
    csrc pmpcfg0, t0
#else
    csrc pmpcfg1, t0
#endif
    srli t0, a0, 2
    csrw pmpaddr4, t0
    li t1, 1024
    add t0, t0, t1
    csrw pmpaddr5, t0
    li t0, (RAM / 4) * 2 - 1
    csrw pmpaddr6, t0
    li t0, (L | TOR | R | W) | ((L | TOR | R | W) << 16)
#if __riscv_xlen == 64
    slli t0, t0, 32
    csrs pmpcfg0, t0
#else
    csrs pmpcfg1, t0
#endif
    sfence.vma

    CASE                            /* neither: all is M-mode's */
    m_access ECALL_M, lw a1, (a0)
    m_access ECALL_M, sw a1, (a0)
    m_access ECALL_M, jr a0

    CASE                            /* MML alone: no execution */
    SET_CSR(mseccfg, RLB | MML)
    sfence.vma
    m_access ECALL_M, lw a1, (a0)
    m_access ECALL_M, sw a1, (a0)
    m_access FETCH_ACCESS, jr a0

    CASE                            /* MMWP: nothing */
    SET_CSR(mseccfg, RLB | MML | MMWP)
    sfence.vma
    m_access LOAD_ACCESS, lw a1, (a0)
    m_access STORE_ACCESS, sw a1, (a0)
    m_access FETCH_ACCESS, jr a0
    li t0, MPP                      /* and nothing for the others, as ever */
    csrc mstatus, t0
    li t0, MPRV
    TRAPS(1f)
    csrs mstatus, t0
    lw a1, (a0)
    ecall
1:  CHECK_CAUSE(LOAD_ACCESS)
    TEST_END

    .bss
    .balign 4096
    .space 4096
zone:
    .space 4096
