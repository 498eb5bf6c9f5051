#include "tools/emu/session.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tools/emu/host/host.h"
#include "tools/emu/message.h"

/* Instructions between looks at the terminal: a few milliseconds. */
enum { CHUNK = 500000 };

int session_open(struct session *s)
{
    char err[512];

    if (s->options->serial == NULL)
        return 0;
    s->serial = chardev_serial(s->options->serial, err, sizeof err);
    if (s->serial != NULL)
        return 0;
    message("-serial: %s", err);
    return -1;
}

void session_close(void)
{
    chardev_close_all();
}

void session_attach(struct session *s, struct machine *m)
{
    struct device *console = machine_console(m);

    s->machine = m;
    s->has_console = console != NULL;
    if (console == NULL)
        return;
    s->console = machine_source(console, 0);
    if (s->serial != NULL)
        chardev_attach(s->serial, m, s->console);
}

void session_output(void *arg, unsigned source, const uint8_t *bytes, size_t n)
{
    struct session *s = arg;

    if (!s->has_console || source != s->console)
        return;
    if (s->serial != NULL)
        chardev_write(s->serial, bytes, n);
    faces_output(&s->faces, bytes, n);
    for (size_t i = 0; s->until.text != NULL && !s->until_seen && i < n; i++) {
        if (text_match_byte(&s->until, bytes[i])) {
            s->until_seen = true;
            machine_stop(s->machine);
        }
    }
}

/* Output that has come shall wait so long for more: showing single characters is expensive. */
enum { GATHER_NS = 500000 };

void session_wait(void *arg, uint64_t timeout_ns)
{
    struct session *s = arg;

    if (chardev_output_waits()) {
        uint64_t ns = timeout_ns < GATHER_NS ? timeout_ns : GATHER_NS;
        host_sleep(ns);
        timeout_ns -= ns;
    }
    chardev_flush_all();
    host_poll_wait(timeout_ns);
    if (chardev_quit || s->quit || term_signal() != 0)
        machine_stop(s->machine);
}

void session_wake(void *arg)
{
    (void)arg;
    host_poll_wake();
}

/* Show output, and take what has come or comes within timeout_ns. */
static void serve(uint64_t timeout_ns)
{
    chardev_flush_all();
    host_poll_wait(timeout_ns);
}

/* All harts wait: so do we, until a timer is due or a key is typed. */
static void wait_idle(struct session *s, uint64_t deadline)
{
    uint64_t now = machine_now(s->machine);

    if (deadline == VCLOCK_NEVER)
        serve(UINT64_MAX);
    else
        serve(deadline > now ? deadline - now : 0);
}

static void print_stats(const struct session *s, uint64_t start_ns)
{
    uint64_t ns = host_now_ns(NULL) - start_ns, insns = s->machine->instructions;

    fprintf(stderr, "instructions: %" PRIu64 "\n", insns);
    fprintf(stderr, "host time: %" PRIu64 ".%03" PRIu64 " s\n", ns / 1000000000,
            ns / 1000000 % 1000);
    fprintf(stderr, "speed: %" PRIu64 " MIPS\n", ns != 0 ? insns * 1000 / ns : 0);
    for (unsigned i = 0; i < s->machine->hart_count; i++)
        fprintf(stderr, "hart %u: %" PRIu64 "\n", i, hart_instret(s->machine->harts[i]));
}

/* Act on machine_run()'s reason. Returns -1 to go on, else the exit status. */
static int handle_exit(struct session *s, struct machine_exit exit)
{
    switch (exit.reason) {
    case MACHINE_POWEROFF:
        s->guest_ended = true;
        while (s->options->no_shutdown && !chardev_quit && !s->quit && term_signal() == 0)
            serve(UINT64_MAX);
        return exit.code;
    case MACHINE_RESET:
        if (s->options->no_reboot)
            return 0;
        return machine_reset(s->machine) == 0 ? -1 : EXIT_USAGE;
    case MACHINE_STOP:
        if (s->until_seen)
            return 0;
        if (s->debug.gdb != NULL)
            gdb_stopped(s->debug.gdb, &exit);
        break;
    case MACHINE_STUCK: debug_stuck(&s->debug, &exit); break;
    case MACHINE_DEBUG: gdb_stopped(s->debug.gdb, &exit); break;
    case MACHINE_IDLE: wait_idle(s, exit.deadline); break;
    case MACHINE_BUDGET:
        if (s->machine->spent >= s->options->budget) {
            message("budget of %" PRIu64 " instructions used up", s->options->budget);
            return EXIT_LIMIT;
        }
        serve(0);
        break;
    }
    return chardev_quit || s->quit ? 0 : -1;
}

static void quit(void *arg)
{
    struct session *s = arg;

    s->quit = true;
    machine_stop(s->machine);
}

/* How much may be used up before there is something to do: its end, or a picture's moment. */
static uint64_t budget_left(struct session *s)
{
    uint64_t spent = s->machine->spent, end;

    faces_spent(&s->faces, spent);
    end = faces_next(&s->faces);
    return (end < s->options->budget ? end : s->options->budget) - spent;
}

/*
 * The next part of the run. Parts end at multiples of CHUNK, so that one that a debugger
 * interrupted leaves the next where it would have been. Returns as handle_exit().
 */
static int go_on(struct session *s)
{
    uint64_t left = budget_left(s);

    if (s->machine->threads == NULL && left > CHUNK - s->machine->spent % CHUNK)
        left = CHUNK - s->machine->spent % CHUNK; /* else there is session_wait() */
    switch (debug_wish(&s->debug)) {
    case GDB_WANTS_RUN: return handle_exit(s, machine_run(s->machine, left));
    case GDB_WANTS_STEP: return handle_exit(s, gdb_step(s->debug.gdb));
    case GDB_WANTS_WAIT: serve(UINT64_MAX); return chardev_quit || s->quit ? 0 : -1;
    case GDB_WANTS_END: break;
    }
    return 0;
}

int session_run(struct session *s)
{
    uint64_t start_ns = host_now_ns(NULL);
    int status = -1;

    if (s->options->until != NULL)
        s->until = (struct text_match){.text = s->options->until, .len = strlen(s->options->until)};
    if (chardev_has_terminal())
        term_open();
    if (faces_start(&s->faces, s->machine, quit, s) != 0)
        status = EXIT_USAGE;
    while (status < 0 && term_signal() == 0)
        status = go_on(s);
    if (s->debug.gdb != NULL)
        gdb_ended(s->debug.gdb, status);
    chardev_flush_all();
    term_restore();
    status = faces_finish(&s->faces, status);
    if (s->options->stats)
        print_stats(s, start_ns);
    return status;
}
