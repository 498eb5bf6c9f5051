/*
 * Harts on threads of their own, for machines in real time with several harts.
 *
 * One lock protects the machine: devices, timers, input, ends of runs, and which hart sleeps. It is
 * never held while guest code runs. A hart's own state belongs to its thread while that is awake,
 * and to the carrier while no hart is (active == 0 and not running). A hart goes to sleep with the
 * lock held after it has looked for interrupts, and whoever raises one has the lock, too: no
 * wake-up is lost.
 *
 * The carrier's thread, in machine_run(), fires timers, delivers input, and sleeps meanwhile. It is
 * woken by a kick, which counts (a semaphore, or the carrier's own machine_host.wake), so one that
 * comes before it sleeps is not lost either.
 *
 * Budgets are kept exactly: harts take slices out of a common pool and give back what they did not
 * use.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "tools/emu/host/host.h"
#include "tools/emu/machine.h"

/*
 * Instructions that a hart runs before it looks at the clock for its own timer (Sstc): some hundred
 * microseconds at most.
 */
enum { SLICE = 20000 };

#define NS_PER_S UINT64_C(1000000000)

/* No wait of a hart is longer, so that times do not overflow; it just waits again. */
#define LONGEST_NS (1000 * NS_PER_S)

struct hart_thread {
    struct machine *machine;
    unsigned index;
    pthread_t thread;
    pthread_cond_t wake;
    bool asleep;
};

struct machine_threads {
    pthread_mutex_t lock;
    pthread_cond_t parked; /* active became 0 */
    sem_t kicked;          /* if machine_host.wake is not there */
    bool started;
    bool quit;
    bool running;      /* between a machine_run()'s begin and end; written locked, atomic */
    unsigned active;   /* harts that do not sleep */
    uint64_t budget;   /* the pool; atomic */
    uint64_t wakes_at; /* machine time until which the carrier sleeps, 0: it does not */
    struct hart_thread harts[MACHINE_MAX_HARTS];
};

void machine_lock(struct machine *m)
{
    if (m->threads != NULL)
        pthread_mutex_lock(&m->threads->lock);
}

void machine_unlock(struct machine *m)
{
    if (m->threads != NULL)
        pthread_mutex_unlock(&m->threads->lock);
}

void machine_kick(struct machine *m)
{
    if (m->threads == NULL)
        return;
    if (m->host.wake != NULL)
        m->host.wake(m->host.arg);
    else
        sem_post(&m->threads->kicked);
}

void machine_kick_before(struct machine *m, uint64_t deadline)
{
    if (m->threads != NULL && deadline < m->threads->wakes_at)
        machine_kick(m);
}

/* --- harts ----------------------------------------------------------------------------------- */

static bool is_running(const struct machine_threads *t)
{
    return __atomic_load_n(&t->running, __ATOMIC_RELAXED);
}

static uint64_t budget_left(const struct machine_threads *t)
{
    return __atomic_load_n(&t->budget, __ATOMIC_RELAXED);
}

static uint64_t budget_take(struct machine_threads *t)
{
    uint64_t left = budget_left(t), slice;

    do
        slice = left < SLICE ? left : SLICE;
    while (!__atomic_compare_exchange_n(&t->budget, &left, left - slice, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED));
    return slice;
}

/*
 * Guest code, without the lock, until the hart waits or there is a reason to look around. False if
 * that was so before the hart was entered at all.
 */
static bool work(struct hart_thread *self)
{
    struct machine *m = self->machine;
    struct machine_threads *t = m->threads;
    struct hart_exit exit = {.reason = HART_EXIT_STOP};
    bool entered = false;

    while (exit.reason != HART_EXIT_WFI && is_running(t)) {
        uint64_t slice = budget_take(t), used;
        if (slice == 0)
            break;
        exit = hart_run(m->harts[self->index], slice);
        entered = true;
        used = exit.used;
        __atomic_fetch_add(&m->instructions, exit.executed, __ATOMIC_RELAXED);
        __atomic_fetch_add(&m->spent, used, __ATOMIC_RELAXED);
        if (used != slice)
            __atomic_fetch_add(&t->budget, slice - used, __ATOMIC_RELAXED);
        if (exit.reason == HART_EXIT_DEBUG) {
            machine_lock(m);
            machine_report_hit(m, self->index);
            machine_unlock(m);
        }
    }
    return entered;
}

static void wake(struct hart_thread *hart)
{
    if (!hart->asleep)
        return;
    hart->asleep = false;
    hart->machine->threads->active++;
    pthread_cond_signal(&hart->wake);
}

