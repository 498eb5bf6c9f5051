#pragma once
/*
 * The host's sound output (SDL2). Frames are queued: a little silence first, so that small delays
 * of ours are not heard; what would pile up beyond a fraction of a second is dropped.
 */
#include <stdbool.h>
#include <stddef.h>

#include "tools/emu/backend.h"

struct speaker;

/* Whether this was built with SDL2. */
bool speaker_available(void);

/* NULL with a line in err if the host has no sound. */
struct speaker *speaker_open(unsigned rate, unsigned channels, enum sound_format format, char *err,
                             size_t err_size);
void speaker_play(struct speaker *s, const void *frames, size_t bytes);

/* Is it for sound of that kind? */
bool speaker_is(const struct speaker *s, unsigned rate, unsigned channels,
                enum sound_format format);

/* Waits, a quarter of a second at most, until what is queued has been heard. NULL is fine. */
void speaker_close(struct speaker *s);
