/*
 * Cache-block instructions (CMO specification): what they do, who may, how they fault.
 * isa: all
 */
#include "vm.h"
#include "modes.h"

#define HOLE  0x400000
#define CBIE  (3 << 4)
#define CBCFE (1 << 6)
#define CBZE  (1 << 7)
#define ALL   (CBIE | CBCFE | CBZE)

    .macro enable m, s
    SET_CSR(menvcfg, \m)
    SET_CSR(senvcfg, \s)
    .endm
    /* Each of the four at a0 in a mode: y it is executed, n it is illegal. */
    .macro each mode, zero, clean, flush, inval
    one_\zero \mode, cbo.zero 0(a0)
    one_\clean \mode, cbo.clean 0(a0)
    one_\flush \mode, cbo.flush 0(a0)
    one_\inval \mode, cbo.inval 0(a0)
    .endm
    .macro one_y mode, insn:vararg
    allowed \mode, \insn
    .endm
    .macro one_n mode, insn:vararg
    denied \mode, \insn
    .endm
    /* tval is a0; QEMU has the block's address. */
    .macro check_tval
    LX a1, TVAL(tp)
    andi a1, a1, -64
    andi a2, a0, -64
    CHECK_REG(a1, a2)
    csrr t5, mimpid
    li t6, 1
    bne t5, t6, 77f
    LX a1, TVAL(tp)
    sub a1, a1, a0
    SAME(a1, 0)
77:
    .endm
    /* From a mode, at a0: it faults as a store. */
    .macro faults mode, cause, insn:vararg
    TRAPS(1f)
    ENTER(\mode, 0f)
0:  \insn
    j no_trap
1:  CHECK_CAUSE(\cause)
    CHECK_EPC(0b)
    CHECK_FROM(\mode)
    check_tval
    .endm
    .macro all_fault mode, cause
    faults \mode, \cause, cbo.zero 0(a0)
    faults \mode, \cause, cbo.clean 0(a0)
    faults \mode, \cause, cbo.flush 0(a0)
    faults \mode, \cause, cbo.inval 0(a0)
    .endm
    .macro only_zero_faults mode, cause
    faults \mode, \cause, cbo.zero 0(a0)
    allowed \mode, cbo.clean 0(a0)
    allowed \mode, cbo.flush 0(a0)
    allowed \mode, cbo.inval 0(a0)
    .endm
    /* The same from U-mode under translation, where code has other addresses. */
    .macro u_faults insn:vararg
    TRAPS(1f)
    la t6, 0f
    li t5, U_OFFSET
    add t6, t6, t5
    ENTER_REG(MODE_U, t6)
0:  \insn
    ecall
1:  CHECK_CAUSE(STORE_PAGE)
    CHECK_FROM(MODE_U)
    check_tval
    .endm
    .macro u_works insn:vararg
    TRAPS(1f)
    la t6, 0f
    li t5, U_OFFSET
    add t6, t6, t5
    ENTER_REG(MODE_U, t6)
0:  \insn
    ecall
1:  CHECK_CAUSE(ECALL_U)
    .endm
    .macro check_pte slot, bits
    la a1, \slot
    LX a1, (a1)
    andi a1, a1, 0xff
    CHECK(a1, \bits)
    .endm

