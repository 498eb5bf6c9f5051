/*
 * Programmable counters (privileged specification, "Hardware Performance Monitor"; Sscofpmf; Smcntrpmf): what they
 * count is exact here, so no other machine is a witness; each case names its rule. Event numbers: tools/emu/event.def.
 * isa: emu
 */
#include "vm_access.h"

#define CYCLES       0x1
#define INSTRUCTIONS 0x2
#define BRANCHES     0x5
#define LOADS        0x10000
#define STORES       0x10002
#define LOAD_MISSES  0x10019
#define STORE_MISSES 0x1001b
#define TAKEN        0x100000
#define EXCEPTIONS   0x100001
#define INTERRUPTS   0x100002
#define LCOFI        13
/* The registers with the upper halves, which the assembler does not know. */
#if __riscv_xlen == 64
#    define FLAGS_SHIFT       56
#    define MCYCLECFG         0x321
#    define MINSTRETCFG       0x322
#    define FLAGS(csr, value) li t0, (value) << 56; csrs csr, t0
#    define FLAGS_OFF(csr)    li t0, 0xff << 56; csrc csr, t0
#    define FLAGS_GET(csr)    csrr a0, csr; srli a0, a0, 56
#else
#    define FLAGS_SHIFT       24
#    define MCYCLECFG         0x721
#    define MINSTRETCFG       0x722
#    define FLAGS(csr, value) li t0, (value) << 24; csrs csr##h, t0
#    define FLAGS_OFF(csr)    li t0, 0xff << 24; csrc csr##h, t0
#    define FLAGS_GET(csr)    csrr a0, csr##h; srli a0, a0, 24
#endif
#define OF   0x80
#define MINH 0x40
#define SINH 0x20
#define UINH 0x10

    .macro event value
    li t0, \value
    csrw mhpmevent3, t0
    .endm
    /* The lines up to `counted` count this much. */
    .macro counted want
    csrr a0, mhpmcounter3
    CHECK(a0, \want)
    .endm
    .macro start
    csrw mhpmcounter3, zero
    .endm

TEST_BEGIN
    .option norvc
    la s0, word
    CASE                            /* nothing selected, nothing counted; counters are 64 bits wide and writable */
    csrw mhpmevent3, zero
    li t0, 0x12345678
    csrw mhpmcounter3, t0
    nop
    counted 0x12345678
#if __riscv_xlen == 32
    li t0, 0x9abcdef0
    csrw mhpmcounter3h, t0
    CHECK_CSR(mhpmcounter3h, -1, 0x9abcdef0)
    CHECK_CSR(hpmcounter3h, -1, 0x9abcdef0)
    counted 0x12345678
    csrw mhpmcounter3h, zero
#else
    li t0, 0x9abcdef012345678
    csrw mhpmcounter3, t0
    CHECK_CSR(hpmcounter3, -1, 0x9abcdef012345678)
#endif
    li t0, -1
    csrw mhpmcounter31, t0
    CHECK_CSR(mhpmcounter31, -1, -1)
    csrw mhpmcounter31, zero

    CASE                            /* instructions: not the one that writes the counter, nor the one that reads it */
    event INSTRUCTIONS
    start
    counted 0
    start
    nop
    nop
    nop
    counted 3
    event CYCLES
    start
    nop
    nop
    counted 2

    CASE                            /* loads and stores; an AMO is both */
    event LOADS
    start
    lw a1, (s0)
    sw a1, (s0)
    lb a1, (s0)
    lr.w a1, (s0)
    sc.w a1, a1, (s0)
    amoadd.w a1, a1, (s0)
    counted 4
    event STORES
    start
    lw a1, (s0)
    sw a1, (s0)
    lr.w a1, (s0)
    sc.w a1, a1, (s0)
    amoadd.w a1, a1, (s0)
    counted 3
    .option push
    .option rvc
    start                           /* compressed spellings count too */
    mv a2, sp
    la sp, word
    c.swsp a1, 0(sp)
    mv a5, sp
    c.sw a1, 0(a5)
    c.lw a1, 0(a5)
    mv sp, a2
    counted 2
    .option pop

    CASE                            /* branches and jumps; conditional branches taken */
    .macro some_branches
    start
    beqz zero, 1f
1:  bnez zero, 1f
1:  j 1f
1:  li a1, 3
2:  addi a1, a1, -1
    bnez a1, 2b
    la a1, 1f
    jr a1
