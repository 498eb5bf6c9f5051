/*
 * Svinval: who may, and what the three instructions do together.
 * isa: all
 */
#include "vm_access.h"
#include "modes.h"

#define SINVAL_VMA      .insn r 0x73, 0, 0x0b, zero, a0, zero
#define SINVAL_ALL      .insn r 0x73, 0, 0x0b, zero, zero, zero
#define SINVAL_ASID     .insn r 0x73, 0, 0x0b, zero, a0, a1
#define SFENCE_W_INVAL  .word 0x18000073
#define SFENCE_INVAL_IR .word 0x18100073

TEST_BEGIN
    CASE                            /* privileges: sinval.vma as sfence.vma, the fences whatever TVM is */
    SFENCE_W_INVAL
    SINVAL_VMA
    SFENCE_INVAL_IR
    allowed MODE_S, SINVAL_VMA
    allowed MODE_S, SINVAL_ALL
    allowed MODE_S, SFENCE_W_INVAL
    allowed MODE_S, SFENCE_INVAL_IR
    denied MODE_U, SINVAL_VMA
    li t0, TVM
    csrs mstatus, t0
    denied MODE_S, SINVAL_VMA
    denied MODE_S, SINVAL_ALL
    allowed MODE_S, SFENCE_W_INVAL
    allowed MODE_S, SFENCE_INVAL_IR
    SINVAL_VMA
    li t0, TVM
    csrc mstatus, t0

    CASE                            /* other encodings nearby are not instructions */
    denied MODE_S, .word 0x18200073 /* a third fence */
    denied MODE_S, .word 0x180000f3 /* rd */
    denied MODE_S, .word 0x18008073 /* rs1 */
    denied MODE_S, .insn r 0x73, 0, 0x0b, a1, a0, zero

    CASE                            /* what changed in the tables is seen behind the sequence */
    VM_ON
    MAP_WINDOW(0, page_a, PTE_RWX)
    MAP_WINDOW(1, page_a, PTE_RWX)
    sfence.vma
    li a0, WINDOW + PAGE
    access 0, lw a1, 4(a0)
    li a0, WINDOW
    access 0, lw a1, 4(a0)
    CHECK(a1, 0xa)
    fetch ECALL_S
    MAP_WINDOW(0, page_b, PTE_RWX)
    SFENCE_W_INVAL
    SINVAL_VMA
    SFENCE_INVAL_IR
    access 0, lw a1, 4(a0)
    CHECK(a1, 0xb)
    access 0, sw a1, 8(a0)
    MAP_WINDOW(0, page_a, PTE_V | PTE_R | PTE_A)
    MAP_WINDOW(1, page_b, PTE_RWX)
    SFENCE_W_INVAL
    SINVAL_ALL
    SFENCE_INVAL_IR
    access 0, lw a1, 4(a0)
    CHECK(a1, 0xa)
    fetch FETCH_PAGE
    access STORE_PAGE, sw a1, (a0)
    li a0, WINDOW + PAGE
    access 0, lw a1, 4(a0)
    CHECK(a1, 0xb)
    TEST_END

    .data
    .balign 4096
page_a:
    .word 0x73, 0xa
    .space 4088
page_b:
    .word 0x73, 0xb
    .space 4088
    VM_TABLES
