/* Interrupts: each kind, the order among them, masks, vectored entry. */
#include "isa.h"

#define IRQ     10                  /* the serial port, whose transmitter is always ready */
#define ALL     ((1 << SSI) | (1 << MSI) | (1 << STI) | (1 << MTI) | (1 << SEI) | (1 << MEI))

    /* Enable these in mie, interrupts at large, and let the machine take one. */
    .macro take
    TRAPS(1f)
    li a0, MIE
0:  csrs mstatus, a0
    nop
    nop
    j no_trap
1:  LX a1, STATUS(tp)
    .endm

TEST_BEGIN
    /* everything pending: software and timer by the CLINT, external by the PLIC, the rest by mip */
    li s0, CLINT
    li s1, CLINT + 0x4000
    li s2, PLIC
    li s3, UART
    li a0, 1
    sw a0, (s0)
    sw zero, (s1)
    sw zero, 4(s1)
    sw a0, IRQ * 4(s2)
    li a1, PLIC + 0x2000            /* enables of context 0: hart 0, M */
    li a2, 1 << IRQ
    sw a2, (a1)
    li s4, PLIC + 0x200000          /* its threshold and claim */
    sw zero, (s4)
    li a0, 2
    sb a0, 1(s3)                    /* interrupt when the transmitter is empty */
    SET_CSR(mip, (1 << SSI) | (1 << STI) | (1 << SEI))

    CASE
1:  csrr a0, mip                    /* the devices may take a moment */
    li a1, ALL
    and a0, a0, a1
    bne a0, a1, 1b
    CHECK_CSR(mip, ALL, ALL)

    CASE                            /* nothing without mie, nothing without MIE */
    li a0, MIE
    csrs mstatus, a0
    nop
    csrc mstatus, a0
    SET_CSR(mie, ALL)
    nop
    nop

    CASE                            /* by priority: each is masked when it has been taken */
    .macro next number
    take
    LX a2, CAUSE(tp)
    UNLESS_OLD_QEMU(3f)             /* which takes the one with the lowest number */
    SAME(a2, INTERRUPT(\number))
3:  CHECK_TVAL(0)
    CHECK_FROM(MODE_M)
    andi a2, a2, 0x3f
    li a0, 1
    sll a0, a0, a2
    csrc mie, a0
    .endm
    next MEI
    next MSI
    next MTI
    next SEI
    next SSI
    next STI
    li a0, MIE                      /* and then there is none */
    csrs mstatus, a0
    nop
    csrc mstatus, a0

    CASE                            /* the address is that of the instruction not yet executed */
    SET_CSR(mie, 1 << SSI)
    TRAPS(1f)
    li a0, MIE
    li a1, 0
    csrs mstatus, a0
0:  addi a1, a1, 1
    j no_trap
1:  CHECK_EPC(0b)
    CHECK(a1, 0)
    HERE
    LX t5, STATUS(tp)
    andi t5, t5, MIE | MPIE
    li t6, MPIE
    jal gp, check

    CASE                            /* enabled by mret: taken before the first instruction */
    li a0, MPP | MPIE
    csrs mstatus, a0
    la a0, 0f
    csrw mepc, a0
    li a1, 0
    TRAPS(1f)
    mret
0:  addi a1, a1, 1
    j no_trap
1:  CHECK_CAUSE(INTERRUPT(SSI))
    CHECK_EPC(0b)
    CHECK(a1, 0)

    CASE                            /* enabled by a write to mie; made pending by a write to mip */
    SET_CSR(mie, 0)
    li a0, MIE
    csrs mstatus, a0
    TRAPS(1f)
    li a0, 1 << SSI
    csrw mie, a0
0:  j no_trap
1:  CHECK_CAUSE(INTERRUPT(SSI))
    CHECK_EPC(0b)
    SET_CSR(mip, 0)
    li a0, MIE
    csrs mstatus, a0
    TRAPS(1f)
    li a0, 1 << SSI
    csrw mip, a0
0:  j no_trap
1:  CHECK_CAUSE(INTERRUPT(SSI))
    CHECK_EPC(0b)
    SET_CSR(mip, 0)

    CASE                            /* the devices let go */
    sw zero, (s0)
    li a0, -1
    sw a0, 4(s1)
    sb zero, 1(s3)
    lw a0, 4(s4)                    /* claim */
    CHECK(a0, IRQ)
    sw a0, 4(s4)                    /* complete */
