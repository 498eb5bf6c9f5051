#pragma once
/* Bricks: what is seen and heard of a game. */
#include "user/games/bricks/game.h"
#include "user/lib/audio.h"
#include "user/lib/display.h"

struct view {
    struct canvas canvas;
    struct game shown; /* what is drawn */
};

/* Draws all of it. */
void view_start(struct view *view, const struct game *game);
/* Draws what has changed since. */
void view_update(struct view *view, const struct game *game);

/* The sound effects: one at a time, the latest. */
enum { VOICE_RATE = 22050 };

struct voice {
    struct audio audio;
    bool open;
    struct tone tone;
    size_t size;           /* of the device's queue, in bytes */
    unsigned left, length; /* samples of the effect: still to come, in all */
};

/* Without a sound device all of it does nothing. */
void voice_open(struct voice *voice);
void voice_close(struct voice *voice);
/* Queues a frame's samples, `frames_per_second` of which make a second. */
void voice_frame(struct voice *voice, enum game_sound sound, unsigned frames_per_second);