TEST_BEGIN
    CASE                            /* zero: the whole block of any address in it, and nothing else */
    .irp offset, 0, 1, 13, 63
    jal fill
    la a0, page_a + 64
    addi a0, a0, \offset
    mv a1, a0
    cbo.zero 0(a0)
    CHECK_REG(a0, a1)
    jal survey
    CHECK(a1, 64)                   /* zeros */
    CHECK(a2, 64)                   /* the first of them */
    .endr

    CASE                            /* the others change nothing that can be seen */
    jal fill
    la a0, page_a + 70
    cbo.clean 0(a0)
    cbo.flush 0(a0)
    cbo.inval 0(a0)
    jal survey
    CHECK(a1, 0)
    SX a0, -6(a0)
    cbo.inval 0(a0)
    LX a1, -6(a0)
    CHECK_REG(a1, a0)

    CASE                            /* in M-mode nothing need be enabled */
    enable 0, 0
    cbo.zero 0(a0)
    cbo.clean 0(a0)
    cbo.flush 0(a0)
    cbo.inval 0(a0)

    CASE                            /* S-mode: menvcfg decides alone */
    each MODE_S, n, n, n, n
    enable 0, ALL
    each MODE_S, n, n, n, n
    enable CBZE, 0
    each MODE_S, y, n, n, n
    enable CBCFE, 0
    each MODE_S, n, y, y, n
    enable 1 << 4, 0
    each MODE_S, n, n, n, y
    enable 3 << 4, 0
    each MODE_S, n, n, n, y
    enable ALL, 0
    each MODE_S, y, y, y, y

    CASE                            /* U-mode: both must agree */
    each MODE_U, n, n, n, n
    enable 0, ALL
    each MODE_U, n, n, n, n
    enable ALL, CBZE
    each MODE_U, y, n, n, n
    enable ALL, CBCFE
    each MODE_U, n, y, y, n
    enable ALL, 1 << 4
    each MODE_U, n, n, n, y
    enable 1 << 4, ALL
    each MODE_U, n, n, n, y
    enable ALL, ALL
    each MODE_U, y, y, y, y

    CASE                            /* the reserved value of CBIE is not kept */
    csrr t5, mimpid                 /* not on QEMU, which keeps it */
    li t6, 1
    bne t5, t6, 2f
    SET_CSR(menvcfg, 2 << 4)
    csrr a1, menvcfg
    li t0, CBIE
    and a1, a1, t0
    addi a1, a1, -(2 << 4)
    snez a1, a1
    SAME(a1, 1)
2:

    CASE                            /* not enabled comes before any fault */
    VM_ON
    enable 0, 0
    li a0, WINDOW + 0x1234
    each MODE_S, n, n, n, n

    CASE                            /* no page */
    enable ALL, ALL
    all_fault MODE_S, STORE_PAGE
    li a0, 0
    all_fault MODE_S, STORE_PAGE
    li a0, WINDOW + 0x1fff
    u_faults cbo.zero 0(a0)
    u_faults cbo.clean 0(a0)

    CASE                            /* permissions: loads for management, stores for zero */
    li a0, WINDOW + 0x1234
    MAP_WINDOW(1, page_a, PTE_V | PTE_R | PTE_A | PTE_D)
    sfence.vma
    only_zero_faults MODE_S, STORE_PAGE
    u_faults cbo.zero 0(a0)
    u_faults cbo.flush 0(a0)
    MAP_WINDOW(1, page_a, PTE_V | PTE_R | PTE_W | PTE_U | PTE_A | PTE_D)
    sfence.vma
    all_fault MODE_S, STORE_PAGE
    u_works cbo.zero 0(a0)
    u_works cbo.clean 0(a0)
    u_works cbo.flush 0(a0)
    u_works cbo.inval 0(a0)
    li t0, SUM
    csrs mstatus, t0
    each MODE_S, y, y, y, y
    li t0, SUM
    csrc mstatus, t0

    CASE                            /* A and D left to software */
#if __riscv_xlen == 32
    csrw 0x31a, zero                /* menvcfgh.ADUE */
#endif
    MAP_WINDOW(1, page_a, PTE_V | PTE_R | PTE_W)
    sfence.vma
    all_fault MODE_S, STORE_PAGE
    MAP_WINDOW(1, page_a, PTE_V | PTE_R | PTE_W | PTE_A)
    sfence.vma
    only_zero_faults MODE_S, STORE_PAGE
    check_pte leaf + REGBYTES, PTE_V | PTE_R | PTE_W | PTE_A

    CASE                            /* and set by the hart: D by zero only */
#if __riscv_xlen == 64
    li t0, 1 << 61
    csrs menvcfg, t0
#else
    li t0, 1 << 29
    csrs 0x31a, t0