1:  csrr a0, mip
    li a1, ALL
    and a0, a0, a1
    bnez a0, 1b
    CHECK_CSR(mip, ALL, 0)

    CASE                            /* the PLIC's supervisor context sets SEIP, beside what is in mip */
    li a1, PLIC + 0x2080
    li a2, 1 << IRQ
    sw a2, (a1)
    li s5, PLIC + 0x201000
    sw zero, (s5)
    li a1, PLIC + 0x2000
    sw zero, (a1)
    li a0, 2
    sb a0, 1(s3)
1:  csrr a0, mip
    andi a0, a0, 1 << SEI
    beqz a0, 1b
    CHECK_CSR(mip, ALL, 1 << SEI)
    li a0, 1 << SEI                 /* the line cannot be cleared by software */
    csrc mip, a0
    CHECK_CSR(mip, ALL, 1 << SEI)
    SET_CSR(mideleg, 1 << SEI)
    SET_CSR(mie, 1 << SEI)
    la a0, s_trap
    csrw stvec, a0
    TRAPS(1f)
    ENTER(MODE_U, 0f)
0:  j 0b
1:  CHECK_CAUSE(ECALL_S)
    CHECK_MEMORY(LX, S_CAUSE(tp), INTERRUPT(SEI))
    sb zero, 1(s3)
    lw a0, 4(s5)
    CHECK(a0, IRQ)
    sw a0, 4(s5)
1:  csrr a0, mip
    andi a0, a0, 1 << SEI
    bnez a0, 1b
    SET_CSR(mideleg, 0)
    SET_CSR(mie, 0)

    CASE                            /* the timer, while a loop runs: it stops between two instructions */
    SET_CSR(mie, 1 << MTI)
    li a0, CLINT + 0xbff8
    lw a2, (a0)
    lw a3, 4(a0)
    li a4, 2000
    add a4, a2, a4
    sltu a2, a4, a2
    add a3, a3, a2
    li a2, -1
    sw a2, (s1)
    sw a3, 4(s1)
    sw a4, (s1)
    li a0, MIE
    li a4, 0
    li a5, 0
    TRAPS(1f)
    csrs mstatus, a0
0:  addi a4, a4, 1
2:  addi a5, a5, 1
    j 0b
1:  CHECK_CAUSE(INTERRUPT(MTI))
    LX a0, EPC(tp)
    la a1, 2b
    sub a0, a0, a1
    seqz a0, a0
    sub a4, a4, a5
    sub a4, a4, a0
    CHECK(a4, 0)
    li a0, -1
    sw a0, 4(s1)
    SET_CSR(mie, 0)

    CASE                            /* vectored: interrupts to base + 4 * cause, exceptions to base */
    la a0, vectors + 1
    csrw mtvec, a0
    SET_CSR(mie, ALL)
    .macro vectored number, by:vararg
    li s6, 0
    la s7, 2f
    li a0, MIE
    csrs mstatus, a0
    \by
    nop
    nop
    j no_trap
2:  CHECK(s6, \number + 1)
    .endm
    vectored SSI, csrsi mip, 1 << SSI
    csrci mip, 1 << SSI
    li a1, 1 << STI
    vectored STI, csrs mip, a1
    li a1, 1 << STI
    csrc mip, a1
    li a2, 1
    vectored MSI, sw a2, (s0)
    sw zero, (s0)
    vectored MTI, sw zero, 4(s1)
    li a0, -1
    sw a0, 4(s1)
    li s6, 0
    la s7, 2f
    ecall
    j no_trap
2:  CHECK(s6, 1)
    la a0, m_trap
    csrw mtvec, a0

    CASE                            /* the supervisor's too */
    la a0, vectors + 1
    csrw stvec, a0
    SET_CSR(mideleg, 1 << SSI)
    SET_CSR(medeleg, 1 << ECALL_U)
    SET_CSR(mip, 1 << SSI)
    li s6, 0
    la s7, 3f
    TRAPS(2f)
    ENTER(MODE_U, 0f)
0:  j 0b
3:  ecall
2:  CHECK(s6, SSI + 1)
    SET_CSR(mip, 0)
    li s6, 0
    TRAPS(2f)
    ENTER(MODE_U, 0f)
0:  ecall
2:  CHECK(s6, 1)
    TEST_END

    /* s6 becomes 1 + the number of the entry; on to s7 */
    .balign 256
    .option norvc
vectors:
    .set entry, 0
    .rept 16
    j vector_0 + entry * 12
    .set entry, entry + 1
    .endr
vector_0:
    .set entry, 0
    .rept 16
    li s6, entry + 1
    jr s7
    nop
    .set entry, entry + 1
    .endr
