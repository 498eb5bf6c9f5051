#pragma once
/*
 * Input: from what drivers report, in Linux's terms (hw/evdev.h), to the lines of /dev/events
 * (abi/events.h).
 */
#include <stdbool.h>
#include <stdint.h>

/* What a driver says of a device; constant once it has reported. */
struct input_source {
    struct input_axis {
        int32_t min, max; /* of EV_ABS values; max <= min: it has no such axis */
    } axes[2];            /* ABS_X, ABS_Y */
};

/* There is an input device: the first one makes /dev/events. Thread context. */
void input_add(void);

/* One event from a device; values out of range are clamped, unknown codes ignored. Any context. */
void input_report(const struct input_source *source, unsigned type, unsigned code, int32_t value);

/* ---- between input.c and events.c */

enum event_kind { EVENT_KEY_DOWN, EVENT_KEY_UP, EVENT_MOVE, EVENT_BUTTON_DOWN, EVENT_BUTTON_UP };

struct event {
    uint8_t kind;  /* enum event_kind */
    uint16_t a, b; /* key's evdev code; x and y; button */
};

/* Makes /dev/events; the second and later calls do nothing. */
void events_init(void);
/* Puts an event on the queue of every opening that wants it. Any context. */
void events_post(enum event_kind kind, unsigned a, unsigned b);
/* The name of a key, NULL: not in hw/key.def. */
const char *input_key_name(unsigned code);
