#pragma once
/*
 * The gdb remote protocol (GDB manual, appendix "Remote Protocol"), without sockets: bytes come in
 * by gdb_receive() and go out by a callback; the carrier of the machine asks what it should do with
 * it. Harts are threads, numbered from 1 on, and stop all together. Everything here is called on
 * the carrier's thread, and only gdb_receive(), gdb_connected() and gdb_disconnected() while the
 * machine runs.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/emu/machine.h"

struct gdb;

/* What this needs from outside. */
struct gdb_host {
    void *arg;
    void (*send)(void *arg, const void *bytes, size_t n);
    /* Optional: switch the trace categories of -d on or off. A line of reason if that fails. */
    const char *(*trace)(void *arg, const char *categories, bool on);
    /* Optional: what the harts did last, as lines. */
    void (*history)(void *arg, void (*put)(void *to, const char *line), void *to);
};

/* A stub for a machine that has been reset; `hold`: which shall not run before gdb says so. NULL
 * when out of memory. */
struct gdb *gdb_create(struct machine *m, const struct gdb_host *host, bool hold);
void gdb_destroy(struct gdb *g);

/* A client has come: the machine stops. It has gone: the machine does what it did, without points.
 */
void gdb_connected(struct gdb *g);
void gdb_disconnected(struct gdb *g);
void gdb_receive(struct gdb *g, const uint8_t *bytes, size_t n);

/* What the carrier shall do next. */
enum gdb_wish {
    GDB_WANTS_RUN,  /* machine_run() */
    GDB_WANTS_STEP, /* gdb_step() */
    GDB_WANTS_WAIT, /* nothing until that changes, which only bytes from gdb can do */
    GDB_WANTS_END,  /* the program was told to end */
};
enum gdb_wish gdb_wish(const struct gdb *g);

/* Part of a step that gdb asked for. As machine_run(); what it returns is for gdb_stopped() too. */
struct machine_exit gdb_step(struct gdb *g);

/*
 * How machine_run() or gdb_step() came out: MACHINE_DEBUG, MACHINE_STOP, MACHINE_STUCK and others.
 * Returns whether the machine stands still because of it.
 */
bool gdb_stopped(struct gdb *g, const struct machine_exit *exit);

/* The run is over, with the process's exit status. */
void gdb_ended(struct gdb *g, int status);
