/*
 * What surrounds random programs: sets the machine up as the descriptor of each case says, runs its
 * program `rounds` times with a handler in M- and one in S-mode that log every trap and step over
 * its cause, and prints one hash per case over registers, memory, CSRs and the log. With VERBOSE in
 * the header everything that goes into the hash is printed instead.
 *
 * layout.h, which image.py writes, has the addresses, the descriptor's fields (D_...) and the lists
 * of CSRs. The programs leave x29 (window), x30 (data) and x31 (where to go on after a jump to
 * somewhere else) alone.
 */
#include "layout.h"
#include "riscv/bits.h"

#if __riscv_xlen == 64
# define L ld
# define S sd
# define SZ 8
# define LOG_SZ 3
#else
# define L lw
# define S sw
# define SZ 4
# define LOG_SZ 2
#endif

#define UART     0x10000000
#define FINISHER 0x100000
#define MSIP     0x02000000
#define MTIMECMP 0x02004000

/* One record: cause, epc, tval, status, ip, mode of the handler. */
#define RECORD   (6 * SZ)
#define LOG_MAX  (300 * RECORD)

    .section .text
    .globl _start
_start:
    csrr t0, mhartid
    beqz t0, 2f
    csrw mie, zero
1:  wfi
    j 1b
2:  csrw satp, zero
    csrw mie, zero
    la t0, m_save
    csrw mscratch, t0
    la t0, s_save
    csrw sscratch, t0
    li t0, HEADER
    L t1, 0(t0)
    la t2, cases_left
    S t1, 0(t2)
    li t1, DESCRIPTORS
    la t2, current
    S t1, 0(t2)

/* --- one case --------------------------------------------------------------------------------- */

next_case:
    la t0, cases_left
    L t1, 0(t0)
    beqz t1, all_done
    addi t1, t1, -1
    S t1, 0(t0)
    la s0, current
    L s0, 0(s0)
    la t0, m_vector
    csrw mtvec, t0
    call fill_data
    li a2, 1
    call put_stubs
    INIT_CSRS
    la t0, m_vector
    L t1, D_MVECTORED(s0)
    or t0, t0, t1
    csrw mtvec, t0
    la t0, s_vector
    L t1, D_SVECTORED(s0)
    or t0, t0, t1
    csrw stvec, t0
    li s8, 1                        /* the hash */
    call fill_tables
    call load_registers
    L t1, D_ROUNDS(s0)
    la t0, rounds_left
    S t1, 0(t0)

next_round:
    la s0, current
    L s0, 0(s0)
    la t0, hash
    S s8, 0(t0)
    csrw satp, zero
    csrw mie, zero
    csrw mip, zero
    li t0, MSIP
    sw zero, 0(t0)
    li t0, MTIMECMP
    li t1, -1
    sw t1, 0(t0)
    sw t1, 4(t0)
    li t0, LOG
    la t1, log_end
    S t0, 0(t1)
    csrw mstatus, zero
    L t0, D_MIDELEG(s0)
    csrw mideleg, t0
    L t0, D_SATP(s0)
    csrw satp, t0
    sfence.vma
    fence.i
    L t0, D_MSTATUS(s0)
    csrw mstatus, t0
    L t0, D_CODE(s0)
    csrw mepc, t0
    la x31, m_save
    L t0, D_END(s0)
    S t0, 31*SZ(x31)
    j m_restore

/* Data: numbers that follow from the seed; the code pages: jumps to x31 at every address, and one of
   four bytes that lies across each two pages. s0: descriptor. */
fill_data:
    L t0, D_SEED(s0)
    li t1, DATA
    li t2, DATA + DATA_PAGES * 4096
    li t3, 0x5851f42d
    slli t4, t3, 16
    add t3, t3, t4
    ori t3, t3, 5
1:  mul t0, t0, t3
    addi t0, t0, 1013
    srli t4, t0, SZ * 4 - 3
    xor t4, t4, t0
    S t4, 0(t1)
    addi t1, t1, SZ
    bltu t1, t2, 1b
    li t2, DATA + (DATA_PAGES + CODE_PAGES) * 4096
    li t3, PAD
    li t4, 4096
2:  add t5, t1, t4
3:  sw t3, 0(t1)
    addi t1, t1, 4
    bltu t1, t5, 3b
