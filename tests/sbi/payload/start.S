/* The payload's way in, its traps, and what C cannot say. */
#include "riscv/bits.h"

#if __riscv_xlen == 64
#    define REG_S sd
#    define REG_L ld
#    define SZ    8
#else
#    define REG_S sw
#    define REG_L lw
#    define SZ    4
#endif

    .section .start, "ax"
    .globl _start
_start:
    csrr    a2, instret
    la      t0, _bss_start
    la      t1, _bss_end
1:  REG_S   zero, (t0)
    addi    t0, t0, SZ
    bltu    t0, t1, 1b
    la      sp, main_stack + 16384
    call    payload_main
1:  wfi
    j       1b

    .text
    /* A started hart: a0 = id, a1 = struct worker. */
    .globl hart_entry
    .balign 4
hart_entry:
    csrr    a2, satp
    csrr    a3, sstatus
    REG_L   sp, 0(a1)
    call    worker_main
1:  wfi
    j       1b

    /* struct sbiret sbi_call(eid, fid, a0...a4) */
    .globl sbi_call
sbi_call:
    mv      t0, a0
    mv      t1, a1
    mv      a0, a2
    mv      a1, a3
    mv      a2, a4
    mv      a3, a5
    mv      a4, a6
    mv      a7, t0
    mv      a6, t1
    li      a5, 0
    ecall
    ret

.macro save_callee
    addi    sp, sp, -16 * SZ
    .irp n, 1,3,4,8,9,18,19,20,21,22,23,24,25,26,27
    .if \n < 8
    REG_S   x\n, (\n - 1) * SZ(sp)
    .elseif \n < 10
    REG_S   x\n, (\n - 4) * SZ(sp)
    .else
    REG_S   x\n, (\n - 12) * SZ(sp)
    .endif
    .endr
.endm
.macro restore_callee
    .irp n, 1,3,4,8,9,18,19,20,21,22,23,24,25,26,27
    .if \n < 8
    REG_L   x\n, (\n - 1) * SZ(sp)
    .elseif \n < 10
    REG_L   x\n, (\n - 4) * SZ(sp)
    .else
    REG_L   x\n, (\n - 12) * SZ(sp)
    .endif
    .endr
    addi    sp, sp, 16 * SZ
.endm

    /* void call_with_registers(const unsigned long *in, unsigned long *out) */
    .globl call_with_registers
call_with_registers:
    save_callee
    la      t0, saved_sp
    REG_S   sp, (t0)
    csrw    sscratch, a1
    mv      x31, a0
    .irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    REG_L   x\n, \n * SZ(x31)
    .endr
    ecall
    csrrw   x31, sscratch, x31
    .irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    REG_S   x\n, \n * SZ(x31)
    .endr
    csrr    t0, sscratch
    REG_S   t0, 31 * SZ(x31)
    la      t0, saved_sp
    REG_L   sp, (t0)
    restore_callee
    ret

    /* Interrupts only; exceptions are caught by the functions below, which move stvec. */
    .globl trap_vector
    .balign 4
trap_vector:
    addi    sp, sp, -18 * SZ
    .irp n, 5,6,7
    REG_S   x\n, (\n - 5) * SZ(sp)
    .endr
    .irp n, 10,11,12,13,14,15,16,17
    REG_S   x\n, (\n - 7) * SZ(sp)
    .endr
    .irp n, 28,29,30,31
    REG_S   x\n, (\n - 17) * SZ(sp)
    .endr
    REG_S   ra, 16 * SZ(sp)
    csrr    a0, scause
    call    trap_handler
    REG_L   ra, 16 * SZ(sp)
    .irp n, 28,29,30,31
    REG_L   x\n, (\n - 17) * SZ(sp)
    .endr
    .irp n, 10,11,12,13,14,15,16,17
    REG_L   x\n, (\n - 7) * SZ(sp)
    .endr
    .irp n, 5,6,7
    REG_L   x\n, (\n - 5) * SZ(sp)
    .endr
    addi    sp, sp, 18 * SZ
    sret

    /* Around one instruction that may trap: a0 = struct caught, t2 and t3 are used. */
.macro catch_end
    li      t3, -1
    j       8f
    .balign 4
9:  csrr    t3, scause
8:  j       caught_common
.endm
.macro catch_begin
    la      t2, 9f
    csrrw   t2, stvec, t2
.endm

    /* Loads and stores by width: a0 = struct caught, a1 = address, a2 = value or -. */
    .globl raw_load1, raw_load2, raw_load4, raw_load8, raw_store1, raw_store2, raw_store4, raw_store8
raw_load1:
    catch_begin
    lb      t4, (a1)
    REG_S   t4, 4 * SZ(a0)
    catch_end
raw_load2:
    catch_begin
    lh      t4, (a1)
    REG_S   t4, 4 * SZ(a0)
    catch_end
raw_load4:
    catch_begin
    lw      t4, (a1)
    REG_S   t4, 4 * SZ(a0)
    catch_end
raw_load8:
#if __riscv_xlen == 64
    catch_begin
    ld      t4, (a1)
    REG_S   t4, 4 * SZ(a0)
    catch_end
#endif
raw_store1:
    catch_begin
    sb      a2, (a1)
    catch_end
raw_store2:
    catch_begin
    sh      a2, (a1)
    catch_end
