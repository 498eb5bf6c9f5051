#pragma once
/* Plays an input script (script.h) to a machine, in machine time. */
#include "tools/emu/machine.h"
#include "tools/emu/script.h"
#include "tools/emu/seat.h"
#include "tools/emu/when.h"

struct player {
    struct script script;
    const char *path; /* of the script; NULL: there is none */
    struct machine *machine;
    struct seat *seat;
    struct timer timer;
    size_t next;   /* step to be played */
    uint64_t base; /* machine time that the next step's is relative to */
    bool waits;    /* for the match's text, in step `next` */
    struct text_match match;
    void (*quit)(void *arg);
    void *quit_arg;
    bool failed; /* a screenshot could not be written */
};

/* Read and parse the script; zeroed otherwise. Returns 0, or -1 after a message. */
int player_open(struct player *p, const char *path);
void player_close(struct player *p);

/*
 * Before the machine runs. quit() is called by a script that wants the run to end, with the
 * machine's lock. Returns 0; -1 after a message if the machine lacks a device for some step.
 */
int player_start(struct player *p, struct machine *m, struct seat *seat, void (*quit)(void *arg),
                 void *arg);

/* The console showed bytes. With the machine's lock. */
void player_output(struct player *p, const uint8_t *bytes, size_t n);

/*
 * The run has ended. False, with a message, if the script still waited for a text, or a picture
 * could not be written. Steps that were only not due yet are nobody's fault.
 */
bool player_finish(struct player *p);
