#pragma once
/*
 * The kernel log: a ring buffer of records that also go to the console, and panic().
 *
 * Usable from any context (interrupts, spinlocks held), from the first C instruction with paging
 * on. Records are stored as the text syslog(2) hands out, "<level>[seconds.micros] message\n".
 */
#include <stdbool.h>
#include <stddef.h>

enum klog_level {
    LOG_EMERG = 0, /* the system is going down */
    LOG_ALERT = 1,
    LOG_CRIT = 2,
    LOG_ERR = 3, /* something failed and somebody should know */
    LOG_WARNING = 4,
    LOG_NOTICE = 5, /* a user program died of a fault, and the like */
    LOG_INFO = 6,   /* boot progress */
    LOG_DEBUG = 7,
};

#define KLOG_SIZE 32768 /* bytes the ring keeps; older text is lost */

/* Logs one line (no trailing newline needed). Format: lib/fmt.h. Lines over 255 bytes are cut. */
void klog(enum klog_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Records with level < `level` are shown on the console (the default, 7, shows all but debug). */
void klog_set_level(int level);
int klog_get_level(void);

/*
 * Where console output goes, until then the SBI console. `write` is called with interrupts off and
 * must not sleep, log, or fail. The console driver calls this once it can transmit by itself.
 */
void klog_set_console(void (*write)(const char *text, size_t length));

/* Writes raw text to the console the log uses (no record): for echo of last resort, panic. */
void klog_console_write(const char *text, size_t length);

/*
 * Copies up to `size` bytes of whole log text, oldest first, from position *position (a byte count
 * since boot; clipped to what the ring still holds) and advances it. Returns the number of bytes.
 * Never splits the text a ring position names, so repeated calls with one position read everything.
 */
size_t klog_read(unsigned long *position, char *buf, size_t size);

/* The position of the end of the log, and the oldest position that "read all" starts at. */
unsigned long klog_end(void);
unsigned long klog_start(void);

/* "Clear": later reads from klog_start() begin at `position` (syslog types 4 and 5). */
void klog_clear(unsigned long position);

/*
 * A broken invariant: prints "panic: ..." and a symbolised backtrace, stops the other harts and
 * shuts the machine down with SBI reason 1 (system failure). For bugs only, never for bad input.
 */
void panic(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

#define KASSERT(cond)                                                        \
    do {                                                                     \
        if (__builtin_expect(!(cond), 0))                                    \
            panic("%s:%d: assertion failed: %s", __FILE__, __LINE__, #cond); \
    } while (0)