raw_store4:
    catch_begin
    sw      a2, (a1)
    catch_end
raw_store8:
#if __riscv_xlen == 64
    catch_begin
    sd      a2, (a1)
    catch_end
#endif

    /* Jump to a1; ra is kept in t5, so a target that returns comes back as well. */
    .globl raw_jump, raw_illegal, raw_breakpoint, raw_amo, raw_legacy
raw_jump:
    catch_begin
    mv      t5, ra
    jalr    a1
    mv      ra, t5
    li      t3, -1
    j       8f
    .balign 4
9:  mv      ra, t5
    csrr    t3, scause
8:  j       caught_common

    /* t2 = stvec to put back, t3 = cause, a0 = struct caught */
caught_common:
    csrw    stvec, t2
    REG_S   t3, 0(a0)
    csrr    t3, stval
    REG_S   t3, SZ(a0)
    csrr    t3, sepc
    REG_S   t3, 2 * SZ(a0)
    csrr    t3, sstatus
    REG_S   t3, 3 * SZ(a0)
    ret
    .balign 4
raw_illegal:
    catch_begin
    .globl illegal_insn
illegal_insn:
    csrr    t4, 0x7a5       /* no such register below M-mode */
    catch_end
raw_breakpoint:
    catch_begin
    ebreak
    catch_end
raw_amo:
    catch_begin
    amoadd.w t4, zero, (a1)
    catch_end
    /* a legacy call: a1 = extension, a2 = address of a mask */
raw_legacy:
    mv      t5, a0
    mv      a7, a1
    mv      a0, a2
    catch_begin
    .globl legacy_ecall
legacy_ecall:
    ecall
    li      t3, -1
    mv      t4, a0
    mv      a0, t5
    REG_S   t4, 4 * SZ(a0)
    j       8f
    .balign 4
9:  mv      t4, a0
    mv      a0, t5
    REG_S   t4, 4 * SZ(a0)
    csrr    t3, scause
8:  j       caught_common

    /* void raw_user(struct caught *, entry, arg) */
    .globl raw_user
raw_user:
    save_callee
    mv      s0, a0
    la      t0, saved_sp
    REG_S   sp, (t0)
    csrw    sscratch, s0
    la      s1, 1f
    csrrw   s1, stvec, s1
    csrw    sepc, a1
    li      t0, MSTATUS_SPP
    csrc    sstatus, t0
    mv      a0, a2
    sret
    .balign 4
1:  csrw    stvec, s1
    csrr    t0, sscratch
    REG_S   a0, 4 * SZ(t0)
    csrr    t1, scause
    REG_S   t1, 0(t0)
    csrr    t1, stval
    REG_S   t1, SZ(t0)
    csrr    t1, sepc
    REG_S   t1, 2 * SZ(t0)
    csrr    t1, sstatus
    REG_S   t1, 3 * SZ(t0)
    la      t0, saved_sp
    REG_L   sp, (t0)
    restore_callee
    ret

    /* What U-mode runs; user_run() gives it aliases of these addresses. */
    .balign 4
    .globl user_ecall, user_load, user_store, user_jump, user_time, user_csr
user_ecall:
    ecall
user_load:
    lb      a0, (a0)
    ecall
user_store:
    sb      zero, (a0)
    ecall
user_jump:
    jr      a0
user_time:
    rdtime  a0
    ecall
user_csr:
    csrr    a0, sstatus
    ecall

    /* void raw_suspend(struct resumed *, arg, type, eid, fid): hart_suspend or system_suspend */
    .globl raw_suspend
raw_suspend:
    save_callee
    la      t0, saved_sp
    REG_S   sp, (t0)
    la      t0, saved_out
    REG_S   a0, (t0)
    mv      s0, a0
    mv      a0, a2
    mv      a2, a1
    la      a1, resume_entry
    mv      a7, a3
    mv      a6, a4
    ecall
    REG_S   a0, 4 * SZ(s0)
    restore_callee
    ret
    .balign 4
    .globl resume_entry
resume_entry:
    la      t0, saved_out
    REG_L   t0, (t0)
    REG_S   a0, 0(t0)
    REG_S   a1, SZ(t0)
    csrr    t1, satp
    REG_S   t1, 2 * SZ(t0)
    csrr    t1, sstatus
    REG_S   t1, 3 * SZ(t0)
    REG_S   zero, 4 * SZ(t0)
    la      t0, saved_sp
    REG_L   sp, (t0)
    restore_callee
    ret

    .globl breakpoint_here
    .balign 4
breakpoint_here:
    ret

    /* A software event's handler: a6 = hart id, a7 = struct event, which starts with room for the
       registers and the top of a stack. Every register but those two is put back for complete. */
    .globl event_entry
    .balign 4
event_entry:
    .irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    REG_S   x\n, \n * SZ(a7)
    .endr
    REG_L   sp, 32 * SZ(a7)
    mv      a0, a6
    mv      s1, a7
    mv      a1, a7
    call    event_handler
    mv      a7, s1
    .irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    REG_L   x\n, \n * SZ(a7)
    .endr
    li      a6, 6
    li      a7, 0x535345
    ecall
    ebreak

    .bss
    .balign 16
main_stack:
    .space  16384
saved_sp:
    .space  SZ
saved_out:
    .space  SZ