#if COMPRESSED
    sub t6, t5, t4
    li t0, 0x000f
    sh t0, 0(t6)
    li t0, 0x8067
    sh t0, -2(t5)
#endif
    bltu t1, t2, 2b
    ret

/* The window's page table, and in whose hands code and data are. s0: descriptor. */
fill_tables:
    li t0, WINDOW_TABLE
    addi t1, s0, D_WINDOW
    li t2, WINDOW_PAGES
1:  L t3, 0(t1)
    S t3, 0(t0)
    addi t1, t1, SZ
    addi t0, t0, SZ
    addi t2, t2, -1
    bnez t2, 1b
    li t0, OWN_FIRST
    li t2, OWN_COUNT
    L t3, D_OWN(s0)
2:  L t4, 0(t0)
    srli t4, t4, 8
    slli t4, t4, 8
    or t4, t4, t3
    S t4, 0(t0)
    addi t0, t0, SZ
    addi t2, t2, -1
    bnez t2, 2b
    ret

/* The case's instructions in the far area (a2 = 1), or again what was there before. s0: descriptor. */
put_stubs:
    L t0, D_STUBS(s0)
    L t1, D_STUB_COUNT(s0)
    li t5, PAD
1:  beqz t1, 3f
    L t2, 0(t0)
    L t3, SZ(t0)
    bnez a2, 2f
    mv t3, t5
2:  sh t3, 0(t2)
    srli t3, t3, 16
    sh t3, 2(t2)
    addi t0, t0, 2 * SZ
    addi t1, t1, -1
    j 1b
3:  ret

load_registers:
    la t0, m_save
    addi t1, s0, D_REGS
    li t2, 30
1:  addi t0, t0, SZ
    L t3, 0(t1)
    S t3, 0(t0)
    addi t1, t1, SZ
    addi t2, t2, -1
    bnez t2, 1b
    L t0, D_FP(s0)
    beqz t0, 2f
    li t0, MSTATUS_FS
    csrs mstatus, t0
    L t0, D_FCSR(s0)
    csrw fcsr, t0
    addi t0, s0, D_FREGS
    .irp r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fld f\r, \r*8(t0)
    .endr
2:  ret

/* --- traps. \p is m or s ------------------------------------------------------------------------ */

.macro each_reg op
    .irp r, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    \op x\r, \r*SZ(x31)
    .endr
.endm

.macro handler p, number, ret
\p\()_handler:
    csrrw x31, \p\()scratch, x31
    each_reg S
    csrr t0, \p\()scratch
    S t0, 31*SZ(x31)
    csrw \p\()scratch, x31
    mv s1, x31
    csrr s4, \p\()status
    csrr s5, \p\()cause
    csrr s6, \p\()epc
    csrr s7, \p\()tval
    csrr s8, \p\()ip
.ifc \p, m
    li t0, MSTATUS_MPRV
    csrc mstatus, t0
.endif
    la s9, log_end
    L s2, 0(s9)
    li t0, LOG + LOG_MAX
    bgeu s2, t0, \p\()_stop
    li t0, STATUS_MASK
    and s4, s4, t0
    li t0, HEADER
    L t2, 2*SZ(t0)
    /* What the witnesses say of tval: FORGET_EBREAK, FORGET_SYSTEM, FORGET_MISALIGNED. */
    andi t0, t2, 4
    beqz t0, \p\()_target_counts
    beqz s5, \p\()_forget
\p\()_target_counts:
    andi t0, t2, 1
    beqz t0, \p\()_ebreak_counts
    li t0, 3
    beq s5, t0, \p\()_forget
\p\()_ebreak_counts:
    andi t0, t2, 2
    beqz t0, \p\()_keep
    li t0, 2
    bne s5, t0, \p\()_keep
    csrr t3, \p\()status
    li t0, MSTATUS_SUM | MSTATUS_MXR
    csrs \p\()status, t0
    lhu t0, 0(s6)
    csrw \p\()status, t3
    li t1, 0x707f
    and t0, t0, t1
    li t1, 0x73
    beq t0, t1, \p\()_forget
    li t1, 0x200f
    bne t0, t1, \p\()_keep
\p\()_forget:
    li s7, 0
    csrw \p\()tval, zero
