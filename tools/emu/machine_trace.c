/* Lines about devices, for whoever traces. */
#include "tools/emu/machine.h"

#include <stdarg.h>
#include <stdio.h>

enum { TEXT_SIZE = 256 };

void machine_set_trace(struct machine *m, unsigned kinds, machine_trace_fn *fn, void *arg)
{
    m->trace_kinds = fn != NULL ? kinds & MACHINE_TRACE_KINDS : 0;
    m->trace = fn;
    m->trace_arg = arg;
}

void machine_trace(struct machine *m, enum machine_trace_kind kind, const struct device *dev,
                   const char *fmt, ...)
{
    char text[TEXT_SIZE];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    m->trace(m->trace_arg, kind, dev, m->accessing, text);
}
