/* Fetches go by physical address: two virtual pages with swapped low bits, then one remapped. */
#include "env.h"
.macro POINT table, index, to, bits
    la t0, \to
    srli t0, t0, 2
    ori t0, t0, \bits
    la t1, \table
    SX t0, \index * WORD(t1)
.endm
.macro VISIT address, value, number
    li gp, \number
    la a2, 1f
    li t0, \address
    csrw mepc, t0
    li t0, MSTATUS_MPP
    csrc mstatus, t0
    li t0, MODE_S << 11
    csrs mstatus, t0
    mret
    .balign 4
1:  CHECK \number, a0, \value
.endm
BEGIN MODE_M
#if __riscv_xlen == 64
    POINT table_2, 0, table_3, PTE_V
    POINT table_1, 0, table_2, PTE_V
#else
    POINT table_1, 0, table_3, PTE_V
#endif
    POINT table_3, 1, page_1, PTE_V | PTE_X | PTE_A
    POINT table_3, 0, page_2, PTE_V | PTE_X | PTE_A
    li a0, SATP_PAGED
    la a1, table_1
    srli a1, a1, 12
    or a1, a1, a0
    csrw satp, a1
    sfence.vma
    VISIT 0, 321, 2
    VISIT 4096, 123, 3
    VISIT 0, 321, 4
    POINT table_3, 0, page_1, PTE_V | PTE_X | PTE_A
    sfence.vma
    VISIT 0, 123, 5
    j pass
END
    .text
    .balign 4
    .globl m_handler
m_handler:
    csrr t0, mcause
    addi t0, t0, -CAUSE_STORE_PAGE
    bnez t0, fail
    jr a2
    .data
    .balign 4096
table_1:
    .dword 0
    .balign 4096
table_2:
    .dword 0
    .balign 4096
table_3:
    .dword 0
    .balign 8192
page_1:
    li a0, 123
    sw zero, (zero)
    .balign 4096
page_2:
    li a0, 321
    sw zero, (zero)
