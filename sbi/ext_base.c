/* SBI "Base Extension". get_spec_version is answered by trap_entry.S; it is here for completeness.
 */
#include "sbi/asm.h"
#include "sbi/csr.h"
#include "sbi/ecall.h"

/* MAJOR.MINOR.PATCH as 8, 12 and 12 bits. */
static unsigned long version_number(const char *text)
{
    unsigned long part[3] = {0}, n = 0;
    for (; *text && n < 3; text++) {
        if (*text == '.')
            n++;
        else if (*text >= '0' && *text <= '9')
            part[n] = part[n] * 10 + (*text - '0');
        else
            break;
    }
    return part[0] << 24 | part[1] << 12 | part[2];
}

static struct sbiret base_call(ECALL_ARGS)
{
    switch (fid) {
    case SBI_BASE_GET_SPEC_VERSION: return sbi_value(FW_SPEC_VERSION);
    case SBI_BASE_GET_IMPL_ID: return sbi_value(SBI_IMPL_TARN);
    case SBI_BASE_GET_IMPL_VERSION: return sbi_value(version_number(TARN_VERSION));
    case SBI_BASE_PROBE_EXTENSION: return sbi_value(ecall_available(a0));
    case SBI_BASE_GET_MVENDORID: return sbi_value(csr_read(mvendorid));
    case SBI_BASE_GET_MARCHID: return sbi_value(csr_read(marchid));
    case SBI_BASE_GET_MIMPID: return sbi_value(csr_read(mimpid));
    default: return sbi_error(SBI_ERR_NOT_SUPPORTED);
    }
}

const struct ext ext_base = {SBI_EXT_BASE, SBI_EXT_BASE, .call = base_call};
