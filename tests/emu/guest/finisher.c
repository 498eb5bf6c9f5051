/* Test finisher: what it answers to, what it ignores, and that a 16-bit write of PASS ends the run.
 */
#include "tests/emu/guest/guest.h"

enum { SIZE = 0x1000 };

static void test_reads(void)
{
    note("32 bits", read32(TEST_BASE));
    note("16 bits", read16(TEST_BASE));
    note("the last word", read32(TEST_BASE + SIZE - 4));
    note("the last half", read16(TEST_BASE + SIZE - 2));
    note_fault("no faults");
    read8(TEST_BASE);
    note_fault("8 bits");
#if __riscv_xlen == 64
    read64(TEST_BASE);
    note_fault("64 bits");
    write64(TEST_BASE, TEST_PASS);
    note_fault("writing 64 bits");
#endif
    write8(TEST_BASE, 0x55);
    note_fault("writing 8 bits");
}

static void test_ignored(void)
{
    write32(TEST_BASE + 4, TEST_PASS);
    write32(TEST_BASE + SIZE - 4, TEST_RESET);
    write32(TEST_BASE, 0);
    write32(TEST_BASE, 0x1234);
    note_fault("ignored");
}

int main(void)
{
    test_reads();
    test_ignored();
    report();
    write16(TEST_BASE, TEST_PASS);
    return 1;
}
