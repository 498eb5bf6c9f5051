/*
 * Sound: FRAMES stereo frames at 44100 Hz through the ring, the left sample counting up and the
 * right one down, as a program of the abstract machine does it.
 */
#include "tests/emu/guest/nemu/nemu.h"

enum { FREQ = 44100, SAMPLES = 1024, FRAMES = 2 * FREQ, PIECE = 512 /* frames */ };

static uint32_t at;

static void play(const uint8_t *bytes, uint32_t n)
{
    uint32_t size = inl(NEMU_AUDIO_BASE + NEMU_AUDIO_SBUF_SIZE);

    while (size - inl(NEMU_AUDIO_BASE + NEMU_AUDIO_COUNT) < n)
        ;
    for (uint32_t i = 0; i < n; i++) {
        outb(NEMU_SBUF_BASE + at, bytes[i]);
        at = (at + 1) % size;
    }
    outl(NEMU_AUDIO_BASE + NEMU_AUDIO_COUNT, inl(NEMU_AUDIO_BASE + NEMU_AUDIO_COUNT) + n);
}

int main(void)
{
    static int16_t piece[2 * PIECE];
    uint64_t start;

    show("sbuf_size", inl(NEMU_AUDIO_BASE + NEMU_AUDIO_SBUF_SIZE));
    outl(NEMU_AUDIO_BASE + NEMU_AUDIO_FREQ, FREQ);
    outl(NEMU_AUDIO_BASE + NEMU_AUDIO_CHANNELS, 2);
    outl(NEMU_AUDIO_BASE + NEMU_AUDIO_SAMPLES, SAMPLES);
    outl(NEMU_AUDIO_BASE + NEMU_AUDIO_INIT, 1);
    show("count", inl(NEMU_AUDIO_BASE + NEMU_AUDIO_COUNT));
    start = uptime();
    for (int frame = 0; frame < FRAMES; frame += PIECE) {
        for (int i = 0; i < PIECE; i++) {
            piece[2 * i] = (int16_t)(frame + i + 1);
            piece[2 * i + 1] = (int16_t) - (frame + i + 1);
        }
        play((const uint8_t *)piece, sizeof piece);
    }
    while (inl(NEMU_AUDIO_BASE + NEMU_AUDIO_COUNT) != 0)
        ;
    start = uptime() - start;
    show("took two seconds", start > 1950000 && start < 2100000);
    return 0;
}
