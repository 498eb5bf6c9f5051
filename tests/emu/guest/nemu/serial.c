/* The serial line: gives back what is typed, in capitals, until a full stop. */
#include "tests/emu/guest/nemu/nemu.h"

int main(void)
{
    int c;

    show("nothing", inb(NEMU_SERIAL_BASE));
    show("lsr", inb(NEMU_SERIAL_BASE + NEMU_SERIAL_LSR));
    do {
        c = inb(NEMU_SERIAL_BASE);
        if (c != 0xff)
            put((char)(c >= 'a' && c <= 'z' ? c - 32 : c));
    } while (c != '.');
    put('\n');
    return 7;
}
