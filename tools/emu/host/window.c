#include "tools/emu/host/window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef HAVE_SDL2

bool window_available(void)
{
    return false;
}

bool window_likely(void)
{
    return false;
}

struct window *window_open(struct machine *m, struct seat *seat, const char *title,
                           void (*closed)(void *arg), void *arg, char *err, size_t err_size)
{
    (void)m;
    (void)seat;
    (void)title;
    (void)closed;
    (void)arg;
    snprintf(err, err_size, "built without SDL2");
    return NULL;
}

void window_close(struct window *w)
{
    (void)w;
}

#else

#    include "tools/emu/host/window_private.h"

enum {
    TICK_NS = 16000000, /* between looks at events and the screen */
    FIRST_WIDTH = 640,  /* before the guest has a screen */
    FIRST_HEIGHT = 480,
    SMALL = 400, /* screens up to this width are shown at twice their size */
};

bool window_available(void)
{
    return true;
}

bool window_likely(void)
{
    return getenv("DISPLAY") != NULL || getenv("WAYLAND_DISPLAY") != NULL;
}

/* --- what the person sees ------------------------------------------------------------------- */

/* Make the window as large as the screen, if that fits and it is not as the person likes it. */
static void fit_window(struct window *w)
{
    int scale = w->width <= SMALL ? 2 : 1;
    int width = (int)w->width * scale, height = (int)w->height * scale;
    SDL_Rect room;

    if (sdl.GetWindowFlags(w->window) & (SDL_WINDOW_FULLSCREEN_DESKTOP | SDL_WINDOW_MAXIMIZED))
        return;
    if (w->wish_width == (int)w->width && w->wish_height == (int)w->height)
        return;
    if (sdl.GetDisplayUsableBounds(sdl.GetWindowDisplayIndex(w->window), &room) == 0) {
        while (width > room.w || height > room.h) {
            width = width * 3 / 4;
            height = height * 3 / 4;
        }
    }
    w->set_width = width;
    w->set_height = height;
    sdl.SetWindowSize(w->window, width, height);
}

/* The screen has another size, or is off. */
static void change_mode(struct window *w, uint32_t width, uint32_t height)
{
    sdl.DestroyTexture(w->screen);
    w->screen = NULL;
    w->width = width;
    w->height = height;
    w->redraw = true;
    if (width == 0)
        return;
    w->screen = sdl.CreateTexture(w->renderer, SDL_PIXELFORMAT_RGB888, SDL_TEXTUREACCESS_STREAMING,
                                  (int)width, (int)height);
    sdl.RenderSetLogicalSize(w->renderer, (int)width, (int)height);
    fit_window(w);
}

/* Copy what has changed into the texture. The machine's lock is held for no longer than that. */
static void copy_screen(struct window *w, bool whole)
{
    struct seat *seat = w->seat;
    SDL_Rect r = {0};
    uint8_t *out;
    int pitch;

    machine_lock(w->machine);
    if (w->screen != NULL && seat->width == w->width && seat->height == w->height) {
        if (whole) {
            r = (SDL_Rect){0, 0, (int)w->width, (int)w->height};
        } else if (seat->dirty_x1 != 0) {
            r = (SDL_Rect){(int)seat->dirty_x0, (int)seat->dirty_y0,
                           (int)(seat->dirty_x1 - seat->dirty_x0),
                           (int)(seat->dirty_y1 - seat->dirty_y0)};
        }
        if (r.w != 0 && sdl.LockTexture(w->screen, &r, (void **)&out, &pitch) == 0) {
            for (int y = 0; y < r.h; y++)
                memcpy(out + (ptrdiff_t)y * pitch,
                       seat->pixels + (size_t)(r.y + y) * seat->width + r.x,
                       (size_t)r.w * sizeof *seat->pixels);
            sdl.UnlockTexture(w->screen);
            w->redraw = true;
        }
        seat_clean(seat);
    }
    machine_unlock(w->machine);
}

/* The guest's pointer has another shape. */
static void change_pointer(struct window *w, uint32_t *pixels, int width, int height, int hot_x,
                           int hot_y)
{
    SDL_Surface *surface;

    sdl.DestroyTexture(w->pointer);
    w->pointer = NULL;
    w->redraw = true;
    if (width == 0) {
        sdl.SetCursor(sdl.GetDefaultCursor());
        return;
    }
    surface = sdl.CreateRGBSurfaceWithFormatFrom(
        pixels, width, height, 32, width * (int)sizeof *pixels, SDL_PIXELFORMAT_ARGB8888);
    if (surface == NULL)
        return;
    if (window_has_tablet(w)) {
        SDL_Cursor *cursor = sdl.CreateColorCursor(surface, hot_x, hot_y);
        if (cursor != NULL) {
            sdl.SetCursor(cursor);
            sdl.FreeCursor(w->cursor);
            w->cursor = cursor;
        }
    } else {
        w->pointer = sdl.CreateTextureFromSurface(w->renderer, surface);
        if (w->pointer != NULL)
            sdl.SetTextureBlendMode(w->pointer, SDL_BLENDMODE_BLEND);
    }
    sdl.FreeSurface(surface);
}

