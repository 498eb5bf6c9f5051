/* fbtest: puts a known picture on the screen. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "user/lib/display.h"
#include "user/lib/tool.h"

/* Eight bars: white, yellow, cyan, green, magenta, red, blue, black. */
static uint32_t bars(const struct display *d, unsigned x, unsigned y)
{
    unsigned left = 7 - x * 8 / d->width;
    return (left & 2 ? 0xff0000u : 0) | (left & 4 ? 0x00ff00u : 0) | (left & 1 ? 0x0000ffu : 0);
}

/* Red grows to the right, green downwards, blue is a texture of both. */
static uint32_t gradient(const struct display *d, unsigned x, unsigned y)
{
    return x * 255 / d->width << 16 | y * 255 / d->height << 8 | ((x ^ y) & 255);
}

/* A white frame of one pixel, and lines every 16 pixels: shows what is cut off or scaled. */
static uint32_t grid(const struct display *d, unsigned x, unsigned y)
{
    if (x == 0 || y == 0 || x == d->width - 1 || y == d->height - 1)
        return 0xffffff;
    return x % 16 == 0 || y % 16 == 0 ? 0x0000ff : 0x202020;
}

static uint32_t black(const struct display *d, unsigned x, unsigned y)
{
    return 0;
}

static const struct pattern {
    const char *name;
    uint32_t (*pixel)(const struct display *d, unsigned x, unsigned y);
} patterns[] = {{"gradient", gradient}, {"bars", bars}, {"grid", grid}, {"black", black}};

static const struct pattern *find(const char *name)
{
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        if (strcmp(name, patterns[i].name) == 0)
            return &patterns[i];
    }
    return NULL;
}

int main(int argc, char **argv)
{
    static const char usage[] = "[gradient | bars | grid | black]";
    struct display display;
    const struct pattern *pattern = &patterns[0];

    tool_init(argv);
    if (tool_option(argc, argv, "") != -1)
        tool_usage(usage);
    if (tool_index < argc)
        pattern = find(argv[tool_index++]);
    if (!pattern || tool_index < argc)
        tool_usage(usage);
    if (!display_open(&display)) {
        tool_warn_errno("no screen");
        return 1;
    }
    uint32_t *row = tool_alloc(display.width * sizeof *row);
    for (unsigned y = 0; y < display.height; y++) {
        for (unsigned x = 0; x < display.width; x++)
            row[x] = pattern->pixel(&display, x, y);
        if (!display_write(&display, 0, y, row, display.width)) {
            tool_warn_errno("/dev/fb");
            return 1;
        }
    }
    if (!display_flush(&display)) {
        tool_warn_errno("/dev/fb");
        return 1;
    }
    out_fmt("%s, %u by %u\n", pattern->name, display.width, display.height);
    tool_exit(0);
}
