#pragma once
/* What window.c and window_input.c share: a window, and what the person does with it. */
#ifdef HAVE_SDL2

#    include "tools/emu/host/sdl.h"

#    include "tools/emu/host/host.h"
#    include "tools/emu/host/window.h"
#    include "tools/emu/keys.h"

struct window {
    struct machine *machine;
    struct seat *seat;
    const char *title;
    void (*closed)(void *arg);
    void *arg;
    struct host_poll poll;

    SDL_Window *window;
    SDL_Renderer *renderer;
    SDL_Texture *screen;    /* NULL: it is off */
    uint32_t width, height; /* of the screen */
    bool redraw;

    SDL_Texture *pointer;          /* of a guest that has a mouse; drawn over the screen */
    SDL_Cursor *cursor;            /* of one that has a tablet: the host's takes that shape */
    unsigned shapes;               /* seat->cursor_shapes that these are of */
    uint32_t pointer_x, pointer_y; /* where it was drawn */

    int set_width, set_height;   /* the size that we gave the window last */
    int wish_width, wish_height; /* ... and the person */
    unsigned settle;             /* ticks until that is a wish; 0: none */
    bool down[KEYS_CODE_MAX];
    bool caught; /* keyboard and pointer are the guest's alone */
    bool moved;  /* a tablet's position not yet told: */
    int32_t x, y;
    int32_t dx, dy; /* a mouse's distance not yet told */
};

/* --- window_input.c ------------------------------------------------------------------------- */

bool window_has_tablet(const struct window *w);

void window_handle(struct window *w, const SDL_Event *event);

/* What has been gathered since the last tick: motion, and a window's size that has settled. */
void window_tell(struct window *w);

#endif