/* Follow the guest's pointer; where it is to be drawn, if it is. */
static SDL_Rect follow_pointer(struct window *w)
{
    static uint32_t pixels[SEAT_CURSOR_MAX]; /* the session's thread is one */
    const struct seat *seat = w->seat;
    SDL_Rect where;
    int hot_x, hot_y;
    unsigned shapes;

    machine_lock(w->machine);
    shapes = seat->cursor_shapes;
    if (shapes != w->shapes)
        memcpy(pixels, seat->cursor, sizeof pixels);
    hot_x = (int)seat->cursor_hot_x;
    hot_y = (int)seat->cursor_hot_y;
    where = (SDL_Rect){(int)seat->cursor_x - hot_x, (int)seat->cursor_y - hot_y,
                       (int)seat->cursor_width, (int)seat->cursor_height};
    if (w->pointer_x != seat->cursor_x || w->pointer_y != seat->cursor_y) {
        w->pointer_x = seat->cursor_x;
        w->pointer_y = seat->cursor_y;
        w->redraw |= w->pointer != NULL;
    }
    machine_unlock(w->machine);
    if (shapes != w->shapes)
        change_pointer(w, pixels, where.w, where.h, hot_x, hot_y);
    w->shapes = shapes;
    return where;
}

static void draw(struct window *w)
{
    uint32_t width, height;
    bool whole;
    SDL_Rect where;

    machine_lock(w->machine);
    width = w->seat->width;
    height = w->seat->height;
    machine_unlock(w->machine);
    whole = width != w->width || height != w->height;
    if (whole)
        change_mode(w, width, height);
    copy_screen(w, whole);
    where = follow_pointer(w);
    if (!w->redraw)
        return;
    w->redraw = false;
    sdl.SetRenderDrawColor(w->renderer, 0, 0, 0, 255);
    sdl.RenderClear(w->renderer);
    if (w->screen != NULL)
        sdl.RenderCopy(w->renderer, w->screen, NULL, NULL);
    if (w->pointer != NULL)
        sdl.RenderCopy(w->renderer, w->pointer, NULL, &where);
    sdl.RenderPresent(w->renderer);
}

static void tick(struct host_poll *p, short revents)
{
    struct window *w = p->arg;
    SDL_Event e;

    (void)revents;
    while (sdl.PollEvent(&e) != 0)
        window_handle(w, &e);
    window_tell(w);
    draw(w);
    host_poll_deadline(&w->poll, host_now_ns(NULL) + TICK_NS);
}

/* --- life ----------------------------------------------------------------------------------- */

static bool fail(char *err, size_t err_size)
{
    snprintf(err, err_size, "%s", sdl.GetError());
    return false;
}

/*
 * Does a person see what SDL shows? Where it finds nothing better it draws into memory; that is for
 * those who ask for it.
 */
static bool is_visible(void)
{
    static const char *const blind[] = {"offscreen", "dummy", "evdev"};
    const char *driver = sdl.GetCurrentVideoDriver();

    if (getenv("SDL_VIDEODRIVER") != NULL)
        return true;
    for (unsigned i = 0; i < sizeof blind / sizeof blind[0]; i++)
        if (driver == NULL || strcmp(driver, blind[i]) == 0)
            return false;
    return true;
}

static bool open_sdl(struct window *w, char *err, size_t err_size)
{
    sdl.SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    sdl.SetHint(SDL_HINT_RENDER_SCALE_QUALITY, "linear");
    sdl.SetHint(SDL_HINT_GRAB_KEYBOARD, "1"); /* with the pointer, when that is grabbed */
    if (sdl.InitSubSystem(SDL_INIT_VIDEO) != 0)
        return fail(err, err_size);
    if (!is_visible()) {
        snprintf(err, err_size, "%s",
                 window_likely()
                     ? "the display that DISPLAY or WAYLAND_DISPLAY names does not answer"
                     : "there is no display (DISPLAY and WAYLAND_DISPLAY are not set)");
        return false;
    }
    w->window = sdl.CreateWindow(w->title, SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED,
                                 FIRST_WIDTH, FIRST_HEIGHT, SDL_WINDOW_RESIZABLE);
    if (w->window == NULL)
        return fail(err, err_size);
    w->set_width = FIRST_WIDTH;
    w->set_height = FIRST_HEIGHT;
    w->renderer = sdl.CreateRenderer(w->window, -1, 0);
    if (w->renderer == NULL)
        return fail(err, err_size);
    sdl.EnableScreenSaver();
    sdl.StopTextInput();
    return true;
}

struct window *window_open(struct machine *m, struct seat *seat, const char *title,
                           void (*closed)(void *arg), void *arg, char *err, size_t err_size)
{
    struct window *w;

    if (!sdl_load(err, err_size))
        return NULL;
    w = calloc(1, sizeof *w);
    if (w == NULL) {
        snprintf(err, err_size, "out of memory");
        return NULL;
    }
    w->machine = m;
    w->seat = seat;
    w->title = title;
    w->closed = closed;
    w->arg = arg;
    w->redraw = true;
    w->poll = (struct host_poll){.fd = -1, .ready = tick, .arg = w};
    host_poll_add(&w->poll);
    if (!open_sdl(w, err, err_size)) {
        window_close(w);
        return NULL;
    }
    host_poll_deadline(&w->poll, host_now_ns(NULL));
    return w;
}

void window_close(struct window *w)
{
    if (w == NULL)
        return;
    host_poll_remove(&w->poll);
    if (sdl.WasInit(SDL_INIT_VIDEO) != 0) {
        sdl.FreeCursor(w->cursor);
        if (w->renderer != NULL)
            sdl.DestroyRenderer(w->renderer); /* and its textures */
        if (w->window != NULL)
            sdl.DestroyWindow(w->window);
        sdl.QuitSubSystem(SDL_INIT_VIDEO);
    }
    free(w);
}

#endif
