#include "tools/emu/player.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/emu/host/picture.h"
#include "tools/emu/message.h"
#include "tools/emu/screenshot.h"

/* A machine in real time that is later than this goes on from now: what was held stays held. */
enum { LATE_NS = 1000000 };

enum { FILE_MAX = 16 << 20 };

/* The file's contents, *size bytes; NULL after a message. */
static char *read_file(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    char *data = f != NULL ? malloc(FILE_MAX) : NULL;
    bool good = false;

    if (f == NULL) {
        message("--input: %s: %s", path, strerror(errno));
    } else if (data == NULL) {
        message("--input: out of memory");
    } else {
        *size = fread(data, 1, FILE_MAX, f);
        good = !ferror(f) && *size < FILE_MAX;
        if (!good)
            message("--input: %s: %s", path, ferror(f) ? strerror(errno) : "file too large");
    }
    if (f != NULL)
        fclose(f);
    if (good)
        return data;
    free(data);
    return NULL;
}

static bool check_pictures(const struct player *p)
{
    const char *why;

    for (size_t i = 0; i < p->script.count; i++) {
        const struct script_step *step = &p->script.steps[i];
        if (step->op == SCRIPT_SCREENSHOT && !picture_can_write(step->text, &why)) {
            message("--input: %s: line %u: '%s': %s", p->path, step->line, step->text, why);
            return false;
        }
    }
    return true;
}

int player_open(struct player *p, const char *path)
{
    char err[128], *data;
    size_t size;
    int result;

    data = read_file(path, &size);
    if (data == NULL)
        return -1;
    p->path = path;
    result = script_parse(&p->script, data, size, err, sizeof err);
    free(data);
    if (result != 0)
        message("--input: %s: %s", path, err);
    return result == 0 && check_pictures(p) ? 0 : -1;
}

void player_close(struct player *p)
{
    script_free(&p->script);
}

/* What the step needs and the machine does not have; NULL if it has. */
static const char *lacking(struct machine *m, const struct seat *seat,
                           const struct script_step *step)
{
    switch (step->op) {
    case SCRIPT_KEY: return seat_has_keyboard(seat) ? NULL : "keyboard";
    case SCRIPT_SEND: return machine_console(m) != NULL ? NULL : "console";
    case SCRIPT_POINT: return seat->tablet.backend.taken ? NULL : "tablet";
    case SCRIPT_MOVE: return seat->mouse.backend.taken ? NULL : "mouse";
    case SCRIPT_BUTTON:
    case SCRIPT_WHEEL: return seat_has_pointer(seat) ? NULL : "tablet or mouse";
    case SCRIPT_RESIZE:
    case SCRIPT_SCREENSHOT: return seat_has_screen(seat) ? NULL : "screen";
    default: return NULL;
    }
}

/* Characters for the console. If there is no memory they are lost. */
static void send(struct machine *m, const struct script_step *step)
{
    machine_post(m, machine_now(m), machine_source(machine_console(m), 0), step->text,
                 step->text_len);
}

static void execute(struct player *p, const struct script_step *step)
{
    switch (step->op) {
    case SCRIPT_KEY: seat_key(p->seat, (unsigned)step->a, step->b != 0); break;
    case SCRIPT_BUTTON: seat_button(p->seat, (unsigned)step->a, step->b != 0); break;
    case SCRIPT_POINT: seat_point(p->seat, step->a, step->b); break;
    case SCRIPT_MOVE: seat_move(p->seat, step->a, step->b); break;
    case SCRIPT_WHEEL: seat_wheel(p->seat, step->a, step->b); break;
    case SCRIPT_RESIZE: seat_resize(p->seat, (uint32_t)step->a, (uint32_t)step->b); break;
    case SCRIPT_SCREENSHOT: p->failed |= screenshot_take(p->seat, step->text) != 0; break;
    case SCRIPT_SEND: send(p->machine, step); break;
    case SCRIPT_QUIT: p->quit(p->quit_arg); break;
    default: break;
    }
}

/* When the step is due. */
static uint64_t due(const struct player *p, const struct script_step *step)
{
    if (step->from == SCRIPT_AT)
        return step->time > p->base ? step->time : p->base;
    return step->time < UINT64_MAX - p->base ? p->base + step->time : UINT64_MAX - 1;
}

static void wait_for(struct player *p, const struct script_step *step)
{
    p->waits = true;
    p->match = (struct text_match){.text = step->text, .len = step->text_len};
}

/* Play all that is due, and see to being called again when more is. */
static void play(void *arg)
{
    struct player *p = arg;

    while (p->next < p->script.count && !p->waits) {
        const struct script_step *step = &p->script.steps[p->next];
        uint64_t now = machine_now(p->machine), at = due(p, step);

        if (at > now) {
            machine_set_timer(p->machine, &p->timer, at);
            return;
        }
        p->base = now - at < LATE_NS ? at : now;
        if (step->op == SCRIPT_WAIT) {
            wait_for(p, step);
        } else {
            execute(p, step);
            p->next++;
        }
    }
}

int player_start(struct player *p, struct machine *m, struct seat *seat, void (*quit)(void *arg),
                 void *arg)
{
    p->machine = m;
    p->seat = seat;
    p->quit = quit;
    p->quit_arg = arg;
    p->timer = (struct timer){.fire = play, .arg = p};
    for (size_t i = 0; i < p->script.count; i++) {
        const char *what = lacking(m, seat, &p->script.steps[i]);
        if (what != NULL) {
            message("--input: %s: line %u: the machine has no %s", p->path, p->script.steps[i].line,
                    what);
            return -1;
        }
    }
    play(p);
    return 0;
}

void player_output(struct player *p, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n && p->waits; i++) {
        const struct script_step *step;

        if (!text_match_byte(&p->match, bytes[i]))
            continue;
        p->waits = false;
        p->base = machine_now(p->machine);
        if (++p->next == p->script.count)
            return;
        /* A wait that follows at once looks at what comes behind this very text. */
        step = &p->script.steps[p->next];
        if (step->op == SCRIPT_WAIT && due(p, step) <= p->base)
            wait_for(p, step);
        else
            machine_set_timer(p->machine, &p->timer, due(p, step));
    }
}

bool player_finish(struct player *p)
{
    machine_cancel_timer(p->machine, &p->timer);
    if (p->waits)
        message("--input: %s: the run ended before line %u had its text", p->path,
                p->script.steps[p->next].line);
    return !p->waits && !p->failed;
}
