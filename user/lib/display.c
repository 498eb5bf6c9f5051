/* Drawing on the screen. */
#include "user/lib/display.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The number behind `key` and a colon in /proc/dispinfo; 0: not there. */
static unsigned dispinfo(const char *text, const char *key)
{
    const char *at = strstr(text, key);
    if (!at)
        return 0;
    at += strlen(key);
    at += strspn(at, " \t");
    return *at == ':' ? (unsigned)strtoul(at + 1, NULL, 10) : 0;
}

bool display_open(struct display *display)
{
    char text[128];
    int info = open("/proc/dispinfo", O_RDONLY);
    if (info < 0)
        return false;
    ssize_t n = read(info, text, sizeof text - 1);
    close(info);
    if (n < 0)
        return false;
    text[n] = '\0';
    display->width = dispinfo(text, "WIDTH");
    display->height = dispinfo(text, "HEIGHT");
    if (display->width == 0 || display->height == 0) {
        errno = ENODEV;
        return false;
    }
    display->fd = open("/dev/fb", O_RDWR | O_CLOEXEC);
    return display->fd >= 0;
}

void display_close(struct display *display)
{
    close(display->fd);
}

bool display_write(struct display *display, unsigned x, unsigned y, const uint32_t *pixels,
                   size_t n)
{
    off_t at = ((off_t)y * display->width + x) * 4;
    const char *p = (const char *)pixels;
    for (size_t left = n * 4; left > 0;) {
        ssize_t done = pwrite(display->fd, p, left, at);
        if (done < 0)
            return false;
        p += done;
        at += done;
        left -= (size_t)done;
    }
    return true;
}

bool display_flush(struct display *display)
{
    return fsync(display->fd) == 0;
}

/* ---- canvas */

/* Black all over: there may be something around the canvas. */
static bool blacken(struct display *display)
{
    uint32_t *row = calloc(display->width, sizeof *row);
    bool good = row != NULL;
    for (unsigned y = 0; good && y < display->height; y++)
        good = display_write(display, 0, y, row, display->width);
    free(row);
    return good;
}

bool canvas_create(struct canvas *c, struct display *display, unsigned width, unsigned height)
{
    unsigned across = display->width / width, down = display->height / height;
    memset(c, 0, sizeof *c);
    c->display = display;
    c->width = width;
    c->height = height;
    c->scale = across < down ? across : down;
    if (c->scale == 0) {
        errno = ERANGE;
        return false;
    }
    c->left = (display->width - width * c->scale) / 2;
    c->top = (display->height - height * c->scale) / 2;
    c->pixels = calloc((size_t)width * height, sizeof *c->pixels);
    c->spans = calloc(height, sizeof *c->spans);
    c->line = calloc((size_t)width * c->scale, sizeof *c->line);
    if (!c->pixels || !c->spans || !c->line) {
        canvas_free(c);
        errno = ENOMEM;
        return false;
    }
    canvas_fill(c, 0, 0, (int)width, (int)height, 0);
    if (blacken(display))
        return true;
    canvas_free(c);
    return false;
}

void canvas_free(struct canvas *c)
{
    free(c->pixels);
    free(c->spans);
    free(c->line);
}

/* Cuts [*from, *from + *size) at 0 and `end`; false: nothing is left. */
static bool cut(int *from, int *size, int end)
{
    if (*from < 0) {
        *size += *from;
        *from = 0;
    }
    if (*size > end - *from)
        *size = end - *from;
    return *size > 0;
}

static void widen(struct canvas_span *span, unsigned from, unsigned to)
{
    if (span->from == span->to) {
        span->from = from;
        span->to = to;
        return;
    }
    span->from = from < span->from ? from : span->from;
    span->to = to > span->to ? to : span->to;
}

void canvas_fill(struct canvas *c, int x, int y, int width, int height, uint32_t colour)
{
    if (!cut(&x, &width, (int)c->width) || !cut(&y, &height, (int)c->height))
        return;
    for (int row = y; row < y + height; row++) {
        uint32_t *p = c->pixels + (size_t)row * c->width;
        for (int i = x; i < x + width; i++)
            p[i] = colour;
        widen(&c->spans[row], (unsigned)x, (unsigned)(x + width));
    }
}

int canvas_number(struct canvas *c, int x, int y, int dot, unsigned value, uint32_t colour)
{
    /* Rows from the top, three bits each, the left dot being the highest. */
    static const uint16_t digits[10] = {075557, 026227, 071747, 071717, 055711,
                                        074717, 074757, 071222, 075757, 075717};
    int start = x;
    unsigned place = 1;
    while (value / place >= 10)
        place *= 10;
    for (; place > 0; place /= 10, x += 4 * dot) {
        uint16_t shape = digits[value / place % 10];
        for (int bit = 0; bit < 15; bit++) {
            if (shape >> (14 - bit) & 1)
                canvas_fill(c, x + bit % 3 * dot, y + bit / 3 * dot, dot, dot, colour);
        }
    }
    return x - dot - start;
}

static bool show_row(struct canvas *c, unsigned row)
{
    struct canvas_span *span = &c->spans[row];
    const uint32_t *p = c->pixels + (size_t)row * c->width;
    uint32_t *line = c->line;
    for (unsigned x = span->from; x < span->to; x++) {
        for (unsigned i = 0; i < c->scale; i++)
            *line++ = p[x];
    }
    for (unsigned i = 0; i < c->scale; i++) {
        if (!display_write(c->display, c->left + span->from * c->scale, c->top + row * c->scale + i,
                           c->line, (size_t)(line - c->line)))
            return false;
    }
    span->from = span->to = 0;
    return true;
}

bool canvas_show(struct canvas *c)
{
    for (unsigned row = 0; row < c->height; row++) {
        if (c->spans[row].from != c->spans[row].to && !show_row(c, row))
            return false;
    }
    return display_flush(c->display);
}
