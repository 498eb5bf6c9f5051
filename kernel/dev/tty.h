#pragma once
/*
 * The terminal: one line with a line discipline (POSIX.1-2017 chapter 11, termios(3)).
 *
 * tty->lock covers everything here; it is taken in interrupts. Signals are sent and readers woken
 * after it has been dropped or under it as their functions allow.
 */
#include "abi/termios.h"
#include "kernel/dev/internal.h"
#include "kernel/sched/sched.h"

#define TTY_BUF 4096u /* input bytes kept; a power of two. Also the longest line (MAX_CANON) */

struct tty {
    struct spinlock lock;
    const struct tty_line *line;
    struct abi_termios termios;
    struct abi_winsize winsize;
    int session, pgrp; /* whose controlling terminal it is, and the foreground group; 0: none */
    bool stopped;      /* output, by ^S */
    bool literal;      /* the next character is taken as it is (VLNEXT) */
    unsigned column;   /* of the cursor */
    unsigned edit_col; /* where the line being edited started */
    /*
     * Input ring by counters modulo 2^32: [head, done) can be read, [done, tail) is the line being
     * edited. A set mark says that a line ends with this byte; a marked NUL is an end of file.
     */
    uint32_t head, done, tail;
    uint8_t buf[TTY_BUF];
    uint8_t marks[TTY_BUF / 8];
    struct waitq readers, writers;
};

/* Takes in one byte: editing, echo, signals. Returns a signal for the foreground group, or 0. */
int ldisc_input(struct tty *tty, uint8_t byte);
/* What the changed modes mean for bytes that are there already. */
void ldisc_modes_changed(struct tty *tty, uint32_t old_lflag);
/* Drops unread input. */
void ldisc_flush_input(struct tty *tty);
/* Writes with output processing. */
void ldisc_output(struct tty *tty, const char *text, size_t n);
/* Takes bytes out: the count, 0 at an end of file. There must be something, see ldisc_readable().
 */
size_t ldisc_read(struct tty *tty, uint8_t *out, size_t n);
/* Bytes that can be read now; in canonical mode an end of file counts as one. */
size_t ldisc_readable(const struct tty *tty);
