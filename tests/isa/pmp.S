/* Physical memory protection: kinds of regions, permissions, priority, partial matches, locks. */
#include "vm.h"

#define R       1
#define W       2
#define X       4
#define TOR     0x08
#define NA4     0x10
#define NAPOT   0x18
#define L       0x80
/* The last of the entries used here opens everything: what the ones before it leave alone, goes. */
#define OPEN    ((R | W | X | NAPOT) << 24)
#define ZONE    4096

    /* Entries 0 to 2; entry 3 is OPEN. */
    .macro config zero, one=0, two=0
    SET_CSR(pmpcfg0, OPEN | (\two << 16) | (\one << 8) | \zero)
    sfence.vma
    .endm

    /* pmpaddr for bytes from a label on: a point, or a naturally aligned range */
    .macro point csr, offset
    la t0, zone
    li t1, \offset
    add t0, t0, t1
    srli t0, t0, 2
    csrw \csr, t0
    .endm
    .macro range csr, offset, size
    la t0, zone
    li t1, \offset
    add t0, t0, t1
    srli t0, t0, 2
    ori t0, t0, (\size / 8 - 1) & 0x7ff
    csrw \csr, t0
    .endm

    /*
     * A data access as S-mode's, by MPRV, at zone + offset: cause is 0 if it must be allowed. The
     * instruction uses (a0) and a1.
     */
    .macro access cause, offset, insn:vararg
    la a0, zone
    li t0, \offset
    add a0, a0, t0
    li t0, MPP
    csrc mstatus, t0
    li t0, (MODE_S << MPP_SHIFT) | MPRV
    TRAPS(1f)
    csrs mstatus, t0
0:  \insn
    ecall
1:
    .if \cause
    CHECK_TRAP_REG(\cause, 0b, a0)
    .else
    CHECK_CAUSE(ECALL_M)
    .endif
    .endm
    .macro loads cause, offset
    access \cause, \offset, lw a1, (a0)
    .endm
    .macro stores cause, offset
    access \cause, \offset, sw a1, (a0)
    .endm

    /* S-mode fetches at zone + offset, where there is an environment call. */
    .macro fetches cause, offset
    la a0, zone
    li t0, \offset
    add a0, a0, t0
    li t0, 0x00000073
    sw t0, (a0)
    fence.i
    TRAPS(1f)
    ENTER_REG(MODE_S, a0)
1:  CHECK_CAUSE(\cause)
    HERE
    LX t5, EPC(tp)
    mv t6, a0
    jal gp, check
    .endm

TEST_BEGIN
    /* one entry for addresses 0 to 7: with none at all an old QEMU refuses to leave M-mode */
    SET_CSR(pmpcfg0, NAPOT << 16)
    li t0, -1
    csrw pmpaddr3, t0
    csrw pmpaddr0, zero
    csrw pmpaddr1, zero
    csrw pmpaddr2, zero
    sfence.vma

    CASE                            /* where no entry matches: nothing for S and U, everything for M */
    loads LOAD_ACCESS, 0
    stores STORE_ACCESS, 0
    fetches FETCH_ACCESS, 0
    TRAPS(1f)
    ENTER(MODE_U, 0f)
0:  nop
    j no_trap
