/* Access faults: physical addresses where there is nothing, by every kind of access and from each mode. */
#include "isa.h"

#define HOLE 0x400000               /* between the real-time clock and the CLINT */
#define END  0x88000000             /* behind 128 MiB of memory */

    .macro faults cause, insn:vararg
    TRAPS(1f)
0:  \insn
    j no_trap
1:  CHECK_TRAP_REG(\cause, 0b, a0)
    CHECK_FROM(MODE_M)
    .endm

    /* On devices, where there are none, an old QEMU makes of it a load and a store. */
    .macro atomic_faults insn:vararg
    UNLESS_OLD_QEMU(2f)
    TRAPS(1f)
    \insn
    j no_trap
1:  LX a2, CAUSE(tp)
    SAME(a2, STORE_ACCESS)
    LX a2, TVAL(tp)
    beq a2, a0, 2f
    FAIL
2:
    .endm

    .macro each address
    li a0, \address
    faults LOAD_ACCESS, lb a1, (a0)
    faults LOAD_ACCESS, lhu a1, (a0)
    faults LOAD_ACCESS, lw a1, (a0)
    faults LOAD_ACCESS, lw zero, (a0)
    faults STORE_ACCESS, sb a1, (a0)
    faults STORE_ACCESS, sh a1, (a0)
    faults STORE_ACCESS, sw zero, (a0)
    faults LOAD_ACCESS, lr.w a1, (a0)
    atomic_faults amoadd.w a1, a1, (a0)
    atomic_faults amoswap.w zero, a1, (a0)
#if __riscv_xlen == 64
    faults LOAD_ACCESS, ld a1, (a0)
    faults STORE_ACCESS, sd a1, (a0)
    atomic_faults amoor.d a1, a1, (a0)
#endif
    .endm

    .macro fetch_faults address
    li a0, \address
    TRAPS(1f)
    jr a0
    j no_trap
1:  CHECK_CAUSE(FETCH_ACCESS)
    HERE
    LX t5, EPC(tp)
    mv t6, a0
    jal gp, check
    HERE
    LX t5, TVAL(tp)
    mv t6, a0
    jal gp, check
    .endm

TEST_BEGIN
    CASE
    each HOLE
    CASE
    each END
    CASE                            /* the register a faulting load was for keeps its value */
    li a0, HOLE
    li a1, 0x1234
    faults LOAD_ACCESS, lw a1, (a0)
    CHECK(a1, 0x1234)
    mv a1, a0
    faults LOAD_ACCESS, lw a0, (a0)
    CHECK_REG(a0, a1)
    CASE                            /* fetches */
    fetch_faults HOLE
    fetch_faults END
    CASE                            /* the last bytes of memory are there */
    li a0, END
    lw a1, -4(a0)
    li a1, 0x8082                   /* c.ret, the last instruction there can be */
    sh a1, -2(a0)
    fence.i
    jalr -2(a0)

    CASE                            /* an instruction whose second half is missing: the half is to blame */
    UNLESS_OLD_QEMU(2f)             /* which fails an assertion here */
    li a1, 0x0593
    sh a1, -2(a0)
    fence.i
    addi a1, a0, -2
    TRAPS(1f)
    jr a1
1:  LX a2, CAUSE(tp)
    SAME(a2, FETCH_ACCESS)
    LX a2, EPC(tp)
    SAME(a2, END - 2)
    LX a2, TVAL(tp)
    SAME(a2, END)
2:
    CASE                            /* from S and U */
    li a0, HOLE
    .irp mode, MODE_S, MODE_U
    TRAPS(1f)
    ENTER(\mode, 0f)
0:  lw a1, (a0)
    j no_trap
1:  CHECK_TRAP_REG(LOAD_ACCESS, 0b, a0)
    CHECK_FROM(\mode)
    TRAPS(1f)
    ENTER(\mode, 0f)
0:  sw a1, (a0)
    j no_trap
1:  CHECK_TRAP_REG(STORE_ACCESS, 0b, a0)
    CHECK_FROM(\mode)
    .endr
    TEST_END
