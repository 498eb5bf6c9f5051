#pragma once
/* One run of a machine on the terminal: from reset to the process's exit status. */
#include "tools/emu/faces.h"
#include "tools/emu/machine.h"
#include "tools/emu/options.h"

/* What the machine's host callbacks work on; set up before machine_create(). */
struct session {
    const struct options *options;
    struct machine *machine;
    unsigned console; /* source of the console's input, and of the output that is shown */
    bool has_console;
    struct text_match until; /* options->until in the console's output */
    bool until_seen;
    struct faces faces;
    bool quit;         /* Ctrl-A x, or the like elsewhere */
    bool output_waits; /* output came since session_wait() last showed it; atomic */
};

/* The machine_host.output callback; arg is the session. */
void session_output(void *arg, unsigned source, const uint8_t *bytes, size_t n);

/* The machine_host.wait and wake callbacks: the terminal is served while harts run on threads. */
void session_wait(void *arg, uint64_t timeout_ns);
void session_wake(void *arg);

/* Run the machine, which has been reset, to its end. Returns the process's exit status. */
int session_run(struct session *session);