\p\()_keep:
    S s5, 0(s2)
    S s6, SZ(s2)
    S s7, 2*SZ(s2)
    S s4, 3*SZ(s2)
    S s8, 4*SZ(s2)
    li t0, \number
    S t0, 5*SZ(s2)
    addi s2, s2, RECORD
    S s2, 0(s9)
    la s9, current
    L s9, 0(s9)
    bltz s5, \p\()_interrupt
    L t0, D_CODE(s9)
    bltu s6, t0, \p\()_outside
    L t0, D_END(s9)
    beq s6, t0, \p\()_stop
    bgtu s6, t0, \p\()_outside
    beqz s5, \p\()_resume
    li t0, 1
    beq s5, t0, \p\()_refetch
    li t0, 12
    beq s5, t0, \p\()_refetch
.ifc \p, m
    li t0, 8
    bltu s5, t0, 1f
    li t0, 11
    bgtu s5, t0, 1f
    /* A call may change the mode: to M or to the case's own, as x17 is odd or even. */
    L t0, D_MIX(s9)
    beqz t0, 1f
    L t0, 17*SZ(s1)
    andi t0, t0, 1
    li t1, MSTATUS_MPP
    bnez t0, 2f
    csrc mstatus, t1
    L t1, D_MODE(s9)
    slli t1, t1, MSTATUS_MPP_SHIFT
2:  csrs mstatus, t1
1:
.endif
    /* Step over it. */
    csrr t3, \p\()status
    li t0, MSTATUS_SUM | MSTATUS_MXR
    csrs \p\()status, t0
    lhu t0, 0(s6)
    csrw \p\()status, t3
    not t0, t0
    andi t0, t0, 3
    addi s6, s6, 4
    beqz t0, 3f
    addi s6, s6, -2
3:  csrw \p\()epc, s6
    j \p\()_restore
    /* In the program, but not to be fetched: in another mode it can be. */
\p\()_refetch:
    L t1, D_MODE(s9)
.ifc \p, m
    li t0, MSTATUS_MPP
    csrc mstatus, t0
    slli t1, t1, MSTATUS_MPP_SHIFT
.else
    li t0, MSTATUS_SPP
    csrc sstatus, t0
    andi t1, t1, 1
    slli t1, t1, 8
.endif
    csrs \p\()status, t1
    j \p\()_restore
\p\()_outside:
    li t0, PROG
    bltu s6, t0, 4f
    j \p\()_resume
4:  li t0, RUNTIME
    bgeu s6, t0, \p\()_stop
\p\()_resume:
    L t0, 31*SZ(s1)
    csrw \p\()epc, t0
    j \p\()_restore
\p\()_interrupt:
    csrw \p\()ie, zero
    csrci \p\()ip, 2
\p\()_restore:
    csrr x31, \p\()scratch
    each_reg L
    L x31, 31*SZ(x31)
    \ret
.endm

    .balign 128
m_vector:
    .option push
    .option norvc
    .rept 64
    j m_handler
    .endr
    .balign 256
s_vector:
    .rept 64
    j s_handler
    .endr
    .option pop

    handler m, 3, mret
    handler s, 1, sret

/* The end, seen from S-mode; calls from there are not delegated. */
s_stop:
    ecall

/* The end of a round, or of what can be done about one; always M-mode. s1: m_save, s6: epc. */
m_stop:
    la s8, hash
    L s8, 0(s8)
    la s0, current
    L s0, 0(s0)
    la t0, s_stop
    bne s6, t0, 2f
    la t0, m_save               /* the program's registers are those the handler in S-mode saved */
    la t1, s_save
    li t2, 31
1:  addi t0, t0, SZ
    addi t1, t1, SZ
    L t3, 0(t1)
    S t3, 0(t0)
    addi t2, t2, -1
    bnez t2, 1b
2:  csrw satp, zero
    sfence.vma
    csrw mie, zero
    li s2, LOG
    la s3, log_end
    L s3, 0(s3)
    la s4, causes
3:  beq s2, s3, 5f
    L t0, 0(s2)
    andi t1, t0, 31
    bgez t0, 4f
    addi t1, t1, 32
4:  slli t1, t1, LOG_SZ
    add t1, t1, s4
    L t0, 0(t1)
    addi t0, t0, 1
    S t0, 0(t1)
    li a1, 'T'
    mv a2, s2
    li a3, 6
    call take
    addi s2, s2, RECORD
    j 3b
