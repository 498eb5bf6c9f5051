/*
 * The run loop of harts that take turns on one thread: on a counting clock, and a hart alone.
 *
 * Each turn is a slice of at most SLICE instructions, cut short where something is due on a
 * counting clock, and given up early by a hart that waits (WFI) or makes work for another. Between
 * slices, and only there, timers fire and input is delivered, so with a counting clock everything
 * happens at an instruction that two runs agree on.
 */
#include "tools/emu/machine.h"

/*
 * A lone hart may run long, but in real time it must look at the clock: 20,000 instructions are a
 * few hundred microseconds at most. Harts that share the thread wait for each other's locks and
 * interrupts, so their slices are short.
 */
enum { SLICE_ALONE = 20000, SLICE_SHARED = 5000 };

/*
 * Harts leave reset together: firmware has a race there that the slow harts must not enter when the
 * fast one has finished with it. So they take short turns at first, also those that get threads.
 */
enum { START_PER_HART = 1000, SLICE_START = 100 };

static uint64_t min_u64(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/*
 * The machine time at which something is due that no instruction causes. A hart's own timer that
 * has expired is no such thing: the hart has seen it or will when it is entered.
 */
static uint64_t next_deadline(struct machine *m)
{
    uint64_t next = vclock_next(&m->clock), mtime = 0;

    if (m->events != NULL)
        next = min_u64(next, machine_next_event(m, vclock_now(&m->clock)));
    for (unsigned i = 0; i < m->hart_count; i++) {
        uint64_t ticks = hart_timer_deadline(m->harts[i]);
        if (ticks == UINT64_MAX)
            continue;
        if (mtime == 0)
            mtime = machine_mtime(m);
        if (ticks > mtime)
            next = min_u64(next, machine_mtime_deadline(m, ticks));
    }
    return next;
}

bool machine_is_runnable(struct machine *m, unsigned hart)
{
    uint64_t ticks;

    if (m->held >> hart & 1)
        return false;
    if (!hart_waiting(m->harts[hart]))
        return true;
    ticks = hart_timer_deadline(m->harts[hart]);
    if (ticks == UINT64_MAX || ticks == m->stimer_seen[hart] || ticks > machine_mtime(m))
        return false;
    m->stimer_seen[hart] = ticks;
    return true;
}

static struct hart *next_runnable(struct machine *m)
{
    for (unsigned i = 0; i < m->hart_count; i++) {
        unsigned k = (m->next_hart + i) % m->hart_count;
        if (machine_is_runnable(m, k)) {
            m->next_hart = (k + 1) % m->hart_count;
            return m->harts[k];
        }
    }
    return NULL;
}

static uint64_t slice_length(const struct machine *m)
{
    if (m->slice_rest != 0)
        return m->slice_rest;
    if (m->hart_count == 1)
        return SLICE_ALONE;
    return m->start_left != 0 ? SLICE_START : SLICE_SHARED;
}

/*
 * A debugger's point was reached, and what it looks at shall be what would have been without it:
 * the same hart goes on with the rest of its slice.
 */
static void interrupt_slice(struct machine *m, const struct hart *hart, uint64_t rest)
{
    unsigned k = 0;

    while (m->harts[k] != hart)
        k++;
    if (rest != 0)
        m->next_hart = k;
    m->slice_rest = rest;
    machine_report_hit(m, k);
}

/*
 * Run one slice of the hart; returns how much of the budget it used up, at least 1 unless that is
 * for a debugger.
 */
static uint64_t run_slice(struct machine *m, struct hart *hart, uint64_t budget)
{
    uint64_t slice = min_u64(budget, slice_length(m));
    uint64_t deadline = next_deadline(m);
    struct hart_exit exit;
    uint64_t used;

    m->slice_end = deadline;
    if (!vclock_is_real(&m->clock)) {
        uint64_t ns = m->clock.ns_per_insn, now = vclock_now(&m->clock);
        uint64_t ahead = deadline > now ? deadline - now : 1;
        slice = min_u64(slice, ahead / ns + (ahead % ns != 0));
        m->slice_end = now + slice * ns;
    }
    m->current = hart;
    m->slice_instret = hart_instret(hart);
    exit = hart_run(hart, slice);
    m->current = NULL;
    m->instructions += exit.executed;
    used = exit.used;
    vclock_advance(&m->clock, used);
    m->slice_rest = 0;
    if (exit.reason == HART_EXIT_DEBUG)
        interrupt_slice(m, hart, slice - used);
    else if (used == 0)
        used = 1;
    m->spent += used;
    m->start_left -= min_u64(m->start_left, used);
    return used;
}

static struct machine_exit run_in_turn(struct machine *m, uint64_t budget)
{
    while (budget > 0) {
        struct hart *hart;
        uint64_t now, deadline = 0;

        if (__atomic_exchange_n(&m->stop_requested, false, __ATOMIC_RELAXED))
            return (struct machine_exit){.reason = MACHINE_STOP};
        if (m->exit_pending) {
            m->exit_pending = false;
            return m->exit;
        }
        now = vclock_now(&m->clock);
        vclock_fire(&m->clock, now);
        if (m->events != NULL) /* what a timer has posted just now is due as well */
            machine_deliver(m, vclock_now(&m->clock));
        hart = next_runnable(m);
        if (hart == NULL) {
            /* Real time runs on: a timer that expires between two looks must be seen by the later.
             */
            deadline = next_deadline(m);
            hart = next_runnable(m);
        }
        if (hart != NULL) {
            budget -= min_u64(budget, run_slice(m, hart, budget));
        } else {
            if (vclock_is_real(&m->clock) || deadline == VCLOCK_NEVER)
                return (struct machine_exit){.reason = MACHINE_IDLE, .deadline = deadline};
            vclock_skip_to(&m->clock, deadline);
            m->spent++;
            budget--; /* a machine that only fires timers comes back, too */
        }
    }
    if (m->exit_pending) {
        m->exit_pending = false;
        return m->exit;
    }
    return (struct machine_exit){.reason = MACHINE_BUDGET};
}

void machine_start_together(struct machine *m)
{
    m->start_left = (uint64_t)m->hart_count * START_PER_HART;
}

struct machine_exit machine_run(struct machine *m, uint64_t budget)
{
    uint64_t before = m->spent;
    struct machine_exit exit;

    if (m->threads != NULL && !machine_threads_start(m))
        machine_threads_destroy(m); /* the harts can take turns as well */
    if (m->threads == NULL)
        return run_in_turn(m, budget);
    if (m->start_left != 0) {
        exit = run_in_turn(m, min_u64(budget, m->start_left));
        budget -= m->spent - before;
        if ((exit.reason != MACHINE_BUDGET && exit.reason != MACHINE_IDLE) || budget == 0)
            return exit;
        m->start_left = 0; /* enough, even if some of them wait */
    }
    return machine_run_threads(m, budget);
}

void machine_stop(struct machine *m)
{
    struct hart *hart;

    __atomic_store_n(&m->stop_requested, true, __ATOMIC_RELAXED);
    hart = __atomic_load_n(&m->current, __ATOMIC_RELAXED);
    if (hart != NULL)
        hart_stop(hart);
    machine_kick(m);
}
