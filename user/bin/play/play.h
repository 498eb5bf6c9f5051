#pragma once
/* What the files of play share. */
#include <stddef.h>
#include <stdint.h>
#include "user/lib/audio.h"

struct source {
    int fd;
    int rate, channels;
    int bits;      /* of a sample: 8 (unsigned) or 16 (signed) */
    uint64_t left; /* bytes that belong to the sound */
};

/*
 * Reads a WAV file's headers (RIFF, Microsoft's "Multimedia Programming Interface and Data
 * Specifications 1.0") up to its samples. NULL, or what is wrong with it.
 */
const char *wav_open(struct source *source, int fd);

/* The tune: its rate in frames per second (one channel), and all of it into `audio`. False: errno.
 */
enum { TUNE_RATE = 44100 };
bool tune_play(struct audio *audio);
