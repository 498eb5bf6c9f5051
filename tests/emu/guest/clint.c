/* CLINT: software interrupts, timer compare in 32- and 64-bit halves, setting mtime. */
#include "tests/emu/guest/guest.h"

static unsigned long mip_bit(unsigned bit)
{
    return read_mip() >> bit & 1;
}

enum { MSIP = 3, MTIP = 7 };

static void set_cmp(uint64_t value)
{
    write32(CLINT_BASE + clint_mtimecmp_reg(0) + 4, UINT32_MAX);
    write32(CLINT_BASE + clint_mtimecmp_reg(0), (uint32_t)value);
    write32(CLINT_BASE + clint_mtimecmp_reg(0) + 4, (uint32_t)(value >> 32));
}

static void test_software(void)
{
    uintptr_t reg = CLINT_BASE + clint_msip_reg(0);

    note("msip", read32(reg));
    note("MSIP", mip_bit(MSIP));
    write32(reg, 1);
    note("msip set", read32(reg));
    note("MSIP set", mip_bit(MSIP));
    write32(reg, 0xfffffffe);
    note("msip: bit 0 only", read32(reg));
    note("MSIP clear", mip_bit(MSIP));
    note("msip of no hart", read32(CLINT_BASE + clint_msip_reg(100)));
    write32(CLINT_BASE + clint_msip_reg(100), 1);
    note_fault("write to no hart");
}

static void test_timer(void)
{
    uint64_t t;

    set_cmp(UINT64_MAX);
    note("MTIP never", mip_bit(MTIP));
    set_cmp(0);
    note("MTIP past", mip_bit(MTIP));
    note("cmp low", read32(CLINT_BASE + clint_mtimecmp_reg(0)));
    set_cmp(ticks() + UINT64_C(36000000000));
    note("MTIP clears", mip_bit(MTIP));
    t = ticks() + 20 * TICKS_PER_MS;
    set_cmp(t);
    note("MTIP not yet", mip_bit(MTIP));
    while (!mip_bit(MTIP))
        ;
    note("MTIP in time", ticks() >= t);
    note("not late", ticks() - t < 5000 * TICKS_PER_MS);
    set_cmp(UINT64_MAX);
    note("MTIP off", mip_bit(MTIP));
    write32(CLINT_BASE + clint_mtimecmp_reg(0), 0x12345678);
    write32(CLINT_BASE + clint_mtimecmp_reg(0) + 4, 0x9abcdef0);
    note("cmp reads low", read32(CLINT_BASE + clint_mtimecmp_reg(0)));
    note("cmp reads high", read32(CLINT_BASE + clint_mtimecmp_reg(0) + 4));
    note("cmp of no hart", read32(CLINT_BASE + clint_mtimecmp_reg(100)));
}

static void test_mtime(void)
{
    uint64_t a = ticks();

    note("mtime starts low", a < UINT64_C(1000) * 1000 * TICKS_PER_MS);
    write32(CLINT_BASE + CLINT_MTIME + 4, 3);
    note("mtime high", read32(CLINT_BASE + CLINT_MTIME + 4));
    write32(CLINT_BASE + CLINT_MTIME, 0x40000000);
    note("mtime low", read32(CLINT_BASE + CLINT_MTIME) >> 28);
    set_cmp(UINT64_C(0x500000000));
    note("MTIP before jump", mip_bit(MTIP));
    write32(CLINT_BASE + CLINT_MTIME + 4, 6);
    note("MTIP after jump", mip_bit(MTIP));
    write32(CLINT_BASE + CLINT_MTIME + 4, 0);
    note("MTIP back again", mip_bit(MTIP));
}

static void test_sizes(void)
{
    read8(CLINT_BASE);
    note_fault("8-bit msip");
    read16(CLINT_BASE + CLINT_MTIMECMP);
    note_fault("16-bit mtimecmp");
    write8(CLINT_BASE + CLINT_MTIME, 1);
    note_fault("8-bit mtime");
    read32(CLINT_BASE + 0xc000);
    note_fault("beyond");
#if __riscv_xlen == 64
    read64(CLINT_BASE);
    note_fault("64-bit msip");
    write64(CLINT_BASE + clint_mtimecmp_reg(0), UINT64_C(0x1122334455667788));
    note("64-bit mtimecmp", read64(CLINT_BASE + clint_mtimecmp_reg(0)));
    note("64-bit mtime", read64(CLINT_BASE + CLINT_MTIME) >> 36);
    write64(CLINT_BASE + CLINT_MTIME, UINT64_C(0x1122334455667789));
    note("MTIP by 64-bit mtime", mip_bit(MTIP));
#endif
}

int main(void)
{
    test_software();
    test_timer();
    test_mtime();
    test_sizes();
    report();
    return 0;
}
