#pragma once
/* The POSIX options newlib's headers ask about: those Tarn has. */
#include_next <sys/features.h>

#define _POSIX_TIMERS           200809L
#define _POSIX_MONOTONIC_CLOCK  200809L
#define _POSIX_CPUTIME          200809L
#define _POSIX_CLOCK_SELECTION  200809L
#define _POSIX_JOB_CONTROL      1
#define _POSIX_SAVED_IDS        1
#define _POSIX_REALTIME_SIGNALS 200809L
