/*
 * The way into M-mode and back.
 *
 * mscratch holds the hart's struct hart while lower modes run and 0 while M-mode runs, so a trap
 * that finds 0 is the firmware's own failure. The interrupted context goes to hart.frame, in three
 * sizes: a fast call spills t0 alone, calls and interrupts what C functions may change, exceptions
 * everything, because emulation reads and writes any register. All C code is within reach of a jal.
 */
#include "abi/sbi.h"
#include "riscv/bits.h"
#include "sbi/asm.h"

/* The registers a C function may change, without those the paths below treat by hand: tp always,
   t0 (saved first), a0 and a1 (a call's result). */
.macro each_caller_saved op
    .irp n, 1,6,7,12,13,14,15,16,17,28,29,30,31
    \op x\n, \n * REGBYTES(tp)
    .endr
.endm

.macro each_callee_saved op
    .irp n, 3,8,9,18,19,20,21,22,23,24,25,26,27
    \op x\n, \n * REGBYTES(tp)
    .endr
.endm

/* From here on the firmware runs: mscratch = 0, own stack. */
.macro enter_machine
    csrrw   t0, mscratch, zero
    REG_S   t0, 4 * REGBYTES(tp)
    REG_S   sp, 2 * REGBYTES(tp)
    li      t0, HART_SLOT_SIZE
    add     sp, tp, t0
.endm

/* Where an event may be due (ext_sse.c) a handler of S-mode may come first. */
.macro deliver_events
    REG_L   t0, HART_LOOK(tp)
    beqz    t0, 1f
    mv      a0, tp
    jal     sse_deliver
1:
.endm

.macro leave_machine
    csrw    mscratch, tp
    REG_L   sp, 2 * REGBYTES(tp)
    REG_L   t0, 5 * REGBYTES(tp)
    REG_L   tp, 4 * REGBYTES(tp)
    mret
.endm

/* Continue behind the ecall, a fast one. */
.macro fast_return
    li      a0, 0
    csrr    t0, mepc
    addi    t0, t0, 4
    csrw    mepc, t0
    REG_L   t0, 5 * REGBYTES(tp)
    csrrw   tp, mscratch, tp
    mret
.endm

    .text
    .balign 4
    .globl trap_entry
trap_entry:
    /* 1. tp = this hart, mscratch = the interrupted tp. */
    csrrw   tp, mscratch, tp
    beqz    tp, trap_in_machine

    /* 2. A call from S-mode? */
    REG_S   t0, 5 * REGBYTES(tp)
    csrr    t0, mcause
    addi    t0, t0, -ASM_CAUSE_ECALL_S
    bnez    t0, not_a_call

    /* 3. The two calls worth a path of their own touch no memory but the frame. */
    li      t0, SBI_EID_TIME
    beq     a7, t0, fast_time
    li      t0, SBI_EID_BASE
    bne     a7, t0, call
    bnez    a6, call            /* BASE: get_spec_version only */
    li      a1, FW_SPEC_VERSION
    fast_return

fast_time:
    bnez    a6, call
    REG_L   t0, HART_TIMER(tp)
    beqz    t0, call            /* HART_TIMER_NONE */
    addi    t0, t0, -HART_TIMER_SSTC
    beqz    t0, fast_sstc
#if __riscv_xlen == 64
    sd      a0, HART_TIMER_SSTC(t0)
#else
    /* The low half is all ones while the high half changes, so that no time in between is due. */
    REG_S   t1, 6 * REGBYTES(tp)
    li      t1, -1
    sw      t1, HART_TIMER_SSTC(t0)
    sw      a1, HART_TIMER_SSTC + 4(t0)
    sw      a0, HART_TIMER_SSTC(t0)
    REG_L   t1, 6 * REGBYTES(tp)
#endif
    li      t0, MIP_STIP
    csrc    mip, t0
    li      t0, MIP_MTIP
    csrs    mie, t0
    li      a1, 0
    fast_return

fast_sstc:
#if __riscv_xlen == 64
    csrw    stimecmp, a0
#else
    li      t0, -1
    csrw    stimecmp, t0
    csrw    stimecmph, a1
    csrw    stimecmp, a0
#endif
    li      a1, 0
    fast_return

    /* 4. Any other call: ecall_dispatch() gets the argument registers as they are and returns in
          a0 and a1. mepc is behind the ecall before the C code runs. */
call:
    each_caller_saved REG_S
    enter_machine
    csrr    t0, mepc
    addi    t0, t0, 4
    csrw    mepc, t0
    jal     ecall_dispatch
    REG_L   t0, HART_LOOK(tp)
    bnez    t0, call_and_event
    each_caller_saved REG_L
    leave_machine

call_and_event:
    REG_S   a0, 10 * REGBYTES(tp)
    REG_S   a1, 11 * REGBYTES(tp)
    j       leave_interrupt

    /* 5. Interrupts: trap_interrupt(mcause). */
not_a_call:
    csrr    t0, mcause
    bgez    t0, exception
    each_caller_saved REG_S
    REG_S   a0, 10 * REGBYTES(tp)
    REG_S   a1, 11 * REGBYTES(tp)
    mv      a0, t0
    enter_machine
    jal     trap_interrupt
leave_interrupt:
    deliver_events
    each_caller_saved REG_L
    REG_L   a0, 10 * REGBYTES(tp)
    REG_L   a1, 11 * REGBYTES(tp)
    leave_machine

    /* 6. Exceptions: trap_exception(frame, mcause). */
exception:
    each_caller_saved REG_S
    each_callee_saved REG_S
    REG_S   a0, 10 * REGBYTES(tp)
    REG_S   a1, 11 * REGBYTES(tp)
    mv      a1, t0
    mv      a0, tp
    enter_machine
    jal     trap_exception
    deliver_events
    each_caller_saved REG_L
    each_callee_saved REG_L
    REG_L   a0, 10 * REGBYTES(tp)
    REG_L   a1, 11 * REGBYTES(tp)
    leave_machine

    /* 7. A trap in M-mode: mscratch holds tp as it was. The first hart here saves everything to
          panic_frame and reports; others sleep. The lock is taken with one register by swapping its
          own address into it. */
    .balign 4
trap_in_machine:
    csrrw   tp, mscratch, tp
    csrw    mscratch, t0
    la      t0, panic_lock
    amoswap.w.aqrl t0, t0, (t0)
    bnez    t0, 1f
    la      t0, panic_frame
    .irp n, 1,2,3,4,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    REG_S   x\n, \n * REGBYTES(t0)
    .endr
    mv      a0, t0
    csrr    t1, mscratch
    REG_S   t1, 5 * REGBYTES(a0)
    la      sp, panic_stack + PANIC_STACK_SIZE
    li      s0, 0
    call    panic_trap
1:  csrw    mie, zero
    wfi
    j       1b

    .bss
    .balign 16
panic_frame:
    .space  32 * REGBYTES
panic_lock:
    .word   0

    .text
    .globl smode_enter
smode_enter:
    csrw    mepc, a2
    csrw    mscratch, tp
    .irp n, 1,2,3,4,5,6,7,8,9,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    li      x\n, 0
    .endr
    mret
