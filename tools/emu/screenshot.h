#pragma once
/*
 * Pictures of the screen at set moments (--screenshot FILE@WHEN). They show what the guest has
 * flushed, without the pointer; a screen that is off is a black one of 640 by 480.
 */
#include "tools/emu/machine.h"
#include "tools/emu/seat.h"
#include "tools/emu/when.h"

enum { SCREENSHOTS_MAX = 64 };

struct screenshots {
    struct machine *machine;
    struct seat *seat;
    unsigned count;
    bool failed; /* a file could not be written */
    struct screenshot {
        char *path; /* owned */
        struct when when;
        struct text_match match; /* WHEN_TEXT */
        struct timer timer;      /* WHEN_TIME */
        struct screenshots *all;
        bool taken;
    } shots[SCREENSHOTS_MAX];
};

/*
 * Add FILE@WHEN; without @WHEN it is at the end of the run. The text must stay. Returns 0; -1 with
 * a line in err.
 */
int screenshots_add(struct screenshots *s, const char *text, char *err, size_t err_size);
void screenshots_free(struct screenshots *s);

/* Before the machine runs: set its timers. */
void screenshots_start(struct screenshots *s, struct machine *m, struct seat *seat);

/* The console showed bytes. With the machine's lock. */
void screenshots_output(struct screenshots *s, const uint8_t *bytes, size_t n);

/* How much of the budget is used up at the next one that is due at an instruction; UINT64_MAX. */
uint64_t screenshots_next(const struct screenshots *s);
/* So much is used up: take what is due. */
void screenshots_spent(struct screenshots *s, uint64_t spent);

/* The run has ended: take those that are due then. False, with messages, if some are missing. */
bool screenshots_finish(struct screenshots *s);

/* Write what is on the screen to a file. 0, or -1 after a message. With the machine's lock. */
int screenshot_take(const struct seat *seat, const char *path);
