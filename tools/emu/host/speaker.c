#include "tools/emu/host/speaker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_SDL2
#    include "tools/emu/host/sdl.h"

enum { PREFILL_MS = 60, MOST_MS = 250, BLOCK_FRAMES = 512, SILENCE_BYTES = 4096 };

struct speaker {
    SDL_AudioDeviceID device;
    SDL_AudioSpec spec;
    enum sound_format format;
};

static Uint32 bytes_in(const struct speaker *s, unsigned ms)
{
    Uint32 frame = SDL_AUDIO_BITSIZE(s->spec.format) / 8u * s->spec.channels;

    return (Uint32)((uint64_t)s->spec.freq * ms / 1000) * frame;
}

static void prefill(struct speaker *s)
{
    Uint8 silence[SILENCE_BYTES];

    memset(silence, s->spec.silence, sizeof silence);
    for (Uint32 n, left = bytes_in(s, PREFILL_MS); left > 0; left -= n) {
        n = left < sizeof silence ? left : sizeof silence;
        sdl.QueueAudio(s->device, silence, n);
    }
}

bool speaker_available(void)
{
    return true;
}

struct speaker *speaker_open(unsigned rate, unsigned channels, enum sound_format format, char *err,
                             size_t err_size)
{
    static const SDL_AudioFormat formats[] = {[SOUND_U8] = AUDIO_U8,
                                              [SOUND_S16] = AUDIO_S16LSB,
                                              [SOUND_S32] = AUDIO_S32LSB,
                                              [SOUND_FLOAT] = AUDIO_F32LSB};
    struct speaker *s;

    if (!sdl_load(err, err_size))
        return NULL;
    s = calloc(1, sizeof *s);
    if (s == NULL) {
        snprintf(err, err_size, "out of memory");
        return NULL;
    }
    s->spec = (SDL_AudioSpec){.freq = (int)rate,
                              .format = formats[format],
                              .channels = (Uint8)channels,
                              .samples = BLOCK_FRAMES};
    s->format = format;
    s->spec.silence = format == SOUND_U8 ? 0x80 : 0;
    if (sdl.InitSubSystem(SDL_INIT_AUDIO) == 0) {
        s->device = sdl.OpenAudioDevice(NULL, 0, &s->spec, NULL, 0);
        if (s->device != 0) {
            prefill(s);
            sdl.PauseAudioDevice(s->device, 0);
            return s;
        }
        snprintf(err, err_size, "%s", sdl.GetError());
        sdl.QuitSubSystem(SDL_INIT_AUDIO);
    } else {
        snprintf(err, err_size, "%s", sdl.GetError());
    }
    free(s);
    return NULL;
}

void speaker_play(struct speaker *s, const void *frames, size_t bytes)
{
    Uint32 queued = sdl.GetQueuedAudioSize(s->device);

    if (queued > bytes_in(s, MOST_MS))
        return;
    if (queued == 0)
        prefill(s);
    sdl.QueueAudio(s->device, frames, (Uint32)bytes);
}

bool speaker_is(const struct speaker *s, unsigned rate, unsigned channels, enum sound_format format)
{
    return s->spec.freq == (int)rate && s->spec.channels == channels && s->format == format;
}

void speaker_close(struct speaker *s)
{
    if (s == NULL)
        return;
    for (int i = 0; i < MOST_MS / 10 && sdl.GetQueuedAudioSize(s->device) != 0; i++)
        sdl.Delay(10);
    sdl.CloseAudioDevice(s->device);
    sdl.QuitSubSystem(SDL_INIT_AUDIO);
    free(s);
}

#else

bool speaker_available(void)
{
    return false;
}

struct speaker *speaker_open(unsigned rate, unsigned channels, enum sound_format format, char *err,
                             size_t err_size)
{
    snprintf(err, err_size, "built without SDL2");
    return NULL;
}

void speaker_play(struct speaker *s, const void *frames, size_t bytes) {}

bool speaker_is(const struct speaker *s, unsigned rate, unsigned channels, enum sound_format format)
{
    return false;
}

void speaker_close(struct speaker *s) {}

#endif
