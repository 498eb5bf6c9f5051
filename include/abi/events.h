#pragma once
/*
 * /dev/events: keys and the pointer, one line of text for each event.
 *
 *   - kd NAME, ku NAME: a key went down, up; NAME is of hw/key.def, which is SDL_SCANCODE_NAME's.
 *     A key that is held does not repeat.
 *   - mm X Y: the pointer is now at this pixel of the screen, counted from the top left corner.
 *   - md B, mu B: a button went down, up: 1 left, 2 middle, 3 right, 4 and 5 the wheel turned away
 *     from and towards the user, 8 and 9 the side buttons.
 *
 * A read returns one whole event with its newline. It fails with EINVAL and leaves the event for
 * the next one when the buffer is too small (EVENTS_LINE_MAX bytes are always enough), and returns
 * 0 when there is none. Every opening has a queue of its own, with what happened since it was
 * opened; when it is full (EVENTS_QUEUE_MAX events) the oldest is lost. poll() reports POLLIN while
 * there are events. FIONREAD gives the size of the next event.
 *
 * ioctl(fd, EVENTS_SETMODE, mode) changes this opening:
 */
#define EVENTS_SETMODE 0x4501

enum {
    EVENTS_BLOCK = 1 << 0,   /* read waits for an event; with O_NONBLOCK it fails with EAGAIN */
    EVENTS_POINTER = 1 << 1, /* mm, md and mu come as well, from now on */
};

enum {
    EVENTS_LINE_MAX = 32,
    EVENTS_QUEUE_MAX = 256,
};
