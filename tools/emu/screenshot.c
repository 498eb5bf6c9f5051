#include "tools/emu/screenshot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/emu/host/picture.h"
#include "tools/emu/message.h"

enum { OFF_WIDTH = 640, OFF_HEIGHT = 480 };

/* The @ between name and moment: the first one behind the end of a picture's name. */
static const char *find_at(const char *text)
{
    static const char *const endings[] = {".png@", ".ppm@"};

    for (const char *p = text; *p != '\0'; p++)
        for (unsigned i = 0; i < sizeof endings / sizeof endings[0]; i++)
            if (strncmp(p, endings[i], 5) == 0)
                return p + 4;
    return strchr(text, '@');
}

int screenshots_add(struct screenshots *s, const char *text, char *err, size_t err_size)
{
    const char *at = find_at(text), *why = NULL;
    struct when when = {.kind = WHEN_END};
    struct screenshot *shot = &s->shots[s->count];
    char *path;

    if (s->count == SCREENSHOTS_MAX) {
        snprintf(err, err_size, "no more than %d", SCREENSHOTS_MAX);
        return -1;
    }
    if (at != NULL && !when_parse(at + 1, &when)) {
        snprintf(err, err_size,
                 "'%s' is no moment (examples: 2.5s, 500ms, 123456i, text:READY, end)", at + 1);
        return -1;
    }
    path = at != NULL ? strndup(text, (size_t)(at - text)) : strdup(text);
    if (path == NULL || !picture_can_write(path, &why)) {
        snprintf(err, err_size, "'%s': %s", text, path != NULL ? why : "out of memory");
        free(path);
        return -1;
    }
    *shot = (struct screenshot){.path = path, .when = when};
    if (when.kind == WHEN_TEXT)
        shot->match = (struct text_match){.text = when.text, .len = strlen(when.text)};
    s->count++;
    return 0;
}

void screenshots_free(struct screenshots *s)
{
    for (unsigned i = 0; i < s->count; i++)
        free(s->shots[i].path);
    s->count = 0;
}

int screenshot_take(const struct seat *seat, const char *path)
{
    uint32_t *black = NULL;
    int result;

    if (seat->width != 0) {
        result = picture_write(path, seat->pixels, seat->width, seat->height);
    } else {
        black = calloc((size_t)OFF_WIDTH * OFF_HEIGHT, sizeof *black);
        result = black != NULL ? picture_write(path, black, OFF_WIDTH, OFF_HEIGHT) : -1;
    }
    if (result != 0)
        message("%s: %s", path, strerror(errno));
    free(black);
    return result;
}

static void take(struct screenshot *shot)
{
    shot->taken = true;
    if (screenshot_take(shot->all->seat, shot->path) != 0)
        shot->all->failed = true;
}

static void timer_fired(void *arg)
{
    take(arg);
}

void screenshots_start(struct screenshots *s, struct machine *m, struct seat *seat)
{
    s->machine = m;
    s->seat = seat;
    for (unsigned i = 0; i < s->count; i++) {
        struct screenshot *shot = &s->shots[i];
        shot->all = s;
        shot->timer = (struct timer){.fire = timer_fired, .arg = shot};
        if (shot->when.kind == WHEN_TIME)
            machine_set_timer(m, &shot->timer, shot->when.value);
    }
}

void screenshots_output(struct screenshots *s, const uint8_t *bytes, size_t n)
{
    for (unsigned i = 0; i < s->count; i++) {
        struct screenshot *shot = &s->shots[i];
        for (size_t k = 0; k < n && shot->when.kind == WHEN_TEXT && !shot->taken; k++)
            if (text_match_byte(&shot->match, bytes[k]))
                take(shot);
    }
}

uint64_t screenshots_next(const struct screenshots *s)
{
    uint64_t next = UINT64_MAX;

    for (unsigned i = 0; i < s->count; i++) {
        const struct screenshot *shot = &s->shots[i];
        if (shot->when.kind == WHEN_INSTRUCTIONS && !shot->taken && shot->when.value < next)
            next = shot->when.value;
    }
    return next;
}

void screenshots_spent(struct screenshots *s, uint64_t spent)
{
    for (unsigned i = 0; i < s->count; i++) {
        struct screenshot *shot = &s->shots[i];
        if (shot->when.kind == WHEN_INSTRUCTIONS && !shot->taken && shot->when.value <= spent)
            take(shot);
    }
}

bool screenshots_finish(struct screenshots *s)
{
    for (unsigned i = 0; i < s->count; i++) {
        struct screenshot *shot = &s->shots[i];
        if (shot->when.kind == WHEN_END) {
            take(shot);
        } else if (!shot->taken) {
            message("%s: the run ended before its moment came", shot->path);
            s->failed = true;
        }
        machine_cancel_timer(s->machine, &shot->timer);
    }
    return !s->failed;
}
