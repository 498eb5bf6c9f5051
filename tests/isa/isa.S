/* Bare-metal ISA test programs: the code they all share. Linked first; see isa.h. */
#include "isa.h"

    .globl _start, pass, fail, check, check_or_zero, out, m_trap, s_trap, no_trap
    .text
_start:
    /* QEMU treats atomics as such only when there is more than one hart: the others wait here */
    csrr t0, mhartid
1:  bnez t0, 2f
    la tp, state
    la sp, stack
    la t0, m_trap
    csrw mtvec, t0
    csrw mie, zero
    csrw medeleg, zero
    csrw mideleg, zero
    csrw satp, zero
    csrw mcounteren, zero
    csrw scounteren, zero
    /* everything is open to S and U: one NAPOT entry over the whole address space */
    li t0, -1
    csrw pmpaddr0, t0
    li t0, 0x1f
    csrw pmpcfg0, t0
    /* no timer interrupt, whatever mtimecmp was */
    li t0, CLINT + 0x4000
    li t1, -1
    sw t1, (t0)
    sw t1, 4(t0)
    li s10, 0
    li s11, 0
    j test_main
2:  csrw mie, zero
    wfi
    j 1b

/* Takes the trap that TRAPS() announced: notes it and goes on there. */
    .balign 4
m_trap:
    /* first of all: with MPRV the stores below would be translated */
    li t6, MPRV
    csrrc t5, mstatus, t6
    SX t5, STATUS(tp)
    csrr t5, mcause
    SX t5, CAUSE(tp)
    csrr t5, mepc
    SX t5, EPC(tp)
    csrr t5, mtval
    SX t5, TVAL(tp)
    LX t5, RESUME(tp)
    beqz t5, unexpected
    SX zero, RESUME(tp)
    jr t5

/* The same in S-mode, for what is delegated; then on to M-mode by an environment call. */
    .balign 4
s_trap:
    csrr t5, scause
    SX t5, S_CAUSE(tp)
    csrr t5, sepc
    SX t5, S_EPC(tp)
    csrr t5, stval
    SX t5, S_TVAL(tp)
    csrr t5, sstatus
    SX t5, S_STATUS(tp)
    LX t5, S_COUNT(tp)
    addi t5, t5, 1
    SX t5, S_COUNT(tp)
    ecall

/* t5 must be t6; it enters the signature. Return by gp. */
check_or_zero:
    beqz t5, in_signature
check:
    bne t5, t6, fail
in_signature:
    slli t6, s10, 5
    sub t6, t6, s10
    add s10, t6, t5
    jr gp

pass:
    la a0, text_signature
    jal print
    mv a0, s10
    jal print_hex
    li a0, '\n'
    jal print_char
    li t0, 0x5555
    j finish

/* t5: what there is; t6: what there should be; s11: where. */
fail:
    mv s0, t5
    mv s1, t6
    la a0, text_fail
    jal print_place
    la a0, text_got
    jal print
    mv a0, s0
    jal print_hex
    la a0, text_want
    jal print
    mv a0, s1
    jal print_hex
    li a0, '\n'
    jal print_char
fail_finish:
    andi t0, s11, 0xff
    bnez t0, 1f
    li t0, 255
1:  slli t0, t0, 16
    li t1, 0x3333
    or t0, t0, t1
finish:
    li t1, FINISHER
    sw t0, (t1)
1:  j 1b

/* What should have trapped did not. */
no_trap:
    la a0, text_no_trap
    jal print_place
    li a0, '\n'
    jal print_char
    j fail_finish

unexpected:
    la a0, text_unexpected
    jal print_place
    la s0, 2f
    addi s1, tp, CAUSE
    li s2, 3
1:  mv a0, s0
    jal print
    LX a0, (s1)
    jal print_hex
    addi s0, s0, 8
    addi s1, s1, REGBYTES
    addi s2, s2, -1
    bnez s2, 1b
    li a0, '\n'
    jal print_char
    j fail_finish
    .section .rodata
2:  .ascii " cause \0"
    .ascii "  epc  \0"
    .ascii "  tval \0"
    .text

/* Print t5 as a line; return by gp; only t5 and t6 change. */
out:
    SX t0, SAVE(tp)
    SX t1, SAVE + REGBYTES(tp)
    SX t2, SAVE + 2 * REGBYTES(tp)
    li t0, UART
    li t1, __riscv_xlen - 4
1:  lbu t2, 5(t0)
    andi t2, t2, 0x20
    beqz t2, 1b
    srl t6, t5, t1
    andi t6, t6, 15
    li t2, 10
    bltu t6, t2, 2f
    addi t6, t6, 'a' - '0' - 10
2:  addi t6, t6, '0'
    sb t6, (t0)
    addi t1, t1, -4
    bgez t1, 1b
3:  lbu t2, 5(t0)
    andi t2, t2, 0x20
    beqz t2, 3b
    li t6, '\n'
    sb t6, (t0)
    LX t0, SAVE(tp)
    LX t1, SAVE + REGBYTES(tp)
    LX t2, SAVE + 2 * REGBYTES(tp)
    jr gp

/* Text a0, then "line L case C" from s11. */
print_place:
    mv s3, ra
    jal print
    la a0, text_line
    jal print
    srli a0, s11, 8
    jal print_decimal
    la a0, text_case
    jal print
    andi a0, s11, 0xff
    jal print_decimal
    jr s3

print_char:
    li t0, UART
1:  lbu t1, 5(t0)
    andi t1, t1, 0x20
    beqz t1, 1b
    sb a0, (t0)
    ret

print:
    mv s4, ra
    mv s5, a0
1:  lbu a0, (s5)
    beqz a0, 2f
    jal print_char
    addi s5, s5, 1
    j 1b
2:  jr s4

print_hex:
    mv s4, ra
    mv s5, a0
    li s6, __riscv_xlen - 4
1:  srl a0, s5, s6
    andi a0, a0, 15
    li t0, 10
    bltu a0, t0, 2f
    addi a0, a0, 'a' - '0' - 10
2:  addi a0, a0, '0'
    jal print_char
    addi s6, s6, -4
    bgez s6, 1b
    jr s4

/* a0 < 100000, by subtraction: division may be what is being tested. */
print_decimal:
    mv s4, ra
    mv s5, a0
    la s6, powers
    li s7, 0
1:  lw s8, (s6)
    li a0, '0'
2:  blt s5, s8, 3f
    sub s5, s5, s8
    addi a0, a0, 1
    li s7, 1
    j 2b
3:  li t0, 1
    beq s8, t0, 4f
    beqz s7, 5f
4:  jal print_char
5:  addi s6, s6, 4
    li t0, 1
    bne s8, t0, 1b
    jr s4

    .section .rodata
    .balign 4
powers:
    .word 10000, 1000, 100, 10, 1
text_signature:
    .asciz "signature "
text_fail:
    .asciz "FAIL at"
text_no_trap:
    .asciz "NO TRAP at"
text_unexpected:
    .asciz "UNEXPECTED TRAP after"
text_line:
    .asciz " line "
text_case:
    .asciz " case "
text_got:
    .asciz ": got "
text_want:
    .asciz " want "

    .bss
    .balign 64
state:
    .space STATE
    .balign 16
    .space 4096
stack:
