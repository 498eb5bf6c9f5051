#pragma once
/* Readiness bits of ppoll(2), and the structure it takes an array of. */
#include <stdint.h>

struct abi_pollfd {
    int32_t fd; /* negative: ignored */
    int16_t events;
    int16_t revents;
};

#ifndef POLLIN
#    define POLLIN     0x001
#    define POLLPRI    0x002
#    define POLLOUT    0x004
#    define POLLERR    0x008
#    define POLLHUP    0x010
#    define POLLNVAL   0x020
#    define POLLRDNORM 0x040
#    define POLLWRNORM 0x100
#endif
