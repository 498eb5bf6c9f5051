#pragma once
/* What the harts did last, shown when something went wrong. */
#include "tools/emu/machine.h"

/*
 * Hands lines about all harts to put(); trace_open() must have been called, and no hart run. Each
 * hart's last traps, and instructions if they were kept, as in traces.
 */
void crash_history(struct machine *m, void (*put)(void *arg, const char *line), void *arg);

/* The same to stderr, below a line that says why. */
void crash_report(struct machine *m, const char *why);
