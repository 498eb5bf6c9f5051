#include "sbi/sse.h"

#include <stddef.h>

#include "lib/string.h"
#include "sbi/csr.h"
#include "sbi/hsm.h"
#include "sbi/ipi.h"
#include "sbi/spin.h"
#include "sbi/trap.h"

static struct sse_event global; /* all below it: global_lock */
static struct spin global_lock;
static bool global_raised;
static struct hart *global_runs_on;

struct sse_event *sse_find(struct hart *self, uint32_t id, long *error)
{
    switch (id) {
    case SBI_SSE_GLOBAL_SOFTWARE: return &global;
    case SBI_SSE_LOCAL_SOFTWARE: return &self->sse_local[SSE_SOFTWARE];
    case SBI_SSE_LOCAL_PMU:
        if (self->pmu.has_overflow)
            return &self->sse_local[SSE_PMU];
        *error = SBI_ERR_NOT_SUPPORTED;
        return NULL;
    case SBI_SSE_LOCAL_RAS:
    case SBI_SSE_LOCAL_DOUBLE_TRAP:
    case SBI_SSE_GLOBAL_RAS: *error = SBI_ERR_NOT_SUPPORTED; return NULL;
    default: *error = SBI_ERR_INVALID_PARAM; return NULL;
    }
}

bool sse_is_global(const struct sse_event *e)
{
    return e == &global;
}

void sse_lock(const struct sse_event *e)
{
    if (sse_is_global(e))
        spin_lock(&global_lock);
}

void sse_unlock(const struct sse_event *e)
{
    if (sse_is_global(e))
        spin_unlock(&global_lock);
}

static uint32_t raised_bit(const struct hart *self, const struct sse_event *e)
{
    return 1u << (e - self->sse_local);
}

bool sse_is_raised(const struct hart *self, const struct sse_event *e)
{
    if (sse_is_global(e))
        return global_raised;
    return __atomic_load_n(&self->sse_raised, __ATOMIC_ACQUIRE) & raised_bit(self, e);
}

bool sse_runs_here(const struct hart *self, const struct sse_event *e)
{
    return e->state == SBI_SSE_RUNNING && (!sse_is_global(e) || global_runs_on == self);
}

/*
 * While its event is enabled or runs, the counter overflow interrupt is ours; else it is S-mode's.
 * A hart without Sscofpmf keeps none of the bits.
 */
static void route_overflow(const struct hart *self)
{
    if (self->sse_local[SSE_PMU].state >= SBI_SSE_ENABLED) {
        csr_clear(mideleg, MIP_LCOFIP);
        csr_set(mie, MIP_LCOFIP);
    } else {
        csr_set(mideleg, MIP_LCOFIP);
    }
}

void sse_set_state(struct hart *self, struct sse_event *e, unsigned state)
{
    e->state = state;
    if (e == &self->sse_local[SSE_PMU])
        route_overflow(self);
    self->sse_look = true;
}

/* ---- Raising ---- */

static void send(struct hart *hart)
{
    if (hart == hart_self()) {
        hart->sse_look = true;
        return;
    }
    __atomic_fetch_or(&hart->mail, MAIL_EVENT, __ATOMIC_RELEASE);
    ipi_poke(hart);
}

static bool is_ready(const struct hart *hart)
{
    return hsm_state(hart) == SBI_HART_STARTED &&
           !__atomic_load_n(&hart->sse_masked, __ATOMIC_RELAXED);
}

/* The preferred hart if it is ready, else any; if none is, the next to unmask looks by itself. */
static void raise_global(void)
{
    struct hart *hart = hart_find(global.preferred_hart);
    global_raised = true;
    for (unsigned i = 0; i < hart_count && !is_ready(hart); i++)
        hart = hart_at(i);
    if (is_ready(hart))
        send(hart);
}

void sse_raise(struct hart *hart, struct sse_event *e)
{
    if (sse_is_global(e)) {
        raise_global();
        return;
    }
    __atomic_fetch_or(&hart->sse_raised, raised_bit(hart, e), __ATOMIC_RELEASE);
    send(hart);
}

void sse_take_overflow(struct hart *self)
{
    csr_clear(mip, MIP_LCOFIP);
    sse_raise(self, &self->sse_local[SSE_PMU]);
}

/* ---- Delivery ---- */

/* Events compare by priority, then by id, of which their place here is the order. */
static struct sse_event *event_at(struct hart *self, unsigned place)
{
    return place < SSE_LOCAL_COUNT ? &self->sse_local[place] : &global;
}

