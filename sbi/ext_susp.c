/*
 * SBI "System Suspend Extension". Suspend to RAM is the last running hart's sleep until an
 * interrupt that it has enabled; nothing loses power, so there is nothing to save.
 */
#include "sbi/ecall.h"
#include "sbi/hsm.h"
#include "sbi/platform.h"

static bool susp_available(void)
{
    return platform.can_suspend;
}

static struct sbiret system_suspend(uint32_t type, unsigned long addr, unsigned long arg)
{
    struct hart *self = hart_self();
    if (type != SBI_SUSP_SUSPEND_TO_RAM)
        return sbi_error(SBI_ERR_INVALID_PARAM);
    if (!platform_is_smode_entry(addr))
        return sbi_error(SBI_ERR_INVALID_ADDRESS);
    for (unsigned i = 0; i < hart_count; i++)
        if (hart_at(i) != self && hsm_state(hart_at(i)) != SBI_HART_STOPPED)
            return sbi_error(SBI_ERR_DENIED);
    hsm_suspend(self);
    hart_resume_smode(self, addr, arg);
}

static struct sbiret susp_call(ECALL_ARGS)
{
    if (fid != SBI_SUSP_SYSTEM_SUSPEND)
        return sbi_error(SBI_ERR_NOT_SUPPORTED);
    return system_suspend(a0, a1, a2);
}

const struct ext ext_susp = {SBI_EXT_SUSP, SBI_EXT_SUSP, susp_available, susp_call};
