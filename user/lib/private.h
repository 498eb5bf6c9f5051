#pragma once
/* What the files of user/lib share and programs do not see. */
#include <time.h>
#include "abi/time.h"

extern char *__tarn_name; /* argv[0] */

/* The value of an entry of the auxiliary vector, 0 when there is none. */
unsigned long __tarn_auxval(unsigned long type);

/* Set tp (user/arch). */
void __tarn_set_thread_pointer(void *pointer);

/* newlib's timespec has a long for nanoseconds, the kernel's 64 bits, on rv32 too. */
static inline struct abi_timespec timespec_to_abi(const struct timespec *ts)
{
    return (struct abi_timespec){ts->tv_sec, ts->tv_nsec};
}

static inline struct timespec timespec_from_abi(const struct abi_timespec *ts)
{
    return (struct timespec){.tv_sec = ts->tv_sec, .tv_nsec = (long)ts->tv_nsec};
}
