/* Code and page borders: instructions and data across pages, remapped and aliased code. */
#include "vm.h"

    /* Call the code at a0 in S-mode; it comes back by an environment call. */
    .macro runs
    TRAPS(1f)
    ENTER_REG(MODE_S, a0)
1:
    .endm

    /* Put code for "a1 = number; ecall" at a label. */
    .macro code label, number
    la t0, \label
    li t1, 0x00000593 | (\number << 20)
    sw t1, (t0)
    li t1, 0x00000073
    sw t1, 4(t0)
    fence.i
    .endm

TEST_BEGIN
    VM_ON
    la s0, page_a
    la s1, page_b
    la s2, page_c

    CASE                            /* an instruction across two pages that are physically apart */
    MAP_WINDOW(0, page_c, PTE_RWX)
    MAP_WINDOW(1, page_a, PTE_RWX)
    sfence.vma
    li t0, 0x0593                   /* low half of addi a1, zero, 0x123 */
    li t1, PAGE - 2
    add t1, t1, s2
    sh t0, (t1)
    li t0, 0x1230
    sh t0, (s0)
    li t0, 0x0073                   /* ecall */
    sh t0, 2(s0)
    sh zero, 4(s0)
    fence.i
    li a0, WINDOW + PAGE - 2
    runs
    CHECK_CAUSE(ECALL_S)
    CHECK(a1, 0x123)

    CASE                            /* the second page changes under it */
    li t0, 0x4560
    sh t0, (s1)
    li t0, 0x0073
    sh t0, 2(s1)
    sh zero, 4(s1)
    fence.i
    MAP_WINDOW(1, page_b, PTE_RWX)
    sfence.vma
    runs
    CHECK_CAUSE(ECALL_S)
    CHECK(a1, 0x456)
    li t0, 0x0770                   /* and its contents */
    sh t0, (s1)
    fence.i
    runs
    CHECK(a1, 0x77)

    CASE                            /* the second page is not there, not executable, not the supervisor's */
    .irp bits, 0, PTE_RW, (PTE_RWX | PTE_U)
    MAP_WINDOW(1, page_b, \bits)
    sfence.vma
    runs
    CHECK_CAUSE(FETCH_PAGE)
    HERE
    LX t5, EPC(tp)
    mv t6, a0
    jal gp, check
    CHECK_TVAL(WINDOW + PAGE)
    .endr

    CASE                            /* a short instruction there needs no second page */
    li t0, 0x45a5                   /* c.li a1, 9 */
    li t1, PAGE - 2
    add t1, t1, s2
    sh t0, (t1)
    fence.i
    runs
    CHECK_CAUSE(FETCH_PAGE)
    CHECK_TVAL(WINDOW + PAGE)
    CHECK_MEMORY(LX, EPC(tp), WINDOW + PAGE)
    CHECK(a1, 9)

    CASE                            /* remapped code: the fence for the tables is enough */
    code page_a, 1
    code page_b, 2
    li a0, WINDOW
    li s3, 20
    li s4, 0
2:  MAP_WINDOW(0, page_a, PTE_RWX)
    sfence.vma
    runs
    add s4, s4, a1
    MAP_WINDOW(0, page_b, PTE_RWX)
    sfence.vma a0
    runs
    add s4, s4, a1
    addi s3, s3, -1
    bnez s3, 2b
    CHECK(s4, 60)

    CASE                            /* aliased code: written at one address, run at another */
    MAP_WINDOW(0, page_a, PTE_RWX)
    MAP_WINDOW(2, page_a, PTE_RW)
    sfence.vma
    li a0, WINDOW
    runs
    CHECK(a1, 1)
    TRAPS(1f)
    li a2, WINDOW + 2 * PAGE
    li a3, 0x00500593
    ENTER(MODE_S, 2f)
2:  sw a3, (a2)
    fence.i
    jr a0
