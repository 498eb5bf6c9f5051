/* The screen: a picture, twice; the second sync comes right after the first. */
#include "tests/emu/guest/nemu/nemu.h"

static void draw(uint32_t *fb, int width, int height, uint32_t blue)
{
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            fb[y * width + x] = (uint32_t)(x & 255) << 16 | (uint32_t)(y & 255) << 8 | blue;
}

int main(void)
{
    uint32_t *fb = (uint32_t *)(uintptr_t)NEMU_FB_BASE, size = inl(NEMU_VGA_BASE);
    int width = (int)(size >> 16), height = (int)(size & 0xffff);
    uint64_t start;

    show("width", (word)width);
    show("height", (word)height);
    draw(fb, width, height, 1);
    outl(NEMU_VGA_BASE + NEMU_VGA_SYNC, 1);
    show("first sync", inl(NEMU_VGA_BASE + NEMU_VGA_SYNC));
    draw(fb, width, height, 2);
    outl(NEMU_VGA_BASE + NEMU_VGA_SYNC, 1);
    start = uptime();
    while (inl(NEMU_VGA_BASE + NEMU_VGA_SYNC) != 0 && uptime() - start < 1000000)
        ;
    put_text("second sync\n");
    for (uint32_t blue = 3; blue < 6; blue++) { /* the last one within a sixtieth of a second */
        draw(fb, width, height, blue);
        outl(NEMU_VGA_BASE + NEMU_VGA_SYNC, 1);
    }
    draw(fb, width, height, 9); /* nobody is told */
    return 0;
}
