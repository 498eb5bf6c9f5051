#pragma once
/* -d: what the harts do, one line per event. */
#include "tools/emu/loader.h"
#include "tools/emu/machine.h"

/*
 * Trace the kinds (enum hart_trace_kind, ORed) on all harts of the machine to the file at path, or
 * to stderr if that is NULL; addresses are shown with the symbols of the loader's ELF files, which
 * must live until trace_close(), of the default firmware and of the files that --symbols names. The
 * README describes the lines; each is written by one call. Returns 0, or -1 after a message.
 */
int trace_open(struct machine *m, const struct loader *loader, unsigned kinds, const char *path);

/*
 * After trace_open(), while the machine does not run: trace these kinds only, 0: none. Returns 0,
 * or -1 after a message. And what is traced now.
 */
int trace_switch(unsigned kinds);
unsigned trace_kinds(void);

/* The line for an event, without its end; "" if names cannot be had. Whether traces are on or not.
 */
void trace_format(const struct hart *hart, const struct hart_trace *event, char *text, size_t size);

/* An address and its name. */
void trace_format_address(uint64_t addr, char *text, size_t size);

/* Write out what is buffered and stop. */
void trace_close(void);
