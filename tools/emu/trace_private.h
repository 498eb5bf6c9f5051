#pragma once
/* A line of a trace, for the files that write some (trace*.c). */
#include "tools/emu/machine.h"

enum { TRACE_LINE_SIZE = 512 };

/* Built up here and written in one go: harts are threads. What does not fit is cut off. */
struct trace_line {
    char text[TRACE_LINE_SIZE];
    size_t len;
    unsigned digits; /* of an address */
};

/* HART PRIVILEGE CATEGORY ADDRESS: */
void trace_begin(struct trace_line *l, const struct hart *hart, enum hart_priv priv,
                 const char *category, uint64_t pc);
__attribute__((format(printf, 2, 3))) void trace_put(struct trace_line *l, const char *fmt, ...);
/* An address and its name. */
void trace_put_address(struct trace_line *l, uint64_t addr);
void trace_end(struct trace_line *l);

/* -d sbi (trace_sbi.c): look for calls from S-mode to M-mode and returns from them. */
void trace_sbi(struct hart *hart, const struct hart_trace *event);