1:  CHECK_TRAP_AT(FETCH_ACCESS, 0b, 0b)
    CHECK_FROM(MODE_U)

    CASE                            /* the open entry */
    config 0
    loads 0, 0
    stores 0, 0
    fetches ECALL_S, 0

    CASE                            /* permissions of a page */
    range pmpaddr0, 0, ZONE
    config NAPOT
    loads LOAD_ACCESS, 0
    stores STORE_ACCESS, 4
    fetches FETCH_ACCESS, 8
    access STORE_ACCESS, 0, amoadd.w a1, a1, (a0)
    access LOAD_ACCESS, 0, lr.w a1, (a0)
    access LOAD_ACCESS, ZONE - 1, lbu a1, (a0)
    access LOAD_ACCESS, 2, lh a1, (a0)
    loads 0, -4
    loads 0, ZONE
    config (NAPOT | R)
    loads 0, 0
    stores STORE_ACCESS, 0
    fetches FETCH_ACCESS, 0
    access STORE_ACCESS, 0, amoadd.w a1, a1, (a0)
    config (NAPOT | R | W)
    loads 0, 0
    stores 0, 0
    access 0, 0, amoadd.w a1, a1, (a0)
    fetches FETCH_ACCESS, 0
    config (NAPOT | X)
    loads LOAD_ACCESS, 0
    stores STORE_ACCESS, 0
    fetches ECALL_S, 0
    config (NAPOT | R | X)
    loads 0, 0
    stores STORE_ACCESS, 0
    fetches ECALL_S, 0
    config (NAPOT | R | W | X)
    loads 0, 0
    stores 0, 0
    fetches ECALL_S, 0
    li t0, 1                        /* M-mode does not mind */
    config NAPOT
    la a0, zone
    sw t0, (a0)
    lw a1, (a0)
    CHECK(a1, 1)

    CASE                            /* the entry with the lowest number decides */
    range pmpaddr1, 0, 64
    config NAPOT, (NAPOT | R | W | X)
    loads LOAD_ACCESS, 0
    config (NAPOT | R), NAPOT
    loads 0, 0
    stores STORE_ACCESS, 0
    range pmpaddr0, 0, 64
    range pmpaddr1, 0, ZONE
    config (NAPOT | R | W), NAPOT
    stores 0, 60
    loads LOAD_ACCESS, 64
    loads 0, ZONE
    config 0, NAPOT                 /* an entry that is off does not count */
    loads LOAD_ACCESS, 60

    CASE                            /* up to an address from the one before */
    point pmpaddr0, 64
    point pmpaddr1, 128
    config 0, TOR
    loads 0, 60
    loads LOAD_ACCESS, 64
    stores STORE_ACCESS, 124
    loads 0, 128
    config TOR, 0                   /* entry 0 begins at address 0 */
    loads LOAD_ACCESS, 0
    loads LOAD_ACCESS, 60
    loads 0, 64
    config TOR, (TOR | R)           /* the first of them matches below */
    loads LOAD_ACCESS, 60
    loads 0, 64
    stores STORE_ACCESS, 64
    stores 0, 128
    point pmpaddr1, 32              /* an empty range matches nothing */
    config 0, TOR
    loads 0, 32
    loads 0, 60
    loads 0, 64
    point pmpaddr1, 64
    config 0, TOR
    loads 0, 64

    CASE                            /* finer than eight bytes, if the machine can */
    csrw pmpcfg0, zero
    li t0, -1
    csrw pmpaddr0, t0
    csrr t1, pmpaddr0
    andi t1, t1, 1
    beqz t1, coarse
    point pmpaddr0, 8
    config NA4
    loads 0, 4
    loads LOAD_ACCESS, 8
    loads 0, 12
    access LOAD_ACCESS, 11, lb a1, (a0)
    access 0, 7, lb a1, (a0)
    access 0, 12, lb a1, (a0)
    point pmpaddr0, 16
    point pmpaddr1, 20
    config 0, TOR
    loads 0, 12
    stores STORE_ACCESS, 16
    loads 0, 20
#if __riscv_xlen == 64
    /* an access that an entry matches in part fails, whatever its permissions */
    point pmpaddr0, 8
    config (NA4 | R | W | X)
    access LOAD_ACCESS, 8, ld a1, (a0)
    access STORE_ACCESS, 8, sd a1, (a0)
    access 0, 16, ld a1, (a0)
    point pmpaddr0, 12
    config (NA4 | R | W | X)
    access LOAD_ACCESS, 8, ld a1, (a0)
    access 0, 8, lw a1, (a0)
    access 0, 12, lw a1, (a0)
#endif
coarse:
    range pmpaddr0, 8, 8
    config NAPOT
    loads 0, 4
    loads LOAD_ACCESS, 8
    loads LOAD_ACCESS, 12
    loads 0, 16
    range pmpaddr0, 32, 32
    config NAPOT
    loads 0, 28
    loads LOAD_ACCESS, 32
    loads LOAD_ACCESS, 60
    loads 0, 64

    CASE                            /* the walk of the tables is S-mode's reading */
    la t0, root
    srli t0, t0, 2
    ori t0, t0, ZONE / 8 - 1
    csrw pmpaddr0, t0
    config 0
    VM_ON
    MAP_WINDOW(0, zone, PTE_RW)
    sfence.vma
    li a0, WINDOW
    TRAPS(1f)
    ENTER(MODE_S, load)
