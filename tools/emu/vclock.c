#include "tools/emu/vclock.h"

#include <stddef.h>

/* One round of vclock_fire() fires no more than this, so that a timer cannot hold the machine. */
enum { VCLOCK_MAX_FIRE = 1000 };

static uint64_t add_saturated(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

void vclock_init(struct vclock *clock, uint64_t ns_per_insn, uint64_t (*host_ns)(void *arg),
                 void *host_arg)
{
    *clock = (struct vclock){
        .ns_per_insn = ns_per_insn,
        .host_ns = host_ns,
        .host_arg = host_arg,
    };
    if (ns_per_insn == 0)
        clock->host_origin = host_ns(host_arg);
}

uint64_t vclock_now(const struct vclock *clock)
{
    if (clock->paused)
        return clock->paused_at;
    if (clock->ns_per_insn == 0)
        return clock->host_ns(clock->host_arg) - clock->host_origin;
    return clock->now;
}

void vclock_pause(struct vclock *clock)
{
    if (!vclock_is_real(clock) || clock->paused)
        return;
    clock->paused_at = vclock_now(clock);
    clock->paused = true;
}

void vclock_resume(struct vclock *clock)
{
    if (!clock->paused)
        return;
    clock->host_origin = clock->host_ns(clock->host_arg) - clock->paused_at;
    clock->paused = false;
}

void vclock_advance(struct vclock *clock, uint64_t insns)
{
    if (clock->ns_per_insn != 0)
        clock->now = add_saturated(clock->now, insns * clock->ns_per_insn);
}

void vclock_skip_to(struct vclock *clock, uint64_t time)
{
    if (clock->ns_per_insn != 0 && time > clock->now)
        clock->now = time;
}

void vclock_cancel(struct vclock *clock, struct timer *timer)
{
    if (!timer->armed)
        return;
    for (struct timer **link = &clock->first; *link != NULL; link = &(*link)->next) {
        if (*link == timer) {
            *link = timer->next;
            break;
        }
    }
    timer->armed = false;
    timer->next = NULL;
}

void vclock_set(struct vclock *clock, struct timer *timer, uint64_t deadline)
{
    struct timer **link = &clock->first;

    vclock_cancel(clock, timer);
    if (deadline == VCLOCK_NEVER)
        return;
    while (*link != NULL && (*link)->deadline <= deadline)
        link = &(*link)->next;
    timer->deadline = deadline;
    timer->next = *link;
    timer->armed = true;
    *link = timer;
}

uint64_t vclock_next(const struct vclock *clock)
{
    return clock->first != NULL ? clock->first->deadline : VCLOCK_NEVER;
}

void vclock_fire(struct vclock *clock, uint64_t now)
{
    for (int n = 0; n < VCLOCK_MAX_FIRE && vclock_next(clock) <= now; n++) {
        struct timer *timer = clock->first;
        clock->first = timer->next;
        timer->armed = false;
        timer->next = NULL;
        timer->fire(timer->arg);
    }
}
