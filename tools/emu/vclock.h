#pragma once
/*
 * The machine's clock and the things that are due. Machine time is nanoseconds since the machine
 * was created; it never goes back, not even over a reset.
 *
 * Two kinds of clock: real time follows the host's monotonic clock; an instruction-counting clock
 * (--icount) moves only by vclock_advance() and vclock_skip_to(), so that runs repeat exactly.
 */
#include <stdbool.h>
#include <stdint.h>

#define VCLOCK_NEVER UINT64_MAX

/* Something due at a time. Owned by whoever sets it; fire() runs between slices, once per set. */
struct timer {
    void (*fire)(void *arg);
    void *arg;
    uint64_t deadline;
    struct timer *next; /* by deadline, then in the order they were set */
    bool armed;
};

struct vclock {
    uint64_t ns_per_insn; /* 0: real time */
    uint64_t now;         /* counting: the time */
    uint64_t (*host_ns)(void *arg);
    void *host_arg;
    uint64_t host_origin; /* host time that is machine time 0 */
    uint64_t paused_at;   /* machine time at which it was stopped */
    bool paused;
    struct timer *first;
};

/*
 * ns_per_insn 0 makes a real-time clock that starts at 0 now. host_ns must not go back, whichever
 * thread asks.
 */
void vclock_init(struct vclock *clock, uint64_t ns_per_insn, uint64_t (*host_ns)(void *arg),
                 void *host_arg);

static inline bool vclock_is_real(const struct vclock *clock)
{
    return clock->ns_per_insn == 0;
}

/*
 * The time now; a counting clock is not told here about instructions of an unfinished slice. Of a
 * real-time clock: any thread, without the lock that everything else here needs.
 */
uint64_t vclock_now(const struct vclock *clock);

/* Counting clocks: so many instructions have gone by, or nothing happens before `time`. */
void vclock_advance(struct vclock *clock, uint64_t insns);
void vclock_skip_to(struct vclock *clock, uint64_t time);

/*
 * Have a real-time clock stand still, and go on from there; counting clocks do so by themselves.
 * Only while nobody else asks for the time.
 */
void vclock_pause(struct vclock *clock);
void vclock_resume(struct vclock *clock);

/* (Re)arm a timer for machine time `deadline`; VCLOCK_NEVER disarms. */
void vclock_set(struct vclock *clock, struct timer *timer, uint64_t deadline);
void vclock_cancel(struct vclock *clock, struct timer *timer);

/* Deadline of the earliest armed timer, VCLOCK_NEVER if there is none. */
uint64_t vclock_next(const struct vclock *clock);

/* Fire, in order, what is due at `now`. A timer set again by its own fire() may fire again. */
void vclock_fire(struct vclock *clock, uint64_t now);
