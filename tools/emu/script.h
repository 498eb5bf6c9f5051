#pragma once
/*
 * Scripts for the person at the machine (--input FILE): what is typed and pointed at, and when.
 *
 * One step per line; empty lines, and from a word that begins with # on, comments. A line is
 *
 *   [at TIME | +TIME] ACTION
 *
 * TIME is a number with s, ms, us or ns. `at` counts from the machine's start (from its power-on,
 * through resets), `+` from the step before. Without either a step follows at once. Actions:
 *
 *   press KEY...      press the keys in turn and together, let go in reverse after 20 ms
 *   down KEY...       press them and hold them
 *   up KEY...         let go of them
 *   type "TEXT"       on a US keyboard, a character after the other, 20 ms down and 20 ms up
 *   move X Y          put the pointer on that pixel (tablet); while the screen is off, on those of
 *                     the tablet's units from 0 to 32767
 *   move-by DX DY     push the pointer (mouse)
 *   button N down|up|click       1 left, 2 middle, 3 right; a click takes 20 ms
 *   wheel N [RIGHT]   turn it by N clicks, positive: away from the person
 *   wait text "TEXT"  until the console has shown TEXT, counted from when this step is reached
 *   send "TEXT"       characters to the machine's console, as if typed in the terminal
 *   resize W H        the person would like a screen of that size
 *   screenshot FILE   a picture of the screen, as --screenshot
 *   quit              end the run
 *
 * KEY is a name of key.def (RETURN, LSHIFT, A, 1), in capitals or not. Strings have C's escapes
 * \n \r \t \e \b \" \\ and \xHH.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum script_op {
    SCRIPT_KEY,        /* code a, down if b */
    SCRIPT_BUTTON,     /* button a (enum evdev_button), down if b */
    SCRIPT_POINT,      /* a, b: pixel */
    SCRIPT_MOVE,       /* a, b: distance */
    SCRIPT_WHEEL,      /* a clicks, b to the right */
    SCRIPT_WAIT,       /* for text */
    SCRIPT_RESIZE,     /* a, b: pixels */
    SCRIPT_SCREENSHOT, /* to file `text` */
    SCRIPT_SEND,       /* text to the console */
    SCRIPT_QUIT,
};

enum script_from {
    SCRIPT_AFTER, /* time is relative to the step before */
    SCRIPT_AT,    /* time is machine time */
};

struct script_step {
    uint8_t op, from;
    unsigned line;
    int32_t a, b;
    uint64_t time; /* ns */
    char *text;    /* owned; NULL where there is none */
    size_t text_len;
};

struct script {
    struct script_step *steps;
    size_t count, room;
};

/*
 * Parse n bytes into *script, which script_free() frees also after an error. Returns 0; -1 with
 * "line N: what" in err.
 */
int script_parse(struct script *script, const char *source, size_t n, char *err, size_t err_size);
void script_free(struct script *script);
