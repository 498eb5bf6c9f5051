/*
 * What surrounds a random program: runs it ITERATIONS times in mode MODE, with a handler in M- and one
 * in S-mode that record every trap and step over its cause, and prints what has become of registers,
 * memory and CSRs. config.h gives MODE and the like, prog.bin the program.
 *
 * The program may not write x29 (test window), x30 (data) and x31 (where to go on after a jump to
 * somewhere that cannot be executed).
 */
#include "config.h"
#include "riscv/bits.h"
#include "riscv/pte.h"

#if __riscv_xlen == 64
# define L ld
# define S sd
# define SZ 8
# define PTR .dword
#else
# define L lw
# define S sw
# define SZ 4
# define PTR .word
#endif

#define UART     0x10000000
#define FINISHER 0x100000
#define MTIMECMP 0x02004000
#define PROG     0x80400000
#define DATA     0x80800000
#define PPN(a)   (((a) >> 12) << 10)

    .section .text
    .globl _start
_start:
    csrr t0, mhartid
    beqz t0, 2f
1:  wfi
    j 1b
2:  csrw satp, zero
    li t0, MTIMECMP
    li t1, -1
    sw t1, 0(t0)
    sw t1, 4(t0)
    la t0, m_vector
    ori t0, t0, VECTORED
    csrw mtvec, t0
    la t0, s_vector
    ori t0, t0, VECTORED
    csrw stvec, t0
    la t0, m_save
    csrw mscratch, t0
    la t0, s_save
    csrw sscratch, t0
    li t0, MEDELEG
    csrw medeleg, t0
    li t0, MIDELEG
    csrw mideleg, t0
    li t0, COUNTEREN
    csrw mcounteren, t0
    csrw scounteren, t0
    PMP_SETUP
    la t0, root
    srli t0, t0, 12
#if __riscv_xlen == 64
    li t1, 8
    slli t1, t1, 60
#else
    li t1, 0x80000000
#endif
    or t0, t0, t1
#if PAGING
    csrw satp, t0
#endif
    sfence.vma
    la t0, m_save
    li s0, ITERATIONS
    S s0, 32*SZ(t0)

next_iteration:
    li t0, MSTATUS_INIT
    csrw mstatus, t0
    li t0, PROG
    csrw mepc, t0
    la x31, m_save
    j m_restore

/* --- traps. \p is m or s ------------------------------------------------------------------------ */

.macro each_reg op
    .irp r, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    \op x\r, \r*SZ(x31)
    .endr
.endm

/* t0 := value mixed into the record's hash */
.macro record reg
    xor s2, s2, \reg
    mul s2, s2, s3
#if VERBOSE
    mv a0, \reg
    call print_hex
#endif
.endm

.macro handler p, ip, ret
\p\()_handler:
    csrrw x31, \p\()scratch, x31
    each_reg S
    csrr t0, \p\()scratch
    S t0, 31*SZ(x31)
    csrw \p\()scratch, x31
    mv s1, x31
    li sp, 0x80010000
    csrr s4, \p\()status
    csrr s5, \p\()cause
    csrr s6, \p\()epc
    csrr s7, \p\()tval
    csrr s8, \p\()ip
.ifc \p, m
    /* MPRV lasts until the first trap: after mret QEMU 7.2 keeps what it translated with the old MPP. */
    li t0, MSTATUS_MPRV
    csrc mstatus, t0
.endif
    la s9, hash
    L s2, 0(s9)
    li s3, 0x01000193
    record s5
    record s6
    record s7
    record s4
    record s8
#if VERBOSE
    call print_newline
#endif
    S s2, 0(s9)
    bltz s5, \p\()_irq
    li t0, 1
    beq s5, t0, \p\()_lost
    li t0, 12
    beq s5, t0, \p\()_lost
    beqz s5, \p\()_lost
    li t0, 8
    bltu s5, t0, 1f
    li t0, 11
    bgtu s5, t0, 1f
    la t0, prog_end
    L t0, 0(t0)
    beq s6, t0, iteration_done
1:  li t0, MSTATUS_SUM | MSTATUS_MXR
    csrs \p\()status, t0
    lhu t0, 0(s6)
    csrw \p\()status, s4
    not t0, t0
    andi t0, t0, 3
    addi s6, s6, 4
    beqz t0, 2f
    addi s6, s6, -2
