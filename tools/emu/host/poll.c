/*
 * The one place where the session's thread waits. Only that thread changes the list; what is in the
 * entries is guarded by a lock, which callbacks run without.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "tools/emu/host/host.h"

enum { FDS_MAX = 512, OWN_FDS = 2 /* signals, wakes */ };

static struct host_poll *entries;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int wake_pipe[2] = {-1, -1};
static struct pollfd fds[FDS_MAX]; /* of the wait that is being prepared, or was the last */
static int fd_count;
static bool waiting; /* the list has been read for a wait that is not over; changed locked */
static bool woken;   /* since the last wait ended */

void host_poll_open(void)
{
    if (wake_pipe[0] < 0)
        host_pipe(wake_pipe);
}

void host_poll_wake(void)
{
    int saved_errno = errno;

    if (__atomic_exchange_n(&woken, true, __ATOMIC_SEQ_CST))
        return;
    if (__atomic_load_n(&waiting, __ATOMIC_SEQ_CST) && write(wake_pipe[1], "", 1) < 0)
        (void)0; /* full: then it is readable anyway */
    errno = saved_errno;
}

void host_poll_add(struct host_poll *p)
{
    struct host_poll **link = &entries;

    pthread_mutex_lock(&lock);
    while (*link != NULL)
        link = &(*link)->next;
    p->next = NULL;
    p->slot = -1;
    *link = p;
    pthread_mutex_unlock(&lock);
}

void host_poll_remove(struct host_poll *p)
{
    pthread_mutex_lock(&lock);
    for (struct host_poll **link = &entries; *link != NULL; link = &(*link)->next) {
        if (*link == p) {
            *link = p->next;
            break;
        }
    }
    pthread_mutex_unlock(&lock);
}

void host_poll_set(struct host_poll *p, int fd, short events)
{
    bool changed;

    pthread_mutex_lock(&lock);
    changed = waiting && (p->fd != fd || p->events != events);
    p->fd = fd;
    p->events = events;
    pthread_mutex_unlock(&lock);
    if (changed)
        host_poll_wake();
}

void host_poll_deadline(struct host_poll *p, uint64_t deadline_ns)
{
    bool changed;

    pthread_mutex_lock(&lock);
    changed = waiting && p->deadline_ns != deadline_ns;
    p->deadline_ns = deadline_ns;
    pthread_mutex_unlock(&lock);
    if (changed && deadline_ns != 0)
        host_poll_wake();
}

int host_poll_fd(int fd, short events)
{
    if (fd_count == FDS_MAX)
        return -1;
    fds[fd_count] = (struct pollfd){.fd = fd, .events = events};
    return fd_count++;
}

short host_poll_revents(int slot)
{
    return slot >= 0 && slot < fd_count ? fds[slot].revents : 0;
}

/* Call a hook of every entry, which may be removed by it. */
static void call_hooks(size_t offset)
{
    struct host_poll *next;

    for (struct host_poll *p = entries; p != NULL; p = next) {
        void (*hook)(struct host_poll *) =
            *(void (*const *)(struct host_poll *))((const char *)p + offset);
        next = p->next;
        if (hook != NULL)
            hook(p);
    }
}

/* List the descriptors; returns the timeout, cut to the first deadline. */
static uint64_t prepare(uint64_t timeout_ns)
{
    uint64_t now = host_now_ns(NULL);

    fd_count = 0;
    host_poll_fd(term_signal_fd(), POLLIN);
    host_poll_fd(wake_pipe[0], POLLIN);
    call_hooks(offsetof(struct host_poll, prepare));
    pthread_mutex_lock(&lock);
    __atomic_store_n(&waiting, true, __ATOMIC_SEQ_CST);
    for (struct host_poll *p = entries; p != NULL; p = p->next) {
        p->slot = p->fd >= 0 && p->events != 0 ? host_poll_fd(p->fd, p->events) : -1;
        if (p->deadline_ns != 0) {
            uint64_t left = p->deadline_ns > now ? p->deadline_ns - now : 0;
            timeout_ns = left < timeout_ns ? left : timeout_ns;
        }
    }
    pthread_mutex_unlock(&lock);
    return timeout_ns;
}

/* The first entry with something to report, which is taken off it; NULL if there is none. */
static struct host_poll *next_ready(uint64_t now, short *revents)
{
    struct host_poll *p;

    pthread_mutex_lock(&lock);
    for (p = entries; p != NULL; p = p->next) {
        bool due = p->deadline_ns != 0 && p->deadline_ns <= now;
        *revents = host_poll_revents(p->slot);
        p->slot = -1;
        if (due)
            p->deadline_ns = 0;
        if (*revents != 0 || due)
            break;
    }
    pthread_mutex_unlock(&lock);
    return p;
}

static void dispatch(void)
{
    uint64_t now = host_now_ns(NULL);
    struct host_poll *p;
    short revents;

    pthread_mutex_lock(&lock);
    __atomic_store_n(&woken, false, __ATOMIC_SEQ_CST); /* who wakes us from here on does again */
    __atomic_store_n(&waiting, false, __ATOMIC_SEQ_CST);
    pthread_mutex_unlock(&lock);
    call_hooks(offsetof(struct host_poll, finish));
    while ((p = next_ready(now, &revents)) != NULL)
        p->ready(p, revents);
}

void host_poll_wait(uint64_t timeout_ns)
{
    struct timespec ts;
    char wakes[64];
    int n;

    timeout_ns = prepare(timeout_ns);
    if (term_signal() != 0 || __atomic_load_n(&woken, __ATOMIC_SEQ_CST))
        timeout_ns = 0;
    ts = (struct timespec){.tv_sec = (time_t)(timeout_ns / 1000000000),
                           .tv_nsec = (long)(timeout_ns % 1000000000)};
    n = ppoll(fds, (nfds_t)fd_count, timeout_ns == UINT64_MAX ? NULL : &ts, NULL);
    if (n < 0)
        for (int i = 0; i < fd_count; i++)
            fds[i].revents = 0;
    if (fds[1].revents & POLLIN && read(wake_pipe[0], wakes, sizeof wakes) < 0)
        (void)0; /* somebody else's look at it came first */
    dispatch();
}
