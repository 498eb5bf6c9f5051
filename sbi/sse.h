/*
 * Supervisor software events: state and delivery. Local events belong to a hart and only that hart
 * touches them; others leave a bit in its sse_raised and send mail. The global event is shared,
 * under a lock. Delivery happens on the way back to S-mode or below (trap_entry.S), never in the
 * middle of anything.
 */
#pragma once

#include "sbi/hart.h"

/* Nothing registered, nothing raised, all masked: how a hart starts. */
void sse_reset(struct hart *self);

/*
 * The event of that id as this hart sees it. NULL with *error = SBI_ERR_NOT_SUPPORTED for one that
 * the platform lacks, SBI_ERR_INVALID_PARAM for one that is reserved.
 */
struct sse_event *sse_find(struct hart *self, uint32_t id, long *error);

/* Around whatever reads or writes an event; only the global one needs it. */
void sse_lock(const struct sse_event *e);
void sse_unlock(const struct sse_event *e);

bool sse_is_global(const struct sse_event *e);
bool sse_is_raised(const struct hart *self, const struct sse_event *e);
/* Whether its handler runs on this hart. */
bool sse_runs_here(const struct hart *self, const struct sse_event *e);

/* Move an event of this hart, or the global one, to another enum sbi_sse_state. */
void sse_set_state(struct hart *self, struct sse_event *e, unsigned state);

/* Raise the event: a local one on that hart, the global one on some hart, with the lock held. */
void sse_raise(struct hart *hart, struct sse_event *e);

/* Counter overflow, an interrupt of M-mode while its event is enabled. */
void sse_take_overflow(struct hart *self);

/* Resume what the most urgent event that runs on this hart has interrupted. False: none does. */
bool sse_complete(struct hart *self);

/*
 * Called by trap_entry.S before it returns to a lower mode if hart.sse_look is set. Sends the hart
 * to the handler of the most urgent event that may be delivered, by changing frame (a6 and a7),
 * mepc and the S-mode registers; or does nothing.
 */
void sse_deliver(struct trap_frame *frame);
