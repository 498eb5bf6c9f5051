/* Bricks: the picture. */
#include "user/games/bricks/view.h"

enum {
    BACKGROUND = 0x101018,
    BALL_COLOUR = 0xffffff,
    PADDLE_COLOUR = 0x40c0ff,
    TEXT_COLOUR = 0xc0c0c0,
    OVER_COLOUR = 0xff4040,
};

static const uint32_t row_colours[ROWS] = {0xe04040, 0xe08030, 0xd8c030,
                                           0x40b040, 0x3080e0, 0x9050d0};

static void draw_brick(struct view *v, int row, int column, bool there)
{
    canvas_fill(&v->canvas, column * CELL_WIDTH + 1, BRICKS_TOP + row * CELL_HEIGHT + 1,
                CELL_WIDTH - 2, CELL_HEIGHT - 2, there ? row_colours[row] : BACKGROUND);
}

static void draw_ball(struct view *v, const struct game *g, uint32_t colour)
{
    canvas_fill(&v->canvas, g->x / UNIT, g->y / UNIT, BALL, BALL, colour);
}

static void draw_paddle(struct view *v, const struct game *g, uint32_t colour)
{
    canvas_fill(&v->canvas, g->paddle, PADDLE_TOP, PADDLE_WIDTH, PADDLE_HEIGHT, colour);
}

/* Score at the left, level in the middle, balls at the right. */
static void draw_status(struct view *v, const struct game *g)
{
    struct canvas *c = &v->canvas;
    canvas_fill(c, 0, 0, FIELD_WIDTH, FIELD_TOP - 1, BACKGROUND);
    canvas_fill(c, 0, FIELD_TOP - 1, FIELD_WIDTH, 1, TEXT_COLOUR);
    canvas_number(c, 4, 2, 2, g->score, g->over ? OVER_COLOUR : TEXT_COLOUR);
    canvas_number(c, FIELD_WIDTH / 2, 2, 2, g->level, TEXT_COLOUR);
    for (unsigned i = 0; i < g->lives; i++)
        canvas_fill(c, FIELD_WIDTH - 10 - (int)i * 8, 5, BALL, BALL, BALL_COLOUR);
}

static void draw_bricks(struct view *v, const struct game *g)
{
    for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < COLUMNS; column++) {
            if (v->shown.bricks[row][column] != g->bricks[row][column])
                draw_brick(v, row, column, g->bricks[row][column]);
        }
    }
}

void view_start(struct view *v, const struct game *g)
{
    canvas_fill(&v->canvas, 0, 0, FIELD_WIDTH, FIELD_HEIGHT, BACKGROUND);
    v->shown = (struct game){0};
    draw_status(v, g);
    view_update(v, g);
}

void view_update(struct view *v, const struct game *g)
{
    struct game *old = &v->shown;
    draw_ball(v, old, BACKGROUND);
    if (old->paddle != g->paddle)
        draw_paddle(v, old, BACKGROUND);
    draw_paddle(v, g, PADDLE_COLOUR);
    draw_bricks(v, g);
    if (old->score != g->score || old->lives != g->lives || old->level != g->level)
        draw_status(v, g);
    draw_ball(v, g, BALL_COLOUR);
    *old = *g;
}
