/*
 * Accesses through a page whose A and D bits are clear; exits with what happened, two digits each:
 * causes of a load with A=0, a store with A=1 D=0 (0: none), then the PTE's A and D bits (bits 0, 1)
 * after both. Exit code = 64 * bits + 4 * (load trapped) + (store trapped), so 5 with Svade, 192
 * without; 255: a trap had another cause.
 */
#include "riscv/bits.h"
#include "riscv/pte.h"

#if __riscv_xlen == 64
# define L ld
# define S sd
#else
# define L lw
# define S sw
#endif
#define TARGET 0x80000000
#define SUPERPAGE(flags) ((TARGET >> 2) | (flags))

    .globl _start
_start:
    la t0, handler
    csrw mtvec, t0
    li t0, -1
    csrw pmpaddr0, t0
    li t0, PMP_A_NAPOT | PMP_R | PMP_W | PMP_X
    csrw pmpcfg0, t0
    la s0, entry
    la t0, root
    srli t0, t0, 12
#if __riscv_xlen == 64
    li t1, SV39_MODE << 60
#else
    li t1, SV32_MODE << 31
#endif
    or t0, t0, t1
    csrw satp, t0
    li s1, TARGET + 0x80000         /* not where code is: QEMU mixes MPRV up with fetches */
    li s2, 0                        /* traps: 4 load, 1 store */
    li s3, MSTATUS_MPRV             /* loads and stores as S-mode */
    li t0, MSTATUS_MPP
    csrc mstatus, t0
    li t0, PRIV_S << MSTATUS_MPP_SHIFT
    or s3, s3, t0

    csrs mstatus, s3
    lw t1, 0(s1)
    csrc mstatus, s3

    L t0, 0(s0)
    mv s4, t0
    ori t0, t0, PTE_A
    andi t0, t0, ~PTE_D
    bnez s2, 1f
    andi t1, s4, PTE_A              /* no trap: the hart must have set A */
    beqz t1, wrong
1:  S t0, 0(s0)
    sfence.vma
    csrs mstatus, s3
    sw t1, 8(s1)
    csrc mstatus, s3

    L t0, 0(s0)
    andi t1, t0, PTE_D
    srli t1, t1, 7
    andi s4, s4, PTE_A
    srli s4, s4, 6
    slli t1, t1, 1
    or a0, s4, t1
    slli a0, a0, 6
    or a0, a0, s2
exit:
    li t0, 0x100000
    slli a0, a0, 16
    li t1, 0x3333
    or a0, a0, t1
    sw a0, 0(t0)
    j .
wrong:
    li a0, 255
    j exit

    .balign 4
handler:
    csrr t2, mcause
    li t3, 13
    beq t2, t3, 1f
    li t3, 15
    bne t2, t3, wrong
    csrr t2, mtval
    addi t3, s1, 8
    bne t2, t3, wrong
    addi s2, s2, 1
    j 2f
1:  csrr t2, mtval
    bne t2, s1, wrong
    addi s2, s2, 4
2:  csrr t2, mepc
    addi t2, t2, 4
    csrw mepc, t2
    mret

    .balign 4096
root:
#if __riscv_xlen == 64
    .dword 0, 0
entry:
    .dword SUPERPAGE(PTE_V | PTE_R | PTE_W)
    .fill 509, 8, 0
#else
    .fill 512, 4, 0
entry:
    .word SUPERPAGE(PTE_V | PTE_R | PTE_W)
    .fill 511, 4, 0
#endif
