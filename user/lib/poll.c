/* Waiting for files to be ready. */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/select.h>
#include <sys/time.h>
#include "tarn/syscall.h"
#include "user/arch/calls.h"

_Static_assert(sizeof(struct pollfd) == sizeof(struct abi_pollfd), "pollfd is the kernel's");

int poll(struct pollfd *fds, nfds_t count, int timeout)
{
    struct abi_timespec limit = {timeout / 1000, (int64_t)(timeout % 1000) * 1000000};
    return (int)sys_result(sys_poll((struct abi_pollfd *)fds, count, timeout < 0 ? NULL : &limit));
}

/* ---- select(), by poll() */

#define READABLE (POLLIN | POLLHUP | POLLERR)
#define WRITABLE (POLLOUT | POLLERR)

static bool wants(const fd_set *set, int fd)
{
    return set && FD_ISSET(fd, set);
}

/* Puts back into a set those of its members that have one of the events: how many. */
static int keep_ready(fd_set *set, const struct pollfd *fds, int n, short events)
{
    int ready = 0;
    for (int fd = 0; set && fd < n; fd++) {
        if (!FD_ISSET(fd, set))
            continue;
        if (fds[fd].revents & events)
            ready++;
        else
            FD_CLR(fd, set);
    }
    return ready;
}

/* The timeout is left as it is. */
int select(int n, fd_set *reads, fd_set *writes, fd_set *excepts, struct timeval *timeout)
{
    struct pollfd fds[FD_SETSIZE];
    struct abi_timespec limit = {0, 0};
    if (n < 0 || n > FD_SETSIZE ||
        (timeout && (timeout->tv_sec < 0 || timeout->tv_usec < 0 || timeout->tv_usec >= 1000000))) {
        errno = EINVAL;
        return -1;
    }
    if (timeout)
        limit = (struct abi_timespec){timeout->tv_sec, (int64_t)timeout->tv_usec * 1000};
    for (int fd = 0; fd < n; fd++) {
        short events = (short)((wants(reads, fd) ? POLLIN : 0) | (wants(writes, fd) ? POLLOUT : 0));
        bool wanted = events || wants(excepts, fd);
        fds[fd] = (struct pollfd){.fd = wanted ? fd : -1, .events = events};
        if (wants(excepts, fd))
            fds[fd].events |= POLLPRI;
    }
    long ready = sys_poll((struct abi_pollfd *)fds, (unsigned)n, timeout ? &limit : NULL);
    for (int fd = 0; fd < n && ready > 0; fd++) {
        if (fds[fd].revents & POLLNVAL)
            ready = -EBADF;
    }
    if (ready < 0)
        return (int)sys_result(ready);
    return keep_ready(reads, fds, n, READABLE) + keep_ready(writes, fds, n, WRITABLE) +
           keep_ready(excepts, fds, n, POLLPRI);
}
