/*
 * Access to control and status registers by their real names, and access that survives a hart
 * without them.
 */
#pragma once

#include <stdbool.h>

#include "riscv/bits.h"

enum cause {
#define EXCEPTION(id, num, text) CAUSE_##id = (num),
#include "riscv/cause.def"
};

enum irq {
#define INTERRUPT(id, num, text) IRQ_##id = (num),
#include "riscv/cause.def"
};

#define CAUSE_INTERRUPT (1UL << (8 * sizeof(long) - 1))

/* Fields of the hypervisor extension, which include/riscv does not describe. */
#define HSTATUS_GVA  0x040
#define HSTATUS_SPV  0x080
#define HSTATUS_SPVP 0x100
/* In mstatus from bit 32 on, in mstatush on RV32. */
#define MSTATUSH_GVA 0x40
#define MSTATUSH_MPV 0x80

#define csr_read(csr)                                               \
    ({                                                              \
        unsigned long value_;                                       \
        asm volatile("csrr %0, " #csr : "=r"(value_) : : "memory"); \
        value_;                                                     \
    })
#define csr_write(csr, value) \
    asm volatile("csrw " #csr ", %0" : : "rK"((unsigned long)(value)) : "memory")
#define csr_set(csr, bits) \
    asm volatile("csrs " #csr ", %0" : : "rK"((unsigned long)(bits)) : "memory")
#define csr_clear(csr, bits) \
    asm volatile("csrc " #csr ", %0" : : "rK"((unsigned long)(bits)) : "memory")

/*
 * Run one instruction that may trap (`insn`, a string) and say whether it did not. If it does, the
 * hart continues behind it with mepc, mcause, mtval and mstatus.MPP/MPIE changed, so this is only
 * for the time before the first entry to S-mode and for the way down.
 */
#define trap_probe(insn, out, in)                               \
    ({                                                          \
        unsigned long vector_, done_ = 0;                       \
        asm volatile("la    %0, 1f\n"                           \
                     "csrrw %0, mtvec, %0\n" insn "\n"          \
                     "li    %1, 1\n"                            \
                     ".balign 4\n"                              \
                     "1: csrw mtvec, %0\n"                      \
                     : "=&r"(vector_), "+&r"(done_), "+&r"(out) \
                     : "r"((unsigned long)(in))                 \
                     : "memory", "t0");                         \
        done_ != 0;                                             \
    })

/* Whether the hart has the register; *value is what it holds, 0 if it has not. */
#define csr_probe(csr, value) (*(value) = 0, trap_probe("csrr %2, " #csr, *(value), 0))

/* Write a register if the hart has it; whether it has. */
#define csr_try_write(csr, value)                        \
    ({                                                   \
        unsigned long unused_ = 0;                       \
        trap_probe("csrw " #csr ", %3", unused_, value); \
    })

#define wfi()     asm volatile("wfi" ::: "memory")
#define fence_i() asm volatile("fence.i" ::: "memory")

/* Zihintpause, for loops that wait for another hart; a hint, so every hart takes it. */
#define pause() asm volatile(".4byte 0x0100000f" ::: "memory")
