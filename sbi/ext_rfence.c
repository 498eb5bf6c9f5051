/*
 * SBI "RFENCE Extension". The functions for guests are not supported: there is no harm in that
 * even where harts have the hypervisor extension.
 */
#include "sbi/ecall.h"
#include "sbi/ipi.h"

/* Whether start + size goes beyond the address space; a size of all ones means all of it. */
static bool wraps(unsigned long start, unsigned long size)
{
    return size != -1ul && size && start + (size - 1) < start;
}

static struct sbiret rfence_call(ECALL_ARGS)
{
    hartset_t harts;
    if (fid > SBI_RFENCE_REMOTE_SFENCE_VMA_ASID)
        return sbi_error(SBI_ERR_NOT_SUPPORTED);
    if (!hart_list(a0, a1, &harts))
        return sbi_error(SBI_ERR_INVALID_PARAM);
    if (fid != SBI_RFENCE_REMOTE_FENCE_I && wraps(a2, a3))
        return sbi_error(SBI_ERR_INVALID_ADDRESS);
    rfence_send(harts, &(struct rfence){(enum rfence_kind)fid, a2, a3, a4});
    return sbi_value(0);
}

const struct ext ext_rfence = {SBI_EXT_RFENCE, SBI_EXT_RFENCE, .call = rfence_call};
