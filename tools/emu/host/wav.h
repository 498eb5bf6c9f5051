#pragma once
/* WAV files (RIFF, "Multiple Channel Audio Data and WAVE Files", Microsoft 2001). */
#include <stdbool.h>
#include <stddef.h>

#include "tools/emu/backend.h"

struct wav;

/* Make the file, empty as yet. NULL with errno set if it cannot be written. */
struct wav *wav_create(const char *path, unsigned rate, unsigned channels,
                       enum sound_format format);

/*
 * Add whole frames. The file is complete after each call, so it is whole however the process ends.
 * False if that failed, or the file would be larger than the format allows: it stays as it was.
 */
bool wav_write(struct wav *wav, const void *frames, size_t bytes);

/* Is it a file of that kind? */
bool wav_is(const struct wav *wav, unsigned rate, unsigned channels, enum sound_format format);

/* NULL is fine. */
void wav_close(struct wav *wav);
