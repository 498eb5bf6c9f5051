/* Which line is the console, and the firmware's console as a line of its own. */
#include "kernel/arch/arch.h"
#include "kernel/dev/internal.h"
#include "kernel/klog.h"
#include "kernel/sched/sched.h"
#include "lib/string.h"

#define POLL_NS 10000000u /* how often the firmware is asked for input */

static const struct tty_line *serial; /* the first serial port found */

void console_add_line(const struct tty_line *line)
{
    if (!serial)
        serial = line;
}

static bool name_is(const char *name, const char *want)
{
    size_t n = strlen(want);
    return strncmp(name, want, n) == 0 && (name[n] == '\0' || name[n] == ',');
}

void console_init(const char *name)
{
    const struct tty_line *line = serial ? serial : &sbi_line;
    if (name && name_is(name, sbi_line.name))
        line = &sbi_line;
    else if (name && !name_is(name, line->name))
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
