#include "abi/sbi.h"
#include "hw/test.h"
#include "sbi/console.h"
#include "sbi/platform.h"
#include "sbi/reset.h"

static void write_reg(uintptr_t addr, uint32_t value)
{
    asm volatile("fence rw, ow" ::: "memory");
    *(volatile uint32_t *)addr = value;
}

static const struct reset_reg *syscon_of(uint32_t type)
{
    return type == SBI_RESET_SHUTDOWN ? &platform.poweroff : &platform.reboot;
}

bool reset_available(uint32_t type)
{
    return platform.finisher || syscon_of(type)->addr;
}

void reset_system(uint32_t type, bool failed)
{
    console_drain();
    if (platform.finisher) {
        uint32_t command = TEST_RESET;
        if (type == SBI_RESET_SHUTDOWN)
            command = failed ? TEST_FAIL | 1 << TEST_CODE_SHIFT : TEST_PASS;
        write_reg(platform.finisher, command);
    } else if (syscon_of(type)->addr) {
        write_reg(syscon_of(type)->addr, syscon_of(type)->value);
    }
    /* A device may take a moment; one that does nothing must not hold the caller for ever. */
    for (volatile unsigned i = 0; i < 1000000; i++) {
    }
}
