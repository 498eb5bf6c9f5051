#pragma once
/* For assembly only: register-width spellings, and the offsets of struct arch_thread. */

#include "riscv/bits.h"

#if __riscv_xlen == 64
#    define REG_S    sd
#    define REG_L    ld
#    define REG_WORD .dword
#    define REGBYTES 8
#    define REGSHIFT 3
#else
#    define REG_S    sw
#    define REG_L    lw
#    define REG_WORD .word
#    define REGBYTES 4
#    define REGSHIFT 2
#endif

#define CONTEXT_SIZE (CONTEXT_SLOTS * REGBYTES)

/* struct arch_thread; asserted in trap.c */
#define THREAD_KERNEL_SP (0 * REGBYTES)
#define THREAD_SCRATCH   (1 * REGBYTES)
#define THREAD_WORK      (2 * REGBYTES)
#define THREAD_SYSCALL   (3 * REGBYTES)

#define SCAUSE_USER_ECALL 8

/* System calls that need every register saved: clone and execve (asserted in kernel/syscall). */
#define SYSCALL_FULL_FIRST 220
#define SYSCALL_FULL_LAST  221

/* clang-format off */
/* Any function: .text section of its own so that --gc-sections sees it. */
#define FUNCTION(name)                   \
    .section .text.name, "ax", @progbits; \
    .balign 4;                           \
    .global name;                        \
    .type name, @function;               \
    name:
#define END(name) .size name, .- name

/* A fault at `insn` continues at `fixup` (see extable in trap.c). */
#define EXTABLE(insn, fixup)              \
    .pushsection .extable, "a", @progbits; \
    .balign 4;                            \
    .word insn -.;                        \
    .word fixup -.;                       \
    .popsection
/* clang-format on */
