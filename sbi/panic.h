/* The end of the firmware's road. */
#pragma once

#include "sbi/hart.h"

/* Report an inconsistency and stop the machine with a failure code. */
_Noreturn void panic(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Called by trap_entry.S for a trap in M-mode, with the registers of the moment. */
_Noreturn void panic_trap(const struct trap_frame *frame);

/* Sleep for ever, interrupts off. */
_Noreturn void hart_halt(void);
