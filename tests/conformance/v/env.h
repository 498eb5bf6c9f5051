/* clang-format off */
/*
 * The same programs under virtual memory, in the manner of the public suites' "v": vm.c loads their
 * pages when they are touched. Only what a program in U-mode needs is here; ../p/env.h explains it.
 */
#define MODE_U 0

#if __riscv_xlen == 64
#    define LX ld
#    define SX sd
#    define WORD 8
#else
#    define LX lw
#    define SX sw
#    define WORD 4
#endif

.macro CHECK number, reg, value
    li gp, \number
    li t6, \value
    bne \reg, t6, fail
.endm

.macro BEGIN mode
    .option norvc
    .text
    .balign 4096                /* pages that hold nothing of the system */
    .globl user_start
user_start:
.endm

.macro END
fail:
    fence
1:  beqz gp, 1b
    slli gp, gp, 1
    ori gp, gp, 1
    ecall
pass:
    fence
    li gp, 1
    ecall
    unimp
    .data
    .balign 4096
.endm
