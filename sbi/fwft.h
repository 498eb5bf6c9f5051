/* Firmware features: what S-mode may have changed about the hart it runs on. */
#pragma once

#include "sbi/hart.h"

/* Find out which features this hart has. Once, before the first entry to S-mode. */
void fwft_init(struct hart *self);

/* All features of this hart back to their reset values, and unlocked. */
void fwft_reset(struct hart *self);