#endif
    .irp insn, cbo.clean, cbo.flush, cbo.inval
    MAP_WINDOW(1, page_a, PTE_V | PTE_R | PTE_W)
    sfence.vma
    allowed MODE_S, \insn 0(a0)
    check_pte leaf + REGBYTES, PTE_V | PTE_R | PTE_W | PTE_A
    .endr
    MAP_WINDOW(1, page_a, PTE_V | PTE_R | PTE_W)
    sfence.vma
    allowed MODE_S, cbo.zero 0(a0)
    check_pte leaf + REGBYTES, PTE_V | PTE_R | PTE_W | PTE_A | PTE_D

    CASE                            /* translated: the right block of the right page */
    jal fill
    MAP_WINDOW(3, page_a, PTE_RW)
    sfence.vma
    li a0, WINDOW + 0x3000 + 64 + 5
    allowed MODE_S, cbo.zero 0(a0)
    jal survey
    CHECK(a1, 64)
    CHECK(a2, 64)

    CASE                            /* MPRV: translation of the lower mode, enabling of this one */
    enable 0, 0
    li a0, WINDOW + 0x7777
    TRAPS(1f)
    li t0, MPP
    csrc mstatus, t0
    li t0, MPRV
    csrs mstatus, t0
0:  cbo.clean 0(a0)
    j no_trap
1:  li t0, MPRV
    csrc mstatus, t0
    CHECK_CAUSE(STORE_PAGE)
    CHECK_EPC(0b)
    check_tval
    csrw satp, zero
    sfence.vma

    CASE                            /* PMP: entry 0 the page, entry 1 everything */
    enable ALL, ALL
    la t0, page_a
    srli t0, t0, 2
    ori t0, t0, 0x1ff
    csrw pmpaddr0, t0
    li t0, -1
    csrw pmpaddr1, t0
    SET_CSR(pmpcfg0, 0x1f18)
    la a0, page_a + 200
    all_fault MODE_S, STORE_ACCESS
    all_fault MODE_U, STORE_ACCESS
    SET_CSR(pmpcfg0, 0x1f19)
    only_zero_faults MODE_S, STORE_ACCESS
    only_zero_faults MODE_U, STORE_ACCESS
    SET_CSR(pmpcfg0, 0x1f1b)
    each MODE_U, y, y, y, y

    CASE                            /* nothing there; a device, which can be loaded from */
    li a0, HOLE + 0x55
    csrr t5, mimpid                 /* not on QEMU, where management instructions look at pages only */
    li t6, 1
    bne t5, t6, 2f
    .irp insn, cbo.zero, cbo.clean, cbo.flush, cbo.inval
    TRAPS(1f)
    \insn 0(a0)
    j no_trap
1:  LX a1, CAUSE(tp)
    SAME(a1, STORE_ACCESS)
    LX a1, TVAL(tp)
    sub a1, a1, a0
    SAME(a1, 0)
    .endr
2:  li a0, UART
    cbo.clean 0(a0)
    cbo.flush 0(a0)
    cbo.inval 0(a0)

    CASE                            /* code that is zeroed is not run any more */
    la a0, code
    jalr a0
    CHECK(a1, 77)
    cbo.zero 0(a0)
    fence.i
    TRAPS(1f)
    jalr a0
    j no_trap
1:  CHECK_CAUSE(ILLEGAL)
    CHECK_EPC(code)
    TEST_END

/* page_a's first 256 bytes become ones. */
fill:
    la t0, page_a
    li t1, 256
1:  li t2, 0xa5
    sb t2, (t0)
    addi t0, t0, 1
    addi t1, t1, -1
    bnez t1, 1b
    ret

/* a1 = zeros among the first 256 bytes of page_a, a2 = where the first of them is. */
survey:
    la t0, page_a + 255
    li a1, 0
    li a2, -1
    li t1, 255
1:  lbu t2, (t0)
    bnez t2, 2f
    addi a1, a1, 1
    mv a2, t1
2:  addi t0, t0, -1
    addi t1, t1, -1
    bgez t1, 1b
    ret

    .balign 64
code:
    li a1, 77
    ret
    .balign 64

    VM_TABLES
    .bss
    .balign 4096
page_a:
    .space 4096
    .text
