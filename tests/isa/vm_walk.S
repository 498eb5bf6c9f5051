/* Translation: superpages, damaged tables, addresses out of range, page crossings, changes of the tables. */
#include "vm.h"

#define HOLE 0x400000

    /* An access from S-mode at a0 faults at the routine and with tval a0. */
    .macro faults cause, routine
    TRAPS(1f)
    ENTER(MODE_S, \routine)
1:  CHECK_TRAP_REG(\cause, \routine, a0)
    CHECK_FROM(MODE_S)
    .endm
    .macro fetch_faults cause
    TRAPS(1f)
    ENTER(MODE_S, jump)
1:  CHECK_CAUSE(\cause)
    HERE
    LX t5, EPC(tp)
    mv t6, a0
    jal gp, check
    HERE
    LX t5, TVAL(tp)
    mv t6, a0
    jal gp, check
    .endm
    .macro page_faults
    faults LOAD_PAGE, load
    faults STORE_PAGE, store
    faults STORE_PAGE, atomic
    fetch_faults FETCH_PAGE
    .endm
    /* Not atomics: an old QEMU takes them apart when they meet no memory. */
    .macro access_faults
    faults LOAD_ACCESS, load
    faults STORE_ACCESS, store
    fetch_faults FETCH_ACCESS
    .endm
    /* The same without the signature. */
    .macro same_fault cause, routine
    TRAPS(1f)
    ENTER(MODE_S, \routine)
1:  LX a1, CAUSE(tp)
    SAME(a1, \cause)
    LX a1, TVAL(tp)
    sub a1, a1, a0
    SAME(a1, 0)
    .endm
    /* A load from S-mode at a0 gives the value. */
    .macro loads value
    TRAPS(1f)
    ENTER(MODE_S, load)
1:  CHECK_CAUSE(ECALL_S)
    CHECK(a1, \value)
    .endm

TEST_BEGIN
    VM_ON
    la s0, page_a
    li t0, 0x0a0a0a0a
    sw t0, (s0)
    sw t0, 4(s0)
    la s1, page_b
    li t0, 0x0b0b0b0b
    sw t0, (s1)

    CASE                            /* nothing there: at the last level, further up */
    li a0, WINDOW + 0x1234
    page_faults
    li a0, BIG + 0x10
    page_faults
    li a0, 0x10000000
    page_faults
    li a0, 0
    page_faults

    CASE                            /* the machine itself is not translated */
    li a0, RAM
    lw a1, (a0)
    lw a2, _start
    CHECK_REG(a1, a2)

    CASE                            /* a superpage, all of it */
    MAP_AT(big_entry, RAM, PTE_RW)
    sfence.vma
    lw a2, _start
    li a0, BIG
    TRAPS(1f)
    ENTER(MODE_S, load)
1:  CHECK_REG(a1, a2)
    li a0, RAM + BIG_SIZE - 8
    li t0, 0x5abe4d00
    sw t0, (a0)
    li a0, BIG + BIG_SIZE - 8
    loads 0x5abe4d00
    li a0, BIG + 4
    fetch_faults FETCH_PAGE

    CASE                            /* a misaligned one */
    MAP_AT(big_entry, RAM + PAGE, PTE_RWX)
    sfence.vma
    li a0, BIG
    page_faults
    MAP_AT(big_entry, RAM + BIG_SIZE / 2, PTE_RWX)
    sfence.vma
    page_faults
#if __riscv_xlen == 64
    MAP_AT(root + 4 * 8, RAM + BIG_SIZE, PTE_RWX)
    sfence.vma
    li a0, 0x100000000
    page_faults
    MAP_AT(root + 4 * 8, RAM, PTE_RWX)
    sfence.vma
    li a0, 0x100000000 + BIG_SIZE - 8
    loads 0x5abe4d00

    CASE                            /* addresses whose upper bits are not the sign */
    li a0, 0x0000008080000000
    page_faults
    li a0, 0xffffffbf80000000
    page_faults
    li a0, 0x8000000080000000
    page_faults
    li a0, 0x0000004000000000
    page_faults
    li a0, 0x0100000080000000
    page_faults
    MAP_AT(root + 511 * 8, RAM, PTE_RWX)
    sfence.vma
    li a0, 0xffffffffc0000000 + BIG_SIZE - 8
    loads 0x5abe4d00
