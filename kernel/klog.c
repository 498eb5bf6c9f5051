/* The kernel log and panic(). */
#include <stdarg.h>
#include "kernel/arch/internal.h"
#include "kernel/klog.h"
#include "kernel/sched/sched.h"
#include "lib/fmt.h"
#include "lib/string.h"

#define LINE_MAX 256

static struct spinlock lock = SPINLOCK_INIT;
static char ring[KLOG_SIZE];
static unsigned long ring_end;   /* bytes ever logged; those still there end here */
static unsigned long ring_clear; /* "read all" starts here */
static int console_level = LOG_DEBUG;
static int panicking;
static void (*console_write)(const char *text, size_t length) = arch_console_write;

static void ring_put(const char *text, size_t length)
{
    for (size_t i = 0; i < length;) {
        size_t at = (ring_end + i) % KLOG_SIZE, n = KLOG_SIZE - at;
        if (n > length - i)
            n = length - i;
        memcpy(ring + at, text + i, n);
        i += n;
    }
    ring_end += length;
}

void klog_console_write(const char *text, size_t length)
{
    bool were_on = arch_irq_save();
    console_write(text, length);
    arch_irq_restore(were_on);
}

static void klog_line(enum klog_level level, const char *fmt, va_list ap)
{
    char line[LINE_MAX];
    uint64_t us = time_ns() / 1000;
    int prefix = fmt_snprint(line, sizeof line, "<%d>", (int)level);
    int length = prefix;
    length += fmt_snprint(line + length, sizeof line - (size_t)length, "[%5lu.%06lu] ",
                          (unsigned long)(us / 1000000), (unsigned long)(us % 1000000));
    size_t room = sizeof line - (size_t)length - 1; /* for the newline */
    int text = fmt_vsnprint(line + length, room, fmt, ap);
    length += (size_t)text < room ? text : (int)room - 1;
    line[length++] = '\n';
    bool locked = !panicking;
    if (locked)
        spin_lock(&lock);
    ring_put(line, (size_t)length);
    if ((int)level < console_level)
        console_write(line + prefix, (size_t)(length - prefix));
    if (locked)
        spin_unlock(&lock);
}

void klog(enum klog_level level, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    klog_line(level, fmt, ap);
    va_end(ap);
}

void klog_set_level(int level)
{
    console_level = level;
}

int klog_get_level(void)
{
    return console_level;
}

void klog_set_console(void (*write)(const char *text, size_t length))
{
    console_write = write;
}

unsigned long klog_end(void)
{
    return ring_end;
}

static unsigned long oldest(void)
{
    return ring_end > KLOG_SIZE ? ring_end - KLOG_SIZE : 0;
}

unsigned long klog_start(void)
{
    return ring_clear > oldest() ? ring_clear : oldest();
}

void klog_clear(unsigned long position)
{
    ring_clear = position;
}

size_t klog_read(unsigned long *position, char *buf, size_t size)
{
    spin_lock(&lock);
    if (*position < oldest() || *position > ring_end)
        *position = oldest();
    size_t n = ring_end - *position;
    if (n > size)
        n = size;
    for (size_t i = 0; i < n; i++)
        buf[i] = ring[(*position + i) % KLOG_SIZE];
    *position += n;
    spin_unlock(&lock);
    return n;
}

void panic(const char *fmt, ...)
{
    arch_irq_save();
    if (__atomic_exchange_n(&panicking, 1, __ATOMIC_SEQ_CST))
        arch_halt(); /* a panic in a panic, or another hart's */
    arch_stop_others();
    if (console_level < LOG_DEBUG)
        console_level = LOG_DEBUG;
    char text[LINE_MAX];
    va_list ap;
    va_start(ap, fmt);
    fmt_vsnprint(text, sizeof text, fmt, ap);
    va_end(ap);
    /* Not by klog: the line must start so, for whoever watches the console. */
    char line[LINE_MAX + 16];
    int length = fmt_snprint(line, sizeof line, "\npanic: %s\n", text);
    console_write(line, (size_t)length);
    ring_put(line + 1, (size_t)length - 1);
    klog(LOG_CRIT, "hart %lu, thread %s", arch_hart_id(arch_hart_index()), current()->name);
    backtrace_here();
    arch_reset(ARCH_FAILURE);
}
