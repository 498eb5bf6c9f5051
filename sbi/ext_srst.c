/* SBI "System Reset Extension". */
#include "sbi/ecall.h"
#include "sbi/reset.h"

static bool srst_available(void)
{
    return reset_available(SBI_RESET_SHUTDOWN) || reset_available(SBI_RESET_COLD_REBOOT);
}

static struct sbiret srst_call(ECALL_ARGS)
{
    uint32_t type = a0, reason = a1;
    if (fid != SBI_SRST_SYSTEM_RESET)
        return sbi_error(SBI_ERR_NOT_SUPPORTED);
    if (type > SBI_RESET_WARM_REBOOT || reason > SBI_REASON_SYSTEM_FAILURE)
        return sbi_error(SBI_ERR_INVALID_PARAM);
    if (!reset_available(type))
        return sbi_error(SBI_ERR_NOT_SUPPORTED);
    reset_system(type, reason == SBI_REASON_SYSTEM_FAILURE);
    return sbi_error(SBI_ERR_FAILED);
}

const struct ext ext_srst = {SBI_EXT_SRST, SBI_EXT_SRST, srst_available, srst_call};
