#pragma once
/*
 * What the M-mode device guests share. They note what they read with note() and print it all at the
 * end with report(), so that printing does not disturb the device under test.
 */
#include <stdint.h>

#include "hw/clint.h"
#include "hw/goldfish_rtc.h"
#include "hw/ns16550.h"
#include "hw/plic.h"
#include "hw/test.h"

enum {
    TEST_BASE = 0x100000,
    RTC_BASE = 0x101000,
    CLINT_BASE = 0x2000000,
    PLIC_BASE = 0xc000000,
    UART_BASE = 0x10000000,
    SSWI_BASE = 0x2f00000, /* with -M virt,aclint=on */
    FW_CFG_BASE = 0x10100000,
    FLASH_BASE = 0x20000000,
    RTC_IRQ = 11,
    UART_IRQ = 10,
};

#define TICKS_PER_MS 10000

int main(void);

/* Set by the trap handler; note_fault() reads and clears it. */
extern volatile int last_cause;

#define DEFINE_ACCESS(bits)                                              \
    static inline uint##bits##_t read##bits(uintptr_t addr)              \
    {                                                                    \
        return *(volatile uint##bits##_t *)addr;                         \
    }                                                                    \
    static inline void write##bits(uintptr_t addr, uint##bits##_t value) \
    {                                                                    \
        *(volatile uint##bits##_t *)addr = value;                        \
    }
DEFINE_ACCESS(8)
DEFINE_ACCESS(16)
DEFINE_ACCESS(32)
#if __riscv_xlen == 64
DEFINE_ACCESS(64)
#endif

static inline unsigned long read_mip(void)
{
    unsigned long value;

    __asm__ volatile("csrr %0, mip" : "=r"(value));
    return value;
}

/* Note a value under a name, a string literal. */
void note(const char *name, unsigned long value);

/* Note the cause of the fault since the last call, 0 if there was none. */
void note_fault(const char *name);

/* Print everything noted. */
void report(void);

/* mtime now, and spinning until so many ticks have gone by. */
uint64_t ticks(void);
void delay(uint64_t n);
