/* Traps in C: what trap_entry.S calls, and what handlers of traps use. */
#pragma once

#include "sbi/hart.h"

/* trap_entry.S: mtvec. */
void trap_entry(void);

/* Called by trap_entry.S; see there. */
void trap_exception(struct trap_frame *frame, unsigned long cause);
void trap_interrupt(unsigned long cause);

/*
 * Send the interrupted program to S-mode code at handler as a trap would: sepc, sstatus.SPP, SPIE,
 * SIE (and hstatus.SPV, SPVP where there is a hypervisor extension). And the way back, as sret does
 * it, except that SPP, SPIE, SPV and SPVP are 0 then.
 */
void trap_to_smode(unsigned long handler);
void trap_from_smode(void);

/*
 * Deliver an exception to S-mode as the hart would have if it were delegated: scause, stval, sepc
 * = epc, sstatus.SPP/SPIE/SIE (and hstatus where there is a hypervisor extension). The return from
 * this trap then goes to stvec.
 */
void trap_redirect(unsigned long cause, unsigned long tval, unsigned long epc);

/*
 * Memory of the mode that trapped, read and written byte by byte with its own translation and
 * rights. bytes is 2, 4 or (RV64) 8. On failure cause is mcause (an access or page fault, never 0)
 * and mtval holds the address; nothing else has changed but the bytes already stored.
 */
struct guest_value {
    unsigned long value;
    unsigned long cause; /* 0: done */
};
struct guest_value guest_load(unsigned long va, unsigned long bytes);
unsigned long guest_store(unsigned long va, unsigned long value, unsigned long bytes);

/* float_reg.S: a floating-point register to and from memory, of single or double precision. */
void float_store_s(unsigned reg, void *memory);
void float_load_s(unsigned reg, const void *memory);
void float_store_d(unsigned reg, void *memory);
void float_load_d(unsigned reg, const void *memory);

/* The instruction at va, which that mode was able to fetch; reading is allowed where executing is.
 */
struct guest_value guest_fetch(unsigned long va);

/* What guest_fetch() of mepc met as the fault it is: redirects it to S-mode and returns false. */
bool trap_fetch_failed(unsigned long cause);

/*
 * The instruction at mepc, which is pc: 16 or 32 bits. If it cannot be read, redirects the fetch
 * fault to S-mode and returns false.
 */
static inline bool trap_fetch(unsigned long pc, uint32_t *insn)
{
    struct guest_value got = guest_fetch(pc);
    *insn = (uint32_t)got.value;
    return got.cause == 0 || trap_fetch_failed(got.cause);
}

/* Emulation, each true if done (mepc moved on) and false if the exception is S-mode's business. */
bool emulate_illegal(struct trap_frame *frame);
bool emulate_misaligned(struct trap_frame *frame);
