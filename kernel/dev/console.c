/* Which line is the console, and the firmware's console as a line of its own. */
#include "kernel/arch/arch.h"
#include "kernel/dev/internal.h"
#include "kernel/klog.h"
#include "kernel/sched/sched.h"
#include "lib/string.h"

#define POLL_NS 10000000u /* how often the firmware is asked for input */

static const struct tty_line *lines[4]; /* those found; the firmware's is always there */
static unsigned line_count;

void console_add_line(const struct tty_line *line)
{
    if (line_count < sizeof lines / sizeof *lines)
        lines[line_count++] = line;
}

static bool name_is(const char *name, const char *want)
{
    size_t n = strlen(want);
    return strncmp(name, want, n) == 0 && (name[n] == '\0' || name[n] == ',');
}

/* The line a console= names; NULL: there is none. */
static const struct tty_line *find_line(const char *name)
{
    for (unsigned i = 0; i < line_count; i++) {
        if (name_is(name, lines[i]->name))
            return lines[i];
    }
    return name_is(name, sbi_line.name) ? &sbi_line : NULL;
}

/* The first serial port, or else the firmware's line. */
static const struct tty_line *default_line(void)
{
    for (unsigned i = 0; i < line_count; i++) {
        if (strncmp(lines[i]->name, "ttyS", 4) == 0)
            return lines[i];
    }
    return &sbi_line;
}

void console_init(const char *name)
{
    const struct tty_line *line = name ? find_line(name) : NULL;
    if (!line)
        line = default_line();
    if (name && !name_is(name, line->name))
        klog(LOG_WARNING, "console=%s: no such line; using %s", name, line->name);
    klog_set_console(line->write);
    klog(LOG_INFO, "console: %s", line->name);
    tty_init(line);
}

/* ---- hvc0: the SBI console has no interrupt, so input is polled by a thread */

static void sbi_poll(void *arg)
{
    for (;;) {
        uint8_t bytes[64];
        size_t n = 0;
        int c;
        while (n < sizeof bytes && (c = arch_console_getchar()) >= 0)
            bytes[n++] = (uint8_t)c;
        if (n > 0)
            tty_input(bytes, n);
        if (n < sizeof bytes)
            thread_sleep_until(time_ns() + POLL_NS);
    }
}

static void sbi_start(void)
{
    if (!thread_create("hvc0", sbi_poll, NULL))
        klog(LOG_ERR, "hvc0: no thread: no input");
}

const struct tty_line sbi_line = {"hvc0", 229, 0, arch_console_write, sbi_start};
