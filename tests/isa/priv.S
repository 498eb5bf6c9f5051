/* MRET and SRET: the stack of modes and enables; who may execute what; TVM, TSR. */
#include "isa.h"
#include "modes.h"

#define FIELDS (SIE | MIE | SPIE | MPIE | SPP | MPP | MPRV)

TEST_BEGIN
    li s0, FIELDS
    CASE                            /* mret to M-mode: MIE from MPIE, MPIE set, MPP the least mode, MPRV kept */
    csrc mstatus, s0
    li a0, MPP | MPRV
    csrs mstatus, a0
    la a0, 1f
    csrw mepc, a0
    mret
    FAIL
1:  CHECK_CSR(mstatus, FIELDS, MPIE | MPRV)
    csrc mstatus, s0
    li a0, MPP | MPIE
    csrs mstatus, a0
    la a0, 1f
    csrw mepc, a0
    mret
    FAIL
1:  CHECK_CSR(mstatus, FIELDS, MIE | MPIE)
    csrc mstatus, s0

    CASE                            /* mret and sret to S and U clear MPRV */
    .macro mprv_cleared csr, insn, bits
    csrc mstatus, s0
    li a0, MPRV | \bits
    csrs mstatus, a0
    la a0, 0f
    csrw \csr, a0
    TRAPS(1f)
    \insn
0:  ecall
1:  LX a0, STATUS(tp)
    li a1, MPRV
    and a0, a0, a1
    SAME(a0, 0)
    .endm
    UNLESS_OLD_QEMU(2f)
    mprv_cleared mepc, mret, (MODE_S << MPP_SHIFT)
    mprv_cleared mepc, mret, 0
    mprv_cleared sepc, sret, 0
    mprv_cleared sepc, sret, SPP
2:  csrc mstatus, s0

    CASE                            /* mret to S and U; the trap back stacks MIE and the mode */
    .macro down mode, bits, want
    csrc mstatus, s0
    li a0, (\mode << MPP_SHIFT) | \bits
    csrs mstatus, a0
    la a0, 0f
    csrw mepc, a0
    TRAPS(1f)
    mret
0:  ecall
1:  HERE
    LX t5, STATUS(tp)
    and t5, t5, s0
    li t6, \want
    jal gp, check
    .endm
    down MODE_S, 0, MODE_S << MPP_SHIFT
    down MODE_S, (MPIE | SIE), (MODE_S << MPP_SHIFT) | MPIE | SIE
    down MODE_U, 0, 0
    down MODE_U, (MPIE | SPP | SPIE), MPIE | SPP | SPIE
    csrc mstatus, s0

    CASE                            /* sret, from M-mode too: SIE from SPIE, SPIE set, SPP cleared */
    .macro sret_from_m bits, want
    csrc mstatus, s0
    li a0, \bits
    csrs mstatus, a0
    la a0, 0f
    csrw sepc, a0
    TRAPS(1f)
    sret
0:  ecall
1:  HERE
    LX t5, STATUS(tp)
    and t5, t5, s0
    li t6, \want
    jal gp, check
    .endm
    sret_from_m SPP, (MODE_S << MPP_SHIFT) | SPIE
    sret_from_m (SPP | SPIE), (MODE_S << MPP_SHIFT) | SPIE | SIE
    sret_from_m 0, SPIE
    sret_from_m (SPIE | MPIE), SPIE | SIE
    csrc mstatus, s0

    CASE                            /* sret from S to U */
    TRAPS(1f)
    la a0, 0f
    csrw sepc, a0
    ENTER(MODE_S, 2f)
2:  sret
0:  ecall
1:  CHECK_TRAP(ECALL_U, 0b, 0)

    CASE                            /* who may what */
    denied MODE_S, mret
    denied MODE_U, mret
    denied MODE_U, sret
    denied MODE_U, sfence.vma
    allowed MODE_S, sfence.vma
    allowed MODE_S, fence
    allowed MODE_U, fence
    allowed MODE_U, fence.i

    CASE                            /* TVM: satp and sfence.vma are not the supervisor's */
    li s1, TVM
    csrs mstatus, s1
    denied MODE_S, sfence.vma
    denied MODE_S, sfence.vma a0, a1
    denied MODE_S, csrr a0, satp
    denied MODE_S, csrw satp, zero
    allowed MODE_S, csrr a0, sstatus
    csrr a0, satp
    sfence.vma
    csrc mstatus, s1
    allowed MODE_S, csrr a0, satp

    CASE                            /* TSR: nor is sret */
    li s1, TSR
    csrs mstatus, s1
    denied MODE_S, sret
    csrc mstatus, s1
    TEST_END
