#pragma once
/*
 * What the emulator needs from the operating system it runs on: clocks, a terminal, waiting. All
 * of it is process-wide, so it is functions rather than objects. (Character devices: chardev.h.)
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

/* Have term_signal() see the signals that end a run. */
void term_signals(void);

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

/* The first of SIGINT, SIGTERM, SIGHUP and SIGQUIT that came, or term_end()'s; 0 if none did. */
int term_signal(void);

/* The run is to end as if the signal had come: SIGPIPE, which does not. Any thread. */
void term_end(int sig);

/* A pipe to wake a poll() by, closed on exec and not blocking; fds are left alone if there is none.
 */
void host_pipe(int fds[2]);

/* Descriptor that becomes readable when a signal comes, for poll(). */
int term_signal_fd(void);

/* Restore the terminal and die of the signal, as its sender expects. */
_Noreturn void term_die(int sig);

/*
 * --- waiting (poll.c): the one place where the session's thread waits --------------------------
 *
 * Who has a descriptor to watch, or wants to be called at a time, adds a struct host_poll of his
 * own. All callbacks come on the session's thread, without the machine's lock: machine_input() and
 * the machine's other functions for the carrier may be called from them.
 */
struct host_poll {
    int fd;       /* -1: none for now */
    short events; /* POLLIN, POLLOUT, ORed; 0: do not look for now */
    uint64_t
        deadline_ns; /* host_now_ns() at which ready() is called; 0: never. Then it becomes 0 */
    /* revents as poll() has them; 0 when it is the deadline that has come. Needed with either. */
    void (*ready)(struct host_poll *p, short revents);
    /*
     * Optional, before and after every wait: for libraries with descriptors of their own, which
     * prepare() lists by host_poll_fd() and finish() asks by host_poll_revents().
     */
    void (*prepare)(struct host_poll *p);
    void (*finish)(struct host_poll *p);
    void *arg; /* the owner's */

    struct host_poll *next; /* poll.c's */
    int slot;
};

/* Before all else here. */
void host_poll_open(void);

/*
 * On the session's thread only, before the run or in a callback. The entry is the caller's and must
 * stay until it has been removed. prepare() and finish() remove no other entry.
 */
void host_poll_add(struct host_poll *p);
void host_poll_remove(struct host_poll *p);

/* Change an entry that has been added: any thread, also while it is waited for, and callbacks. */
void host_poll_set(struct host_poll *p, int fd, short events);
void host_poll_deadline(struct host_poll *p, uint64_t deadline_ns);

/* From prepare(): watch the descriptor for this one wait. Returns a slot, -1 if there are too many.
 */
int host_poll_fd(int fd, short events);

/* From finish(): what came on that slot. */
short host_poll_revents(int slot);

/*
 * Wait for at most timeout_ns (UINT64_MAX: for ever), until something is ready, a signal comes (see
 * term_signal()) or host_poll_wake() is called, or has been since the last wait; then call back.
 */
void host_poll_wait(uint64_t timeout_ns);

/* End host_poll_wait(), or else the next one. Any thread, any signal handler. */
void host_poll_wake(void);
