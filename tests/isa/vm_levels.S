/*
 * Sv39, Sv48 and Sv57: which there are, walks through all levels, canonical addresses, superpages.
 * xlen: 64
 * isa: all
 */
#include "vm_access.h"

#define SV39 8
#define SV48 9
#define SV57 10
#define PPN(label, to)                                                                             \
    la to, label;                                                                                  \
    srli to, to, 12

    /* satp with the mode, and the table at the label as root */
    .macro use mode, table
    PPN(\table, t0)
    li t1, \mode << 60
    or t0, t0, t1
    csrw satp, t0
    sfence.vma
    .endm

    /* entry `index` of a table */
    .macro entry table, index, label, bits
    MAP(\table + \index * 8, \label, \bits)
    .endm
    .macro entry_at table, index, address, bits
    MAP_AT(\table + \index * 8, \address, \bits)
    .endm
    .macro clear table, index
    la t2, \table
    li t1, \index * 8
    add t2, t2, t1
    sd zero, (t2)
    .endm

    .macro reaches address
    li a0, \address
    reaches_at_a0 0x73
    .endm
    .macro faults address
    li a0, \address
    faults_at_a0
    .endm

/* Indices by level, all different: an address is AT with sign above. */
#define I4     0x0a5
#define I3     0x05a
#define I2     0x137
#define I1     0x0c3
#define I0     0x011
#define LOW39  ((I2 << 30) | (I1 << 21) | (I0 << 12))
#define LOW48  ((I3 << 39) | LOW39)
#define LOW57  ((I4 << 48) | LOW48)
#define UP39   0xffffffc000000000
#define UP48   0xffff800000000000
#define UP57   0xff00000000000000

TEST_BEGIN
    CASE                            /* MODE takes what there is; a write of another changes nothing */
    li s0, 0
    li s1, 16
    li s2, 0
1:  csrw satp, zero
    slli t0, s0, 60
    li t1, 0x123
    or t0, t0, t1
    csrw satp, t0
    csrr t1, satp
    bnez t1, 2f
    j 3f
2:  bne t0, t1, 3f
    beqz s0, 3f
    li t0, 1
    sll t0, t0, s0
    or s2, s2, t0
3:  addi s0, s0, 1
    bne s0, s1, 1b
    CHECK(s2, (1 << SV39) | (1 << SV48) | (1 << SV57))
    csrw satp, zero
    sfence.vma

    CASE                            /* a chain of pointers of all levels; the index of the top one in both halves */
    entry l4, I4, l3, PTE_V
    entry l4, 0x1a5, l3, PTE_V
    entry l3, I3, l2, PTE_V
    entry l3, 0x15a, l2, PTE_V
    entry l2, I2, l1, PTE_V
    entry l2, 0x037, l1, PTE_V
    entry l1, I1, l0, PTE_V
    entry l0, I0, page, PTE_RWX

    CASE
    use SV57, l4
    reaches LOW57
    reaches (UP57 | (0x1a5 << 48) | LOW48)
    faults (LOW57 | (1 << 60))      /* bits 63:57 must be those of bit 56 */
    faults (LOW57 | (1 << 57))
    faults (LOW57 | (1 << 63))
    faults (((0x1a5 << 48) | LOW48) & 0x01ffffffffffffff)
    faults (0xfe00000000000000 | LOW57)
    faults (LOW57 ^ (1 << 48))      /* an entry that is not there, at each level */
    faults (LOW57 ^ (1 << 39))
    faults (LOW57 ^ (1 << 31))
    faults (LOW57 ^ (1 << 21))
    faults (LOW57 ^ (1 << 12))

    CASE
    use SV48, l3
    reaches LOW48
    reaches (UP48 | (0x15a << 39) | LOW39)
    faults (LOW48 | (1 << 48))
    faults (LOW48 | (1 << 63))
    faults LOW57
    faults ((0x15a << 39) | LOW39)
    faults (0xffff000000000000 | LOW48)
    faults (LOW48 ^ (1 << 39))

    CASE
    use SV39, l2
    reaches (UP39 | (0x137 << 30) | (I1 << 21) | (I0 << 12))
    reaches ((0x037 << 30) | (I1 << 21) | (I0 << 12))
    faults LOW39
    faults (LOW48 | (0x037 << 30))
    faults ((1 << 39) | (0x037 << 30) | (I1 << 21) | (I0 << 12))
    faults (((0x037 << 30) | (I1 << 21) | (I0 << 12)) ^ (1 << 38))

    CASE                            /* leaves at every level; their low page number bits must be 0 */
    use SV57, l4
    la s0, page
    .macro big table, index, base, level
    entry_at \table, \index, 0, PTE_RWX
    sfence.vma
    li a0, \base
    add a0, a0, s0
    access 0, ld a1, (a0)
    CHECK(a1, 0x73)
    fetch ECALL_S
    entry_at \table, \index, (1 << (12 + 9 * (\level - 1))), PTE_RWX
    sfence.vma
    access LOAD_PAGE, ld a1, (a0)
    fetch FETCH_PAGE
    clear \table, \index
    sfence.vma
    access STORE_PAGE, sd a1, (a0)
    .endm
    big l4, 0, 0, 4
    big l4, 511, (UP57 | (511 << 48)), 4
    big l3, 0, (I4 << 48), 3
    entry l2, 0, l1, PTE_V
    entry_at l2, 2, (2 << 30), PTE_RWX
    sfence.vma
    li a0, (I4 << 48) | (I3 << 39)
    add a0, a0, s0
    access 0, ld a1, (a0)
    CHECK(a1, 0x73)

    CASE                            /* a pointer at the last level, reserved bits in pointers of each */
    entry l0, I0, page, PTE_V
    sfence.vma
    faults LOW57
    entry l0, I0, page, PTE_RWX
    .irp table, l4 + I4 * 8, l3 + I3 * 8, l2 + I2 * 8, l1 + I1 * 8, l0 + I0 * 8
    la s1, \table
    ld s2, (s1)
    .irp bit, 54, 57, 60
    li t0, 1 << \bit
    or t0, t0, s2
    sd t0, (s1)
    sfence.vma
    li a0, LOW57
    access LOAD_PAGE, ld a1, (a0)
    fetch FETCH_PAGE
    .endr
    sd s2, (s1)
    .endr
    sfence.vma
    reaches LOW57
    csrw satp, zero
    TEST_END

    .data
    .balign 4096
page:
    .dword 0x73                     /* ecall */
    .space 4088
    .bss
    .balign 4096
l4: .space 4096
l3: .space 4096
l2: .space 4096
l1: .space 4096
l0: .space 4096
