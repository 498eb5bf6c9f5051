#pragma once
/*
 * What the rest of the kernel may ask of the processor. Everything that knows CSRs, instructions or
 * the register width is behind this header (kernel/arch); nobody else writes asm.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t paddr_t;  /* physical address: 64 bits on both XLENs (Sv32 has 34-bit ones) */
typedef uintptr_t vaddr_t; /* virtual address */

#define MAX_HARTS  __riscv_xlen /* a set of harts is one long, a bit per index */
#define PAGE_SHIFT 12
#define PAGE_SIZE  4096UL
#define PAGE_MASK  (PAGE_SIZE - 1)

/* ---- interrupts on this hart (sstatus.SIE) */

/* Turns interrupts off and returns whether they were on; for arch_irq_restore(). */
bool arch_irq_save(void);
void arch_irq_restore(bool were_on);
void arch_irq_enable(void);
bool arch_irq_enabled(void);

/*
 * Waits until an interrupt is pending for this hart (it may return early). Called with interrupts
 * off; the pending interrupt is taken when the caller turns them on.
 */
void arch_idle(void);

/* For loops that wait for another hart. Zihintpause: a hint, so every hart takes it. */
static inline void arch_pause(void)
{
    __asm__ volatile(".4byte 0x0100000f" ::: "memory");
}

/*
 * Called for supervisor external interrupts, in interrupt context (interrupts off, must not sleep).
 * The interrupt controller's driver sets it once, then calls arch_external_enable() on each hart
 * through its per-hart set-up (see arch_on_hart_start).
 */
void arch_set_external_handler(void (*handler)(void));
void arch_external_enable(void); /* sets sie.SEIE on this hart */

/* Registers a function that every secondary hart calls once as it comes up (e.g. PLIC context). */
void arch_on_hart_start(void (*function)(void));

/* ---- harts */

unsigned arch_hart_index(void);             /* this hart: 0 .. arch_hart_count() - 1 */
unsigned arch_hart_count(void);             /* harts that are up */
unsigned long arch_hart_id(unsigned index); /* the hardware's number (mhartid) of a hart */
void arch_send_ipi(unsigned index);         /* makes that hart leave arch_idle() and reschedule */

/* ---- time */

uint64_t time_ns(void);                    /* nanoseconds since some point before boot; monotonic */
void arch_timer_set(uint64_t deadline_ns); /* this hart's next timer interrupt; UINT64_MAX: none */
unsigned long arch_instret(void);          /* instructions retired by this hart (low word) */

/* ---- SBI services */

void arch_console_write(const char *text, size_t length); /* SBI console, DBCN or legacy; polled */
int arch_console_getchar(void);                           /* SBI console input, -1: none */

enum arch_reset { ARCH_POWER_OFF, ARCH_REBOOT, ARCH_FAILURE };
void arch_reset(enum arch_reset how) __attribute__((noreturn)); /* SRST; spins if it is missing */

/* ---- barriers for device memory */

#define mmio_read8(p)      (*(const volatile uint8_t *)(p))
#define mmio_read16(p)     (*(const volatile uint16_t *)(p))
#define mmio_read32(p)     (*(const volatile uint32_t *)(p))
#define mmio_write8(p, v)  (*(volatile uint8_t *)(p) = (v))
#define mmio_write32(p, v) (*(volatile uint32_t *)(p) = (v))
void arch_io_barrier(void); /* fence iorw,iorw */

/* ---- description of the processor, for /proc/cpuinfo and uname */

const char *arch_isa(void);      /* the device tree's riscv,isa string of the boot hart */
const char *arch_mmu_name(void); /* "sv39" or "sv32" */
const char *arch_machine(void);  /* "riscv64" or "riscv32" */

/*
 * The device tree the firmware handed over: validated, mapped read-only for good. The blob is
 * lib/fdt.h's input; arch_fdt() is an already opened reader over it.
 */
struct fdt;
const struct fdt *arch_fdt(void);
