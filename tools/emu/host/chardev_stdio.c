/* stdin and stdout as a character device: the terminal's mode, the Ctrl-A keys, time stamps. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tools/emu/host/chardev.h"
#include "tools/emu/host/escape.h"

enum { BURST = 512 };

static bool is_open;
static bool stamping, at_line_start = true; /* the device's lock */
static uint64_t start_ns;
static struct escape escape;

static bool stdio_open(struct chardev *c, struct props *props, char *err, size_t err_size)
{
    bool mux, with_signals; /* of QEMU's: we always have the keys, and never the signals */

    if (!props_bool(props, "mux", &mux, err, err_size) ||
        !props_bool(props, "signal", &with_signals, err, err_size))
        return false;
    if (is_open) {
        snprintf(err, err_size, "only one of them can be stdio");
        return false;
    }
    is_open = true;
    start_ns = host_now_ns(NULL);
    c->patient = true;
    chardev_connect(c, STDIN_FILENO, STDOUT_FILENO);
    return true;
}

static bool stdio_may_read(struct chardev *c)
{
    (void)c;
    return term_may_read();
}

static void print_stamp(struct chardev *c)
{
    uint64_t ms = (host_now_ns(NULL) - start_ns) / 1000000;
    char stamp[40];
    int n = snprintf(stamp, sizeof stamp, "[%5" PRIu64 ".%03" PRIu64 "] ", ms / 1000, ms % 1000);

    chardev_queue(c, (const uint8_t *)stamp, (size_t)n);
}

static void stdio_print(struct chardev *c, const uint8_t *bytes, size_t n)
{
    if (!stamping) {
        chardev_queue(c, bytes, n);
        at_line_start = bytes[n - 1] == '\n';
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (at_line_start && bytes[i] != '\r' && bytes[i] != '\n')
            print_stamp(c);
        chardev_queue(c, &bytes[i], 1);
        at_line_start = bytes[i] == '\n';
    }
}

static void toggle_stamps(struct chardev *c)
{
    pthread_mutex_lock(&c->lock);
    stamping = !stamping;
    pthread_mutex_unlock(&c->lock);
}

static void stdio_typed(struct chardev *c, const uint8_t *bytes, size_t n)
{
    uint8_t data[BURST];
    size_t count = 0;

    for (size_t i = 0; i < n && i < sizeof data && !chardev_quit; i++) {
        uint8_t byte = bytes[i];
        switch (escape_key(&escape, &byte)) {
        case ESCAPE_BYTE: data[count++] = byte; break;
        case ESCAPE_QUIT: chardev_quit = true; break;
        case ESCAPE_HELP:
            chardev_write(c, (const uint8_t *)escape_help, strlen(escape_help));
            break;
        case ESCAPE_BREAK:
            chardev_give(c, data, count);
            count = 0;
            chardev_give_break(c);
            break;
        case ESCAPE_TIMESTAMPS: toggle_stamps(c); break;
        case ESCAPE_MONITOR:
        case ESCAPE_NONE: break;
        }
    }
    chardev_give(c, data, count);
}

static void stdio_close(struct chardev *c)
{
    (void)c;
    is_open = false;
}

const struct chardev_kind chardev_stdio = {
    .name = "stdio",
    .open = stdio_open,
    .print = stdio_print,
    .typed = stdio_typed,
    .may_read = stdio_may_read,
    .close = stdio_close,
};
