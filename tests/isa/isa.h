/* clang-format off */
/*
 * Bare-metal ISA test programs: what they all share.
 *
 * A program is one .S file: this header, TEST_BEGIN, cases, TEST_END. It runs in M-mode at 0x80000000
 * on one hart, with all memory open to S and U (PMP entry 0), no delegation and no interrupts enabled.
 * The test finisher ends it: 0 for success, else the number of the failing case; the serial port says
 * which line. Every checked value goes into a signature, which is printed at the end: it must be the
 * same on every machine, so a value that the specification leaves open must not be checked by CHECK.
 *
 *   CASE                         start the next case
 *   CHECK(reg, value)            register against constant; also CHECK_REG, CHECK_ADDR
 *   TRAPS(label)                 the next trap goes on at label, in M-mode, registers unchanged
 *   CHECK_TRAP(cause, label, v)  it was this cause, at this address, with tval v (constant)
 *   ENTER(mode, label)           go to a less privileged mode
 *   OUT(reg)                     print a value
 *
 * Reserved for these: gp, tp (the state block), t5, t6 (clobbered everywhere), s10 (signature), s11
 * (line << 8 | case). Everything else is the program's.
 */
#pragma once


#if __riscv_xlen == 64
#    define LX       ld
#    define SX       sd
#    define REGBYTES 8
#    define WORD     .dword
#    define ALL_ONES 0xffffffffffffffff
#    define MSB      0x8000000000000000
#else
#    define LX       lw
#    define SX       sw
#    define REGBYTES 4
#    define WORD     .word
#    define ALL_ONES 0xffffffff
#    define MSB      0x80000000
#endif

#define UART     0x10000000
#define FINISHER 0x100000
#define CLINT    0x2000000
#define PLIC     0xc000000
#define RAM      0x80000000

/* Fields of the state block at tp. */
#define RESUME   (0 * REGBYTES)
#define CAUSE    (1 * REGBYTES)
#define EPC      (2 * REGBYTES)
#define TVAL     (3 * REGBYTES)
#define STATUS   (4 * REGBYTES)
#define SAVE     (5 * REGBYTES) /* three registers */
#define S_CAUSE  (8 * REGBYTES) /* what the handler of S-mode saw */
#define S_EPC    (9 * REGBYTES)
#define S_TVAL   (10 * REGBYTES)
#define S_STATUS (11 * REGBYTES)
#define S_COUNT  (12 * REGBYTES)
#define STATE    (16 * REGBYTES)

/* Exceptions and interrupts. */
#define FETCH_MISALIGNED 0
#define FETCH_ACCESS     1
#define ILLEGAL          2
#define BREAKPOINT       3
#define LOAD_MISALIGNED  4
#define LOAD_ACCESS      5
#define STORE_MISALIGNED 6
#define STORE_ACCESS     7
#define ECALL_U          8
#define ECALL_S          9
#define ECALL_M          11
#define FETCH_PAGE       12
#define LOAD_PAGE        13
#define STORE_PAGE       15
#define INTERRUPT(n)     (MSB + (n))
#define SSI              1
#define MSI              3
#define STI              5
#define MTI              7
#define SEI              9
#define MEI              11

#define MODE_U           0
#define MODE_S           1
#define MODE_M           3

/* mstatus */
#define SIE              (1 << 1)
#define MIE              (1 << 3)
#define SPIE             (1 << 5)
#define MPIE             (1 << 7)
#define SPP              (1 << 8)
#define MPP              (3 << 11)
#define MPP_SHIFT        11
#define MPRV             (1 << 17)
#define SUM              (1 << 18)
#define MXR              (1 << 19)
#define TVM              (1 << 20)
#define TW               (1 << 21)
#define TSR              (1 << 22)

/* Page table entries. */
#define PTE_V            0x01
#define PTE_R            0x02
#define PTE_W            0x04
#define PTE_X            0x08
#define PTE_U            0x10
#define PTE_G            0x20
#define PTE_A            0x40
#define PTE_D            0x80

#define CASE                                                                                       \
    .set case_number, case_number + 1;                                                             \
    .if case_number > 250;                                                                         \
    .error "more cases than exit codes";                                                           \
    .endif

#define HERE li s11, (__LINE__ << 8) | case_number

#define CHECK(reg, value)                                                                          \
    HERE;                                                                                          \
    mv t5, reg;                                                                                    \
    li t6, value;                                                                                  \
    jal gp, check

#define CHECK_REG(reg, want)                                                                       \
    HERE;                                                                                          \
    mv t5, reg;                                                                                    \
    mv t6, want;                                                                                   \
    jal gp, check

#define CHECK_ADDR(reg, label)                                                                     \
    HERE;                                                                                          \
    mv t5, reg;                                                                                    \
    la t6, label;                                                                                  \
    jal gp, check

