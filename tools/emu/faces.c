#include "tools/emu/faces.h"

#include <stdio.h>

#include "tools/emu/host/window.h"
#include "tools/emu/message.h"
#include "tools/emu/options.h"

int faces_open(struct faces *f, const struct options *options)
{
    char err[256];

    *f = (struct faces){.options = options};
    seat_init(&f->seat);
    for (unsigned i = 0; i < options->screenshot_count; i++) {
        if (screenshots_add(&f->shots, options->screenshots[i], err, sizeof err) != 0) {
            message("--screenshot: %s", err);
            return -1;
        }
    }
    return options->input == NULL || player_open(&f->player, options->input) == 0 ? 0 : -1;
}

struct backend *faces_backends(struct faces *f)
{
    f->seat.display.backend.next = &f->seat.keyboard.backend;
    f->seat.keyboard.backend.next = &f->seat.tablet.backend;
    f->seat.tablet.backend.next = &f->seat.mouse.backend;
    f->seat.mouse.backend.next = NULL;
    return &f->seat.display.backend;
}

static void make_title(struct faces *f)
{
    const char *name = f->options->name;

    snprintf(f->title, sizeof f->title, name[0] != '\0' ? "Tarn (%s)" : "Tarn", name);
}

/*
 * Without -display there is a window if there is something to see and somewhere to show it; then it
 * is no error if that does not succeed.
 */
static int open_window(struct faces *f, void (*quit)(void *arg), void *arg)
{
    enum options_display display = f->options->display;
    char err[256];

    if (display == DISPLAY_NONE)
        return 0;
    if (!seat_has_screen(&f->seat)) {
        if (display == DISPLAY_SDL)
            message("no window: the machine has no screen (-device virtio-gpu-device makes one)");
        return 0;
    }
    if (display == DISPLAY_DEFAULT && (f->options->no_defaults || !window_likely()))
        return 0;
    make_title(f);
    f->window = window_open(f->machine, &f->seat, f->title, quit, arg, err, sizeof err);
    if (f->window != NULL || display == DISPLAY_DEFAULT)
        return 0;
    message("-display sdl: %s", err);
    return -1;
}

int faces_start(struct faces *f, struct machine *m, void (*quit)(void *arg), void *arg)
{
    f->machine = m;
    if (f->shots.count != 0 && !seat_has_screen(&f->seat)) {
        message("--screenshot: the machine has no screen (-device virtio-gpu-device makes one)");
        return -1;
    }
    screenshots_start(&f->shots, m, &f->seat);
    f->started = true;
    if (player_start(&f->player, m, &f->seat, quit, arg) == 0 && open_window(f, quit, arg) == 0)
        return 0;
    f->started = false;
    return -1;
}

void faces_output(struct faces *f, const uint8_t *bytes, size_t n)
{
    screenshots_output(&f->shots, bytes, n);
    player_output(&f->player, bytes, n);
}

uint64_t faces_next(const struct faces *f)
{
    return screenshots_next(&f->shots);
}

void faces_spent(struct faces *f, uint64_t spent)
{
    screenshots_spent(&f->shots, spent);
}

int faces_finish(struct faces *f, int status)
{
    bool good;

    if (!f->started)
        return status;
    good = screenshots_finish(&f->shots);
    good &= player_finish(&f->player);
    window_close(f->window);
    f->window = NULL;
    return good || status != 0 ? status : EXIT_USAGE;
}

void faces_close(struct faces *f)
{
    window_close(f->window);
    f->window = NULL;
    player_close(&f->player);
    screenshots_free(&f->shots);
    seat_free(&f->seat);
}