#else

    CASE                            /* entries reach beyond four gigabytes: nothing is there */
    UNLESS_OLD_QEMU(2f)             /* which drops the upper bits */
    li t0, 0x20000000 | PTE_RWX
    li t1, 0x80000000               /* address bit 33 */
    or t0, t0, t1
    la t1, big_entry
    sw t0, (t1)
    sfence.vma
    li a0, BIG
    same_fault LOAD_ACCESS, load
    same_fault STORE_ACCESS, store
2:
#endif

    CASE                            /* a page or a table where there is no memory */
    MAP_AT(leaf, HOLE, PTE_RWX)
    sfence.vma
    li a0, WINDOW + 8
    access_faults
    MAP_AT(big_entry, HOLE, PTE_V)
    sfence.vma
    UNLESS_OLD_QEMU(2f)             /* which makes it page faults */
    li a0, BIG + 8
    same_fault LOAD_ACCESS, load
    same_fault STORE_ACCESS, store
    same_fault STORE_ACCESS, atomic
    same_fault FETCH_ACCESS, jump
2:

    CASE                            /* a pointer at the last level */
    MAP_WINDOW(0, page_a, PTE_V)
    sfence.vma
    li a0, WINDOW
    page_faults

#if __riscv_xlen == 64
    CASE                            /* reserved bits, in leaves and in pointers */
    li t0, 1 << 62                  /* menvcfg.PBMTE: without it 62 and 61 are reserved */
    csrc menvcfg, t0
    .irp bit, 54, 60, 61, 62, 63
    ENTRY(t1, page_a, PTE_RWX)
    li t0, 1 << \bit
    or t1, t1, t0
    la t2, leaf
    sd t1, (t2)
    sfence.vma
    li a0, WINDOW
    page_faults
    .endr
    .irp bits, PTE_A, PTE_D, PTE_U
    MAP(big_entry, other_leaf, PTE_V | \bits)
    MAP(other_leaf, page_a, PTE_RWX)
    sfence.vma
    li a0, BIG
    page_faults
    .endr
    MAP(big_entry, other_leaf, PTE_V | PTE_G)
    sfence.vma
    loads 0x0a0a0a0a
#endif

    CASE                            /* two pages at one physical place, one page at two */
    MAP_WINDOW(0, page_a, PTE_RW)
    MAP_WINDOW(1, page_a, PTE_RW)
    sfence.vma
    li a0, WINDOW
    loads 0x0a0a0a0a
    li a2, 0x11223344
    TRAPS(1f)
    ENTER(MODE_S, store)
1:  CHECK_CAUSE(ECALL_S)
    li a0, WINDOW + PAGE
    loads 0x11223344
    CHECK_MEMORY(lw, (s0), 0x11223344)
    MAP_WINDOW(1, page_b, PTE_RW)
    sfence.vma
    loads 0x0b0b0b0b
    li a0, WINDOW
    loads 0x11223344

    CASE                            /* fences by address, by space, by both */
    li a0, WINDOW
    li a2, 0
    MAP_WINDOW(0, page_b, PTE_RW)
    sfence.vma a0
    loads 0x0b0b0b0b
    MAP_WINDOW(0, page_a, PTE_RW)
    sfence.vma a0, a2
    loads 0x11223344
    MAP_WINDOW(0, page_b, PTE_RW)
    sfence.vma zero, a2
    loads 0x0b0b0b0b
    MAP_WINDOW(0, page_a, PTE_RW)
    TRAPS(1f)                       /* by the supervisor itself */
    ENTER(MODE_S, 2f)
2:  sfence.vma
    ecall
1:  loads 0x11223344
    MAP_WINDOW(0, page_a, 0)
    sfence.vma a0
    page_faults
    MAP_WINDOW(0, page_a, PTE_V | PTE_R | PTE_A)
    sfence.vma a0
    loads 0x11223344
    faults STORE_PAGE, store

    CASE                            /* two address spaces */
    MAP_WINDOW(0, page_a, PTE_RW)
    MAP_WINDOW(1, other_leaf, PTE_RW)
    la t0, root
    la t1, other_root
    li t2, PAGE
1:  LX t3, (t0)
    SX t3, (t1)
    addi t0, t0, REGBYTES
    addi t1, t1, REGBYTES
    addi t2, t2, -REGBYTES
    bnez t2, 1b
#if __riscv_xlen == 64
    MAP(other_root + 1 * 8, other_middle, PTE_V)
    MAP(other_middle, other_leaf, PTE_V)
#else
    MAP(other_root + 256 * 4, other_leaf, PTE_V)
#endif
    MAP(other_leaf, page_b, PTE_RW)
    SATP_ON(root, 1)
    li a0, WINDOW
    loads 0x11223344
    SATP_ON(other_root, 2)
    loads 0x0b0b0b0b
    csrr s2, satp                   /* back and forth without a fence, if there are address space numbers */
    srli s2, s2, ASID_SHIFT
    andi s2, s2, 3
    SATP_ON(root, 1)
    li s3, 2
    bne s2, s3, 3f
    li s2, 10
2:  la t0, other_root
    srli t0, t0, 12
    li t1, SATP_MODE | (2 << ASID_SHIFT)
    or t0, t0, t1
    csrw satp, t0
    TRAPS(1f)
    ENTER(MODE_S, load)
1:  SAME(a1, 0x0b0b0b0b)
    la t0, root
    srli t0, t0, 12
    li t1, SATP_MODE | (1 << ASID_SHIFT)
    or t0, t0, t1
    csrw satp, t0
    TRAPS(1f)
    ENTER(MODE_S, load)
1:  SAME(a1, 0x11223344)
    addi s2, s2, -1
    bnez s2, 2b
3:  SATP_ON(root, 0)

    CASE                            /* no translation: S sees physical addresses, also the hole */
    csrw satp, zero
    sfence.vma
    mv a0, s0
    loads 0x11223344
    li a0, HOLE
    faults LOAD_ACCESS, load
    SATP_ON(root, 0)

    CASE                            /* MPRV with M as the mode translates nothing */
    li t0, MPP | MPRV
    csrs mstatus, t0
    lw a1, (s0)
    csrc mstatus, t0
    CHECK(a1, 0x11223344)

    CASE                            /* atomics through a translation */
    li a0, WINDOW + 4
    TRAPS(1f)
    ENTER(MODE_S, 2f)
2:  li a1, 6
    amoadd.w a2, a1, (a0)
    li a1, 7
3:  lr.w a3, (a0)
    sc.w a4, a1, (a0)
    bnez a4, 3b
    ecall
1:  CHECK(a2, 0x0a0a0a0a)
    CHECK(a3, 0x0a0a0a10)
    CHECK_MEMORY(lw, 4(s0), 7)

    CASE                            /* page faults can be delegated */
    la t0, s_trap
    csrw stvec, t0
    SET_CSR(medeleg, (1 << LOAD_PAGE) | (1 << FETCH_PAGE))
    li a0, WINDOW + 0x5008
    TRAPS(1f)
    ENTER(MODE_S, load)
1:  CHECK_CAUSE(ECALL_S)
    CHECK_MEMORY(LX, S_CAUSE(tp), LOAD_PAGE)
    CHECK_MEMORY(LX, S_TVAL(tp), WINDOW + 0x5008)
    SET_CSR(medeleg, 0)
    TEST_END

    .option norvc
load:
    lw a1, (a0)
    ecall
store:
    sw a2, (a0)
    ecall
atomic:
    amoswap.w a1, a2, (a0)
    ecall
jump:
    jr a0

    VM_TABLES
    .bss
    .balign 4096
other_root:
    .space 4096
other_middle:
    .space 4096
other_leaf:
    .space 4096
page_a:
    .space 4096
page_b:
    .space 4096
