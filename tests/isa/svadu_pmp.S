/*
 * Svadu and PMP: the hart sets A and D with S-mode's rights (privileged specification, "Svadu": the
 * update is an implicit store of the walk). QEMU does not ask PMP there.
 * isa: emu
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
    li t0, ADUE
    csrs ENVCFG, t0
    CASE                            /* tables that PMP does not let S-mode write: an access fault of the original kind */
    la t0, leaf
    srli t0, t0, 2
    ori t0, t0, 4096 / 8 - 1
    csrw pmpaddr0, t0
    li t0, -1
    csrw pmpaddr1, t0
    li t0, 0x1f00 | 0x19            /* NAPOT, R; NAPOT, RWX */
    csrw pmpcfg0, t0
    sfence.vma
    try NEITHER, NEITHER, LOAD_ACCESS, lw a1, (a0)
    try NEITHER, NEITHER, STORE_ACCESS, sw a3, (a0)
    try_fetch NEITHER, NEITHER, FETCH_ACCESS
    try (NEITHER | PTE_A), (NEITHER | PTE_A), 0, lw a1, (a0)
    try (NEITHER | PTE_A), (NEITHER | PTE_A), STORE_ACCESS, sw a3, (a0)
    li t0, 0x1f1f
    csrw pmpcfg0, t0
    sfence.vma
    li a0, WINDOW
    access 0, sw a3, (a0)
    TEST_END

    .data
    .balign 4096
page:
    .word 0x73                      /* ecall */
    .space 4092
    VM_TABLES
