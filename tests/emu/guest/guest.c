#include "tests/emu/guest/guest.h"

static struct {
    const char *name;
    unsigned long value;
} notes[512];
static unsigned note_count;

void note(const char *name, unsigned long value)
{
    if (note_count < sizeof notes / sizeof notes[0]) {
        notes[note_count].name = name;
        notes[note_count++].value = value;
    }
}

void note_fault(const char *name)
{
    note(name, (unsigned long)last_cause);
    last_cause = 0;
}

static void put(char c)
{
    while (!(read8(UART_BASE + NS16550_LSR) & NS16550_LSR_THRE))
        ;
    write8(UART_BASE + NS16550_THR, (uint8_t)c);
}

static void put_text(const char *s)
{
    while (*s)
        put(*s++);
}

static void put_hex(unsigned long value)
{
    int shift = 0;

    while (shift + 4 < (int)sizeof value * 8 && value >> (shift + 4) != 0)
        shift += 4;
    for (; shift >= 0; shift -= 4)
        put("0123456789abcdef"[value >> shift & 15]);
}

void report(void)
{
    write8(UART_BASE + NS16550_LCR, NS16550_LCR_WLS_8);
    write8(UART_BASE + NS16550_IER, 0);
    write8(UART_BASE + NS16550_MCR, 0);
    for (unsigned i = 0; i < note_count; i++) {
        put_text(notes[i].name);
        put_text(": ");
        put_hex(notes[i].value);
        put('\n');
    }
    note_count = 0;
}

uint64_t ticks(void)
{
    uint32_t high, low;

    do {
        high = read32(CLINT_BASE + CLINT_MTIME + 4);
        low = read32(CLINT_BASE + CLINT_MTIME);
    } while (high != read32(CLINT_BASE + CLINT_MTIME + 4));
    return (uint64_t)high << 32 | low;
}

void delay(uint64_t n)
{
    uint64_t start = ticks();

    while (ticks() - start < n)
        ;
}
