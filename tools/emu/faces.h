#pragma once
/*
 * What of a run can be seen and touched: the seat, and whoever sits there: a window, a script, and
 * pictures taken. All of it is there in every run; what is not asked for does nothing.
 */
#include "tools/emu/player.h"
#include "tools/emu/screenshot.h"
#include "tools/emu/seat.h"

struct options;
struct window;

struct faces {
    const struct options *options;
    struct machine *machine;
    struct seat seat;
    struct screenshots shots;
    struct player player;
    struct window *window; /* NULL: there is none */
    char title[80];        /* its */
    bool started;
};

/* Read what the options name. Returns 0, or -1 after a message; faces_close() in either case. */
int faces_open(struct faces *f, const struct options *options);

/* The seat's backends, for the machine that will be made; a list. */
struct backend *faces_backends(struct faces *f);

/*
 * Before the machine's first instruction, after its reset. quit() ends the run; it is called with
 * the machine's lock. Returns 0, or -1 after a message.
 */
int faces_start(struct faces *f, struct machine *m, void (*quit)(void *arg), void *arg);

/* The console showed bytes. With the machine's lock. */
void faces_output(struct faces *f, const uint8_t *bytes, size_t n);

/* Of the budget's instructions, how many may be used up before faces_spent() must be called. */
uint64_t faces_next(const struct faces *f);
void faces_spent(struct faces *f, uint64_t spent);

/* The run has ended with that status: returns the one to end with. */
int faces_finish(struct faces *f, int status);

/* After the machine is gone. */
void faces_close(struct faces *f);
