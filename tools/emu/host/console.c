/* Buffered output to stdout, input from stdin when there is some. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/emu/host/host.h"

enum { OUT_SIZE = 4096 }; /* a pipe that polls writable takes so much without blocking */

static uint8_t out[OUT_SIZE];
static size_t out_used;
static bool out_broken; /* stdout is gone; the program will end by SIGPIPE or its own decision */
static bool in_ended;
static bool stamping, at_line_start = true;
static uint64_t start_ns;
static pthread_mutex_t out_lock = PTHREAD_MUTEX_INITIALIZER; /* all but the input */
static bool in_ready;
static void input_ready(struct host_poll *p, short revents);
static struct host_poll input = {.fd = -1, .ready = input_ready};

void console_open(void)
{
    term_open();
    host_poll_open();
    host_poll_add(&input);
    start_ns = host_now_ns(NULL);
}

/* Wait until stdout takes bytes. False: a signal came first. */
static bool wait_writable(void)
{
    for (;;) {
        struct pollfd fds[2] = {
            {.fd = STDOUT_FILENO, .events = POLLOUT},
            {.fd = term_signal_fd(), .events = POLLIN},
        };
        int n = poll(fds, 2, -1);
        if (n > 0 && fds[0].revents != 0)
            return true;
        if (term_signal() != 0 || (n < 0 && errno != EINTR))
            return false;
    }
}

static void flush(void)
{
    size_t done = 0;

    while (done < out_used && !out_broken) {
        ssize_t n;
        if (!wait_writable())
            break;
        n = write(STDOUT_FILENO, out + done, out_used - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR && errno != EAGAIN)
            out_broken = true;
    }
    out_used = 0;
}

void console_flush(void)
{
    pthread_mutex_lock(&out_lock);
    flush();
    pthread_mutex_unlock(&out_lock);
}

static void put(const uint8_t *bytes, size_t n)
{
    while (n > 0) {
        size_t part = n < OUT_SIZE - out_used ? n : OUT_SIZE - out_used;
        memcpy(out + out_used, bytes, part);
        out_used += part;
        bytes += part;
        n -= part;
        if (out_used == OUT_SIZE)
            flush();
    }
}

static void put_stamped(uint8_t byte)
{
    if (at_line_start && byte != '\r' && byte != '\n') {
        uint64_t ms = (host_now_ns(NULL) - start_ns) / 1000000;
        char stamp[40];
        int n =
            snprintf(stamp, sizeof stamp, "[%5" PRIu64 ".%03" PRIu64 "] ", ms / 1000, ms % 1000);
        put((const uint8_t *)stamp, (size_t)n);
    }
    put(&byte, 1);
    at_line_start = byte == '\n';
}

void console_write(const uint8_t *bytes, size_t n)
{
    pthread_mutex_lock(&out_lock);
    if (!stamping) {
        put(bytes, n);
        if (n > 0)
            at_line_start = bytes[n - 1] == '\n';
    } else {
        for (size_t i = 0; i < n; i++)
            put_stamped(bytes[i]);
    }
    pthread_mutex_unlock(&out_lock);
}

void console_toggle_timestamps(void)
{
    pthread_mutex_lock(&out_lock);
    stamping = !stamping;
    pthread_mutex_unlock(&out_lock);
}

static void input_ready(struct host_poll *p, short revents)
{
    (void)p;
    if (revents & POLLNVAL)
        in_ended = true; /* stdin is not even open */
    in_ready = (revents & (POLLIN | POLLHUP | POLLERR)) != 0;
}

bool console_wait(uint64_t timeout_ns, bool want_input)
{
    console_flush();
    in_ready = false;
    host_poll_set(&input, want_input && !in_ended && term_may_read() ? STDIN_FILENO : -1, POLLIN);
    host_poll_wait(timeout_ns);
    return in_ready;
}

size_t console_read(uint8_t *buf, size_t n)
{
    ssize_t got = n != 0 ? read(STDIN_FILENO, buf, n) : 0;

    if (got > 0)
        return (size_t)got;
    if (n != 0 && (got == 0 || (errno != EINTR && errno != EAGAIN)))
        in_ended = true;
    return 0;
}
