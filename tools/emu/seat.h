#pragma once
/*
 * The place of the person at the machine: a screen, a keyboard, a tablet and a mouse, as backends
 * for devices (backend.h) on one side, and for whoever stands for the person on the other: a window
 * (host/window.c), a script (player.c), screenshots. It is plain memory and knows no window system.
 *
 * Everything here, reading the fields as well, needs the machine's lock.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/emu/backend.h"

enum { SEAT_CURSOR_MAX = 64 * 64 };

struct seat {
    struct display_backend display;
    struct input_backend keyboard, tablet, mouse;
    uint32_t width, height;      /* of the screen; 0: it is off */
    uint32_t *pixels;            /* 00rrggbb, rows of `width` */
    uint32_t dirty_x0, dirty_y0; /* what changed since seat_clean(): up to, not including, the */
    uint32_t dirty_x1, dirty_y1; /* other corner; empty if x1 is 0 */
    uint32_t cursor[SEAT_CURSOR_MAX];     /* aarrggbb */
    uint32_t cursor_width, cursor_height; /* 0: none */
    uint32_t cursor_hot_x, cursor_hot_y, cursor_x, cursor_y;
    unsigned cursor_shapes;           /* how often it got another shape */
    uint32_t leds;                    /* bit LED_... */
    uint32_t wish_width, wish_height; /* said last by seat_resize() */
};

/* An empty seat, whose backends are not yet anybody's. */
void seat_init(struct seat *seat);
void seat_free(struct seat *seat);

/* Whether a device has taken the screen; a keyboard; a pointer of either kind. */
bool seat_has_screen(const struct seat *seat);
bool seat_has_keyboard(const struct seat *seat);
bool seat_has_pointer(const struct seat *seat);

/* Whoever shows the screen has seen all of it. */
void seat_clean(struct seat *seat);

/*
 * What the person does, now. Without a device for it nothing happens. A key's code is key.def's, a
 * button's one of enum evdev_button.
 */
void seat_key(struct seat *seat, unsigned code, bool down);
void seat_button(struct seat *seat, unsigned button, bool down);
/*
 * The pointer is on this pixel of the screen: beyond its edges, on the edge. While the screen is
 * off pixels are the tablet's own units.
 */
void seat_point(struct seat *seat, int64_t x, int64_t y);
/* The mouse moved so far. */
void seat_move(struct seat *seat, int32_t dx, int32_t dy);
/* So many clicks, positive: away from the person, or to the right. */
void seat_wheel(struct seat *seat, int32_t dy, int32_t dx);
/* The person would like a screen of that size. */
void seat_resize(struct seat *seat, uint32_t width, uint32_t height);
