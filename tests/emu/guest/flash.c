/* CFI flash: query, identifiers, status, erasing, programming by words and by buffers, fetching. */
#include "hw/cfi_flash.h"
#include "tests/emu/guest/guest.h"

enum { BANK = FLASH_BASE + 0x2000000, BLOCK = 0x40000 };

/* A command for both chips. */
static void command(uintptr_t at, uint32_t value)
{
    write32(at, value << 16 | value);
}

static void test_query(void)
{
    note("array", read32(BANK));
    command(BANK + 4 * CFI_QUERY_ADDRESS, CFI_READ_QUERY);
    for (unsigned i = 0; i < CFI_QUERY_LENGTH; i++)
        note("query", read32(BANK + 4 * i));
    note("beyond the table", read32(BANK + 4 * 0x60));
    note("16 bits", read16(BANK + 4 * 0x10));
    note("the other chip's", read16(BANK + 4 * 0x10 + 2));
    note("8 bits", read8(BANK + 4 * 0x10));
    note("another byte", read8(BANK + 4 * 0x10 + 3));
    command(BANK, 0x12);
    note("no command", read32(BANK + 4 * 0x10));
    command(BANK, CFI_READ_ARRAY);
    note("array again", read32(BANK + 4 * 0x10));
    command(BANK, CFI_READ_ID);
    for (unsigned i = 0; i < 4; i++)
        note("identifier", read32(BANK + 4 * i));
    note("of another block", read32(BANK + BLOCK));
    note("16 bits of it", read16(BANK + 4));
    command(BANK, CFI_READ_STATUS);
    note("status", read32(BANK));
    note("16 bits of it", read16(BANK));
    note("8 bits of it", read8(BANK));
    note("anywhere", read32(BANK + 0x12344));
    command(BANK, CFI_CLEAR_STATUS);
    note("array after clearing", read32(BANK));
    command(BANK, CFI_READ_STATUS);
    note("cleared", read32(BANK));
    command(BANK, CFI_READ_ARRAY);
}

static void test_erase(void)
{
    command(BANK + 3 * BLOCK + 0x100, CFI_BLOCK_ERASE);
    command(BANK + 3 * BLOCK + 0x100, CFI_CONFIRM);
    note("erased: status", read32(BANK));
    command(BANK, CFI_READ_ARRAY);
    note("before it", read32(BANK + 3 * BLOCK - 4));
    note("first", read32(BANK + 3 * BLOCK));
    note("last", read32(BANK + 4 * BLOCK - 4));
    note("behind it", read32(BANK + 4 * BLOCK));
    command(BANK + 3 * BLOCK, CFI_BLOCK_ERASE);
    command(BANK + 3 * BLOCK, CFI_READ_ARRAY);
    note("given up", read32(BANK + 3 * BLOCK));
    command(BANK + 3 * BLOCK, CFI_BLOCK_ERASE);
    command(BANK + 3 * BLOCK, 0x33);
    note("not confirmed", read32(BANK + 3 * BLOCK));
}

static void test_program(void)
{
    uintptr_t at = BANK + 3 * BLOCK;

    command(at, CFI_PROGRAM);
    write32(at + 8, 0x12345678);
    note("programmed: status", read32(at));
    command(at, CFI_READ_ARRAY);
    note("32 bits", read32(at + 8));
    command(at, CFI_PROGRAM_ALT);
    write16(at + 14, 0xabcd);
    command(at, CFI_READ_ARRAY);
    note("16 bits", read32(at + 12));
    command(at, CFI_PROGRAM);
    write8(at + 17, 0x5a);
    command(at, CFI_READ_ARRAY);
    note("8 bits", read32(at + 16));
    command(at, CFI_BUFFER_PROGRAM);
    note("buffer: status", read32(at));
    command(at, 3);
    for (uint32_t i = 0; i < 4; i++)
        write32(at + 0x100 + 4 * i, 0x1000 + i);
    command(at, CFI_CONFIRM);
    note("written: status", read32(at));
    command(at, CFI_READ_ARRAY);
    for (uint32_t i = 0; i < 5; i++)
        note("buffer", read32(at + 0x100 + 4 * i));
    command(at, CFI_BUFFER_PROGRAM);
    command(at, 0);
    write32(at + 0x200, 0x77);
    command(at, 0x11);
    note("not confirmed", read32(at) & 0xff);
    command(at, CFI_READ_ARRAY);
    write32(at + 0x300, 0x4711);
    note("no command", read32(at + 0x300));
    command(at, CFI_LOCK_SETUP);
    command(at, CFI_LOCK);
    note("locked: status", read32(at));
    command(at, CFI_LOCK_SETUP);
    command(at, CFI_CONFIRM);
    note("unlocked: status", read32(at));
    command(at, CFI_LOCK_SETUP);
    command(at, 0x55);
    note("neither", read32(at));
    command(at, CFI_READ_ARRAY);
    note_fault("no faults");
}

/* Functions in flash. (QEMU would go on with the old one if it were programmed anew.) */
static void test_fetch(void)
{
    static const uint32_t code[][2] = {{0x02a00513, 0x00008067}, {0x00700513, 0x00008067}};

    for (unsigned i = 0; i < 2; i++) {
        uintptr_t at = BANK + (5 + i) * BLOCK;
        command(at, CFI_BLOCK_ERASE);
        command(at, CFI_CONFIRM);
        for (unsigned k = 0; k < 2; k++) {
            command(at, CFI_PROGRAM);
            write32(at + 4 * k, code[i][k]);
        }
        command(at, CFI_READ_ARRAY);
        __asm__ volatile(".4byte 0x100f" ::: "memory"); /* fence.i */
        note("a function in flash", (unsigned long)((int (*)(void))at)());
    }
}

int main(void)
{
    test_query();
    test_erase();
    test_program();
    test_fetch();
    report();
    return 0;
}
