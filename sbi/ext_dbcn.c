/* SBI "Debug Console Extension". */
#include "sbi/console.h"
#include "sbi/ecall.h"
#include "sbi/platform.h"

/* "Shared memory physical address range parameter"; M-mode reaches what fits in low. */
static bool is_shared_memory(unsigned long bytes, unsigned long low, unsigned long high)
{
    return bytes == 0 || (high == 0 && platform_is_smode_ram(low, bytes));
}

static struct sbiret dbcn_call(ECALL_ARGS)
{
    if (fid > SBI_DBCN_CONSOLE_WRITE_BYTE)
        return sbi_error(SBI_ERR_NOT_SUPPORTED);
    if (fid == SBI_DBCN_CONSOLE_WRITE_BYTE) {
        console_putc(a0);
        return sbi_value(0);
    }
    if (!is_shared_memory(a0, a1, a2))
        return sbi_error(SBI_ERR_INVALID_PARAM);
    if (fid == SBI_DBCN_CONSOLE_WRITE)
        return sbi_value(console_write((const char *)a1, a0));
    return sbi_value(console_read((char *)a1, a0));
}

const struct ext ext_dbcn = {SBI_EXT_DBCN, SBI_EXT_DBCN, console_present, dbcn_call};
