#pragma once
/* One run of a machine on the terminal: from reset to the process's exit status. */
#include "tools/emu/debug.h"
#include "tools/emu/faces.h"
#include "tools/emu/host/chardev.h"
#include "tools/emu/machine.h"
#include "tools/emu/options.h"

/* What the machine's host callbacks work on; set up before machine_create(). */
struct session {
    const struct options *options;
    struct machine *machine;
    struct debug debug;
    struct chardev *serial; /* NULL: nobody listens to the serial line */
    unsigned console;       /* source of the console's input and output */
    bool has_console;
    struct text_match until; /* options->until in the console's output */
    bool until_seen;
    bool guest_ended; /* the run, with an exit status of its own */
    struct faces faces;
    bool quit; /* a window was closed, or the like */
};

/* Make what -serial asks for. Returns 0, or -1 after a message. */
int session_open(struct session *session);

/* Close that, whether the session was opened or not. */
void session_close(void);

/* Connect it to the machine, which has been created. */
void session_attach(struct session *session, struct machine *m);

/* The machine_host.output callback; arg is the session. */
void session_output(void *arg, unsigned source, const uint8_t *bytes, size_t n);

/* The machine_host.wait and wake callbacks: the terminal is served while harts run on threads. */
void session_wait(void *arg, uint64_t timeout_ns);
void session_wake(void *arg);

/* Run the machine, which has been reset, to its end. Returns the process's exit status. */
int session_run(struct session *session);
