/*
 * bricks: knock out the bricks with the ball. LEFT and RIGHT (or A and D, or the pointer) move the
 * paddle, SPACE (or a button) lets go of the ball and starts again after the end, P pauses, Q or
 * ESCAPE leaves.
 *
 * -n FRAMES ends after so many frames, 30 of which are shown in a second, and prints how many were
 * not on the screen in time.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "abi/events.h"
#include "user/games/bricks/view.h"
#include "user/lib/tool.h"

enum { RATE = 30 /* frames per second */ };

static struct {
    int events; /* -1: there are none */
    bool left, right;
    bool pause, quit;
} player;

/* ---- keys and pointer */

static void key(const char *name, bool down, struct game_input *in)
{
    if (strcmp(name, "LEFT") == 0 || strcmp(name, "A") == 0)
        player.left = down;
    else if (strcmp(name, "RIGHT") == 0 || strcmp(name, "D") == 0)
        player.right = down;
    else if (down && strcmp(name, "SPACE") == 0)
        in->fire = true;
    else if (down && strcmp(name, "P") == 0)
        player.pause = !player.pause;
    else if (down && (strcmp(name, "Q") == 0 || strcmp(name, "ESCAPE") == 0))
        player.quit = true;
}

/* A pixel of the screen as one of the field. */
static int field_x(const struct canvas *canvas, const char *number)
{
    long long x;
    char digits[EVENTS_LINE_MAX];
    size_t n = strcspn(number, " ");
    memcpy(digits, number, n);
    digits[n] = '\0';
    if (!tool_number(digits, 0, INT_MAX, &x))
        return -1;
    x = (x - (long long)canvas->left) / (long long)canvas->scale;
    return x < 0 ? 0 : x < FIELD_WIDTH ? (int)x : FIELD_WIDTH - 1;
}

/* Takes all events there are. */
static void read_input(const struct canvas *canvas, struct game_input *in)
{
    char line[EVENTS_LINE_MAX];
    ssize_t n;
    *in = (struct game_input){0, -1, false};
    while (player.events >= 0 && (n = read(player.events, line, sizeof line)) > 3) {
        line[n - 1] = '\0';
        if (line[0] == 'k')
            key(line + 3, line[1] == 'd', in);
        else if (memcmp(line, "mm", 2) == 0)
            in->pointer = field_x(canvas, line + 3);
        else if (memcmp(line, "md", 2) == 0)
            in->fire = true;
    }
    in->push = player.right - player.left;
}

/* ---- frames */

static int64_t now_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void sleep_until(int64_t ns)
{
    struct timespec ts = {(time_t)(ns / 1000000000), (long)(ns % 1000000000)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
        continue;
}

static bool frame(struct view *view, struct game *game, struct voice *voice)
{
    struct game_input in;
    read_input(&view->canvas, &in);
    game->sound = SOUND_NONE;
    if (!player.pause)
        game_step(game, &in);
    view_update(view, game);
    voice_frame(voice, game->sound, RATE);
    return canvas_show(&view->canvas);
}

/* Plays, for `most` frames at most. Every frame has until the next one's beginning. */
static int play(struct view *view, long long most)
{
    struct game game;
    struct voice voice;
    long long frames = 0, missed = 0;
    game_start(&game);
    view_start(view, &game);
    bool ok = canvas_show(&view->canvas);
    voice_open(&voice);
    for (int64_t start = now_ns(); ok && frames < most && !player.quit; frames++) {
        int64_t deadline = start + (frames + 1) * 1000000000 / RATE;
        ok = frame(view, &game, &voice);
        if (now_ns() > deadline)
            missed++;
        else
            sleep_until(deadline);
    }
    voice_close(&voice);
    if (!ok)
        tool_warn_errno("/dev/fb");
    if (most != LLONG_MAX)
        out_fmt("%lld frames, %lld missed\n", frames, missed);
    return ok ? 0 : 1;
}

int main(int argc, char **argv)
{
    long long most = LLONG_MAX;
    struct display display;
    struct view view;
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "n:")) != -1) {
        if (c != 'n')
            tool_usage("[-n FRAMES]");
        if (!tool_number(tool_argument, 1, LLONG_MAX - 1, &most))
            tool_die("invalid number of frames '%s'", tool_argument);
    }
    if (tool_index < argc)
        tool_usage("[-n FRAMES]");
    if (!display_open(&display)) {
        tool_warn_errno("no screen");
        return 1;
    }
    if (!canvas_create(&view.canvas, &display, FIELD_WIDTH, FIELD_HEIGHT)) {
        tool_warn_errno("%u by %u pixels", display.width, display.height);
        return 1;
    }
    player.events = open("/dev/events", O_RDONLY | O_CLOEXEC);
    if (player.events < 0)
        tool_warn_errno("no keys: /dev/events");
    else
        ioctl(player.events, EVENTS_SETMODE, EVENTS_POINTER);
    tool_exit(play(&view, most));
}
