/* Running on, stepping, stopping, and the points where the harts stop. */
#include <string.h>

#include "tools/emu/gdb/private.h"

/*
 * Instructions that each of the other harts gets for one of a hart that is being stepped while they
 * run, and steps of a range that are done at a time.
 */
enum { OTHERS_SHARE = 100, STEPS_AT_ONCE = 2000 };

/* --- points ----------------------------------------------------------------------------------- */

enum point_type { POINT_SOFTWARE, POINT_HARDWARE, POINT_WRITE, POINT_READ, POINT_ACCESS };

static const unsigned watch_kinds[] = {
    [POINT_WRITE] = HART_WATCH_WRITE,
    [POINT_READ] = HART_WATCH_READ,
    [POINT_ACCESS] = HART_WATCH_READ | HART_WATCH_WRITE,
};

struct point {
    enum point_type type;
    uint64_t addr, size; /* of breakpoints: its kind, which does not matter */
};

/* TYPE,ADDRESS,KIND; conditions are not asked for, so there are none. */
static bool parse_point(const char *content, struct point *point)
{
    const char *p = content + 1;
    uint64_t type;

    if (!gdb_number(&p, &type) || type > POINT_ACCESS || !gdb_char(&p, ',') ||
        !gdb_number(&p, &point->addr) || !gdb_char(&p, ',') || !gdb_number(&p, &point->size))
        return false;
    point->type = (enum point_type)type;
    return *p == '\0' || *p == ';';
}

static bool is_break(const struct point *point)
{
    return point->type == POINT_SOFTWARE || point->type == POINT_HARDWARE;
}

/* Its index among the breakpoints or watchpoints, -1 if it is not there. */
static int find_point(const struct gdb *g, const struct point *point)
{
    const struct hart_points *have = &g->points;

    if (is_break(point)) {
        for (unsigned i = 0; i < have->break_count; i++)
            if (have->breaks[i] == point->addr &&
                g->is_hardware[i] == (point->type == POINT_HARDWARE))
                return (int)i;
        return -1;
    }
    for (unsigned i = 0; i < have->watch_count; i++)
        if (have->watches[i].addr == point->addr && have->watches[i].size == point->size &&
            have->watches[i].kinds == watch_kinds[point->type])
            return (int)i;
    return -1;
}

/* False if there is no room. */
static bool add_point(struct gdb *g, const struct point *point)
{
    struct hart_points *have = &g->points;

    if (is_break(point)) {
        if (have->break_count == HART_BREAKS_MAX)
            return false;
        g->is_hardware[have->break_count] = point->type == POINT_HARDWARE;
        have->breaks[have->break_count++] = point->addr;
        return true;
    }
    if (have->watch_count == HART_WATCHES_MAX)
        return false;
    have->watches[have->watch_count++] = (struct hart_watchpoint){
        .addr = point->addr, .size = point->size, .kinds = watch_kinds[point->type]};
    return true;
}

void gdb_insert_point(struct gdb *g, const char *content)
{
    struct point point;

    if (!parse_point(content, &point) ||
        (!is_break(&point) && (point.size == 0 || point.addr + point.size - 1 < point.addr)))
        gdb_error(g, GDB_EINVAL);
    else if (find_point(g, &point) < 0 && !add_point(g, &point))
        gdb_error(g, GDB_ENOSPC);
    else
        gdb_put(g, "OK");
}

void gdb_remove_point(struct gdb *g, const char *content)
{
    struct hart_points *have = &g->points;
    struct point point;
    int i;

    if (!parse_point(content, &point)) {
        gdb_error(g, GDB_EINVAL);
        return;
    }
    i = find_point(g, &point);
    if (i >= 0 && is_break(&point)) {
        have->breaks[i] = have->breaks[--have->break_count];
        g->is_hardware[i] = g->is_hardware[have->break_count];
    } else if (i >= 0) {
        have->watches[i] = have->watches[--have->watch_count];
    }
    gdb_put(g, "OK");
}

