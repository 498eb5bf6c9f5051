/* Hart state management. */
#pragma once

#include "sbi/hart.h"

/* Ask a stopped hart to enter S-mode; false if it is not stopped. Does not wake it. */
bool hsm_request_start(struct hart *hart, unsigned long addr, unsigned long arg);

/* enum sbi_hart_state of a hart. */
uint32_t hsm_state(const struct hart *hart);

/*
 * Sleep until an interrupt that S-mode has enabled is pending. Those of M-mode are served on the
 * way; a fence or a stray wake-up does not end the sleep.
 */
void hsm_suspend(struct hart *self);

/* Become STOPPED, and wait in M-mode until somebody starts this hart. Remote fences are served. */
_Noreturn void hsm_wait(struct hart *self);
