/* SSWI: setting SSIP, here and elsewhere, and clearing it. Needs -M virt,aclint=on. */
#include "tests/emu/guest/guest.h"

enum { SSIP = 1 << 1 };

#define READ_MIP()             (read_mip() & SSIP)
#define WRITE(csr, how, value) __asm__ volatile("csr" how " " csr ", %0" : : "r"((long)(value)))

static void set(void)
{
    write32(SSWI_BASE + aclint_setssip_reg(0), 1);
}

int main(void)
{
    note("not yet", READ_MIP());
    write32(SSWI_BASE, 0);
    note("0 does nothing", READ_MIP());
    write32(SSWI_BASE, 0xfffffffe);
    note("nor do other bits", READ_MIP());
    set();
    note("set", READ_MIP());
    note("reads 0", read32(SSWI_BASE));
    write32(SSWI_BASE, 0);
    note("not cleared by 0", READ_MIP());
    WRITE("mip", "c", 1 << 5);
    note("not by clearing others", READ_MIP());
    WRITE("mip", "s", 1 << 5);
    note("not by setting others", READ_MIP());
    WRITE("mip", "c", SSIP);
    note("cleared", READ_MIP());
    set();
    WRITE("mip", "w", 0);
    note("cleared by writing", READ_MIP());
    set();
    WRITE("mip", "w", SSIP);
    note("kept by writing", READ_MIP());
    WRITE("mideleg", "w", 0);
    WRITE("sip", "c", SSIP);
    note("not delegated: kept", READ_MIP());
    WRITE("mideleg", "w", SSIP);
    WRITE("sip", "c", SSIP);
    note("delegated: cleared", READ_MIP());
    write32(SSWI_BASE + aclint_setssip_reg(100), 1);
    note_fault("no such hart");
    note("no effect", READ_MIP());
    /* The other devices are where the CLINT has them. */
    write32(CLINT_BASE + clint_msip_reg(0), 1);
    note("MSIP", read_mip() >> 3 & 1);
    write32(CLINT_BASE + clint_msip_reg(0), 0);
    note("mtime runs", ticks() <= ticks());
    report();
    return 0;
}
