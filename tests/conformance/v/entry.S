/* Reset, and the way into and out of S-mode. */
#if __riscv_xlen == 64
#    define LX ld
#    define SX sd
#    define WORD 8
#else
#    define LX lw
#    define SX sw
#    define WORD 4
#endif
#define FRAME (36 * WORD)

    .option norvc
    .section .text.init, "ax", @progbits
    .globl _start, pop_frame, trap_entry
_start:
    j reset
    .balign 4
machine_trap:                           /* none is expected; `odd` is in vm.c */
    csrr sp, mscratch
    j unexpected
reset:
    .irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    li x\n, 0
    .endr
    la t0, 1f
    csrw mtvec, t0
    csrwi 0x744, 8                      /* mnstatus: there may be no such thing */
    .balign 4
1:  la t0, machine_trap
    csrw mtvec, t0
    la sp, stacks
    li t1, 8192
    csrr t0, mhartid
    addi t0, t0, 1
    mul t0, t0, t1
    add sp, sp, t0
    addi sp, sp, -FRAME
    csrw mscratch, sp
    la a0, user_start
    j boot

pop_frame:                              /* (frame): to where it came from */
    LX t0, 33 * WORD(a0)
    csrw sepc, t0
    .irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    LX x\n, \n * WORD(a0)
    .endr
    LX a0, 10 * WORD(a0)
    sret

    .balign 4
trap_entry:
    csrrw sp, sscratch, sp
    .irp n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    SX x\n, \n * WORD(sp)
    .endr
    csrrw t0, sscratch, sp
    SX t0, 2 * WORD(sp)
    csrr t0, sstatus
    SX t0, 32 * WORD(sp)
    csrr t0, sepc
    SX t0, 33 * WORD(sp)
    csrr t0, stval
    SX t0, 34 * WORD(sp)
    csrr t0, scause
    SX t0, 35 * WORD(sp)
    mv a0, sp
    j handle_trap

    .section .tohost, "aw", @progbits
    .balign 64
    .globl tohost, fromhost
tohost:
    .dword 0
    .size tohost, 8
    .balign 64
fromhost:
    .dword 0
    .size fromhost, 8

    .bss
    .balign 16
stacks:
    .skip 8192 * 8
