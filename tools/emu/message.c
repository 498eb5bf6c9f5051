#include "tools/emu/message.h"

#include <stdarg.h>
#include <stdio.h>

void message(const char *fmt, ...)
{
    char line[1024];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    for (char *p = line; *p != '\0'; p++) /* one line, whatever a file's name contains */
        if ((unsigned char)*p < ' ')
            *p = '?';
    fprintf(stderr, "tarn-emu: %s\n", line);
}