/* How long until the hart's own timer expires, in ns; VCLOCK_NEVER if that wakes nobody. */
static uint64_t own_timer(struct machine *m, unsigned k)
{
    uint64_t ticks = hart_timer_deadline(m->harts[k]), now, deadline;

    if (ticks == UINT64_MAX || ticks == m->stimer_seen[k])
        return VCLOCK_NEVER;
    deadline = machine_mtime_deadline(m, ticks);
    now = machine_now(m);
    return deadline > now ? deadline - now : 0;
}

/* Wait to be woken, or for the hart's own timer. */
static void wait_for_work(struct hart_thread *self)
{
    struct machine_threads *t = self->machine->threads;
    uint64_t ns = VCLOCK_NEVER;
    struct timespec until;

    if (is_running(t) && budget_left(t) != 0 && !(self->machine->held >> self->index & 1))
        ns = own_timer(self->machine, self->index);
    if (ns == VCLOCK_NEVER) {
        pthread_cond_wait(&self->wake, &t->lock);
        return;
    }
    ns = (ns < LONGEST_NS ? ns : LONGEST_NS) + host_now_ns(NULL);
    until = (struct timespec){.tv_sec = (time_t)(ns / NS_PER_S), .tv_nsec = (long)(ns % NS_PER_S)};
    if (pthread_cond_timedwait(&self->wake, &t->lock, &until) == ETIMEDOUT && is_running(t))
        wake(self);
}

static void sleep_(struct hart_thread *self)
{
    struct machine *m = self->machine;
    struct machine_threads *t = m->threads;

    self->asleep = true;
    if (--t->active == 0) {
        pthread_cond_signal(&t->parked);
        /* Nothing to run: the carrier wants to know, unless it will only go on waiting. */
        if (is_running(t) && (m->host.wait == NULL || budget_left(t) == 0))
            machine_kick(m);
    }
    while (self->asleep && !t->quit)
        wait_for_work(self);
}

static void *hart_main(void *arg)
{
    struct hart_thread *self = arg;
    struct machine *m = self->machine;
    struct machine_threads *t = m->threads;

    pthread_mutex_lock(&t->lock);
    while (!t->quit) {
        if (is_running(t) && budget_left(t) != 0 && machine_is_runnable(m, self->index)) {
            bool entered;
            pthread_mutex_unlock(&t->lock);
            entered = work(self);
            pthread_mutex_lock(&t->lock);
            if (!entered) /* nor has it seen its own timer, if that is why it was runnable */
                m->stimer_seen[self->index] = UINT64_MAX;
        } else {
            sleep_(self);
        }
    }
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

void machine_wake_hart(struct machine *m, unsigned hart)
{
    if (m->threads != NULL && is_running(m->threads))
        wake(&m->threads->harts[hart]);
}

void machine_yield(struct machine *m, struct hart *hart)
{
    if (m->threads != NULL)
        host_yield();
    else if (m->hart_count > 1)
        hart_stop(hart);
}

/* --- life ------------------------------------------------------------------------------------ */

bool machine_threads_create(struct machine *m)
{
    struct machine_threads *t = calloc(1, sizeof *t);
    pthread_condattr_t attr;

    if (t == NULL)
        return false;
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->parked, NULL);
    sem_init(&t->kicked, 0, 0);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    for (unsigned i = 0; i < MACHINE_MAX_HARTS; i++)
        pthread_cond_init(&t->harts[i].wake, &attr);
    pthread_condattr_destroy(&attr);
    m->threads = t;
    return true;
}

/* Ends the first `count` threads. */
static void end_threads(struct machine_threads *t, unsigned count)
{
    pthread_mutex_lock(&t->lock);
    t->quit = true;
    for (unsigned i = 0; i < count; i++)
        pthread_cond_signal(&t->harts[i].wake);
    pthread_mutex_unlock(&t->lock);
    for (unsigned i = 0; i < count; i++)
        pthread_join(t->harts[i].thread, NULL);
}

void machine_threads_destroy(struct machine *m)
{
    struct machine_threads *t = m->threads;

    if (t == NULL)
        return;
    if (t->started)
        end_threads(t, m->hart_count);
    for (unsigned i = 0; i < MACHINE_MAX_HARTS; i++)
        pthread_cond_destroy(&t->harts[i].wake);
    sem_destroy(&t->kicked);
    pthread_cond_destroy(&t->parked);
    pthread_mutex_destroy(&t->lock);
    free(t);
    m->threads = NULL;
}

/* Signals are for the carrier's thread, but for those that tell of a crash of this one. */
static void mask_signals(sigset_t *before)
{
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP};
    sigset_t set;

    sigfillset(&set);
    for (unsigned i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
        sigdelset(&set, crashes[i]);
    pthread_sigmask(SIG_SETMASK, &set, before);
}

