/* clang-format off */
/*
 * A bare environment in the manner of the public suites' "p": one hart, no translation, a program
 * that starts at 0x80000000, enters the mode it is for, and reports through tohost.
 *
 * A program is: BEGIN mode, its text, END. It sets gp to the number of the case it is in, and ends
 * by `j pass` or `j fail` (fail reports gp). If it defines m_handler, traps into M-mode other than
 * ecall go there; if it defines s_handler, page faults, misaligned fetches, breakpoints and ecall
 * from U-mode are delegated to that.
 *
 * Like its models it does not know what the machine has: writes to registers that may be missing
 * happen with mtvec pointing behind them.
 */
#define MODE_U 0
#define MODE_S 1
#define MODE_M 3

#define CAUSE_FETCH_MISALIGNED 0
#define CAUSE_FETCH_ACCESS     1
#define CAUSE_ILLEGAL          2
#define CAUSE_BREAKPOINT       3
#define CAUSE_LOAD_MISALIGNED  4
#define CAUSE_LOAD_ACCESS      5
#define CAUSE_STORE_MISALIGNED 6
#define CAUSE_ECALL_U          8
#define CAUSE_ECALL_S          9
#define CAUSE_ECALL_M          11
#define CAUSE_FETCH_PAGE       12
#define CAUSE_LOAD_PAGE        13
#define CAUSE_STORE_PAGE       15

#define MSTATUS_SIE  (1 << 1)
#define MSTATUS_MIE  (1 << 3)
#define MSTATUS_SPIE (1 << 5)
#define MSTATUS_SPP  (1 << 8)
#define MSTATUS_MPP  (3 << 11)
#define MSTATUS_FS   (1 << 13)
#define MSTATUS_MPRV (1 << 17)
#define MSTATUS_SUM  (1 << 18)
#define MSTATUS_MXR  (1 << 19)
#define MSTATUS_TVM  (1 << 20)
#define MSTATUS_TW   (1 << 21)
#define MSTATUS_TSR  (1 << 22)

#define PTE_V 0x01
#define PTE_R 0x02
#define PTE_W 0x04
#define PTE_X 0x08
#define PTE_U 0x10
#define PTE_A 0x40
#define PTE_D 0x80

#define MNSTATUS 0x744

#if __riscv_xlen == 64
#    define LWU lwu
#    define LX ld
#    define SX sd
#    define WORD 8
#    define ALL_PMP 0x3fffffffffffff
#    define SATP_PAGED (8 << 60)
#else
#    define LWU lw
#    define LX lw
#    define SX sw
#    define WORD 4
#    define ALL_PMP 0x7fffffff
#    define SATP_PAGED (1 << 31)
#endif

/* Do what follows, up to END_TRY, with a trap only meaning that there is no such thing. */
.macro TRY
    la t0, 77f
    csrw mtvec, t0
.endm
.macro END_TRY
    .balign 4
77:
.endm

/* Case number: reg must hold value. Uses t6. */
.macro CHECK number, reg, value
    li gp, \number
    li t6, \value
    bne \reg, t6, fail
.endm

.macro BEGIN mode
    .option norvc
    .section .text.init, "ax", @progbits
    .weak m_handler, s_handler
    .globl _start
_start:
    j reset
    .balign 4
trapped:
    csrr t5, mcause
    li t6, CAUSE_ECALL_U
    beq t5, t6, report
    li t6, CAUSE_ECALL_S
    beq t5, t6, report
    li t6, CAUSE_ECALL_M
    beq t5, t6, report
    la t5, m_handler
    beqz t5, 1f
    jr t5
1:  li gp, (1000 << 1) | 1          /* a trap that nobody expects */
report:
    sw gp, tohost, t5
    sw zero, tohost + 4, t5
    j report
reset:
    .irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    li x\n, 0
    .endr
    csrr t0, mhartid
1:  bnez t0, 1b
    TRY
    csrwi MNSTATUS, 8
    END_TRY
    TRY
    csrwi satp, 0
    END_TRY
    TRY
    li t1, ALL_PMP
    csrw pmpaddr0, t1
    li t1, 0x1f
    csrw pmpcfg0, t1
    END_TRY
    csrwi mie, 0
    TRY
    csrwi medeleg, 0
    csrwi mideleg, 0
    END_TRY
    la t0, trapped
    csrw mtvec, t0
    la t0, s_handler
    beqz t0, 1f
    csrw stvec, t0
    li t0, 1 << CAUSE_LOAD_PAGE | 1 << CAUSE_STORE_PAGE | 1 << CAUSE_FETCH_PAGE | 1 << CAUSE_FETCH_MISALIGNED | 1 << CAUSE_ECALL_U | 1 << CAUSE_BREAKPOINT
    csrw medeleg, t0
1:  csrwi mstatus, 0
    li t0, (\mode << 11) | MSTATUS_FS
    csrs mstatus, t0
    .if \mode == MODE_S
    li t0, 1 << 1 | 1 << 5
    csrs mideleg, t0
    .endif
    la t0, 1f
    csrw mepc, t0
    mret
    .text
    .balign 4
1:
.endm

.macro END
fail:
    fence
1:  beqz gp, 1b
    slli gp, gp, 1
    ori gp, gp, 1
    ecall
pass:
    fence
    li gp, 1
    ecall
    unimp
    .section .tohost, "aw", @progbits
    .balign 64
    .globl tohost, fromhost
tohost:
    .dword 0
    .size tohost, 8
    .balign 64
fromhost:
    .dword 0
    .size fromhost, 8
    .data
    .balign 16
    .globl begin_signature, end_signature
begin_signature:
    .dword 0
end_signature:
.endm
