/* Input events from drivers: which keys are down, where the pointer is. */
#include "kernel/dev/input.h"
#include <stddef.h>
#include "hw/evdev.h"
#include "kernel/dev/fb.h"
#include "kernel/sched/sched.h"

static const char *const key_names[] = {
#define KEY(name, evdev, usage, am) [evdev] = #name,
#include "hw/key.def"
};

#define CODES 0x200u /* keys and buttons */

static struct {
    struct spinlock lock;
    uint32_t down[CODES / 32]; /* bits: keys and buttons that are down */
    uint32_t x, y;             /* the pointer, in pixels */
    bool moved;                /* since the last EVENT_MOVE */
} input = {.lock = SPINLOCK_INIT};

const char *input_key_name(unsigned code)
{
    return code < sizeof key_names / sizeof *key_names ? key_names[code] : NULL;
}

/* Whether this changes the key's state, which is recorded. */
static bool key_changes(unsigned code, bool down)
{
    uint32_t bit = 1u << code % 32, *word = &input.down[code / 32];
    if (down == !!(*word & bit))
        return false;
    *word ^= bit;
    return true;
}

/* The number of a button in /dev/events (X11's and SDL's, the wheel as in X11), 0: none. */
static unsigned button_number(unsigned code)
{
    switch (code) {
    case BTN_LEFT: return 1;
    case BTN_MIDDLE: return 2;
    case BTN_RIGHT: return 3;
    case BTN_GEAR_UP: return 4;
    case BTN_GEAR_DOWN: return 5;
    case BTN_SIDE: return 8;
    case BTN_EXTRA: return 9;
    default: return 0;
    }
}

static void post_move(void)
{
    if (input.moved)
        events_post(EVENT_MOVE, input.x, input.y);
    input.moved = false;
}

static void report_key(unsigned code, int32_t value)
{
    unsigned button = button_number(code);
    if ((value != 0 && value != 1) || code >= CODES || !key_changes(code, value))
        return;
    if (button > 0) {
        post_move(); /* it was pressed where the pointer is now */
        events_post(value ? EVENT_BUTTON_DOWN : EVENT_BUTTON_UP, button, 0);
    } else if (input_key_name(code)) {
        events_post(value ? EVENT_KEY_DOWN : EVENT_KEY_UP, code, 0);
    }
}

/* Pixels along an axis: the screen's, or without one as many as the device tells apart. */
static uint32_t extent(unsigned axis, const struct input_axis *range)
{
    unsigned size[2];
    if (fb_size(&size[0], &size[1]))
        return size[axis];
    int64_t steps = (int64_t)range->max - range->min + 1;
    return steps > 0x8000 ? 0x8000 : (uint32_t)steps;
}

static void move_to(unsigned axis, uint32_t where)
{
    uint32_t *at = axis == 0 ? &input.x : &input.y;
    input.moved |= *at != where;
    *at = where;
}

/* The ends of the axis are the first and the last pixel; in between the nearest one. */
static void report_absolute(const struct input_source *source, unsigned axis, int32_t value)
{
    const struct input_axis *range = &source->axes[axis];
    if (range->max <= range->min)
        return;
    value = value < range->min ? range->min : value > range->max ? range->max : value;
    uint64_t offset = (uint64_t)((int64_t)value - range->min);
    uint64_t span = (uint64_t)((int64_t)range->max - range->min);
    uint64_t last = extent(axis, range) - 1;
    move_to(axis, (uint32_t)((offset * last + span / 2) / span));
}

static void report_relative(unsigned axis, int32_t value)
{
    static const struct input_axis any = {0, 0x7fff};
    int64_t at = (int64_t)(axis == 0 ? input.x : input.y) + value, last = extent(axis, &any) - 1;
    move_to(axis, (uint32_t)(at < 0 ? 0 : at > last ? last : at));
}

/* A wheel's steps are presses of its buttons; a nonsensical number of them is cut. */
static void report_wheel(int32_t value)
{
    unsigned button = value > 0 ? 4 : 5;
    int64_t steps = value > 0 ? value : -(int64_t)value;
    post_move();
    for (int i = 0; i < steps && i < 16; i++) {
        events_post(EVENT_BUTTON_DOWN, button, 0);
        events_post(EVENT_BUTTON_UP, button, 0);
    }
}

void input_report(const struct input_source *source, unsigned type, unsigned code, int32_t value)
{
    spin_lock(&input.lock);
    if (type == EV_KEY)
        report_key(code, value);
    else if (type == EV_ABS && code <= ABS_Y)
        report_absolute(source, code, value);
    else if (type == EV_REL && code <= REL_Y)
        report_relative(code, value);
    else if (type == EV_REL && code == REL_WHEEL)
        report_wheel(value);
    else if (type == EV_SYN && code == SYN_REPORT)
        post_move();
    spin_unlock(&input.lock);
}

void input_add(void)
{
    events_init();
}