5:  li a1, 'X'
    la a2, m_save + SZ
    li a3, 30
    call take
    L t0, D_FP(s0)
    beqz t0, 6f
    call store_fp
    li a1, 'F'
    la a2, f_save
    li a3, 32 * 8 / SZ + 1
    call take
6:  la t0, rounds_left
    L t1, 0(t0)
    addi t1, t1, -1
    S t1, 0(t0)
    bnez t1, next_round

    FINAL_CSRS
    li a1, 'C'
    la a2, csr_save
    li a3, FINAL_CSR_COUNT
    call take
    /* An entry that covers a part of an access fails it from M-mode, too. */
    csrw pmpcfg0, zero
    li a1, 'P'
    li a2, WINDOW_TABLE
    li a3, WINDOW_PAGES
    call take
    li s2, DATA
    li s3, DATA_PAGES + CODE_PAGES
7:  call take_page
    addi s3, s3, -1
    bnez s3, 7b
    li a2, 0
    call put_stubs
    mv a0, s8
    call print_hex
    call print_newline
    la t0, current
    L t1, 0(t0)
    li t2, D_SIZE
    add t1, t1, t2
    S t1, 0(t0)
    j next_case

all_done:
    li a0, 'E'
    call print_char
    la s2, causes
    li s3, 64
1:  L a0, 0(s2)
    call print_hex
    addi s2, s2, SZ
    addi s3, s3, -1
    bnez s3, 1b
    call print_newline
    li t0, FINISHER
    li t1, 0x5555
    sw t1, 0(t0)
    j .

/* f_save := f0-f31, fcsr. */
store_fp:
    li t0, MSTATUS_FS
    csrs mstatus, t0
    la t0, f_save
    .irp r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fsd f\r, \r*8(t0)
    .endr
    csrr t1, fcsr
    S t1, 32*8(t0)
    ret

/* Mixes the a3 words at a2 into the hash s8; prints them as a line with the letter a1 if VERBOSE. */
take:
    mv s9, a2
    mv s10, a3
    mv s11, ra
1:  L t0, 0(a2)
    call mix
    addi a2, a2, SZ
    addi a3, a3, -1
    bnez a3, 1b
    li t0, HEADER
    L t0, SZ(t0)
    beqz t0, 3f
    mv a0, a1
    call print_char
2:  L a0, 0(s9)
    call print_hex
    addi s9, s9, SZ
    addi s10, s10, -1
    bnez s10, 2b
    call print_newline
3:  jr s11

/* s8 := s8 mixed with t0. Uses t1. */
mix:
    li t1, 0x01000193
    xor s8, s8, t0
    mul s8, s8, t1
    srli t1, s8, SZ * 4 - 3
    xor s8, s8, t1
    ret

/* The page at s2, which goes on to the next: its hash is what is taken. */
take_page:
    mv s7, ra
    mv s6, s8
    li s8, 1
    li s9, 4096
    add s9, s9, s2
1:  L t0, 0(s2)
    call mix
    addi s2, s2, SZ
    bltu s2, s9, 1b
    la a2, csr_save
    S s8, 0(a2)
    mv s8, s6
    li a1, 'M'
    li a3, 1
    call take
    jr s7

/* Prints a0 in hexadecimal and a blank. Uses t0 to t3. */
print_hex:
    li t0, UART
    li t1, __riscv_xlen - 4
1:  srl t2, a0, t1
    andi t2, t2, 15
    li t3, 10
    bltu t2, t3, 2f
    addi t2, t2, 'a' - '0' - 10
2:  addi t2, t2, '0'
    sb t2, 0(t0)
    addi t1, t1, -4
    bgez t1, 1b
    li t2, ' '
    sb t2, 0(t0)
    ret
print_newline:
    li a0, '\n'
print_char:
    li t0, UART
    sb a0, 0(t0)
    ret

    .balign 16
m_save: .fill 32, SZ, 0
s_save: .fill 32, SZ, 0
f_save: .fill 32, 8, 0
        .fill 1, 8, 0
csr_save: .fill FINAL_CSR_COUNT, SZ, 0
causes: .fill 64, SZ, 0
current: .fill 1, SZ, 0
cases_left: .fill 1, SZ, 0
rounds_left: .fill 1, SZ, 0
log_end: .fill 1, SZ, 0
hash:   .fill 1, SZ, 0
