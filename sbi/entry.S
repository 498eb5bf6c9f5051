/*
 * Reset. Every hart starts here in M-mode with a0 = hart id, a1 = device tree and, when the loader
 * speaks FW_DYNAMIC, a2 = struct fw_dynamic_info.
 */
#include "riscv/bits.h"
#include "sbi/asm.h"

    .section .entry, "ax"
    .globl _start
_start:
    /* 1. Quiet: no interrupts, and a trap from here on is the firmware's own failure. */
    csrw    mie, zero
    csrw    mscratch, zero
    la      t0, trap_entry
    csrw    mtvec, t0
    li      tp, 0
    li      gp, 0
    csrr    a0, mhartid

    /* 2. The lottery: the first hart to come brings the machine up. boot_lottery lies in .data
          because .bss is cleared below. */
    la      t0, boot_lottery
    li      t1, 1
    amoadd.w.aqrl t1, t1, (t0)
    bnez    t1, warm

    /* 3. The winner clears .bss. */
    la      t0, _bss_start
    la      t1, _bss_end
    j       2f
1:  REG_S   zero, (t0)
    addi    t0, t0, REGBYTES
2:  bltu    t0, t1, 1b

    /* 4. and runs boot_cold(hart id, device tree, info), which does not return. */
    la      sp, boot_stack + BOOT_STACK_SIZE
    li      s0, 0
    call    boot_cold

    /* 5. Other harts sleep until the table of harts stands; the winner then sends each a software
          interrupt, which wakes WFI though it is not taken. */
warm:
    csrwi   mie, MIP_MSIP
    la      t0, boot_state
1:  lw      t1, (t0)
    fence   r, rw
    bnez    t1, 2f
    wfi
    j       1b

    /* 6. Each finds its slot by its id; a hart the device tree does not offer sleeps for ever. */
2:  la      t0, hart_slots
    REG_L   tp, (t0)
    la      t0, hart_count
    lw      t1, (t0)
    li      t2, HART_SLOT_SIZE
3:  beqz    t1, 4f
    REG_L   t3, HART_ID(tp)
    beq     t3, a0, 5f
    add     tp, tp, t2
    addi    t1, t1, -1
    j       3b
4:  csrw    mie, zero
    wfi
    j       4b

    /* 7. boot_warm(struct hart *) on the hart's own stack; it does not return. */
5:  add     sp, tp, t2
    li      s0, 0
    mv      a0, tp
    call    boot_warm

    .data
    .balign 4
    .globl boot_lottery
boot_lottery:
    .word   0
    .globl boot_state
boot_state:
    .word   BOOT_PENDING

    .section .noinit, "aw", @nobits
    .balign 16
boot_stack:
    .space  BOOT_STACK_SIZE
    .globl panic_stack
panic_stack:
    .space  PANIC_STACK_SIZE