1:
    .endm
    event BRANCHES
    some_branches
    counted 7
    event TAKEN
    some_branches
    counted 2                       /* beqz goes on at the next instruction: not told from not taken */

    CASE                            /* mcountinhibit stops one, and not another */
    event INSTRUCTIONS
    csrw mhpmevent4, t0
    li t1, 1 << 3
    csrw mhpmcounter4, zero
    start
    csrs mcountinhibit, t1
    nop
    nop
    csrr a1, mhpmcounter3
    csrr a2, mhpmcounter4
    csrc mcountinhibit, t1
    csrr a0, mhpmcounter3
    CHECK(a1, 1)                    /* the write to mcountinhibit, which takes effect behind itself */
    CHECK(a2, 5)
    CHECK(a0, 1)
    csrw mhpmevent4, zero
    CHECK_CSR(mcountinhibit, 2, 0)  /* there is nothing to stop at bit 1 */
    li t0, 2
    csrs mcountinhibit, t0
    CHECK_CSR(mcountinhibit, 2, 0)

    CASE                            /* MINH, SINH, UINH: the modes that do not count (Sscofpmf, 2) */
    .macro in_mode mode, flags, want
    event INSTRUCTIONS
    FLAGS_OFF(mhpmevent3)
    FLAGS(mhpmevent3, \flags)
    start
    TRAPS(1f)
    ENTER(\mode, 0f)
0:  nop
    nop
    nop
    nop
    nop
    ecall
1:  counted \want
    .endm
    in_mode MODE_U, (MINH | SINH), 5
    in_mode MODE_U, (MINH | UINH), 0
    in_mode MODE_S, (MINH | UINH), 5
    in_mode MODE_S, (MINH | SINH), 0
    in_mode MODE_S, (MINH | SINH | UINH), 0
    event LOADS
    FLAGS_OFF(mhpmevent3)
    FLAGS(mhpmevent3, MINH)
    start
    lw a1, (s0)
    counted 0
    FLAGS_OFF(mhpmevent3)

    CASE                            /* the same for minstret and mcycle (Smcntrpmf) */
    .macro fixed_in_mode counter, config, mode, flags, want
    li t0, (\flags) << FLAGS_SHIFT
    csrw \config, t0
    csrw \counter, zero
    TRAPS(1f)
    ENTER(\mode, 0f)
0:  nop
    nop
    nop
    nop
    nop
    ecall
1:  csrr a0, \counter
    csrw \config, zero
    CHECK(a0, \want)
    .endm
    fixed_in_mode minstret, MINSTRETCFG, MODE_U, (MINH | SINH), 5
    fixed_in_mode minstret, MINSTRETCFG, MODE_U, (MINH | UINH), 0
    fixed_in_mode minstret, MINSTRETCFG, MODE_S, (MINH | UINH), 5
    fixed_in_mode minstret, MINSTRETCFG, MODE_S, (MINH | SINH), 0
    fixed_in_mode mcycle, MCYCLECFG, MODE_U, (MINH | SINH), 5
    fixed_in_mode mcycle, MCYCLECFG, MODE_U, (MINH | UINH), 0
    csrr a0, minstret
    nop
    csrr a1, minstret
    sub a1, a1, a0
    CHECK(a1, 2)

    CASE                            /* overflow sets OF and LCOFIP, once (Sscofpmf, 2 and 3) */
    csrw mip, zero
    event INSTRUCTIONS
    li t0, -2
#if __riscv_xlen == 32
    csrw mhpmcounter3h, t0
    li t1, -1
    csrw mhpmcounter3h, t1
#endif
    csrw mhpmcounter3, t0
    nop
    nop
    FLAGS_GET(mhpmevent3)
    CHECK(a0, OF)
    CHECK_CSR(mip, 1 << LCOFI, 1 << LCOFI)
    CHECK_CSR(scountovf, -1, 1 << 3)
    li t0, 1 << LCOFI
    csrc mip, t0
    CHECK_CSR(mip, 1 << LCOFI, 0)
    li t0, -2
    csrw mhpmcounter3, t0
#if __riscv_xlen == 32
    li t1, -1
    csrw mhpmcounter3h, t1
    csrw mhpmcounter3, t0
