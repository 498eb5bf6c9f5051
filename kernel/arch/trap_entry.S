/*
 * Trap entry and the one door out of the kernel.
 *
 * In the kernel tp is the current thread and sscratch is 0; in user mode sscratch is the thread.
 * That tells the two kinds of traps apart with one swap. A user trap's context is at the top of the
 * thread's stack; a kernel trap's is pushed where the stack stands.
 */
#include "kernel/arch/asm.h"
#include "kernel/arch/context.h"
#include "kernel/arch/thread.h"

#define SAVE(reg, slot)    REG_S reg, (slot) * REGBYTES(sp);
#define RESTORE(reg, slot) REG_L reg, (slot) * REGBYTES(sp);
#define SLOT(slot)         ((slot) * REGBYTES)
#define SLOT_SEPC    SLOT(0)
#define SLOT_SP      SLOT(2)
#define SLOT_GP      SLOT(3)
#define SLOT_TP      SLOT(4)
#define SLOT_T0      SLOT(5)
#define SLOT_SSTATUS SLOT(32)
#define SLOT_SCAUSE  SLOT(33)
#define SLOT_STVAL   SLOT(34)

FUNCTION(trap_entry)
    /* 1. Who was interrupted? */
    csrrw   tp, sscratch, tp
    beqz    tp, from_kernel

    /* 2. User mode: the context is at the top of this thread's stack. */
    REG_S   sp, THREAD_SCRATCH(tp)
    li      sp, STACK_SLOT_SIZE - CONTEXT_SIZE
    add     sp, sp, tp
    CONTEXT_CALLER_REGS(SAVE)
    REG_S   gp, SLOT_GP(sp)
    REG_L   t0, THREAD_SCRATCH(tp)
    csrrw   t1, sscratch, zero
    csrr    t2, sepc
    csrr    t3, sstatus
    csrr    t4, scause
    REG_S   t0, SLOT_SP(sp)
    REG_S   t1, SLOT_TP(sp)
    REG_S   t3, SLOT_SSTATUS(sp)
    REG_S   t4, SLOT_SCAUSE(sp)
    li      t0, SCAUSE_USER_ECALL
    bne     t4, t0, full_trap

    /* 3. A system call. Those that look at or replace every register take the full path. */
    addi    t2, t2, 4
    REG_S   t2, SLOT_SEPC(sp)
    addi    t0, a7, -SYSCALL_FULL_FIRST
    sltiu   t0, t0, SYSCALL_FULL_LAST - SYSCALL_FULL_FIRST + 1
    bnez    t0, full_syscall
    REG_L   t0, THREAD_SYSCALL(tp)
    mv      a0, sp
    csrsi   sstatus, SSTATUS_SIE
    jalr    t0
    csrci   sstatus, SSTATUS_SIE
    REG_L   t0, THREAD_WORK(tp)
    bnez    t0, syscall_work

    /* 4. The hot way back: nothing to do, and s0-s11 still hold the user's values. */
    REG_L   t0, SLOT_SEPC(sp)
    REG_L   t1, SLOT_SSTATUS(sp)
    csrw    sscratch, tp
    csrw    sepc, t0
    csrw    sstatus, t1
    CONTEXT_CALLER_REGS(RESTORE)
    REG_L   gp, SLOT_GP(sp)
    REG_L   tp, SLOT_TP(sp)
    REG_L   sp, SLOT_SP(sp)
    sret

syscall_work:
    CONTEXT_CALLEE_REGS(SAVE)
    j       trap_return

full_syscall:
    CONTEXT_CALLEE_REGS(SAVE)
    REG_L   t0, THREAD_SYSCALL(tp)
    mv      a0, sp
    csrsi   sstatus, SSTATUS_SIE
    jalr    t0
    j       trap_return

full_trap:
    CONTEXT_CALLEE_REGS(SAVE)
    REG_S   t2, SLOT_SEPC(sp)
    csrr    t0, stval
    REG_S   t0, SLOT_STVAL(sp)
    li      fp, 0
    mv      a0, sp
    call    trap_user
    j       trap_return

    /* 5. Kernel mode. Is there room for a context, or did the stack run into its guard? */
