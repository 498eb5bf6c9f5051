#include "tools/emu/crash.h"

#include <stdio.h>

#include "tools/emu/message.h"
#include "tools/emu/trace.h"

struct sink {
    void (*put)(void *arg, const char *line);
    void *arg;
};

static void on_event(void *arg, struct hart *hart, const struct hart_trace *event)
{
    const struct sink *sink = arg;
    char text[512];

    trace_format(hart, event, text, sizeof text);
    sink->put(sink->arg, text);
}

void crash_history(struct machine *m, void (*put)(void *arg, const char *line), void *arg)
{
    struct sink sink = {put, arg};

    for (unsigned i = 0; i < m->hart_count; i++) {
        char text[256], address[200];
        hart_history(m->harts[i], on_event, &sink);
        trace_format_address(hart_pc(m->harts[i]), address, sizeof address);
        snprintf(text, sizeof text, "%u %c pc %s%s", i, "US?M"[hart_priv(m->harts[i])], address,
                 hart_waiting(m->harts[i]) ? ": waiting" : "");
        put(arg, text);
    }
}

static void to_stderr(void *arg, const char *line)
{
    (void)arg;
    fprintf(stderr, "%s\n", line);
}

void crash_report(struct machine *m, const char *why)
{
    message("%s; what the harts did last:", why);
    crash_history(m, to_stderr, NULL);
}
