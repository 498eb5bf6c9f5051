/* Hart state management. */
#pragma once

#include "sbi/hart.h"

/* Ask a stopped hart to enter S-mode; false if it is not stopped. Does not wake it. */
bool hsm_request_start(struct hart *hart, unsigned long addr, unsigned long arg);

/* Become STOPPED, and wait in M-mode until somebody starts this hart. Remote fences are served. */
_Noreturn void hsm_wait(struct hart *self);
