/*
 * Instructions no compiler emits, for usertests: each void tarn_fault_NAME(void) runs one that a user
 * program must not get away with.
 */
    .macro fault name
    .section .text.tarn_fault_\name, "ax"
    .globl tarn_fault_\name
    .type tarn_fault_\name, @function
tarn_fault_\name:
    .endm

    fault illegal               /* all zeros: illegal by definition of the encoding */
    .word 0
    ret

    fault float_rounding        /* fadd.s ft0, ft0, ft0 with the reserved rounding mode 5 */
    .word 0x00005053
    ret

    fault breakpoint
    ebreak
    ret

    fault csr                   /* a supervisor register */
    csrr a0, sstatus
    ret

    fault csr_write             /* the page table's own register */
    csrw satp, zero
    ret

    fault sret
    sret
    ret

    fault mret
    mret
    ret

    fault sfence
    sfence.vma
    ret
