#pragma once
/* What the emulator itself has to say, as opposed to its guest. */

enum {
    EXIT_USAGE = 2,   /* bad arguments, missing or malformed files */
    EXIT_LIMIT = 124, /* the instruction budget is used up */
};

/* Print "tarn-emu: " and the text as one line on stderr. */
__attribute__((format(printf, 1, 2))) void message(const char *fmt, ...);