/* The word at a place in memory against a constant. */
#define CHECK_MEMORY(load, place, value)                                                           \
    HERE;                                                                                          \
    load t5, place;                                                                                \
    li t6, value;                                                                                  \
    jal gp, check

/* A CSR, as far as mask goes, against a constant. */
#define CHECK_CSR(csr, mask, value)                                                                \
    HERE;                                                                                          \
    csrr t5, csr;                                                                                  \
    li t6, mask;                                                                                   \
    and t5, t5, t6;                                                                                \
    li t6, value;                                                                                  \
    jal gp, check

/* Not equal to a constant (which does not enter the signature). */
#define CHECK_NOT(reg, value)                                                                      \
    HERE;                                                                                          \
    mv t5, reg;                                                                                    \
    li t6, value;                                                                                  \
    bne t5, t6, 99f;                                                                               \
    j fail;                                                                                        \
    99:

/* Register against constant, where the value is a machine's own affair: not part of the signature. */
#define SAME(reg, value)                                                                           \
    HERE;                                                                                          \
    mv t5, reg;                                                                                    \
    li t6, value;                                                                                  \
    beq t5, t6, 99f;                                                                               \
    j fail;                                                                                        \
    99:

/*
 * Go to label on a QEMU before version 8 (its marchid is the version), whose behaviour at what
 * follows is known to be wrong. Nothing in between may enter the signature.
 */
#define UNLESS_OLD_QEMU(label)                                                                     \
    csrr t5, marchid;                                                                              \
    srli t5, t5, 16;                                                                               \
    li t6, 7;                                                                                      \
    beq t5, t6, label

/* From anywhere: some programs are large. */
#define FAIL                                                                                       \
    HERE;                                                                                          \
    la t6, fail;                                                                                   \
    jr t6

#define TRAPS(label)                                                                               \
    HERE;                                                                                          \
    la t5, label;                                                                                  \
    SX t5, RESUME(tp)

#define CHECK_CAUSE(cause) CHECK_MEMORY(LX, CAUSE(tp), cause)

#define CHECK_EPC(label)                                                                           \
    HERE;                                                                                          \
    LX t5, EPC(tp);                                                                                \
    la t6, label;                                                                                  \
    jal gp, check

#define CHECK_TVAL(value) CHECK_MEMORY(LX, TVAL(tp), value)

#define CHECK_TRAP(cause, label, tval)                                                             \
    CHECK_CAUSE(cause);                                                                            \
    CHECK_EPC(label);                                                                              \
    CHECK_TVAL(tval)

/* The same, tval being an address. */
#define CHECK_TRAP_AT(cause, label, tval)                                                          \
    CHECK_CAUSE(cause);                                                                            \
    CHECK_EPC(label);                                                                              \
    HERE;                                                                                          \
    LX t5, TVAL(tp);                                                                               \
    la t6, tval;                                                                                   \
    jal gp, check

/* The same, tval being in a register. */
#define CHECK_TRAP_REG(cause, label, reg)                                                          \
    CHECK_CAUSE(cause);                                                                            \
    CHECK_EPC(label);                                                                              \
    HERE;                                                                                          \
    LX t5, TVAL(tp);                                                                               \
    mv t6, reg;                                                                                    \
    jal gp, check

/* The mode a trap came from, as mstatus.MPP has it. */
#define CHECK_FROM(mode)                                                                           \
    HERE;                                                                                          \
    LX t5, STATUS(tp);                                                                             \
    srli t5, t5, MPP_SHIFT;                                                                        \
    andi t5, t5, 3;                                                                                \
    li t6, mode;                                                                                   \
    jal gp, check

/* The instruction at label must trap as illegal; tval is checked to be its bits or zero. */
#define CHECK_ILLEGAL(label, bits)                                                                 \
    CHECK_CAUSE(ILLEGAL);                                                                          \
    CHECK_EPC(label);                                                                              \
    HERE;                                                                                          \
    LX t5, TVAL(tp);                                                                               \
    li t6, bits;                                                                                   \
    jal gp, check_or_zero

#define ENTER_REG(mode, reg)                                                                       \
    li t5, MPP;                                                                                    \
    csrc mstatus, t5;                                                                              \
    li t5, (mode) << MPP_SHIFT;                                                                    \
    csrs mstatus, t5;                                                                              \
    csrw mepc, reg;                                                                                \
    mret

#define ENTER(mode, label)                                                                         \
    la t6, label;                                                                                  \
    ENTER_REG(mode, t6)

#define OUT(reg)                                                                                   \
    mv t5, reg;                                                                                    \
    jal gp, out

#define SET_CSR(csr, value)                                                                        \
    li t5, value;                                                                                  \
    csrw csr, t5

#define TEST_BEGIN                                                                                 \
    .set case_number, 0;                                                                           \
    .text;                                                                                         \
    .globl test_main;                                                                              \
    test_main:

#define TEST_END                                                                                   \
    la t6, pass;                                                                                   \
    jr t6
