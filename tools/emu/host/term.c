/*
 * The terminal's mode and the signals that must not leave it raw. What handlers touch is either
 * written before they are installed or a sig_atomic_t.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "tools/emu/host/host.h"

static struct termios saved; /* the mode we found */
static struct termios raw;
static volatile sig_atomic_t is_tty; /* saved and raw are valid */
static volatile sig_atomic_t is_raw;
static volatile sig_atomic_t got_signal;
static int signal_pipe[2] = {-1, -1};

static const int end_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
enum { CRASH_COUNT = sizeof crash_signals / sizeof crash_signals[0] };
static struct sigaction crash_before[CRASH_COUNT];

static bool in_foreground(void)
{
    return tcgetpgrp(STDIN_FILENO) == getpgrp();
}

/* Changing the mode from the background would stop us (SIGTTOU), so it is left alone there. */
static void enter_raw(void)
{
    if (is_tty && in_foreground() && tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0)
        is_raw = 1;
}

void term_restore(void)
{
    if (is_raw && in_foreground())
        tcsetattr(STDIN_FILENO, TCSANOW, &saved);
    is_raw = 0;
}

bool term_may_read(void)
{
    return !is_tty || in_foreground();
}

int term_signal(void)
{
    return __atomic_load_n(&got_signal, __ATOMIC_RELAXED);
}

int term_signal_fd(void)
{
    return signal_pipe[0];
}

void term_end(int sig)
{
    int saved_errno = errno;

    if (!term_signal())
        __atomic_store_n(&got_signal, sig, __ATOMIC_RELAXED);
    if (write(signal_pipe[1], "", 1) < 0)
        (void)0; /* full: then it is readable anyway */
    errno = saved_errno;
}

static void on_end(int sig)
{
    if (term_signal()) { /* asked twice: the main loop does not get to it */
        term_restore();
        signal(sig, SIG_DFL);
        raise(sig);
    }
    term_end(sig);
}

/*
 * Give the crash to whoever had it before (a sanitizer, or the default). A fault strikes again by
 * itself when this returns; a signal that was sent must be sent again.
 */
static void on_crash(int sig, siginfo_t *info, void *context)
{
    (void)context;
    term_restore();
    for (int i = 0; i < CRASH_COUNT; i++)
        if (crash_signals[i] == sig)
            sigaction(sig, &crash_before[i], NULL);
    if (info->si_code <= 0)
        raise(sig);
}

static void on_stop(int sig);

static void install(int sig, void (*handler)(int), struct sigaction *before)
{
    struct sigaction sa = {.sa_handler = handler}; /* no SA_RESTART: blocked calls come back */

    sigemptyset(&sa.sa_mask);
    sigaction(sig, &sa, before);
}

static void on_continue(int sig)
{
    int saved_errno = errno;

    (void)sig;
    install(SIGTSTP, on_stop, NULL);
    enter_raw();
    errno = saved_errno;
}

static void on_stop(int sig)
{
    int saved_errno = errno;

    term_restore();
    signal(sig, SIG_DFL);
    raise(sig); /* takes effect when this handler returns */
    errno = saved_errno;
}

void host_pipe(int fds[2])
{
    if (pipe(fds) != 0)
        return;
    for (int i = 0; i < 2; i++) {
        fcntl(fds[i], F_SETFL, O_NONBLOCK);
        fcntl(fds[i], F_SETFD, FD_CLOEXEC);
    }
}

void term_signals(void)
{
    host_pipe(signal_pipe);
    for (size_t i = 0; i < sizeof end_signals / sizeof end_signals[0]; i++) {
        struct sigaction before;
        sigaction(end_signals[i], NULL, &before);
        if (before.sa_handler != SIG_IGN) /* respect nohup */
            install(end_signals[i], on_end, NULL);
    }
    signal(SIGPIPE, SIG_IGN); /* of many readers only stdout's and stderr's end the run, by EPIPE */
}

void term_open(void)
{
    if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &saved) != 0)
        return;
    raw = saved;
    raw.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    raw.c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
    raw.c_cflag |= CS8;
    raw.c_oflag |= OPOST; /* guests that print bare newlines stay readable */
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    is_tty = 1;
    atexit(term_restore);
    for (int i = 0; i < CRASH_COUNT; i++) {
        struct sigaction sa = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO};
        sigemptyset(&sa.sa_mask);
        sigaction(crash_signals[i], &sa, &crash_before[i]);
    }
    install(SIGTSTP, on_stop, NULL);
    install(SIGCONT, on_continue, NULL);
    enter_raw();
}

void term_die(int sig)
{
    term_restore();
    signal(sig, SIG_DFL);
    raise(sig);
    _exit(128 + sig);
}
