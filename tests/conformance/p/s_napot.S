/* xlen: 64. Svnapot: a store through a 64 KiB page, seen where it belongs. */
#include "env.h"
#define PTE_N (1 << 63)
#define VA 0x40201010                    /* every index is 1 */
BEGIN MODE_M
    la a0, area
    srli a0, a0, 12
    li a1, ~0xf
    and a0, a0, a1
    ori a0, a0, 8
    slli a0, a0, 10
    li a1, PTE_N | PTE_V | PTE_U | PTE_R | PTE_W | PTE_A | PTE_D
    or a0, a0, a1
    la a1, table_3
    sd a0, 8(a1)
    srli a1, a1, 2
    ori a1, a1, PTE_V
    la a0, table_2
    sd a1, 8(a0)
    srli a0, a0, 2
    ori a0, a0, PTE_V
    la a1, table_1
    sd a0, 8(a1)
    la a3, area
    li a1, 0x8000 | (VA & 0xfff)         /* where a plain PTE would lead */
    add a3, a3, a1
    sw zero, (a3)
    srli a1, a1, 0
    la a1, table_1
    srli a1, a1, 12
    li a0, SATP_PAGED
    or a0, a0, a1
    csrw satp, a0
    sfence.vma
    li t0, MSTATUS_MPP
    csrc mstatus, t0
    li t0, MODE_S << 11 | MSTATUS_MPRV | MSTATUS_SUM
    csrs mstatus, t0
    li a0, VA
    li a1, 42
    sw a1, (a0)
    li t0, MSTATUS_MPRV
    csrc mstatus, t0
    lw a1, (a3)
    CHECK 2, a1, 0
    la a0, area
    li a1, VA & 0xffff
    add a0, a0, a1
    lw a1, (a0)
    CHECK 3, a1, 42
    j pass
END
    .balign 4096
table_1:
    .fill 4096, 1, 0
table_2:
    .fill 4096, 1, 0
table_3:
    .fill 4096, 1, 0
    .balign 65536
area:
    .fill 65536, 1, 0
