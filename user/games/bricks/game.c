/* Bricks: the rules. */
#include "user/games/bricks/game.h"
#include <string.h>

enum { PADDLE_SPEED = 6, STEPS = 4 /* the ball moves in so many steps, none longer than it is */ };

static void set_up_bricks(struct game *g)
{
    memset(g->bricks, 1, sizeof g->bricks);
    g->left = ROWS * COLUMNS;
}

/* Puts the ball on the paddle. */
static void hold_ball(struct game *g)
{
    g->held = true;
    g->x = (g->paddle + (PADDLE_WIDTH - BALL) / 2) * UNIT;
    g->y = (PADDLE_TOP - BALL) * UNIT;
}

void game_start(struct game *g)
{
    memset(g, 0, sizeof *g);
    g->lives = LIVES;
    g->level = 1;
    g->paddle = (FIELD_WIDTH - PADDLE_WIDTH) / 2;
    set_up_bricks(g);
    hold_ball(g);
}

static void move_paddle(struct game *g, const struct game_input *in)
{
    if (in->pointer >= 0)
        g->paddle = in->pointer - PADDLE_WIDTH / 2;
    g->paddle += in->push * PADDLE_SPEED;
    if (g->paddle < 0)
        g->paddle = 0;
    if (g->paddle > FIELD_WIDTH - PADDLE_WIDTH)
        g->paddle = FIELD_WIDTH - PADDLE_WIDTH;
}

/* Takes out the brick at a pixel, if there is one. */
static bool hit_brick(struct game *g, int x, int y)
{
    int row = (y - BRICKS_TOP) / CELL_HEIGHT, column = x / CELL_WIDTH;
    if (y < BRICKS_TOP || row >= ROWS || x < 0 || column >= COLUMNS || !g->bricks[row][column])
        return false;
    g->bricks[row][column] = 0;
    g->left--;
    g->score += (unsigned)(ROWS - row);
    g->sound = SOUND_BRICK;
    return true;
}

/* Whether the ball, where it is now, runs into bricks, which it takes out. */
static bool in_bricks(struct game *g)
{
    int x = g->x / UNIT, y = g->y / UNIT;
    bool hit = hit_brick(g, x, y);
    hit |= hit_brick(g, x + BALL - 1, y);
    hit |= hit_brick(g, x, y + BALL - 1);
    hit |= hit_brick(g, x + BALL - 1, y + BALL - 1);
    return hit;
}

static void bounce(int *position, int *speed, int step)
{
    *position -= step;
    *speed = -*speed;
}

static void step_across(struct game *g)
{
    int step = g->vx / STEPS;
    g->x += step;
    if (g->x < 0 || g->x > (FIELD_WIDTH - BALL) * UNIT) {
        g->sound = SOUND_WALL;
        bounce(&g->x, &g->vx, step);
    } else if (in_bricks(g)) {
        bounce(&g->x, &g->vx, step);
    }
}

/* The paddle sends the ball where it was hit: outwards near its ends, and a little faster. */
static void hit_paddle(struct game *g, int step)
{
    int middle = g->x / UNIT + BALL / 2 - (g->paddle + PADDLE_WIDTH / 2);
    bounce(&g->y, &g->vy, step);
    g->vx = middle * 36;
    if (g->vy > -6 * UNIT)
        g->vy -= UNIT / 16;
    g->sound = SOUND_PADDLE;
}

static void step_down(struct game *g)
{
    int step = g->vy / STEPS;
    g->y += step;
    int x = g->x / UNIT, bottom = g->y / UNIT + BALL;
    if (g->y < FIELD_TOP * UNIT) {
        g->sound = SOUND_WALL;
        bounce(&g->y, &g->vy, step);
    } else if (g->vy > 0 && bottom > PADDLE_TOP && bottom <= PADDLE_TOP + PADDLE_HEIGHT &&
               x + BALL > g->paddle && x < g->paddle + PADDLE_WIDTH) {
        hit_paddle(g, step);
    } else if (in_bricks(g)) {
        bounce(&g->y, &g->vy, step);
    }
}

static void lose_ball(struct game *g)
{
    g->sound = SOUND_LOST;
    g->lives--;
    g->over = g->lives == 0;
    hold_ball(g);
}

static void clear_level(struct game *g)
{
    g->sound = SOUND_CLEARED;
    g->level++;
    set_up_bricks(g);
    hold_ball(g);
}

static void fire(struct game *g)
{
    if (g->over) {
        game_start(g);
        return;
    }
    g->held = false;
    g->vx = UNIT * 5 / 2;
    g->vy = -(UNIT * 3 + UNIT / 4 * (int)(g->level < 8 ? g->level : 8));
}

void game_step(struct game *g, const struct game_input *in)
{
    g->sound = SOUND_NONE;
    move_paddle(g, in);
    if (g->held) {
        hold_ball(g);
        if (in->fire)
            fire(g);
        return;
    }
    for (int i = 0; i < STEPS && g->left > 0; i++) {
        step_across(g);
        step_down(g);
    }
    if (g->left == 0)
        clear_level(g);
    else if (g->y > FIELD_HEIGHT * UNIT)
        lose_ball(g);
}