from_kernel:
    csrr    tp, sscratch
    csrw    sscratch, t0
    sub     sp, sp, tp
    li      t0, STACK_SLOT_BOTTOM + CONTEXT_SIZE
    bltu    sp, t0, overflow
    add     sp, sp, tp
    csrr    t0, sscratch
    csrw    sscratch, zero
    addi    sp, sp, -CONTEXT_SIZE
    CONTEXT_CALLER_REGS(SAVE)
    CONTEXT_CALLEE_REGS(SAVE)
    addi    t0, sp, CONTEXT_SIZE
    REG_S   t0, SLOT_SP(sp)
    REG_S   gp, SLOT_GP(sp)
    REG_S   tp, SLOT_TP(sp)
    csrr    t0, sepc
    csrr    t1, sstatus
    csrr    t2, scause
    csrr    t3, stval
    REG_S   t0, SLOT_SEPC(sp)
    REG_S   t1, SLOT_SSTATUS(sp)
    REG_S   t2, SLOT_SCAUSE(sp)
    REG_S   t3, SLOT_STVAL(sp)
    /* A copy from user memory may have been interrupted: its SUM stays in its context. */
    li      t0, SSTATUS_SUM
    csrc    sstatus, t0
    mv      a0, sp
    call    trap_kernel
    /* falls through */
END(trap_entry)

/*
 * The door: sp points at a context. On the way to user mode exit_to_user() does what is pending and
 * returns with interrupts off.
 */
    .global trap_return
trap_return:
    REG_L   t0, SLOT_SSTATUS(sp)
    andi    t0, t0, SSTATUS_SPP
    bnez    t0, 1f
    mv      a0, sp
    call    trap_exit_to_user
    csrw    sscratch, tp
    j       2f
1:  csrci   sstatus, SSTATUS_SIE
2:  REG_L   t0, SLOT_SEPC(sp)
    REG_L   t1, SLOT_SSTATUS(sp)
    csrw    sepc, t0
    csrw    sstatus, t1
    CONTEXT_CALLER_REGS(RESTORE)
    CONTEXT_CALLEE_REGS(RESTORE)
    REG_L   gp, SLOT_GP(sp)
    REG_L   tp, SLOT_TP(sp)
    REG_L   sp, SLOT_SP(sp)
    sret

/* sp holds the stack's offset in its slot, sscratch holds t0. Nothing can be saved there. */
overflow:
    add     sp, sp, tp
    la      t0, overflow_stack_top - CONTEXT_SIZE
    REG_S   sp, SLOT_SP(t0)
    mv      sp, t0
    csrr    t0, sscratch
    csrw    sscratch, zero
    CONTEXT_CALLER_REGS(SAVE)
    CONTEXT_CALLEE_REGS(SAVE)
    REG_S   tp, SLOT_TP(sp)
    csrr    t0, sepc
    csrr    t1, scause
    csrr    t2, stval
    REG_S   t0, SLOT_SEPC(sp)
    REG_S   t1, SLOT_SCAUSE(sp)
    REG_S   t2, SLOT_STVAL(sp)
    mv      a0, sp
    call    trap_stack_overflow

    .section .bss.overflow_stack, "aw", @nobits
    .balign 16
    .space  4096
overflow_stack_top:

/*
 * void context_switch(struct arch_thread *prev, struct arch_thread *next)
 *
 * The only way from one thread to another: leaves prev inside this call and returns from the call in
 * which next was left (or, for a new thread, to the address its first frame names).
 */
#define FRAME_REGS(X) X(s0, 0) X(s1, 1) X(s2, 2) X(s3, 3) X(s4, 4) X(s5, 5) X(s6, 6) X(s7, 7) \
    X(s8, 8) X(s9, 9) X(s10, 10) X(s11, 11) X(ra, 12)

FUNCTION(context_switch)
    addi    sp, sp, -16 * REGBYTES
    FRAME_REGS(SAVE)
    REG_S   sp, THREAD_KERNEL_SP(a0)
    mv      tp, a1
    REG_L   sp, THREAD_KERNEL_SP(tp)
    FRAME_REGS(RESTORE)
    addi    sp, sp, 16 * REGBYTES
    ret
END(context_switch)

/* Where a new thread starts: s0 is what completes the switch; then out by the door. */
FUNCTION(thread_door)
    mv      t0, s0
    li      fp, 0
    jalr    t0
    j       trap_return
END(thread_door)
