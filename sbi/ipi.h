/* What harts ask of each other: interrupts and remote fences. */
#pragma once

#include "sbi/hart.h"

/* Reasons a hart may find in hart.mail; a start request is in hart.state. */
enum mail_bits {
    MAIL_SSIP = 1,  /* raise the supervisor software interrupt */
    MAIL_EVENT = 2, /* a software event may be for this hart */
};

/* Raise the supervisor software interrupt on each started or suspended hart of the set. */
void ipi_send(hartset_t harts);

/* Wake a hart that waits in M-mode, or make it look at its mail. */
void ipi_poke(struct hart *to);

/* Machine software interrupt: do what the mail says. */
void ipi_take(struct hart *self);

/*
 * Have each started or suspended hart of the set do the fence, and return when all have done it.
 * The calling hart does its own part directly, and serves others' requests while it waits.
 */
void rfence_send(hartset_t harts, const struct rfence *request);
