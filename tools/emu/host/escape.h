#pragma once
/* The keys that are for the emulator, not the guest: Ctrl-A and a letter. */
#include <stdbool.h>
#include <stdint.h>

enum escape_action {
    ESCAPE_NONE, /* nothing for the guest, nothing to do (yet) */
    ESCAPE_BYTE, /* the byte goes to the guest */
    ESCAPE_QUIT,
    ESCAPE_HELP,
    ESCAPE_BREAK,      /* send a break on the serial line */
    ESCAPE_TIMESTAMPS, /* toggle time stamps on output lines */
    ESCAPE_MONITOR,    /* switch between guest and monitor */
};

struct escape {
    bool pending; /* the last byte was Ctrl-A */
};

/* What the next byte typed means; for ESCAPE_BYTE, *byte is what goes to the guest. */
enum escape_action escape_key(struct escape *escape, uint8_t *byte);

/* The text that ESCAPE_HELP shows, lines ending in \r\n. */
extern const char escape_help[];
