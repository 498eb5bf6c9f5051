/*
 * Entry and trap handler of the programs for the NEMU machine, in the manner of its abstract
 * machine: everything in M-mode, the whole context on the stack, the handler returns the context to
 * go on with, and main's result goes to EBREAK in a0.
 */
#if __riscv_xlen == 64
#    define LOAD  ld
#    define STORE sd
#    define SIZE  8
#else
#    define LOAD  lw
#    define STORE sw
#    define SIZE  4
#endif
#define CONTEXT (36 * SIZE)

    .section .text.start, "ax"
    .globl _start
_start:
    la      sp, stack_end
    call    main
    .globl halt
halt:
    ebreak
    j       halt

    .balign 4
    .globl trap_entry
trap_entry:
    addi    sp, sp, -CONTEXT
    .irp n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    STORE   x\n, (\n * SIZE)(sp)
    .endr
    csrr    t0, mcause
    csrr    t1, mstatus
    csrr    t2, mepc
    STORE   t0, (32 * SIZE)(sp)
    STORE   t1, (33 * SIZE)(sp)
    STORE   t2, (34 * SIZE)(sp)
    li      t3, 1 << 17 /* MPRV, which the abstract machine sets here */
    or      t1, t1, t3
    csrw    mstatus, t1
    mv      a0, sp
    call    on_trap
    mv      sp, a0
    LOAD    t1, (33 * SIZE)(sp)
    LOAD    t2, (34 * SIZE)(sp)
    csrw    mstatus, t1
    csrw    mepc, t2
    .irp n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    LOAD    x\n, (\n * SIZE)(sp)
    .endr
    addi    sp, sp, CONTEXT
    mret

    .bss
    .balign 16
    .zero   16384
stack_end:
