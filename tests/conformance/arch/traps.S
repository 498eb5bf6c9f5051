/* Causes, values and places of exceptions, written down by the handler. */
#include "model.h"
    .section .text.init, "ax", @progbits
    .option norvc
    .globl _start
_start:
    MODEL_BOOT
    la x8, begin_signature
    la t0, handler
    csrw mtvec, t0
    ecall
    ebreak
    .word 0
    .word 0xffffffff
    csrw 0xc00, zero
    csrr t1, 0x7ff
    la t1, _start
    lr.w t2, (t1)
    addi t1, t1, 2
    lr.w t2, (t1)
    amoadd.w t2, t2, (t1)
    li t1, 8
    lw t2, 0(t1)
    sw t2, 0(t1)
    la t1, 1f
    addi ra, t1, 0
    li t2, 8
    jr t2                               /* the handler goes on at ra */
1:  csrr t1, mstatus
    li t2, 0x1888
    and t1, t1, t2
    SIGN t1
    MODEL_HALT
    .balign 4
handler:
    csrr t3, mcause
    SIGN t3
    csrr t3, mepc
    la t4, _start
    sub t5, t3, t4
    li t6, 0x1000
    bltu t5, t6, 1f
    mv t5, zero
1:  SIGN t5
    csrr t4, mtval
    la t6, _start
    bltu t4, t6, 2f                     /* addresses in the program relative to it */
    sub t6, t4, t6
    li t5, 0x1000
    bgeu t6, t5, 2f
    mv t4, t6
2:  SIGN t4
    addi t3, t3, 4
    csrr t4, mcause
    li t5, 1
    bne t4, t5, 3f
    mv t3, ra
3:  csrw mepc, t3
    mret
    MODEL_DATA
    .fill 64 * WORD, 1, 0xde
    MODEL_DATA_END