1:  CHECK(a1, 5)
    code page_a, 6                  /* and by the machine at the physical address */
    runs
    CHECK(a1, 6)
    li a0, WINDOW + 2 * PAGE
    runs
    CHECK_CAUSE(FETCH_PAGE)

    CASE                            /* one page for U and S in turn: permission is looked at each time */
    MAP_WINDOW(0, page_a, PTE_RWX | PTE_U)
    sfence.vma
    li a0, WINDOW
    TRAPS(1f)
    ENTER_REG(MODE_U, a0)
1:  CHECK_CAUSE(ECALL_U)
    runs
    CHECK_CAUSE(FETCH_PAGE)
    TRAPS(1f)
    ENTER_REG(MODE_U, a0)
1:  CHECK_CAUSE(ECALL_U)
    csrw satp, zero                 /* and translation as well */
    sfence.vma
    mv a0, s1
    runs
    CHECK_CAUSE(ECALL_S)
    CHECK(a1, 2)
    SATP_ON(root, 0)

    CASE                            /* data across two pages, where misaligned access is done */
    MAP_WINDOW(0, page_c, PTE_RW)
    MAP_WINDOW(1, page_a, PTE_RW)
    sfence.vma
    li t0, 0x11223344
    li t1, PAGE - 4
    add t1, t1, s2
    sw t0, (t1)
    li t0, 0x55667788
    sw t0, (s0)
    li a0, WINDOW + PAGE - 2
    TRAPS(1f)
    ENTER(MODE_S, load)
1:  LX s5, CAUSE(tp)
    li t0, LOAD_MISALIGNED
    beq s5, t0, aligned_only
    SAME(s5, ECALL_S)
    SAME(a1, 0x77881122)
    li a2, 0x0badcafe
    TRAPS(1f)
    ENTER(MODE_S, store)
1:  LX s5, CAUSE(tp)
    SAME(s5, ECALL_S)
    lw a1, (s0)
    SAME(a1, 0x55660bad)
    li t1, PAGE - 4
    add t1, t1, s2
    lw a1, (t1)
    SAME(a1, -0x3501ccbc)

    CASE                            /* the second page is missing or read-only: nothing is written to the first */
    .irp bits, 0, (PTE_V | PTE_R | PTE_A)
    MAP_WINDOW(1, page_a, \bits)
    sfence.vma
    li a2, 0
    TRAPS(1f)
    ENTER(MODE_S, store)
1:  LX s5, CAUSE(tp)
    SAME(s5, STORE_PAGE)
    LX s5, TVAL(tp)
    li t0, WINDOW + PAGE - 2        /* the access, or the part of it that failed */
    beq s5, t0, 2f
    SAME(s5, WINDOW + PAGE)
2:  lw a1, (s0)
    SAME(a1, 0x55660bad)
    .endr
    MAP_WINDOW(1, page_a, 0)
    sfence.vma
    TRAPS(1f)
    ENTER(MODE_S, load)
1:  LX s5, CAUSE(tp)
    SAME(s5, LOAD_PAGE)
    LX s5, TVAL(tp)
    li t0, WINDOW + PAGE - 2
    beq s5, t0, aligned_only
    SAME(s5, WINDOW + PAGE)

aligned_only:
    CASE                            /* the first page is missing */
    MAP_WINDOW(0, page_c, 0)
    MAP_WINDOW(1, page_a, PTE_RW)
    sfence.vma
    TRAPS(1f)
    ENTER(MODE_S, load)
1:  LX s5, CAUSE(tp)
    li t0, LOAD_MISALIGNED
    beq s5, t0, 2f
    SAME(s5, LOAD_PAGE)
2:  LX s5, TVAL(tp)
    SAME(s5, WINDOW + PAGE - 2)
    TEST_END

    .option norvc
load:
    lw a1, (a0)
    ecall
store:
    sw a2, (a0)
    ecall

    VM_TABLES
    .bss
    .balign 4096
page_a:
    .space 4096
    .space 4096                     /* neighbours that are nobody's next page */
page_b:
    .space 4096
    .space 4096
page_c:
    .space 4096
    .space 4096
