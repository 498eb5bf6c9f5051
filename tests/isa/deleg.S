/* Delegation: what the supervisor is given, and that the machine keeps its own. */
#include "isa.h"

    /* The delegated trap was taken in S-mode, and s_trap called the machine. */
    .macro delegated cause, label, from, tval
    CHECK_CAUSE(ECALL_S)
    CHECK_MEMORY(LX, S_COUNT(tp), 1)
    SX zero, S_COUNT(tp)
    CHECK_MEMORY(LX, S_CAUSE(tp), \cause)
    HERE
    LX t5, S_EPC(tp)
    la t6, \label
    jal gp, check
    CHECK_MEMORY(LX, S_TVAL(tp), \tval)
    HERE
    LX t5, S_STATUS(tp)
    andi t5, t5, SPP
    srli t5, t5, 8
    li t6, \from
    jal gp, check
    .endm
    .macro kept cause, label, from
    CHECK_CAUSE(\cause)
    CHECK_EPC(\label)
    CHECK_FROM(\from)
    CHECK_MEMORY(LX, S_COUNT(tp), 0)
    .endm

#define HOLE 0x400000

TEST_BEGIN
    la t0, s_trap
    csrw stvec, t0
    SX zero, S_COUNT(tp)
    li s0, HOLE

    CASE                            /* a call from U */
    SET_CSR(medeleg, 1 << ECALL_U)
    TRAPS(1f)
    ENTER(MODE_U, 0f)
0:  ecall
1:  delegated ECALL_U, 0b, MODE_U, 0

    CASE                            /* not one of the rest */
    TRAPS(1f)
    ENTER(MODE_S, 0f)
0:  ecall
1:  kept ECALL_S, 0b, MODE_S
    TRAPS(1f)
    ENTER(MODE_U, 0f)
0:  lw a0, (s0)
1:  kept LOAD_ACCESS, 0b, MODE_U

    CASE                            /* faults and illegal instructions, from U and S */
    SET_CSR(medeleg, (1 << ILLEGAL) | (1 << LOAD_ACCESS) | (1 << STORE_ACCESS))
    .irp mode, MODE_U, MODE_S
    TRAPS(1f)
    ENTER(\mode, 0f)
0:  lw a0, (s0)
1:  delegated LOAD_ACCESS, 0b, \mode, HOLE
    TRAPS(1f)
    ENTER(\mode, 0f)
0:  sw a0, (s0)
1:  delegated STORE_ACCESS, 0b, \mode, HOLE
    TRAPS(1f)
    ENTER(\mode, 0f)
0:  csrr a0, mstatus
1:  delegated ILLEGAL, 0b, \mode, 0x30002573
    .endr

    CASE                            /* the machine's own faults stay in the machine */
    TRAPS(1f)
0:  lw a0, (s0)
1:  kept LOAD_ACCESS, 0b, MODE_M
    TRAPS(1f)
0:  csrw mhartid, zero
1:  kept ILLEGAL, 0b, MODE_M

    CASE                            /* the stack of enables: SPIE is what SIE was, SIE is off */
    li a0, SIE
    csrs mstatus, a0
    TRAPS(1f)
    ENTER(MODE_S, 0f)
0:  lw a0, (s0)
1:  delegated LOAD_ACCESS, 0b, MODE_S, HOLE
    HERE
    LX t5, S_STATUS(tp)
    andi t5, t5, SIE | SPIE
    li t6, SPIE
    jal gp, check
    li a0, SIE | SPIE
    csrc mstatus, a0
    TRAPS(1f)
    ENTER(MODE_S, 0f)
0:  lw a0, (s0)
1:  delegated LOAD_ACCESS, 0b, MODE_S, HOLE
    HERE
    LX t5, S_STATUS(tp)
    andi t5, t5, SIE | SPIE
    li t6, 0
    jal gp, check

    CASE                            /* a delegated trap leaves the machine's registers alone */
    SET_CSR(mtval, 0x1234)
    TRAPS(1f)
    ENTER(MODE_U, 0f)
0:  lw a0, (s0)
1:  delegated LOAD_ACCESS, 0b, MODE_U, HOLE
    CHECK_TVAL(0)                   /* of the call that s_trap made */
    SET_CSR(medeleg, 0)

    CASE                            /* interrupts: given to the supervisor, with SIE off in S they wait */
    SET_CSR(mideleg, 1 << SSI)
    SET_CSR(mie, 1 << SSI)
    SET_CSR(mip, 1 << SSI)
    TRAPS(1f)
    ENTER(MODE_S, 0f)
0:  ecall
1:  kept ECALL_S, 0b, MODE_S
    li a0, SIE                      /* with SIE on they do not */
    csrs mstatus, a0
    TRAPS(1f)
    ENTER(MODE_S, 0f)
0:  j 0b
1:  delegated INTERRUPT(SSI), 0b, MODE_S, 0
    li a0, SIE                      /* in U they never wait */
    csrc mstatus, a0
    TRAPS(1f)
    ENTER(MODE_U, 0f)
0:  j 0b
1:  delegated INTERRUPT(SSI), 0b, MODE_U, 0

    CASE                            /* and in M they are never taken, whatever MIE and SIE say */
    li a0, MIE | SIE
    csrs mstatus, a0
    nop
    nop
    csrc mstatus, a0
    CHECK_MEMORY(LX, S_COUNT(tp), 0)

    CASE                            /* one that is not delegated goes to M, with MIE off too */
    SET_CSR(mideleg, 0)
    TRAPS(1f)
    ENTER(MODE_S, 0f)
0:  j 0b
1:  kept INTERRUPT(SSI), 0b, MODE_S
    TRAPS(1f)
    ENTER(MODE_U, 0f)
0:  j 0b
1:  kept INTERRUPT(SSI), 0b, MODE_U
    SET_CSR(mip, 0)
    SET_CSR(mie, 0)

    CASE                            /* the order among the supervisor's; each is masked when it has been taken */
    SET_CSR(mideleg, 0x222)
    SET_CSR(mie, 0x222)
    SET_CSR(mip, 0x222)
    .irp number, SEI, SSI, STI
    TRAPS(1f)
    ENTER(MODE_U, 0f)
0:  j 0b
1:  CHECK_CAUSE(ECALL_S)
    LX a0, S_CAUSE(tp)
    UNLESS_OLD_QEMU(2f)             /* which takes the one with the lowest number */
    SAME(a0, INTERRUPT(\number))
2:  andi a0, a0, 0x3f
    li a1, 1
    sll a1, a1, a0
    csrc mie, a1
    .endr
    csrr a0, mie
    CHECK(a0, 0)

    CASE                            /* the machine's come before the supervisor's */
    SET_CSR(mideleg, (1 << SEI) | (1 << SSI))
    SET_CSR(mie, 0x222)
    li a0, SIE
    csrs mstatus, a0
    TRAPS(1f)
    ENTER(MODE_S, 0f)
0:  j 0b
1:  CHECK_CAUSE(INTERRUPT(STI))
    CHECK_EPC(0b)
    SET_CSR(mip, 0)
    SET_CSR(mie, 0)
    TEST_END
