/* Debug triggers lent to S-mode. */
#pragma once

#include "sbi/hart.h"

/* Find this hart's triggers. Once, before the first entry to S-mode. */
void dbtr_init(struct hart *self);

/* No trigger installed, no shared memory. */
void dbtr_reset(struct hart *self);