bool machine_threads_start(struct machine *m)
{
    struct machine_threads *t = m->threads;
    sigset_t before;
    unsigned i;

    if (t->started)
        return true;
    mask_signals(&before);
    t->active = m->hart_count;
    for (i = 0; i < m->hart_count; i++) {
        t->harts[i].machine = m;
        t->harts[i].index = i;
        if (pthread_create(&t->harts[i].thread, NULL, hart_main, &t->harts[i]) != 0)
            break;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    t->started = i == m->hart_count;
    if (!t->started)
        end_threads(t, i);
    return t->started;
}

/* --- the carrier's thread --------------------------------------------------------------------- */

static void stop_harts(struct machine *m)
{
    __atomic_store_n(&m->threads->running, false, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < m->hart_count; i++)
        hart_stop(m->harts[i]);
}

void machine_halt(struct machine *m)
{
    if (m->threads == NULL)
        return;
    stop_harts(m);
    machine_kick(m);
}

/* Sleep until `deadline` or a kick; locked, but not meanwhile. */
static void carrier_sleep(struct machine *m, uint64_t deadline)
{
    struct machine_threads *t = m->threads;
    uint64_t now = machine_now(m), ns = VCLOCK_NEVER;

    if (deadline != VCLOCK_NEVER)
        ns = deadline > now ? deadline - now : 0;
    t->wakes_at = deadline;
    pthread_mutex_unlock(&t->lock);
    if (m->host.wait != NULL) {
        m->host.wait(m->host.arg, ns);
    } else if (ns >= LONGEST_NS) {
        sem_wait(&t->kicked);
    } else {
        ns += host_now_ns(NULL);
        struct timespec until = {.tv_sec = (time_t)(ns / NS_PER_S),
                                 .tv_nsec = (long)(ns % NS_PER_S)};
        sem_clockwait(&t->kicked, CLOCK_MONOTONIC, &until);
    }
    pthread_mutex_lock(&t->lock);
    t->wakes_at = 0;
}

/* When something is due that the carrier does. */
static uint64_t next_deadline(struct machine *m)
{
    uint64_t next = vclock_next(&m->clock), event = machine_next_event(m, machine_now(m));

    return event < next ? event : next;
}

/* When something is due at all, as no hart is awake. */
static uint64_t idle_deadline(struct machine *m)
{
    uint64_t next = next_deadline(m), now = machine_now(m);

    for (unsigned i = 0; i < m->hart_count; i++) {
        uint64_t ns = own_timer(m, i);
        if (ns != VCLOCK_NEVER && ns < UINT64_MAX - now && now + ns < next)
            next = now + ns;
    }
    return next;
}

/* Was machine_stop() called, or has the guest ended the run? */
static bool has_ended(struct machine *m, struct machine_exit *exit)
{
    if (__atomic_exchange_n(&m->stop_requested, false, __ATOMIC_RELAXED)) {
        *exit = (struct machine_exit){.reason = MACHINE_STOP};
        return true;
    }
    *exit = m->exit;
    return m->exit_pending;
}

/* Fires, delivers and sleeps until there is a reason to return, which it returns. */
static struct machine_exit serve(struct machine *m)
{
    struct machine_threads *t = m->threads;
    struct machine_exit exit;

    while (!has_ended(m, &exit)) {
        uint64_t now = machine_now(m);
        vclock_fire(&m->clock, now);
        if (m->events != NULL) /* what a timer has posted just now is due as well */
            machine_deliver(m, machine_now(m));
        if (t->active == 0 && budget_left(t) == 0)
            return (struct machine_exit){.reason = MACHINE_BUDGET};
        if (t->active == 0 && m->host.wait == NULL)
            return (struct machine_exit){.reason = MACHINE_IDLE, .deadline = idle_deadline(m)};
        carrier_sleep(m, next_deadline(m));
    }
    return exit;
}

struct machine_exit machine_run_threads(struct machine *m, uint64_t budget)
{
    struct machine_threads *t = m->threads;
    struct machine_exit exit;

    pthread_mutex_lock(&t->lock);
    if (!has_ended(m, &exit)) {
        __atomic_store_n(&t->budget, budget, __ATOMIC_RELAXED);
        __atomic_store_n(&t->running, true, __ATOMIC_RELAXED);
        for (unsigned i = 0; i < m->hart_count; i++)
            wake(&t->harts[i]);
        exit = serve(m);
        stop_harts(m);
        while (t->active != 0)
            pthread_cond_wait(&t->parked, &t->lock);
    }
    if (exit.reason != MACHINE_STOP && exit.reason != MACHINE_BUDGET && exit.reason != MACHINE_IDLE)
        m->exit_pending = false;
    pthread_mutex_unlock(&t->lock);
    return exit;
}