#endif
    nop
    nop
    csrr a0, mhpmcounter3
    sltiu a0, a0, 100
    CHECK(a0, 1)
    CHECK_CSR(mip, 1 << LCOFI, 0)   /* OF was set already */
    FLAGS_OFF(mhpmevent3)
    CHECK_CSR(scountovf, -1, 0)
    li t0, 1 << LCOFI               /* software may set it */
    csrs mip, t0
    CHECK_CSR(mip, 1 << LCOFI, 1 << LCOFI)
    csrc mip, t0

    CASE                            /* OF is software's to write; scountovf shows S what mcounteren lets it (4) */
    csrw mhpmevent3, zero
    FLAGS(mhpmevent3, OF)
    FLAGS(mhpmevent5, OF)
    CHECK_CSR(scountovf, -1, (1 << 3) | (1 << 5))
    SET_CSR(mcounteren, 1 << 5)
    TRAPS(1f)
    ENTER(MODE_S, 0f)
0:  csrr a1, scountovf
    ecall
1:  CHECK_CAUSE(ECALL_S)
    CHECK(a1, 1 << 5)
    csrw mcounteren, zero
    FLAGS_OFF(mhpmevent3)
    FLAGS_OFF(mhpmevent5)

    CASE                            /* the interrupt: cause 13, in M-mode, then delegated; behind all others */
    SET_CSR(mie, 1 << LCOFI)
    SET_CSR(mip, 1 << LCOFI)
    TRAPS(1f)
    csrsi mstatus, MIE
    nop
    j no_trap
1:  CHECK_CAUSE(INTERRUPT(LCOFI))
    csrw mip, zero
    SET_CSR(mie, (1 << LCOFI) | (1 << STI))
    SET_CSR(mip, (1 << LCOFI) | (1 << STI))
    TRAPS(1f)
    csrsi mstatus, MIE
    nop
    j no_trap
1:  CHECK_CAUSE(INTERRUPT(STI))
    csrw mip, zero
    SET_CSR(mideleg, 1 << LCOFI)
    CHECK_CSR(mideleg, 1 << LCOFI, 1 << LCOFI)
    SET_CSR(mip, 1 << LCOFI)
    CHECK_CSR(sip, -1, 1 << LCOFI)
    CHECK_CSR(sie, -1, 1 << LCOFI)
    la t0, s_trap
    csrw stvec, t0
    TRAPS(1f)
    ENTER(MODE_U, 0f)
0:  nop
    j 0b
1:  CHECK_CAUSE(ECALL_S)
    LX a0, S_CAUSE(tp)
    CHECK(a0, INTERRUPT(LCOFI))
    SET_CSR(sip, 0)                 /* the supervisor may clear it */
    CHECK_CSR(mip, 1 << LCOFI, 0)
    csrw mideleg, zero
    csrw mie, zero

    CASE                            /* an overflow in the middle of things interrupts behind the instruction that did it */
    SET_CSR(mie, 1 << LCOFI)
    event LOADS
#if __riscv_xlen == 32
    li t0, -1
    csrw mhpmcounter3h, t0
#endif
    li t0, -1
    csrw mhpmcounter3, t0
    TRAPS(1f)
    csrsi mstatus, MIE
    nop
    lw a1, (s0)
0:  nop
    j no_trap
1:  CHECK_TRAP(INTERRUPT(LCOFI), 0b, 0)
    csrw mip, zero
    csrw mie, zero

    CASE                            /* exceptions count for the mode they come from */
    FLAGS_OFF(mhpmevent3)
    event EXCEPTIONS
    FLAGS(mhpmevent3, MINH)
    start
    TRAPS(1f)
    ecall
1:  TRAPS(1f)
    ENTER(MODE_U, 0f)
0:  ecall
1:  TRAPS(1f)
    ENTER(MODE_U, 0f)
0:  csrr a0, mstatus
1:  counted 2

    CASE                            /* interrupts */
    FLAGS_OFF(mhpmevent3)
    event INTERRUPTS
    start
    SET_CSR(mie, 1 << SSI)
    SET_CSR(mip, 1 << SSI)
    TRAPS(1f)
    csrsi mstatus, MIE
    nop
1:  counted 1
    csrw mip, zero
    csrw mie, zero

    CASE                            /* walks of the page table: one for each page behind a fence */
    VM_ON
    MAP_WINDOW(0, word, PTE_RW)
    event LOAD_MISSES
    li a0, WINDOW
    sfence.vma
    start
    access 0, lw a1, (a0)
    access 0, lw a1, 4(a0)
    access 0, sw a1, 4(a0)
    counted 1
    event STORE_MISSES
    li a0, WINDOW
    start
    sfence.vma
    access 0, sw a1, 4(a0)
    access 0, amoadd.w a1, a1, (a0)
    counted 1
    TEST_END

    .data
    .balign 4096
word:
    .dword 0, 0
    VM_TABLES