2:  csrw \p\()epc, s6
    j \p\()_restore
\p\()_lost:
    L t0, 31*SZ(s1)
    csrw \p\()epc, t0
    j \p\()_restore
\p\()_irq:
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
    .rept 16
    j m_handler
    .endr
    .balign 128
s_vector:
    .rept 16
    j s_handler
    .endr
    .option pop

    handler m, mip, mret
    handler s, sip, sret

/* Only ever reached in M-mode: calls are not delegated. */
iteration_done:
    la s1, m_save
    csrw satp, zero
    csrr t0, satp
    L s0, 32*SZ(s1)
    addi s0, s0, -1
    S s0, 32*SZ(s1)
#if PAGING
    la t0, root
    srli t0, t0, 12
# if __riscv_xlen == 64
    li t1, 8
    slli t1, t1, 60
# else
    li t1, 0x80000000
# endif
    or t0, t0, t1
    csrw satp, t0
#endif
    sfence.vma
    bnez s0, next_iteration

    csrw satp, zero
    csrw mie, zero
    li t0, MSTATUS_MPRV
    csrc mstatus, t0
    la s0, hash
    L a0, 0(s0)
    call print_hex
    call print_newline
    la s1, m_save
    li s0, 31
1:  addi s1, s1, SZ
    L a0, 0(s1)
    call print_hex
    addi s0, s0, -1
    bnez s0, 1b
    call print_newline
    li s0, DATA
    li s1, 16
1:  call hash_page
    call print_hex
    addi s1, s1, -1
    bnez s1, 1b
    call print_newline
    la s0, window_table
    call hash_page
    call print_hex
    .irp c, mstatus, sscratch, sepc, scause, stval, medeleg, mideleg, mie, mip, satp, mcounteren
    csrr a0, \c
    call print_hex
    .endr
    call print_newline
    li t0, FINISHER
    li t1, 0x5555
    sw t1, 0(t0)
    j .

/* a0 := hash of the page at s0; s0 goes on to the next. */
hash_page:
    li a0, 0
    li t0, 1024
    li t1, 0x01000193
1:  lw t2, 0(s0)
    xor a0, a0, t2
    mul a0, a0, t1
    addi s0, s0, 4
    addi t0, t0, -1
    bnez t0, 1b
    ret

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
    li t0, UART
    li t1, '\n'
    sb t1, 0(t0)
    ret

prog_end:
    PTR PROG_END

    .balign 16
m_save:
    PTR 0
    REGS
    PTR 0
s_save:
    .fill 34, SZ, 0
hash:
    PTR 1

/* --- page tables: superpages for the runtime, the program and its data; small ones in the window --- */

#define KERNEL (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)
#if MODE == PRIV_U
# define OWN (KERNEL | PTE_U)
#else
# define OWN KERNEL
#endif

    .balign 4096
root:
#if __riscv_xlen == 64
    .dword PPN(low_mid - _start + 0x80000000) | PTE_V
    .dword 0
    .dword PPN(main_mid - _start + 0x80000000) | PTE_V
    .fill 509, 8, 0
low_mid:
    .fill 12, 8, 0
    .dword PPN(window_table - _start + 0x80000000) | PTE_V
    .fill 115, 8, 0
    .dword PPN(UART) | KERNEL
    .fill 383, 8, 0
main_mid:
    .dword PPN(0x80000000) | KERNEL, 0
    .dword PPN(PROG) | OWN, 0
    .dword PPN(DATA) | OWN
    .fill 507, 8, 0
#else
    .fill 6, 4, 0
    .word PPN(window_table - _start + 0x80000000) | PTE_V
    .fill 57, 4, 0
    .word PPN(UART) | KERNEL
    .fill 447, 4, 0
    .word (PPN(0x80000000 & 0xffffffff) & 0xffffffff) | KERNEL
    .word (PPN(PROG) & 0xffffffff) | OWN
    .word (PPN(DATA) & 0xffffffff) | OWN
    .fill 509, 4, 0
#endif
window_table:
    WINDOW_PTES
    .balign 4096
