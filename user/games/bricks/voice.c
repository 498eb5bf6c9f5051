/* Bricks: the sounds. */
#include "user/games/bricks/view.h"

enum { AHEAD = 3, MOST = 6 /* frames in the queue */, VOLUME = 8000, PIECE = 1024 };

static const struct effect {
    uint32_t millihertz;
    unsigned ms;
} effects[] = {
    [SOUND_WALL] = {330000, 30},  [SOUND_PADDLE] = {440000, 60},    [SOUND_BRICK] = {880000, 60},
    [SOUND_LOST] = {110000, 500}, [SOUND_CLEARED] = {1320000, 400},
};

/* Queues n samples of what is to be heard. */
static void queue(struct voice *v, unsigned n)
{
    int16_t samples[PIECE];
    n = n < PIECE ? n : PIECE;
    for (unsigned i = 0; i < n; i++) {
        int volume = v->left > 0 ? (int)((uint64_t)VOLUME * v->left / v->length) : 0; /* fading */
        samples[i] = v->left > 0 ? tone_next(&v->tone, volume) : 0;
        v->left -= v->left > 0;
    }
    if (audio_room(&v->audio) >= n * sizeof *samples)
        audio_write(&v->audio, samples, n * sizeof *samples);
}

/* Bytes in the queue. */
static size_t queued_bytes(struct voice *v)
{
    return v->size - audio_room(&v->audio);
}

void voice_open(struct voice *v)
{
    v->left = v->length = 0;
    v->open = audio_open(&v->audio, VOICE_RATE, 1, 256);
    if (v->open)
        v->size = audio_room(&v->audio);
}

void voice_close(struct voice *v)
{
    if (v->open)
        audio_close(&v->audio);
}

void voice_frame(struct voice *v, enum game_sound sound, unsigned frames_per_second)
{
    unsigned n = VOICE_RATE / frames_per_second;
    if (!v->open)
        return;
    if (sound != SOUND_NONE) {
        tone_start(&v->tone, effects[sound].millihertz, VOICE_RATE);
        v->left = v->length = effects[sound].ms * VOICE_RATE / 1000;
    }
    size_t queued = queued_bytes(v) / sizeof(int16_t);
    /* The sound's clock may run faster or slower than ours. */
    for (unsigned frames = queued < n ? AHEAD : 1; frames > 0 && queued < MOST * n; frames--)
        queue(v, n);
}
