/* Screen contents and input events between devices and whoever stands for the person. */
#include "tools/emu/seat.h"

#include <stdlib.h>
#include <string.h>

#include "hw/evdev.h"
#include "hw/virtio_input.h"
#include "tools/emu/machine.h"

/* --- the devices' side ------------------------------------------------------------------------ */

static struct seat *seat_of(struct display_backend *b)
{
    return (struct seat *)((char *)b - offsetof(struct seat, display));
}

static void mark(struct seat *seat, uint32_t x0, uint32_t y0, uint32_t x1, uint32_t y1)
{
    if (seat->dirty_x1 == 0) {
        seat->dirty_x0 = x0;
        seat->dirty_y0 = y0;
        seat->dirty_x1 = x1;
        seat->dirty_y1 = y1;
        return;
    }
    seat->dirty_x0 = x0 < seat->dirty_x0 ? x0 : seat->dirty_x0;
    seat->dirty_y0 = y0 < seat->dirty_y0 ? y0 : seat->dirty_y0;
    seat->dirty_x1 = x1 > seat->dirty_x1 ? x1 : seat->dirty_x1;
    seat->dirty_y1 = y1 > seat->dirty_y1 ? y1 : seat->dirty_y1;
}

static void display_resize(struct display_backend *b, uint32_t width, uint32_t height)
{
    struct seat *seat = seat_of(b);

    free(seat->pixels);
    seat->pixels = NULL;
    seat->width = seat->height = 0;
    seat_clean(seat);
    if (width == 0 || height == 0)
        return;
    seat->pixels = calloc(height, (size_t)width * sizeof *seat->pixels);
    if (seat->pixels == NULL)
        return; /* off is the best that can be done */
    seat->width = width;
    seat->height = height;
    mark(seat, 0, 0, width, height);
}

static void display_update(struct display_backend *b, uint32_t x, uint32_t y, uint32_t width,
                           uint32_t height, const uint32_t *pixels, size_t stride)
{
    struct seat *seat = seat_of(b);

    if (x >= seat->width || y >= seat->height || width == 0 || height == 0)
        return;
    if (width > seat->width - x)
        width = seat->width - x;
    if (height > seat->height - y)
        height = seat->height - y;
    for (uint32_t row = 0; row < height; row++)
        memcpy(seat->pixels + (size_t)(y + row) * seat->width + x,
               (const char *)pixels + row * stride, width * sizeof *pixels);
    mark(seat, x, y, x + width, y + height);
}

static void display_cursor(struct display_backend *b, const uint32_t *pixels, uint32_t width,
                           uint32_t height, uint32_t hot_x, uint32_t hot_y)
{
    struct seat *seat = seat_of(b);

    seat->cursor_shapes++;
    seat->cursor_width = seat->cursor_height = 0;
    if (pixels == NULL || width == 0 || height == 0 || height > SEAT_CURSOR_MAX / width)
        return;
    memcpy(seat->cursor, pixels, (size_t)width * height * sizeof *pixels);
    seat->cursor_width = width;
    seat->cursor_height = height;
    seat->cursor_hot_x = hot_x < width ? hot_x : width - 1;
    seat->cursor_hot_y = hot_y < height ? hot_y : height - 1;
}

static void display_move_cursor(struct display_backend *b, uint32_t x, uint32_t y)
{
    struct seat *seat = seat_of(b);

    seat->cursor_x = x;
    seat->cursor_y = y;
}

static void keyboard_leds(struct input_backend *b, uint32_t leds)
{
    struct seat *seat = (struct seat *)((char *)b - offsetof(struct seat, keyboard));

    seat->leds = leds;
}

/* --- the person's side ------------------------------------------------------------------------ */

void seat_init(struct seat *seat)
{
    *seat = (struct seat){
        .display = {.backend = {.kind = BACKEND_DISPLAY},
                    .resize = display_resize,
                    .update = display_update,
                    .cursor = display_cursor,
                    .move_cursor = display_move_cursor},
        .keyboard = {.backend = {.kind = BACKEND_KEYBOARD}, .leds = keyboard_leds},
        .tablet = {.backend = {.kind = BACKEND_TABLET}},
        .mouse = {.backend = {.kind = BACKEND_MOUSE}},
    };
}