static bool same_points(const struct hart_points *a, const struct hart_points *b)
{
    return a->break_count == b->break_count && a->watch_count == b->watch_count &&
           memcmp(a->breaks, b->breaks, a->break_count * sizeof a->breaks[0]) == 0 &&
           memcmp(a->watches, b->watches, a->watch_count * sizeof a->watches[0]) == 0;
}

void gdb_apply_points(struct gdb *g)
{
    if (same_points(&g->points, &g->applied))
        return;
    g->applied = g->points;
    machine_set_points(g->machine, &g->applied);
}

/* --- why the harts stopped -------------------------------------------------------------------- */

/* Why a breakpoint's address was one. */
static const char *break_reason(const struct gdb *g, uint64_t addr)
{
    for (unsigned i = 0; i < g->applied.break_count; i++)
        if (g->applied.breaks[i] == addr && !g->is_hardware[i])
            return g->swbreak ? "swbreak:;" : "";
    return g->hwbreak ? "hwbreak:;" : "";
}

void gdb_put_stop(struct gdb *g)
{
    const struct gdb_stop *stop = &g->stop;

    gdb_put(g, "T%02xthread:%x;", (unsigned)stop->signal, stop->hart + 1);
    if (stop->hit.what == HART_HIT_BREAK)
        gdb_put(g, "%s", break_reason(g, stop->hit.addr));
    if (stop->hit.what == HART_HIT_WATCH)
        gdb_put(g, "%s:%llx;",
                stop->hit.kinds == HART_WATCH_WRITE  ? "watch"
                : stop->hit.kinds == HART_WATCH_READ ? "rwatch"
                                                     : "awatch",
                (unsigned long long)stop->hit.addr);
}

/* --- going on --------------------------------------------------------------------------------- */

void gdb_run(struct gdb *g, uint64_t held)
{
    machine_forget_hits(g->machine); /* what another hart hit it will hit again */
    gdb_apply_points(g);
    g->machine->held = held;
    vclock_resume(&g->machine->clock);
    g->mode = GDB_WANTS_RUN;
    g->resumed = true;
}

void gdb_hold(struct gdb *g)
{
    g->mode = GDB_WANTS_WAIT;
    g->machine->held = 0;
    vclock_pause(&g->machine->clock);
}

/* What a hart is told to do. */
struct action {
    char what; /* c, s, r; 0: nothing */
    uint64_t start, end;
};

/* `held`: the harts that stand still meanwhile. */
static void begin_step(struct gdb *g, unsigned hart, const struct action *action, uint64_t held)
{
    machine_forget_hits(g->machine); /* what another hart hit it will hit again */
    gdb_apply_points(g);
    g->machine->held = held;
    vclock_resume(&g->machine->clock);
    g->step.hart = hart;
    g->step.start = action->start;
    g->step.end = action->end;
    g->mode = GDB_WANTS_STEP;
    g->resumed = true;
}

/* Goes a range of steps on after one of them? */
static bool goes_on(const struct gdb *g)
{
    uint64_t pc = hart_pc(g->machine->harts[g->step.hart]);

    if (pc < g->step.start || pc >= g->step.end)
        return false;
    for (unsigned i = 0; i < g->applied.break_count; i++)
        if (g->applied.breaks[i] == pc)
            return false;
    return true;
}

struct machine_exit gdb_step(struct gdb *g)
{
    bool interrupts = !(g->sstep & GDB_SSTEP_NOIRQ);
    struct machine_exit exit;

    if (g->interrupted)
        return (struct machine_exit){.reason = MACHINE_STOP};
    for (unsigned n = 0; n < STEPS_AT_ONCE; n++) {
        exit = machine_step(g->machine, g->step.hart, interrupts);
        if (exit.reason == MACHINE_BUDGET)
            exit = machine_run_others(g->machine, g->step.hart, OTHERS_SHARE);
        if (exit.reason != MACHINE_BUDGET)
            return exit;
        if (!goes_on(g))
            return (struct machine_exit){.reason = MACHINE_DEBUG, .hart = g->step.hart};
    }
    return exit;
}

