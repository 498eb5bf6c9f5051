/* The keyboard: prints what it gives until the key of ESCAPE is let go of. */
#include "tests/emu/guest/nemu/nemu.h"

int main(void)
{
    show("at first", inl(NEMU_KEYBOARD_BASE));
    put_text("ready\n");
    for (;;) {
        uint32_t key = inl(NEMU_KEYBOARD_BASE);
        if (key == 0)
            continue;
        show("key", key);
        if (key == 1)
            return 0;
    }
}