1:  CHECK_CAUSE(ECALL_S)
    config NAPOT
    TRAPS(1f)
    ENTER(MODE_S, load)
1:  CHECK_TRAP_AT(FETCH_ACCESS, load, load)
    li t0, MPP
    csrc mstatus, t0
    li t0, (MODE_S << MPP_SHIFT) | MPRV
    TRAPS(1f)
    csrs mstatus, t0
0:  lw a1, (a0)
    j no_trap
1:  CHECK_TRAP_REG(LOAD_ACCESS, 0b, a0)
    li t0, MPP
    csrc mstatus, t0
    li t0, (MODE_S << MPP_SHIFT) | MPRV
    TRAPS(1f)
    csrs mstatus, t0
0:  sw a1, (a0)
    j no_trap
1:  CHECK_TRAP_REG(STORE_ACCESS, 0b, a0)
    config (NAPOT | R)
    TRAPS(1f)
    ENTER(MODE_S, load)
1:  CHECK_CAUSE(ECALL_S)

    CASE                            /* and what is translated is checked where it is: tval is the virtual address */
    range pmpaddr0, 0, ZONE
    config NAPOT
    TRAPS(1f)
    ENTER(MODE_S, load)
1:  CHECK_TRAP_REG(LOAD_ACCESS, load, a0)
    csrw satp, zero
    sfence.vma
    config 0

    CASE                            /* sixteen entries: the last one works */
    csrw pmpcfg0, zero
    li t0, -1
    csrw pmpaddr15, t0
#if __riscv_xlen == 64
    li t0, (R | W | X | NAPOT) << 56
    csrw pmpcfg2, t0
#else
    li t0, (R | W | X | NAPOT) << 24
    csrw pmpcfg3, t0
#endif
    sfence.vma
    loads 0, 0
    fetches ECALL_S, 0
#if __riscv_xlen == 64
    csrw pmpcfg2, zero
#else
    csrw pmpcfg3, zero
#endif
    sfence.vma
    loads LOAD_ACCESS, 0

    CASE                            /* locked: the machine is bound too, and nothing can be changed */
    range pmpaddr0, 0, 64
    config (NAPOT | R | L)
    la a0, zone
    lw a1, (a0)
    TRAPS(1f)
0:  sw a1, (a0)
    j no_trap
1:  CHECK_TRAP_REG(STORE_ACCESS, 0b, a0)
    CHECK_FROM(MODE_M)
    TRAPS(1f)
    jr a0
    j no_trap
1:  CHECK_CAUSE(FETCH_ACCESS)
    sw a1, 64(a0)
    csrr s0, pmpaddr0
    csrw pmpaddr0, zero
    csrr a1, pmpaddr0
    CHECK_REG(a1, s0)
    SET_CSR(pmpcfg0, OPEN)
    CHECK_CSR(pmpcfg0, 0xff, NAPOT | R | L)
    CHECK_CSR(pmpcfg0, 0xff000000, OPEN)
    TRAPS(1f)
0:  sw a1, (a0)
    j no_trap
1:  CHECK_TRAP_REG(STORE_ACCESS, 0b, a0)

    CASE                            /* locked up to an address: the address it begins at is locked as well */
    point pmpaddr1, 128
    point pmpaddr2, 192
    SET_CSR(pmpcfg0, OPEN | ((TOR | L) << 16))
    sfence.vma
    la a0, zone
    lw a1, 124(a0)
    addi a0, a0, 128
    TRAPS(1f)
0:  lw a1, (a0)
    j no_trap
1:  CHECK_TRAP_REG(LOAD_ACCESS, 0b, a0)
    lw a1, 64(a0)
    csrr s0, pmpaddr1
    csrr s1, pmpaddr2
    csrw pmpaddr1, zero
    csrw pmpaddr2, zero
    csrr a1, pmpaddr1
    CHECK_REG(a1, s0)
    csrr a1, pmpaddr2
    CHECK_REG(a1, s1)
    SET_CSR(pmpcfg0, OPEN | ((NAPOT | R) << 8))
    CHECK_CSR(pmpcfg0, 0xffffff00, OPEN | ((TOR | L) << 16) | ((NAPOT | R) << 8))
    TEST_END

    .option norvc
load:
    lw a1, (a0)
    ecall

    VM_TABLES
    .bss
    .balign 4096
    .space 4096
zone:
    .space 4096
    .space 4096
