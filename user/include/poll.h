#pragma once
/* Waiting for files to be ready. */
#include "abi/poll.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef unsigned int nfds_t;

struct pollfd {
    int fd;
    short events;
    short revents;
};

/* timeout: milliseconds, negative for ever. The number of descriptors that are ready. */
int poll(struct pollfd *fds, nfds_t count, int timeout);

#ifdef __cplusplus
}
#endif
