#pragma once
/* CSR access by the assembler's own names: csr_read(sstatus), csr_set(sie, SIE_STIE). */

#include "riscv/bits.h"

/* Newer than some assemblers: by number. */
#define CSR_STIMECMP  0x14d
#define CSR_STIMECMPH 0x15d

#define CSR_STR_(name) #name
#define CSR_STR(name)  CSR_STR_(name) /* expands a macro that names a number */

#define csr_read(name)                                                    \
    ({                                                                    \
        unsigned long csr_value_;                                         \
        __asm__ volatile("csrr %0, " #name : "=r"(csr_value_)::"memory"); \
        csr_value_;                                                       \
    })
#define csr_write(name, value) \
    __asm__ volatile("csrw " CSR_STR(name) ", %0" ::"rK"((unsigned long)(value)) : "memory")
#define csr_set(name, bits) \
    __asm__ volatile("csrs " #name ", %0" ::"rK"((unsigned long)(bits)) : "memory")
#define csr_clear(name, bits) \
    __asm__ volatile("csrc " #name ", %0" ::"rK"((unsigned long)(bits)) : "memory")
/* Clears bits and returns the old value. */
#define csr_read_clear(name, bits)                     \
    ({                                                 \
        unsigned long csr_value_;                      \
        __asm__ volatile("csrrc %0, " #name ", %1"     \
                         : "=r"(csr_value_)            \
                         : "rK"((unsigned long)(bits)) \
                         : "memory");                  \
        csr_value_;                                    \
    })

#define SCAUSE_INTERRUPT (1UL << (sizeof(long) * 8 - 1))

/* CAUSE_LOAD_PAGE and so on: exception codes; IRQ_SSI and so on: interrupt numbers. */
enum {
#define EXCEPTION(id, num, text) CAUSE_##id = (num),
#define INTERRUPT(id, num, text) IRQ_##id = (num),
#include "riscv/cause.def"
};
