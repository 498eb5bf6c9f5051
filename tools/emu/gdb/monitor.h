#pragma once
/* Commands of gdb's `monitor`. */
#include "tools/emu/gdb/private.h"

struct gdb_command {
    const char *name, *args;
    const char *help; /* NULL: it has a table of its own */
    void (*run)(struct gdb *g, const char *args);
};

/* pages.c */
void gdb_info_mem(struct gdb *g, const char *args);
void gdb_translate(struct gdb *g, const char *args);
