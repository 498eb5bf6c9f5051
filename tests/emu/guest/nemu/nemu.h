#pragma once
/* What the programs for the NEMU machine share: its serial line, traps, and ways to say things. */
#include <stdint.h>

#include "hw/nemu.h"

typedef unsigned long word;

/* What start.S saves. */
struct context {
    word x[32];
    word mcause, mstatus, mepc, unused;
};

/* Ends the run. */
_Noreturn void halt(word status);

extern void trap_entry(void);
/* The program's; needed if mtvec is set to trap_entry. */
struct context *on_trap(struct context *c);

int main(void);

#define CSR_READ(name)                                      \
    ({                                                      \
        word value_;                                        \
        __asm__ volatile("csrr %0, " #name : "=r"(value_)); \
        value_;                                             \
    })
#define CSR_WRITE(name, value) \
    __asm__ volatile("csrw " #name ", %0" : : "r"((word)(value)) : "memory")

#define INTERRUPT ((word)1 << (__riscv_xlen - 1))

static inline void outb(uintptr_t addr, uint8_t value)
{
    *(volatile uint8_t *)addr = value;
}

static inline uint8_t inb(uintptr_t addr)
{
    return *(volatile uint8_t *)addr;
}

static inline void outl(uintptr_t addr, uint32_t value)
{
    *(volatile uint32_t *)addr = value;
}

static inline uint32_t inl(uintptr_t addr)
{
    return *(volatile uint32_t *)addr;
}

static inline void yield(void)
{
    __asm__ volatile("li a7, -1; ecall" : : : "a7", "memory");
}

/* Microseconds, as the abstract machine reads them. */
uint64_t uptime(void);

void put(char c);
void put_text(const char *s);
/* "NAME: value\n", hexadecimal. */
void show(const char *name, word value);
