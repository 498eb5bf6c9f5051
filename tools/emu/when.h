#pragma once
/* Moments of a run as command lines and scripts name them, and text followed through output. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum when_kind {
    WHEN_TIME,         /* 2.5s, 500ms, 20us, 7ns: machine time, value in ns */
    WHEN_INSTRUCTIONS, /* 123456i: so much of the budget is used up */
    WHEN_TEXT,         /* text:READY: the console has shown it */
    WHEN_END,          /* end: of the run */
};

struct when {
    enum when_kind kind;
    uint64_t value;
    const char *text; /* points into what was parsed */
};

/* False if the string does not name a moment. */
bool when_parse(const char *string, struct when *when);

/* A duration of n characters: a decimal number, maybe with a fraction, and s, ms, us or ns. */
bool when_duration(const char *string, size_t n, uint64_t *ns);

/*
 * A text that is looked for in bytes that come in any portions: matched is the length of its
 * longest beginning that they end with.
 */
struct text_match {
    const char *text; /* not empty, stays the owner's */
    size_t len, matched;
};

/* Take a byte; true if the text ends with it. */
bool text_match_byte(struct text_match *match, uint8_t byte);
