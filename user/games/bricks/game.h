#pragma once
/* Bricks: the rules. A frame is a call of game_step(); nothing here knows screen, keys or time. */
#include <stdbool.h>
#include <stdint.h>

enum {
    FIELD_WIDTH = 320,
    FIELD_HEIGHT = 240,
    FIELD_TOP = 16, /* above it is the score */
    COLUMNS = 10,
    ROWS = 6,
    CELL_WIDTH = FIELD_WIDTH / COLUMNS, /* a brick and the gap around it */
    CELL_HEIGHT = 12,
    BRICKS_TOP = 40,
    PADDLE_WIDTH = 48,
    PADDLE_HEIGHT = 6,
    PADDLE_TOP = 224,
    BALL = 4, /* wide and high */
    LIVES = 3,
    UNIT = 256, /* of a pixel: positions of the ball, and its speed for each frame */
};

/* What happened in a frame, for the ears. */
enum game_sound { SOUND_NONE, SOUND_WALL, SOUND_PADDLE, SOUND_BRICK, SOUND_LOST, SOUND_CLEARED };

struct game {
    int paddle;                    /* its left edge, in pixels */
    int x, y;                      /* the ball's top left corner, in UNITs */
    int vx, vy;                    /* its speed */
    bool held;                     /* it sits on the paddle */
    bool over;                     /* no balls are left */
    uint8_t bricks[ROWS][COLUMNS]; /* 1: there */
    unsigned left;                 /* bricks */
    unsigned lives, score, level;
    enum game_sound sound; /* of the last step */
};

struct game_input {
    int push;    /* -1, 0, 1: the paddle to the left, to the right */
    int pointer; /* where the paddle's middle goes, in pixels; -1: nowhere */
    bool fire;   /* let go of the ball; after the end: start again */
};

void game_start(struct game *game);
void game_step(struct game *game, const struct game_input *input);
