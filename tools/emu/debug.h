#pragma once
/* -gdb, -s, -S: the gdb stub on a socket; and reports of crashes. */
#include "tools/emu/gdb/gdb.h"
#include "tools/emu/host/server.h"
#include "tools/emu/options.h"

struct debug {
    struct machine *machine;
    struct gdb *gdb; /* NULL: there is none */
    bool history;    /* instructions are kept */
    struct host_server server;
};

/* Set up what the options ask for, on a machine that has been reset. Returns 0, or -1 after a
 * message; then debug_close() still. */
int debug_open(struct debug *d, struct machine *m, const struct options *options);
void debug_close(struct debug *d);

/* A hart is in a loop of exceptions: tells gdb, or else the user. */
void debug_stuck(struct debug *d, const struct machine_exit *exit);

/* What the session shall do next: as gdb_wish(). */
static inline enum gdb_wish debug_wish(const struct debug *d)
{
    return d->gdb != NULL ? gdb_wish(d->gdb) : GDB_WANTS_RUN;
}
