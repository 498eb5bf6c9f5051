/*
 * Svnapot: 64 KiB as one translation.
 * xlen: 64
 * isa: all
 */
#include "vm_access.h"

#define N (1 << 63)
/* An entry for the 64 KiB at the label; `low` goes to the page number's low four bits. */
#define NAPOT_ENTRY(slot, label, low, bits)                                                        \
    ENTRY(t1, label, bits);                                                                        \
    li t0, N | ((low) << 10);                                                                      \
    or t1, t1, t0;                                                                                 \
    la t2, slot;                                                                                   \
    sd t1, (t2)

    .macro page_at n, want
    li a0, WINDOW + \n * PAGE
    reaches_at_a0 \want
    .endm

TEST_BEGIN
    VM_ON
    CASE                            /* each page of it, by its own entry: the base is the same in all */
    .set n, 0
    .rept 16
    NAPOT_ENTRY(leaf + n * 8, range, 8, PTE_RWX)
    .set n, n + 1
    .endr
    sfence.vma
    page_at 0, 0x73
    page_at 1, 0x73
    page_at 15, 0x73
    la s0, range                    /* a different word in each page */
    li s1, 0
1:  slli t0, s1, 12
    add t0, t0, s0
    sw s1, 8(t0)
    addi s1, s1, 1
    li t0, 16
    bne s1, t0, 1b
    .irp n, 0, 1, 7, 8, 14, 15
    li a0, WINDOW + \n * PAGE + 8
    access 0, lw a1, (a0)
    CHECK(a1, \n)
    li a2, 0x100 + \n
    access 0, sw a2, (a0)
    .endr
    la s0, range + 7 * PAGE + 8
    CHECK_MEMORY(lw, (s0), 0x107)

    CASE                            /* one entry alone serves its own page at least, and faults elsewhere are faults */
    .set n, 0
    .rept 16
    la t0, leaf + n * 8
    sd zero, (t0)
    .set n, n + 1
    .endr
    NAPOT_ENTRY(leaf + 5 * 8, range, 8, PTE_RWX)
    sfence.vma
    page_at 5, 0x73

    CASE                            /* permissions and bits of the entry count as ever */
    NAPOT_ENTRY(leaf + 5 * 8, range, 8, PTE_V | PTE_R | PTE_A | PTE_D)
    sfence.vma
    li a0, WINDOW + 5 * PAGE
    access 0, lw a1, (a0)
    access STORE_PAGE, sw a1, (a0)
    fetch FETCH_PAGE

    CASE                            /* other sizes are reserved: page number bits 3 to 0 must be 1000 */
    .irp low, 0, 1, 2, 4, 7, 9, 10, 12, 15
    NAPOT_ENTRY(leaf, range, \low, PTE_RWX)
    sfence.vma
    li a0, WINDOW
    access LOAD_PAGE, lw a1, (a0)
    access STORE_PAGE, sw a1, (a0)
    fetch FETCH_PAGE
    .endr

    CASE                            /* so is N above the last level, in leaves and in pointers */
    NAPOT_ENTRY(big_entry, big, 8, PTE_RWX)
    sfence.vma
    li a0, BIG
    faults_at_a0
    NAPOT_ENTRY(big_entry, big, 0, PTE_RWX)
    sfence.vma
    faults_at_a0
    MAP(big_entry, big, PTE_RWX)
    sfence.vma
    reaches_at_a0 0x73
    NAPOT_ENTRY(middle, leaf, 0, PTE_V)
    MAP_WINDOW(0, range, PTE_RWX)
    sfence.vma
    li a0, WINDOW
    faults_at_a0
    MAP(middle, leaf, PTE_V)
    sfence.vma
    reaches_at_a0 0x73

    CASE                            /* a fence for one address of the range is one for all */
    .set n, 0
    .rept 16
    NAPOT_ENTRY(leaf + n * 8, range, 8, PTE_RWX)
    .set n, n + 1
    .endr
    sfence.vma
    page_at 3, 0x73
    page_at 12, 0x73
    .set n, 0
    .rept 16
    la t0, leaf + n * 8
    sd zero, (t0)
    .set n, n + 1
    .endr
    li t0, WINDOW + 3 * PAGE
    sfence.vma t0
    li t0, WINDOW + 12 * PAGE
    sfence.vma t0
    li a0, WINDOW + 12 * PAGE
    faults_at_a0
    TEST_END

    .data
    .balign 65536
range:
    .rept 16
    .word 0x73                      /* ecall */
    .space 4092
    .endr
    .balign 0x200000
big:
    .word 0x73
    VM_TABLES
