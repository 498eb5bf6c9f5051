/*
 * Memory as the trapped mode sees it: through its page tables, with its permissions (mstatus.MPRV).
 * A fault is caught in line: mtvec points behind the accesses while they run, and what the trap
 * overwrote (mepc, mstatus) is put back.
 */
#include "riscv/bits.h"

    /* Used inside: t0-t2. \bits is a register that holds what to set in mstatus. */
.macro guest_window bits
    csrr    t0, mepc
    csrr    t1, mstatus
    la      t2, 9f
    csrrw   t2, mtvec, t2
    csrs    mstatus, \bits
.endm

.macro guest_window_end
    .balign 4
9:  csrw    mstatus, t1
    csrw    mtvec, t2
    csrw    mepc, t0
.endm

    /* a0 |= the byte at \n(a3), where it belongs in a little-endian number. */
.macro load_byte n
    lbu     t4, \n(a3)
    .if \n
    slli    t4, t4, 8 * \n
    .endif
    or      a0, a0, t4
.endm

    .text
    /* struct guest_value guest_load(unsigned long va, unsigned long bytes) */
    .globl guest_load
guest_load:
    li      t3, MSTATUS_MPRV
    mv      a3, a0
    addi    a4, a1, -4
    li      a0, 0
    li      a1, -1
    guest_window t3
    load_byte 0
    load_byte 1
    bltz    a4, 1f
    load_byte 2
    load_byte 3
#if __riscv_xlen == 64
    beqz    a4, 1f
    .irp n, 4,5,6,7
    load_byte \n
    .endr
#endif
1:
    li      a1, 0
    guest_window_end
    bnez    a1, fault
    ret
fault:
    csrr    a1, mcause
    ret

    /* struct guest_value guest_fetch(unsigned long va): 16 bits, or 32 if it is that long */
    .globl guest_fetch
guest_fetch:
    li      t3, MSTATUS_MPRV | MSTATUS_MXR
    mv      a3, a0
    li      a1, -1
    guest_window t3
    lhu     a0, 0(a3)
    andi    t4, a0, 3
    addi    t4, t4, -3
    bnez    t4, 1f
    lhu     t4, 2(a3)
    slli    t4, t4, 16
    or      a0, a0, t4
1:  li      a1, 0
    guest_window_end
    bnez    a1, fault
    ret

    /* unsigned long guest_store(unsigned long va, unsigned long value, unsigned long bytes) */
    .globl guest_store
guest_store:
    li      t3, MSTATUS_MPRV
    mv      a3, a0
    li      a0, -1
    guest_window t3
1:  sb      a1, 0(a3)
    srli    a1, a1, 8
    addi    a3, a3, 1
    addi    a2, a2, -1
    bnez    a2, 1b
    li      a0, 0
    guest_window_end
    bnez    a0, 2f
    ret
2:  csrr    a0, mcause
    ret