void seat_free(struct seat *seat)
{
    free(seat->pixels);
    seat->pixels = NULL;
    seat->width = seat->height = 0;
}

bool seat_has_screen(const struct seat *seat)
{
    return seat->display.backend.taken;
}

bool seat_has_keyboard(const struct seat *seat)
{
    return seat->keyboard.backend.taken;
}

bool seat_has_pointer(const struct seat *seat)
{
    return seat->tablet.backend.taken || seat->mouse.backend.taken;
}

void seat_clean(struct seat *seat)
{
    seat->dirty_x0 = seat->dirty_y0 = seat->dirty_x1 = seat->dirty_y1 = 0;
}

/* Bytes for the device that has taken the backend. If there is no memory they are lost. */
static void post(const struct backend *b, const void *bytes, size_t n)
{
    if (b->taken)
        machine_post(b->machine, machine_now(b->machine), b->source, bytes, n);
}

static void put_le(uint8_t *p, uint32_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        p[i] = (uint8_t)(value >> 8 * i);
}

enum { EVENT_SIZE = sizeof(struct virtio_input_event) };

static void put_event(uint8_t *p, unsigned type, unsigned code, uint32_t value)
{
    put_le(p, type, 2);
    put_le(p + 2, code, 2);
    put_le(p + 4, value, 4);
}

/* Up to two events of a type, and the end of the report. */
static void report(const struct input_backend *b, unsigned type, unsigned code0, uint32_t value0,
                   unsigned count, unsigned code1, uint32_t value1)
{
    uint8_t bytes[3 * EVENT_SIZE];

    put_event(bytes, type, code0, value0);
    put_event(bytes + EVENT_SIZE, type, code1, value1);
    put_event(bytes + (size_t)count * EVENT_SIZE, EV_SYN, SYN_REPORT, 0);
    post(&b->backend, bytes, (count + 1) * EVENT_SIZE);
}

void seat_key(struct seat *seat, unsigned code, bool down)
{
    report(&seat->keyboard, EV_KEY, code, down, 1, 0, 0);
}

/* The device that buttons and the wheel belong to. */
static const struct input_backend *pointer(const struct seat *seat)
{
    return seat->tablet.backend.taken ? &seat->tablet : &seat->mouse;
}

void seat_button(struct seat *seat, unsigned button, bool down)
{
    report(pointer(seat), EV_KEY, button, down, 1, 0, 0);
}

/* The middle of a pixel on the tablet: it comes back to that pixel however it is rounded. */
static uint32_t to_axis(int64_t pixel, uint32_t size)
{
    if (size == 0)
        size = INPUT_ABS_MAX + 1;
    if (pixel < 0)
        pixel = 0;
    if (pixel >= size)
        pixel = size - 1;
    return (uint32_t)((2 * (uint64_t)pixel + 1) * (INPUT_ABS_MAX + 1) / (2 * (uint64_t)size));
}

void seat_point(struct seat *seat, int64_t x, int64_t y)
{
    report(&seat->tablet, EV_ABS, ABS_X, to_axis(x, seat->width), 2, ABS_Y,
           to_axis(y, seat->height));
}

void seat_move(struct seat *seat, int32_t dx, int32_t dy)
{
    report(&seat->mouse, EV_REL, REL_X, (uint32_t)dx, 2, REL_Y, (uint32_t)dy);
}

void seat_wheel(struct seat *seat, int32_t dy, int32_t dx)
{
    if (dy != 0)
        report(pointer(seat), EV_REL, REL_WHEEL, (uint32_t)dy, 1, 0, 0);
    if (dx != 0)
        report(pointer(seat), EV_REL, REL_HWHEEL, (uint32_t)dx, 1, 0, 0);
}

void seat_resize(struct seat *seat, uint32_t width, uint32_t height)
{
    uint8_t wish[sizeof(struct display_wish)];

    if (width == seat->wish_width && height == seat->wish_height)
        return;
    seat->wish_width = width;
    seat->wish_height = height;
    put_le(wish, width, 4);
    put_le(wish + 4, height, 4);
    post(&seat->display.backend, wish, sizeof wish);
}
