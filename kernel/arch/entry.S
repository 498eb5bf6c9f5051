/*
 * Where harts enter the kernel, with the MMU off, at whatever superpage-aligned address the image
 * was loaded. Code here is position-independent (-mcmodel=medany): `la` gives physical addresses
 * until satp is written.
 */
#include "kernel/arch/asm.h"
#include "kernel/arch/context.h"
#include "kernel/arch/layout.h"
#include "kernel/arch/thread.h"

/* The RISC-V boot image header (Linux Documentation/riscv/boot-image-header.rst, version 0.2). */
    .section .head, "ax", @progbits
    .global _start
_start:
    .option push
    .option norvc
    j       boot_entry
    .word   0
    .option pop
    .word   SUPERPAGE_SIZE, 0           /* text_offset from the start of RAM */
    .word   __image_memory_size, 0      /* image_size, bss included */
    .word   0, 0                        /* flags: little-endian */
    .word   2                           /* version 0.2 */
    .word   0, 0, 0
    .ascii  "RISCV\0\0\0"               /* magic, the deprecated one */
    .ascii  "RSC\x05"                   /* magic2 */
    .word   0

/*
 * The first hart: a0 = hart id, a1 = physical address of the device tree. Interrupts off, MMU off.
 */
FUNCTION(boot_entry)
    csrw    sie, zero
    csrci   sstatus, SSTATUS_SIE
    /* 1. Loaders without HSM may send in every hart: one wins, the others stay here. */
    la      t0, boot_lottery
    li      t1, 1
    amoadd.w t1, t1, (t0)
    bnez    t1, park
    mv      s0, a0
    mv      s1, a1
    /* 2. Clear .bss. */
    la      t0, __bss_start
    la      t1, __bss_end
1:  REG_S   zero, 0(t0)
    REG_S   zero, REGBYTES(t0)
    addi    t0, t0, 2 * REGBYTES
    bltu    t0, t1, 1b
    /* 3. A stack, and the page tables for the image and the device tree. */
    la      tp, boot_slot
    li      sp, STACK_SLOT_SIZE
    add     sp, sp, tp
    mv      a0, s1
    call    early_page_tables
    /* 4. Go up. */
    call    enable_mmu                  /* a0 = satp */
    /* 5. tp and sp again, by their virtual addresses. */
    la      tp, boot_slot
    li      sp, STACK_SLOT_SIZE
    add     sp, sp, tp
    csrw    sscratch, zero
    la      t0, trap_entry
    csrw    stvec, t0
    mv      a0, s0
    mv      a1, s1
    li      fp, 0                       /* this is s0: only now */
    tail    kernel_main
END(boot_entry)

/*
 * A further hart, started by HSM: a0 = hart id, a1 = physical address of a struct hart_boot
 * (hart.c): satp, thread.
 */
FUNCTION(secondary_entry)
    csrw    sie, zero
    csrci   sstatus, SSTATUS_SIE
    REG_L   a0, 0(a1)
    REG_L   s1, REGBYTES(a1)
    call    enable_mmu
    mv      tp, s1
    li      sp, STACK_SLOT_SIZE
    add     sp, sp, tp
    csrw    sscratch, zero
    la      t0, trap_entry
    csrw    stvec, t0
    li      fp, 0
    tail    secondary_main
END(secondary_entry)

/*
 * Loads satp = a0 and returns to the caller at its virtual address. No page maps the code both ways:
 * the fetch after the write faults, and stvec leads on at the virtual address.
 */
FUNCTION(enable_mmu)
    li      t0, LAYOUT_IMAGE
    la      t1, __image_start
    sub     t0, t0, t1
    add     ra, ra, t0
    la      t1, 1f
    add     t1, t1, t0
    csrw    stvec, t1
    sfence.vma
    csrw    satp, a0
    .balign 4
1:  sfence.vma
    ret
END(enable_mmu)

FUNCTION(park)
1:  wfi
    j       1b
END(park)

    .section .data.boot_lottery, "aw"
    .balign 4
boot_lottery:
    .word   0
