#pragma once
/* times(2): processor time used, in ticks of 1 / ABI_CLOCK_TICKS seconds. */

#define ABI_CLOCK_TICKS 100 /* what AT_CLKTCK says */

struct abi_tms {
    long tms_utime;
    long tms_stime;
    long tms_cutime; /* of children that have been waited for */
    long tms_cstime;
};
