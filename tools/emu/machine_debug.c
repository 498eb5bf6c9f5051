/* What a debugger asks of a machine. */
#include "tools/emu/machine.h"

void machine_set_points(struct machine *m, const struct hart_points *points)
{
    for (unsigned i = 0; i < m->hart_count; i++)
        hart_set_points(m->harts[i], points);
}

void machine_report_hit(struct machine *m, unsigned hart)
{
    if (m->exit_pending)
        return; /* it will be hit again */
    m->exit = (struct machine_exit){.reason = MACHINE_DEBUG, .hart = hart};
    m->exit_pending = true;
    machine_halt(m);
}

void machine_forget_hits(struct machine *m)
{
    if (m->exit_pending && m->exit.reason == MACHINE_DEBUG)
        m->exit_pending = false;
}

/* What is due: as at the beginning of a slice. */
static void catch_up(struct machine *m)
{
    uint64_t now = machine_now(m);

    machine_lock(m);
    vclock_fire(&m->clock, now);
    machine_deliver(m, now);
    machine_unlock(m);
}

/* The hart was in the middle of its slice: what it did now is a part of that. */
static void shorten_slice(struct machine *m, unsigned k, uint64_t used)
{
    m->start_left -= used < m->start_left ? used : m->start_left;
    if (m->slice_rest == 0 || m->next_hart != k)
        return;
    m->slice_rest -= used < m->slice_rest ? used : m->slice_rest;
    if (m->slice_rest == 0)
        m->next_hart = (k + 1) % m->hart_count;
}

/* hart_run(), or hart_step() if `budget` is 0, outside of a run. */
static struct machine_exit run_one(struct machine *m, unsigned k, uint64_t budget, bool interrupts)
{
    struct hart *hart = m->harts[k];
    struct hart_exit exit;

    catch_up(m);
    m->current = m->threads == NULL ? hart : NULL;
    m->slice_instret = hart_instret(hart);
    m->slice_end = 0;
    exit = budget == 0 ? hart_step(hart, interrupts) : hart_run(hart, budget);
    m->current = NULL;
    m->instructions += exit.executed;
    m->spent += exit.used;
    vclock_advance(&m->clock, exit.used);
    shorten_slice(m, k, exit.used);
    if (m->exit_pending) {
        m->exit_pending = false;
        return m->exit;
    }
    if (exit.reason == HART_EXIT_DEBUG)
        return (struct machine_exit){.reason = MACHINE_DEBUG, .hart = k};
    return (struct machine_exit){.reason = MACHINE_BUDGET};
}

struct machine_exit machine_step(struct machine *m, unsigned hart, bool interrupts)
{
    return run_one(m, hart, 0, interrupts);
}

struct machine_exit machine_run_others(struct machine *m, unsigned but, uint64_t budget)
{
    struct machine_exit exit = {.reason = MACHINE_BUDGET};

    for (unsigned i = 0; i < m->hart_count && exit.reason == MACHINE_BUDGET; i++)
        if (i != but && machine_is_runnable(m, i))
            exit = run_one(m, i, budget, true);
    return exit;
}
