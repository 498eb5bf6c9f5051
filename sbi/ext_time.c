/* SBI "Timer Extension". Where the hart has a timer trap_entry.S does set_timer without coming
 * here. */
#include "sbi/csr.h"
#include "sbi/ecall.h"
#include "sbi/timer.h"

static bool time_available(void)
{
    unsigned long ignored;
    return hart_at(0)->mtimecmp || csr_probe(stimecmp, &ignored);
}

static struct sbiret time_call(ECALL_ARGS)
{
    if (fid != SBI_TIME_SET_TIMER)
        return sbi_error(SBI_ERR_NOT_SUPPORTED);
    timer_set(hart_self(), sizeof(long) == 8 ? a0 : (uint64_t)a1 << 32 | a0);
    return sbi_value(0);
}

const struct ext ext_time = {SBI_EXT_TIME, SBI_EXT_TIME, time_available, time_call};
