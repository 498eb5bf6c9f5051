#pragma once
/*
 * Drawing on the screen (/dev/fb). A canvas is a picture in the program's memory, shown in the
 * middle of the screen, enlarged as many times as fits; only rows that changed are written. Colours
 * are 0x00rrggbb. The functions are plain POSIX.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct display {
    int fd;
    unsigned width, height; /* pixels */
};

/* Opens the screen; false with errno set when there is none. */
bool display_open(struct display *display);
void display_close(struct display *display);
/* Writes n pixels from (x, y) on, which may go on in the next rows. False with errno set. */
bool display_write(struct display *display, unsigned x, unsigned y, const uint32_t *pixels,
                   size_t n);
/* What was written is on the screen when this returns. False with errno set. */
bool display_flush(struct display *display);

struct canvas {
    struct display *display;
    unsigned width, height;
    unsigned scale, left, top; /* screen pixels for one of ours; where the picture starts */
    uint32_t *pixels;
    struct canvas_span {
        unsigned from, to; /* columns that changed since they were shown; from == to: none */
    } * spans;             /* of each row */
    uint32_t *line;        /* a row as the screen gets it */
};

/*
 * A black canvas, all of which counts as changed, on a black screen; false with errno set: no
 * memory (ENOMEM), or a screen too small for it (ERANGE). canvas_free() leaves the display open.
 */
bool canvas_create(struct canvas *canvas, struct display *display, unsigned width, unsigned height);
void canvas_free(struct canvas *canvas);

/* A filled rectangle; what lies outside of the canvas is cut off. */
void canvas_fill(struct canvas *canvas, int x, int y, int width, int height, uint32_t colour);
/* A decimal number in digits of 3 by 5 dots, each `dot` pixels wide and high: the width it took. */
int canvas_number(struct canvas *canvas, int x, int y, int dot, unsigned value, uint32_t colour);
/* Brings what changed onto the screen. False with errno set. */
bool canvas_show(struct canvas *canvas);
