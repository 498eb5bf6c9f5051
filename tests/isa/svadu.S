/*
 * Svadu: who sets A and D, by menvcfg.ADUE.
 * isa: all
 */
#include "vm_access.h"

#if __riscv_xlen == 64
#    define ENVCFG menvcfg
#    define ADUE   (1 << 61)
#else
#    define ENVCFG menvcfgh
#    define ADUE   (1 << 29)
#endif
#define X_ONLY  (PTE_V | PTE_X)
#define NEITHER (PTE_V | PTE_R | PTE_W | PTE_X)

    /* The window's page with these bits, then one access, then the bits there are. */
    .macro try bits, want, cause, insn:vararg
    MAP_WINDOW(0, page, \bits)
    sfence.vma
    li a0, WINDOW
    access \cause, \insn
    la t0, leaf
    LX a1, (t0)
    andi a1, a1, 0xff
    CHECK(a1, \want)
    .endm
    .macro try_fetch bits, want, cause
    MAP_WINDOW(0, page, \bits)
    sfence.vma
    li a0, WINDOW
    fetch \cause
    la t0, leaf
    LX a1, (t0)
    andi a1, a1, 0xff
    CHECK(a1, \want)
    .endm

TEST_BEGIN
    li a3, 0x73                     /* what stores put there again */
    VM_ON
    CASE                            /* set: the hart does, A for every access, D for stores */
    li t0, ADUE
    csrs ENVCFG, t0
    sfence.vma
    try NEITHER, (NEITHER | PTE_A), 0, lw a1, (a0)
    try NEITHER, (NEITHER | PTE_A | PTE_D), 0, sw a3, (a0)
    try (NEITHER | PTE_A), (NEITHER | PTE_A), 0, lw a1, (a0)
    try (NEITHER | PTE_A), (NEITHER | PTE_A | PTE_D), 0, sw a3, (a0)
    try (NEITHER | PTE_D), (NEITHER | PTE_A | PTE_D), 0, lw a1, (a0)
    try NEITHER, (NEITHER | PTE_A), 0, lr.w a1, (a0)
    try NEITHER, (NEITHER | PTE_A | PTE_D), 0, amoor.w a1, zero, (a0)
    try NEITHER, (NEITHER | PTE_A | PTE_D), 0, sw a3, (a0)
    try_fetch NEITHER, (NEITHER | PTE_A), ECALL_S
    try_fetch X_ONLY, (X_ONLY | PTE_A), ECALL_S

    CASE                            /* a store behind a load sets D then, without a fence */
    MAP_WINDOW(0, page, NEITHER)
    sfence.vma
    li a0, WINDOW
    access 0, lw a1, (a0)
    access 0, sw a3, (a0)
    la t0, leaf
    LX a1, (t0)
    andi a1, a1, 0xff
    CHECK(a1, NEITHER | PTE_A | PTE_D)

    CASE                            /* what is refused leaves the entry as it is */
    try (PTE_V | PTE_R), (PTE_V | PTE_R), STORE_PAGE, sw a3, (a0)
    try (PTE_V | PTE_R), (PTE_V | PTE_R | PTE_A), 0, lw a1, (a0)
    try X_ONLY, X_ONLY, LOAD_PAGE, lw a1, (a0)
    try (NEITHER | PTE_U), (NEITHER | PTE_U), LOAD_PAGE, lw a1, (a0)
    try_fetch (NEITHER | PTE_U), (NEITHER | PTE_U), FETCH_PAGE
    try_fetch (PTE_V | PTE_R), (PTE_V | PTE_R), FETCH_PAGE

    CASE                            /* superpages have theirs too; pointers are left alone */
    MAP_AT(big_entry, RAM, NEITHER)
    sfence.vma
    li a0, BIG
    access 0, lw a1, (a0)
    la t0, big_entry
    LX a1, (t0)
    andi a1, a1, 0xff
    CHECK(a1, NEITHER | PTE_A)
#if __riscv_xlen == 64
    la t0, middle
    LX a1, (t0)
    andi a1, a1, 0xff
    CHECK(a1, PTE_V)
#endif

    CASE                            /* clear: a page fault, and software does (Svade) */
    li t0, ADUE
    csrc ENVCFG, t0
    sfence.vma
    try NEITHER, NEITHER, LOAD_PAGE, lw a1, (a0)
    try NEITHER, NEITHER, STORE_PAGE, sw a3, (a0)
    try (NEITHER | PTE_A), (NEITHER | PTE_A), STORE_PAGE, sw a3, (a0)
    try (NEITHER | PTE_A), (NEITHER | PTE_A), 0, lw a1, (a0)
    try (NEITHER | PTE_D), (NEITHER | PTE_D), LOAD_PAGE, lw a1, (a0)
    try (NEITHER | PTE_A | PTE_D), (NEITHER | PTE_A | PTE_D), 0, sw a3, (a0)
    try NEITHER, NEITHER, STORE_PAGE, amoor.w a1, zero, (a0)
    try_fetch NEITHER, NEITHER, FETCH_PAGE
    try_fetch (X_ONLY | PTE_A), (X_ONLY | PTE_A), ECALL_S
    TEST_END

    .data
    .balign 4096
page:
    .word 0x73                      /* ecall */
    .space 4092
    VM_TABLES
