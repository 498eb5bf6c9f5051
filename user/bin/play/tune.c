/* The tune that play knows: the beginning of the "Ode to Joy" (Beethoven). */
#include "user/bin/play/play.h"

enum { BEAT = TUNE_RATE / 4, PAUSE = TUNE_RATE / 50, VOLUME = 12000, PIECE = 512 };

/* Frequencies in millihertz, equal temperament with A at 440 Hz; lengths in half beats. */
enum { C4 = 261626, D4 = 293665, E4 = 329628, F4 = 349228, G4 = 391995 };

static const struct note {
    uint32_t millihertz;
    unsigned halves;
} notes[] = {
    {E4, 2}, {E4, 2}, {F4, 2}, {G4, 2}, {G4, 2}, {F4, 2}, {E4, 2}, {D4, 2}, {C4, 2}, {C4, 2},
    {D4, 2}, {E4, 2}, {E4, 3}, {D4, 1}, {D4, 4}, {E4, 2}, {E4, 2}, {F4, 2}, {G4, 2}, {G4, 2},
    {F4, 2}, {E4, 2}, {D4, 2}, {C4, 2}, {C4, 2}, {D4, 2}, {E4, 2}, {D4, 3}, {C4, 1}, {C4, 4},
};

/* Its length includes a short silence at the end, which tells equal notes apart. */
static bool play_note(struct audio *audio, const struct note *note)
{
    int16_t samples[PIECE];
    struct tone tone;
    tone_start(&tone, note->millihertz, TUNE_RATE);
    for (unsigned left = note->halves * BEAT / 2; left > 0;) {
        unsigned n = left < PIECE ? left : PIECE;
        for (unsigned i = 0; i < n; i++)
            samples[i] = left - i > PAUSE ? tone_next(&tone, VOLUME) : 0;
        if (!audio_write(audio, samples, n * sizeof *samples))
            return false;
        left -= n;
    }
    return true;
}

bool tune_play(struct audio *audio)
{
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        if (!play_note(audio, &notes[i]))
            return false;
    }
    return true;
}