static uint64_t urgency(struct hart *self, unsigned place)
{
    return (uint64_t)event_at(self, place)->priority << 8 | place;
}

enum { NOWHERE = SSE_LOCAL_COUNT + 1 };

/* The place of the most urgent event that runs here, or of those that wait; NOWHERE: none. */
static unsigned most_urgent(struct hart *self, bool running)
{
    unsigned best = NOWHERE;
    for (unsigned i = 0; i < NOWHERE; i++) {
        struct sse_event *e = event_at(self, i);
        bool fits = running ? sse_runs_here(self, e)
                            : e->state == SBI_SSE_ENABLED && sse_is_raised(self, e);
        if (fits && (best == NOWHERE || urgency(self, i) < urgency(self, best)))
            best = i;
    }
    return best;
}

/* "Software Event Injection". */
static void enter_handler(struct hart *self, struct sse_event *e, struct trap_frame *frame)
{
    unsigned long status = csr_read(mstatus);
    e->interrupted_flags = (status & MSTATUS_SPP ? SBI_SSE_FLAG_SPP : 0) |
                           (status & MSTATUS_SPIE ? SBI_SSE_FLAG_SPIE : 0);
    if (self->has_h) {
        unsigned long virtual = csr_read(hstatus);
        e->interrupted_flags |= (virtual & HSTATUS_SPV ? SBI_SSE_FLAG_SPV : 0) |
                                (virtual & HSTATUS_SPVP ? SBI_SSE_FLAG_SPVP : 0);
    }
    e->interrupted_sepc = csr_read(sepc);
    e->interrupted_a6 = frame->x[16];
    e->interrupted_a7 = frame->x[17];
    frame->x[16] = self->id;
    frame->x[17] = e->entry_arg;
    trap_to_smode(e->entry_pc);
}

void sse_deliver(struct trap_frame *frame)
{
    struct hart *self = hart_self();
    self->sse_look = false;
    if (self->sse_masked)
        return;
    spin_lock(&global_lock);
    unsigned next = most_urgent(self, false), now = most_urgent(self, true);
    if (next != NOWHERE && (now == NOWHERE || urgency(self, next) < urgency(self, now))) {
        struct sse_event *e = event_at(self, next);
        e->state = SBI_SSE_RUNNING;
        if (sse_is_global(e)) {
            global_raised = false;
            global_runs_on = self;
        } else {
            __atomic_fetch_and(&self->sse_raised, ~raised_bit(self, e), __ATOMIC_ACQ_REL);
        }
        enter_handler(self, e, frame);
    }
    spin_unlock(&global_lock);
}

/* "Software Event Completion". */
static void leave_handler(struct hart *self, const struct sse_event *e)
{
    unsigned long flags = e->interrupted_flags;
    trap_from_smode();
    csr_set(mstatus, (flags & SBI_SSE_FLAG_SPP ? MSTATUS_SPP : 0) |
                         (flags & SBI_SSE_FLAG_SPIE ? MSTATUS_SPIE : 0));
    if (self->has_h)
        csr_set(hstatus, (flags & SBI_SSE_FLAG_SPV ? HSTATUS_SPV : 0) |
                             (flags & SBI_SSE_FLAG_SPVP ? HSTATUS_SPVP : 0));
    csr_write(sepc, e->interrupted_sepc);
    self->frame.x[16] = e->interrupted_a6;
    self->frame.x[17] = e->interrupted_a7;
}

bool sse_complete(struct hart *self)
{
    spin_lock(&global_lock);
    unsigned place = most_urgent(self, true);
    if (place != NOWHERE) {
        struct sse_event *e = event_at(self, place);
        bool once = e->config & SBI_SSE_CONFIG_ONE_SHOT;
        sse_set_state(self, e, once ? SBI_SSE_REGISTERED : SBI_SSE_ENABLED);
        leave_handler(self, e);
    }
    spin_unlock(&global_lock);
    return place != NOWHERE;
}

void sse_reset(struct hart *self)
{
    memset(self->sse_local, 0, sizeof(self->sse_local));
    for (unsigned i = 0; i < SSE_LOCAL_COUNT; i++)
        self->sse_local[i].preferred_hart = self->id;
    __atomic_store_n(&self->sse_raised, 0, __ATOMIC_RELEASE);
    self->sse_masked = true;
    self->sse_look = false;
    route_overflow(self);
    spin_lock(&global_lock);
    if (sse_runs_here(self, &global))
        global.state = SBI_SSE_ENABLED; /* its handler went with the hart */
    if (!hart_find(global.preferred_hart))
        global.preferred_hart = self->id;
    spin_unlock(&global_lock);
}
