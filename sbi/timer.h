/* The S-mode timer: stimecmp where the hart has Sstc, else the CLINT's mtimecmp and mip.STIP. */
#pragma once

#include "sbi/hart.h"

/* Choose the timer of a hart, and leave it with no event due. */
void timer_init(struct hart *self);

/* Next timer interrupt at that value of time, in ticks; clears a pending one if it is later. */
void timer_set(struct hart *self, uint64_t when);

/* Machine timer interrupt: pass it on to S-mode. */
void timer_take(void);

/* The time now in ticks, 0 if the machine has no clock. */
uint64_t timer_read(void);
