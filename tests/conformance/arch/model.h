/* clang-format off */
/*
 * What the architecture tests ask of a model, as their target for Spike answers it: a signature
 * between two symbols, and an end by tohost. HALT is one of three that are in use.
 */
#if __riscv_xlen == 64
#    define SX sd
#    define LX ld
#    define WORD 8
#else
#    define SX sw
#    define LX lw
#    define WORD 4
#endif

.macro MODEL_BOOT                       /* one hart is enough */
    csrr t0, mhartid
98: bnez t0, 98b
.endm

.macro MODEL_HALT
#if HALT == 1
    li x1, 1
99: sw x1, tohost, t5
    j 99b
#elif HALT == 2
    li x1, 1
    sw x1, tohost, t5
99: j 99b
#else
    li t1, 1
    la t0, tohost
    SX t1, (t0)
#    if __riscv_xlen == 32
    sw zero, 4(t0)
#    endif
    j .
#endif
.endm

.macro MODEL_DATA
    .pushsection .tohost, "aw", @progbits
    .balign 16
    .globl tohost, fromhost
tohost:
#if __riscv_xlen == 64
    .dword 0
#else
    .word 0, 0
#endif
    .size tohost, 8
    .balign 16
fromhost:
    .dword 0
    .size fromhost, 8
    .popsection
    .data
    .balign 16
    .globl begin_signature, end_signature
begin_signature:
.endm

.macro MODEL_DATA_END
    .balign 16
end_signature:
.endm

/* Put a register into the signature; x8 says where. */
.macro SIGN reg
    SX \reg, 0(x8)
    addi x8, x8, WORD
.endm
