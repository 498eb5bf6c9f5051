#pragma once
/*
 * What the emulator needs from the operating system it runs on: clocks, a terminal, waiting. All
 * of it is process-wide, so it is functions rather than objects.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- clocks (clock.c) ------------------------------------------------------------------------ */

/* Monotonic nanoseconds; arg is unused (it lets the function be a machine_host.now_ns). */
uint64_t host_now_ns(void *arg);

/* Wall clock, nanoseconds since 1970-01-01 UTC. */
uint64_t host_wall_ns(void);

/* --- threads (thread.c) ---------------------------------------------------------------------- */

/* Registers for host_barrier(); false if the host has no such thing. */
bool host_barrier_available(void);

/* When it returns, every thread of the process has passed a full memory barrier meanwhile. */
void host_barrier(void);

/* Let other threads run. */
void host_yield(void);

/* Sleep for so long, or until a signal comes. */
void host_sleep(uint64_t ns);

/* --- terminal (term.c) ----------------------------------------------------------------------- */

/*
 * Put the terminal on stdin, if it is one and we are its foreground job, into raw mode until the
 * process ends, in whatever way it does: exit, a signal, a crash. Stopping (SIGTSTP) restores it
 * for as long as it lasts.
 */
void term_open(void);

/* Restore the terminal now. May be called from a signal handler, and more than once. */
void term_restore(void);

/* Whether reading stdin would not stop us: it is no terminal, or we are its foreground job. */
bool term_may_read(void);

/* The first of SIGINT, SIGTERM, SIGHUP, SIGQUIT and SIGPIPE that came, 0 if none did. */
int term_signal(void);

/* A pipe to wake a poll() by, closed on exec and not blocking; fds are left alone if there is none.
 */
void host_pipe(int fds[2]);

/* Descriptor that becomes readable when a signal comes, for poll(). */
int term_signal_fd(void);

/* Restore the terminal and die of the signal, as its sender expects. */
_Noreturn void term_die(int sig);

/*
 * --- console: stdin and stdout as the guest's serial line (console.c) ------------------------
 *
 * Any thread may write; one thread at a time waits and reads.
 */

void console_open(void);

/* Output is buffered: it appears with console_flush() or when there is much of it. */
void console_write(const uint8_t *bytes, size_t n);
void console_flush(void);

/* Begin every output line with the time since console_open(), or stop doing so. */
void console_toggle_timestamps(void);

/*
 * Flush, then wait until there is input, a signal, console_wake() is called (or has been since the
 * last wait), or timeout_ns have gone by (UINT64_MAX: for ever). Input counts only if want_input.
 * Returns whether there is input to read.
 */
bool console_wait(uint64_t timeout_ns, bool want_input);

/* End console_wait(), or else the next one. Any thread, any signal handler. */
void console_wake(void);

/* Read up to n bytes that console_wait() announced. At end of file there will be no more input. */
size_t console_read(uint8_t *buf, size_t n);
