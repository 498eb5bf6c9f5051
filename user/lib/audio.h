#pragma once
/*
 * Sound (/dev/sb, see abi/sound.h): signed 16-bit samples. The functions are plain POSIX.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct audio {
    int control, data; /* descriptors */
};

/*
 * Opens the sound device with `rate` frames per second of `channels` samples, which the device
 * takes `samples` frames at a time. False with errno set.
 */
bool audio_open(struct audio *audio, int rate, int channels, int samples);
/* Waits until everything has been played. */
void audio_close(struct audio *audio);
/* Bytes that can be queued without waiting. */
size_t audio_room(struct audio *audio);
/* Queues n bytes, waiting for room. False with errno set. */
bool audio_write(struct audio *audio, const void *data, size_t n);
/* How often nothing was queued in time so far. */
int audio_underruns(struct audio *audio);

/* A tone: a triangle wave. */
struct tone {
    uint32_t phase, step; /* in 1 / 2^32 of a period */
};

/* The frequency is in thousandths of a hertz. */
void tone_start(struct tone *tone, uint32_t millihertz, int rate);
/* The next sample, between -volume and volume. */
int16_t tone_next(struct tone *tone, int volume);
