#pragma once
/* Times as they cross an ecall: 64-bit seconds on both XLENs. */
#include <stdint.h>

struct abi_timespec {
    int64_t tv_sec;
    int64_t
        tv_nsec; /* on rv32 the kernel looks at the low 32 bits only, as a `long` is that wide */
};

#define ABI_CLOCK_REALTIME           0
#define ABI_CLOCK_MONOTONIC          1
#define ABI_CLOCK_PROCESS_CPUTIME_ID 2
#define ABI_CLOCK_THREAD_CPUTIME_ID  3
#define ABI_CLOCK_MONOTONIC_RAW      4
#define ABI_CLOCK_REALTIME_COARSE    5
#define ABI_CLOCK_MONOTONIC_COARSE   6
#define ABI_CLOCK_BOOTTIME           7

#define ABI_TIMER_ABSTIME 1 /* flags of clock_nanosleep(2) */
