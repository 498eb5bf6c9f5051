/*
 * Svpbmt: the memory type in bits 62:61 of a leaf, with menvcfg.PBMTE and without.
 * xlen: 64
 * isa: all
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
    .macro pointer_type value
    ENTRY(t1, leaf, PTE_V)
    li t0, \value << 61
    or t1, t1, t0
    la t2, middle
    sd t1, (t2)
    sfence.vma
    li a0, WINDOW
    .endm

TEST_BEGIN
    VM_ON
    CASE                            /* the bit can be set and cleared */
    li t0, PBMTE
    csrc menvcfg, t0
    csrr a0, menvcfg
    srli a0, a0, 62
    andi a0, a0, 1
    CHECK(a0, 0)

    CASE                            /* without it all types but 0 are reserved */
    type 0
    reaches_at_a0 0x73
    .irp n, 1, 2, 3
    type \n
    faults_at_a0
    big_type \n
    faults_at_a0
    .endr

    CASE                            /* with it PMA, NC and IO are good */
    li t0, PBMTE
    csrs menvcfg, t0
    sfence.vma
    csrr a0, menvcfg
    srli a0, a0, 62
    andi a0, a0, 1
    CHECK(a0, 1)
    .irp n, 0, 1, 2
    type \n
    reaches_at_a0 0x73
    big_type \n
    reaches_at_a0 0x73
    .endr

    CASE                            /* in pointers they are reserved in any case */
    type 0
    .irp n, 1, 2, 3
    pointer_type \n
    faults_at_a0
    .endr
    pointer_type 0
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
