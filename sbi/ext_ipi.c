/* SBI "IPI Extension". */
#include "sbi/ecall.h"
#include "sbi/ipi.h"

static struct sbiret ipi_call(ECALL_ARGS)
{
    hartset_t harts;
    if (fid != SBI_IPI_SEND_IPI)
        return sbi_error(SBI_ERR_NOT_SUPPORTED);
    if (!hart_list(a0, a1, &harts))
        return sbi_error(SBI_ERR_INVALID_PARAM);
    ipi_send(harts);
    return sbi_value(0);
}

const struct ext ext_ipi = {SBI_EXT_IPI, SBI_EXT_IPI, .call = ipi_call};
