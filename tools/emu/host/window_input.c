/* What the person does with a window. */
#include "tools/emu/host/window_private.h"

#ifdef HAVE_SDL2

#    include <stdio.h>

#    include "hw/evdev.h"

enum { SETTLE_TICKS = 20 /* a window's size must have stayed so long to be a wish */ };

bool window_has_tablet(const struct window *w)
{
    return w->seat->tablet.backend.taken;
}

/* Motion that the guest has no room for is lost: later motion says more. */
static bool has_room(const struct window *w)
{
    const struct backend *b =
        window_has_tablet(w) ? &w->seat->tablet.backend : &w->seat->mouse.backend;

    return b->taken && machine_input_room(w->machine, b->source) != 0;
}

static void tell_motion(struct window *w)
{
    if ((!w->moved && w->dx == 0 && w->dy == 0) || !has_room(w))
        return;
    machine_lock(w->machine);
    if (w->moved)
        seat_point(w->seat, w->x, w->y);
    if (w->dx != 0 || w->dy != 0)
        seat_move(w->seat, w->dx, w->dy);
    machine_unlock(w->machine);
    w->moved = false;
    w->dx = w->dy = 0;
}

static void tell_key(struct window *w, unsigned code, bool down)
{
    w->down[code] = down;
    machine_lock(w->machine);
    seat_key(w->seat, code, down);
    machine_unlock(w->machine);
}

static void release_keys(struct window *w)
{
    for (unsigned code = 0; code < KEYS_CODE_MAX; code++)
        if (w->down[code])
            tell_key(w, code, false);
}

static void show_title(struct window *w)
{
    char title[160];

    snprintf(title, sizeof title, "%s%s", w->title,
             w->caught ? " - Ctrl-Alt-G frees keyboard and pointer" : "");
    sdl.SetWindowTitle(w->window, title);
}

/*
 * Keyboard and pointer are the guest's alone, also where the window manager has uses for them, or
 * are not any more. A mouse says how far it moved, so its pointer need not be anywhere.
 */
static void grab(struct window *w, bool caught)
{
    w->caught = caught;
    sdl.SetWindowGrab(w->window, caught ? SDL_TRUE : SDL_FALSE);
    if (!window_has_tablet(w))
        sdl.SetRelativeMouseMode(caught ? SDL_TRUE : SDL_FALSE);
    show_title(w);
}

static void toggle_full_screen(struct window *w)
{
    bool is_full = (sdl.GetWindowFlags(w->window) & SDL_WINDOW_FULLSCREEN_DESKTOP) != 0;

    sdl.SetWindowFullscreen(w->window, is_full ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP);
    w->redraw = true;
}

/* Keys that are ours. */
static bool own_key(struct window *w, const SDL_KeyboardEvent *e)
{
    if ((e->keysym.mod & KMOD_CTRL) == 0 || (e->keysym.mod & KMOD_ALT) == 0)
        return false;
    if (e->keysym.scancode != SDL_SCANCODE_F && e->keysym.scancode != SDL_SCANCODE_G)
        return false;
    release_keys(w);
    if (e->keysym.scancode == SDL_SCANCODE_F)
        toggle_full_screen(w);
    else
        grab(w, !w->caught);
    return true;
}

static void handle_key(struct window *w, const SDL_KeyboardEvent *e)
{
    unsigned code = keys_by_usage((unsigned)e->keysym.scancode);
    bool down = e->type == SDL_KEYDOWN;

    if (e->repeat != 0 || code == 0 || (down && own_key(w, e)))
        return;
    if (w->down[code] != down)
        tell_key(w, code, down);
}

static void handle_button(struct window *w, const SDL_MouseButtonEvent *e)
{
    static const unsigned codes[] = {
        [SDL_BUTTON_LEFT] = BTN_LEFT,   [SDL_BUTTON_MIDDLE] = BTN_MIDDLE,
        [SDL_BUTTON_RIGHT] = BTN_RIGHT, [SDL_BUTTON_X1] = BTN_SIDE,
        [SDL_BUTTON_X2] = BTN_EXTRA,
    };

    if (e->button >= sizeof codes / sizeof codes[0] || codes[e->button] == 0)
        return;
    if (!window_has_tablet(w) && !w->caught) {
        if (e->type == SDL_MOUSEBUTTONUP && w->seat->mouse.backend.taken)
            grab(w, true);
        return;
    }
    tell_motion(w);
    machine_lock(w->machine);
    seat_button(w->seat, codes[e->button], e->type == SDL_MOUSEBUTTONDOWN);
    machine_unlock(w->machine);
}

static void handle_motion(struct window *w, const SDL_MouseMotionEvent *e)
{
    if (window_has_tablet(w)) {
        w->moved = true;
        w->x = e->x;
        w->y = e->y;
    } else if (w->caught) {
        w->dx += e->xrel;
        w->dy += e->yrel;
    }
}

static void handle_wheel(struct window *w, const SDL_MouseWheelEvent *e)
{
    int sign = e->direction == SDL_MOUSEWHEEL_FLIPPED ? -1 : 1;

    if (!window_has_tablet(w) && !w->caught)
        return;
    tell_motion(w);
    machine_lock(w->machine);
    seat_wheel(w->seat, sign * e->y, sign * e->x);
    machine_unlock(w->machine);
}

static void handle_window(struct window *w, const SDL_WindowEvent *e)
{
    switch (e->event) {
    case SDL_WINDOWEVENT_FOCUS_LOST:
        release_keys(w);
        if (w->caught)
            grab(w, false);
        break;
    case SDL_WINDOWEVENT_RESIZED:
        if (e->data1 != w->set_width || e->data2 != w->set_height) {
            w->wish_width = e->data1;
            w->wish_height = e->data2;
            w->settle = SETTLE_TICKS;
        }
        w->redraw = true;
        break;
    case SDL_WINDOWEVENT_CLOSE:
        machine_lock(w->machine);
        w->closed(w->arg);
        machine_unlock(w->machine);
        break;
    default: w->redraw = true; break;
    }
}

void window_handle(struct window *w, const SDL_Event *e)
{
    switch (e->type) {
    case SDL_KEYDOWN:
    case SDL_KEYUP: handle_key(w, &e->key); break;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP: handle_button(w, &e->button); break;
    case SDL_MOUSEMOTION: handle_motion(w, &e->motion); break;
    case SDL_MOUSEWHEEL: handle_wheel(w, &e->wheel); break;
    case SDL_WINDOWEVENT: handle_window(w, &e->window); break;
    default: break;
    }
}

/* A window that has kept a size for a while is what the person wants. */
static void settle(struct window *w)
{
    if (w->settle == 0 || --w->settle != 0)
        return;
    machine_lock(w->machine);
    seat_resize(w->seat, (uint32_t)w->wish_width, (uint32_t)w->wish_height);
    machine_unlock(w->machine);
}

void window_tell(struct window *w)
{
    tell_motion(w);
    settle(w);
}

#endif
