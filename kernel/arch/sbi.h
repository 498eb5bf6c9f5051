#pragma once
/* Calls to the firmware, each with the fall-back older firmware needs. Only for kernel/arch. */
#include <stdint.h>
#include "abi/sbi.h"
#include "kernel/arch/arch.h"

/* Finds out which extensions there are. Before it runs, only sbi_console_write() works. */
void sbi_init(void);

const char *sbi_impl_name(void);
unsigned long sbi_spec_version(void);

void sbi_console_write(const char *text, size_t length);
int sbi_console_getchar(void); /* -1: no input */

void sbi_set_timer(uint64_t ticks);

/* Hart masks are of mhartid numbers: bit n means hart id base + n. */
void sbi_send_ipi(unsigned long mask, unsigned long base);
void sbi_remote_sfence(unsigned long mask, unsigned long base, unsigned long va,
                       unsigned long size);

void sbi_remote_fence_i(unsigned long mask, unsigned long base);

/* HSM: 0 or an SBI error. */
long sbi_hart_start(unsigned long id, unsigned long entry_pa, unsigned long opaque);

/* SRST, or legacy shutdown; returns if the firmware can do neither. */
void sbi_reset(uint32_t type, uint32_t reason);
