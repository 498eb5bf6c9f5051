/* ppoll(2). */
#include "abi/errno.h"
#include "abi/poll.h"
#include "abi/time.h"
#include "kernel/syscall/file_args.h"
#include "kernel/syscall/syscall.h"

#define POLL_SMALL 8

/* Looks at every descriptor once: how many have something to report. */
static long look(struct abi_pollfd *fds, unsigned count)
{
    long ready = 0;
    for (unsigned i = 0; i < count; i++) {
        unsigned seen = 0;
        if (fds[i].fd >= 0) {
            struct file *file = fd_file(fds[i].fd);
            unsigned want = (uint16_t)fds[i].events | POLLERR | POLLHUP | POLLNVAL;
            seen = file ? file_poll(file) & want : POLLNVAL;
            if (file)
                file_put(file);
        }
        fds[i].revents = (int16_t)seen;
        ready += seen != 0;
    }
    return ready;
}

static long poll_until(struct abi_pollfd *fds, unsigned count, uint64_t deadline)
{
    for (;;) {
        unsigned generation = fs_poll_generation();
        long ready = look(fds, count);
        if (ready > 0 || deadline == 0)
            return ready;
        int err = fs_poll_wait(generation, deadline);
        if (err < 0)
            return err == -ETIMEDOUT ? 0 : err;
    }
}

/* The deadline on time_ns()'s clock; 0: do not wait. */
static int take_deadline(struct uaddr timeout, uint64_t *deadline)
{
    struct abi_timespec ts;
    *deadline = UINT64_MAX;
    if (timeout.va == 0)
        return 0;
    if (copy_in_obj(&ts, timeout) < 0)
        return -EFAULT;
    uint32_t ns = (uint32_t)ts.tv_nsec;
    if (ts.tv_sec < 0 || ns >= 1000000000)
        return -EINVAL;
    if (ts.tv_sec == 0 && ns == 0)
        *deadline = 0;
    else if (ts.tv_sec < INT32_MAX)
        *deadline = time_ns() + (uint64_t)ts.tv_sec * 1000000000 + ns;
    return 0;
}

/* The signal mask is accepted and does nothing: there is none to change yet. */
long sys_ppoll(struct uaddr fds, uint32_t count, struct uaddr timeout, struct uaddr sigmask,
               size_t sigset_size)
{
    struct abi_pollfd small[POLL_SMALL], *copy = small;
    uint64_t deadline;
    if (count > FILES_MAX)
        return -EINVAL;
    long result = take_deadline(timeout, &deadline);
    if (result < 0)
        return result;
    size_t size = count * sizeof *copy;
    if (count > POLL_SMALL && !(copy = kmalloc(size)))
        return -ENOMEM;
    result = copy_in(copy, fds, size);
    if (result == 0)
        result = poll_until(copy, count, deadline);
    if (result >= 0 && copy_out(fds, copy, size) < 0)
        result = -EFAULT;
    if (copy != small)
        kfree(copy);
    return result;
}

long sys_ppoll_time64(struct uaddr fds, uint32_t count, struct uaddr timeout, struct uaddr sigmask,
                      size_t sigset_size)
{
    return sys_ppoll(fds, count, timeout, sigmask, sigset_size);
}
