/*
 * The entry point. The kernel enters with sp on the argument block (argc, argv, envp, auxiliary
 * vector; the psABI's process initialisation) and every other register undefined.
 */
    .section .text.start, "ax"
    .globl _start
    .type _start, @function
_start:
    .option push
    .option norelax             /* gp is what relaxation would use */
    la gp, __global_pointer$
    .option pop
    mv a0, sp
    andi sp, sp, -16            /* the ABI's alignment, whatever the kernel left */
    li fp, 0                    /* where a backtrace ends */
    li ra, 0
    tail __tarn_start
    .size _start, . - _start
