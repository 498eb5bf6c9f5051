/* Waiting for files to be ready. */
#include <poll.h>
#include "tarn/syscall.h"
#include "user/arch/calls.h"

_Static_assert(sizeof(struct pollfd) == sizeof(struct abi_pollfd), "pollfd is the kernel's");

int poll(struct pollfd *fds, nfds_t count, int timeout)
{
    struct abi_timespec limit = {timeout / 1000, (int64_t)(timeout % 1000) * 1000000};
    return (int)sys_result(sys_poll((struct abi_pollfd *)fds, count, timeout < 0 ? NULL : &limit));
}
