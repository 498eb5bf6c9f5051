#include "tests/emu/guest/nemu/nemu.h"

uint64_t uptime(void)
{
    uint32_t high = inl(NEMU_RTC_BASE + NEMU_RTC_HIGH);

    return (uint64_t)high << 32 | inl(NEMU_RTC_BASE + NEMU_RTC_LOW);
}

void put(char c)
{
    outb(NEMU_SERIAL_BASE, (uint8_t)c);
}

void put_text(const char *s)
{
    while (*s != '\0')
        put(*s++);
}

void show(const char *name, word value)
{
    int shift = 0;

    while (shift + 4 < __riscv_xlen && value >> (shift + 4) != 0)
        shift += 4;
    put_text(name);
    put_text(": ");
    for (; shift >= 0; shift -= 4)
        put("0123456789abcdef"[value >> shift & 15]);
    put('\n');
}

/* Of programs that set no mtvec. */
__attribute__((weak)) struct context *on_trap(struct context *c)
{
    return c;
}