/* One of vCont's actions: c, s, CSIG, SSIG, rSTART,END; signals mean nothing here. */
static bool parse_action(const char **p, struct action *a)
{
    char c = **p;
    uint64_t sig;

    *a = (struct action){.what = (char)(c | 0x20)};
    if (c != 'c' && c != 's' && c != 'C' && c != 'S' && c != 'r')
        return false;
    (*p)++;
    if (c == 'r')
        return gdb_number(p, &a->start) && gdb_char(p, ',') && gdb_number(p, &a->end);
    return c == 'c' || c == 's' || gdb_number(p, &sig);
}

/* The hart to step, the chosen one if possible; -1 if all are to run freely. */
static int stepped_hart(const struct gdb *g, const struct action *actions)
{
    int step = -1;

    for (unsigned i = 0; i < g->machine->hart_count; i++)
        if (actions[i].what != 0 && actions[i].what != 'c' && (step < 0 || i == g->hart))
            step = (int)i;
    return step;
}

static void perform(struct gdb *g, const struct action *actions)
{
    int step = stepped_hart(g, actions);
    uint64_t held = 0;
    bool any = false;

    for (unsigned i = 0; i < g->machine->hart_count; i++) {
        held |= actions[i].what == 0 ? UINT64_C(1) << i : 0;
        any |= actions[i].what != 0;
    }
    if (!any)
        gdb_error(g, GDB_EINVAL);
    else if (step >= 0)
        begin_step(g, (unsigned)step, &actions[step], held);
    else
        gdb_run(g, held);
}

void gdb_vcont(struct gdb *g, const char *content)
{
    struct action actions[MACHINE_MAX_HARTS] = {{0}}, action;
    const char *p = content;

    /* Of several actions that fit a hart the first counts. */
    while (gdb_char(&p, ';')) {
        int hart = GDB_ALL_HARTS;
        if (!parse_action(&p, &action) || (gdb_char(&p, ':') && !gdb_thread(g, &p, &hart))) {
            gdb_error(g, GDB_EINVAL);
            return;
        }
        for (unsigned i = 0; i < g->machine->hart_count; i++)
            if ((hart == GDB_ALL_HARTS || (unsigned)hart == i) && actions[i].what == 0)
                actions[i] = action;
    }
    if (*p != '\0')
        gdb_error(g, GDB_EINVAL);
    else
        perform(g, actions);
}

/* c [ADDRESS], s [ADDRESS], C SIG[;ADDRESS], S SIG[;ADDRESS] */
void gdb_continue(struct gdb *g, const char *content)
{
    struct action actions[MACHINE_MAX_HARTS] = {{0}};
    char what = (char)(content[0] | 0x20);
    const char *p = content + 1;
    uint64_t number = 0;
    unsigned chosen = g->continue_hart == GDB_ALL_HARTS ? g->hart : (unsigned)g->continue_hart;
    bool good = true, has_address = *p != '\0';

    if (content[0] == 'C' || content[0] == 'S') {
        good = gdb_number(&p, &number);
        has_address = gdb_char(&p, ';');
    }
    if (!good || (has_address && !gdb_number(&p, &number)) || *p != '\0') {
        gdb_error(g, GDB_EINVAL);
        return;
    }
    if (has_address)
        hart_set_pc(g->machine->harts[chosen], number);
    for (unsigned i = 0; i < g->machine->hart_count; i++)
        actions[i].what = i == chosen ? what : g->continue_hart == GDB_ALL_HARTS ? 'c' : 0;
    perform(g, actions);
}

void gdb_restart(struct gdb *g)
{
    bool can_run = machine_reset(g->machine) == 0;

    g->hart = 0;
    g->stop = (struct gdb_stop){.signal = GDB_SIGTRAP};
    gdb_hold(g);
    if (!can_run)
        g->mode = GDB_WANTS_END;
}
