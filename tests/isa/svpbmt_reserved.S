/*
 * Svpbmt: the type 3 is reserved and a page fault ("Svpbmt", encodings of PBMT). QEMU lets it pass.
 * xlen: 64
 * isa: emu
 */
#include "vm_access.h"

#define PBMTE (1 << 62)

    /* The window's page with a type; then the same in a superpage, then in the pointer to the window's table. */
    .macro type value
    ENTRY(t1, page, PTE_RWX)
    li t0, \value << 61
    or t1, t1, t0
    la t2, leaf
    sd t1, (t2)
    sfence.vma
    li a0, WINDOW
    .endm
    .macro big_type value
    ENTRY(t1, big, PTE_RWX)
    li t0, \value << 61
    or t1, t1, t0
    la t2, big_entry
    sd t1, (t2)
    sfence.vma
    li a0, BIG
    .endm
TEST_BEGIN
    VM_ON
    li t0, PBMTE
    csrs menvcfg, t0
    CASE
    type 3
    faults_at_a0
    big_type 3
    faults_at_a0
    type 2
    reaches_at_a0 0x73
    TEST_END

    .data
    .balign 4096
page:
    .word 0x73                      /* ecall */
    .balign 0x200000
big:
    .word 0x73
    VM_TABLES
