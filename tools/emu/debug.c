#include "tools/emu/debug.h"

#include <stdio.h>
#include <string.h>

#include "tools/emu/crash.h"
#include "tools/emu/message.h"
#include "tools/emu/trace.h"

static void on_send(void *arg, const void *bytes, size_t n)
{
    struct debug *d = arg;

    host_server_send(&d->server, bytes, n);
}

static void on_connected(void *arg)
{
    const struct debug *d = arg;

    gdb_connected(d->gdb);
}

static void on_disconnected(void *arg)
{
    const struct debug *d = arg;

    gdb_disconnected(d->gdb);
}

static void on_received(void *arg, const uint8_t *bytes, size_t n)
{
    const struct debug *d = arg;

    gdb_receive(d->gdb, bytes, n);
}

/* The categories of a list as -d has it; false if one is unknown. */
static bool parse_kinds(const char *list, unsigned *kinds)
{
    *kinds = 0;
    for (const char *p = list; *p != '\0'; p += *p == ',') {
        size_t n = strcspn(p, ",");
        unsigned kind = options_trace_kind(p, n);
        if (kind == 0)
            return false;
        *kinds |= kind;
        p += n;
    }
    return true;
}

static const char *on_trace(void *arg, const char *list, bool on)
{
    unsigned kinds;

    (void)arg;
    if (!parse_kinds(list, &kinds) || (on && kinds == 0))
        return "unknown category: tarn-emu -d help lists them";
    if (!on && kinds == 0)
        kinds = ~0u;
    kinds = on ? trace_kinds() | kinds : trace_kinds() & ~kinds;
    return trace_switch(kinds) == 0 ? NULL : "that failed";
}

static void on_history(void *arg, void (*put)(void *to, const char *line), void *to)
{
    const struct debug *d = arg;

    crash_history(d->machine, put, to);
}

int debug_open(struct debug *d, struct machine *m, const struct options *options)
{
    const struct gdb_host host = {
        .arg = d, .send = on_send, .trace = on_trace, .history = on_history};
    char err[256];

    d->machine = m;
    d->history = options->history;
    for (unsigned i = 0; options->history && i < m->hart_count; i++) {
        if (!hart_keep_history(m->harts[i])) {
            message("no memory for a history of instructions");
            return -1;
        }
    }
    if (options->gdb == NULL)
        return 0;
    d->server.connected = on_connected;
    d->server.disconnected = on_disconnected;
    d->server.received = on_received;
    d->server.arg = d;
    if (host_server_open(&d->server, options->gdb, err, sizeof err) != 0) {
        message("-gdb: %s", err);
        return -1;
    }
    d->gdb = gdb_create(m, &host, options->hold);
    if (d->gdb == NULL) {
        message("-gdb: out of memory");
        return -1;
    }
    if (d->server.any_port)
        message("-gdb: listening on port %u", host_server_port(&d->server));
    return 0;
}

void debug_stuck(struct debug *d, const struct machine_exit *exit)
{
    char text[96];

    if (d->gdb != NULL && gdb_stopped(d->gdb, exit))
        return;
    snprintf(text, sizeof text, "hart %u is in a loop of exceptions%s", exit->hart,
             d->history ? "" : " (without --no-history, instructions are shown, too)");
    crash_report(d->machine, text);
}

void debug_close(struct debug *d)
{
    host_server_close(&d->server);
    gdb_destroy(d->gdb);
    d->gdb = NULL;
}
