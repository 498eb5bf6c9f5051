/*
 * Sound outputs: to nobody or to the host's (speaker.c), and into WAV files. Every stream that is
 * like the one before goes on in the same file; others begin files of their own: out.wav, out-2.wav
 * and so on.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/emu/host/backends.h"
#include "tools/emu/host/speaker.h"
#include "tools/emu/host/wav.h"
#include "tools/emu/message.h"

enum { PATH_SIZE = 4096, FILES_MAX = 100 };

/* What a stream is made of. */
struct kind {
    unsigned rate, channels;
    enum sound_format format;
};

/* Files NAME.wav, NAME-2.wav ..., made when there is sound for them. */
struct recording {
    char *path; /* owned; NULL: nothing is recorded */
    unsigned files;
    bool failed; /* as has been said: no more */
    struct wav *wav;
};

struct output {
    struct audio_backend audio;
    bool audible;
    bool mute; /* the host has no sound, as has been said */
    struct speaker *speaker;
    struct recording recording;
    struct kind kind; /* of the stream that is open */
};

/* What --audio asks for: shared by all outputs, whose streams would not fit into one file anyway.
 */
static struct recording everything;

/* --- recording -------------------------------------------------------------------------------- */

static void recording_fail(struct recording *r, const char *path, const char *why)
{
    message("%s: %s; nothing more is recorded", path, why);
    r->failed = true;
}

/* The name of the next file: the path as it is, then with a number before its suffix. */
static void next_path(struct recording *r, char *path, size_t size)
{
    const char *dot = strrchr(r->path, '.'), *slash = strrchr(r->path, '/');
    int stem = (int)strlen(r->path);

    if (dot != NULL && (slash == NULL || dot > slash))
        stem = (int)(dot - r->path);
    if (++r->files == 1)
        snprintf(path, size, "%s", r->path);
    else
        snprintf(path, size, "%.*s-%u%s", stem, r->path, r->files, r->path + stem);
}

/* Have a file of that kind. */
static void recording_open(struct recording *r, const struct kind *kind)
{
    char path[PATH_SIZE];

    if (r->wav != NULL && wav_is(r->wav, kind->rate, kind->channels, kind->format))
        return;
    wav_close(r->wav);
    r->wav = NULL;
    if (r->files == FILES_MAX) {
        recording_fail(r, r->path, "too many streams of different kinds");
        return;
    }
    next_path(r, path, sizeof path);
    r->wav = wav_create(path, kind->rate, kind->channels, kind->format);
    if (r->wav == NULL)
        recording_fail(r, path, strerror(errno));
}

static void recording_write(struct recording *r, const struct kind *kind, const void *frames,
                            size_t bytes)
{
    if (r->path == NULL || r->failed)
        return;
    recording_open(r, kind);
    errno = 0;
    if (r->wav != NULL && !wav_write(r->wav, frames, bytes))
        recording_fail(r, r->path, errno != 0 ? strerror(errno) : "too large");
}

static void recording_close(struct recording *r)
{
    wav_close(r->wav);
    free(r->path);
    *r = (struct recording){0};
}

/* A file without sound now, so that a name that cannot be written is an error at the start. */
static bool recording_begin(struct recording *r, const char *path, char *err, size_t err_size)
{
    struct wav *wav = wav_create(path, 44100, 2, SOUND_S16);

    if (wav == NULL) {
        snprintf(err, err_size, "%s: %s", path, strerror(errno));
        return false;
    }
    wav_close(wav);
    r->path = strdup(path);
    if (r->path == NULL)
        snprintf(err, err_size, "out of memory");
    return r->path != NULL;
}

/* --- the backend ------------------------------------------------------------------------------ */

static void open_speaker(struct output *out, unsigned rate, unsigned channels,
                         enum sound_format format)
{
    char err[160];

    if (!out->audible || out->mute ||
        (out->speaker != NULL && speaker_is(out->speaker, rate, channels, format)))
        return;
    speaker_close(out->speaker);
    out->speaker = speaker_open(rate, channels, format, err, sizeof err);
    out->mute = out->speaker == NULL;
    if (out->mute)
        message("no sound: %s", err);
}

static void output_open(struct audio_backend *b, unsigned rate, unsigned channels,
                        enum sound_format format)
{
    struct output *out = (struct output *)b;

    out->kind = (struct kind){rate, channels, format};
    open_speaker(out, rate, channels, format);
}

static void output_write(struct audio_backend *b, const void *frames, size_t bytes)
{
    struct output *out = (struct output *)b;

    if (out->speaker != NULL)
        speaker_play(out->speaker, frames, bytes);
    recording_write(&out->recording, &out->kind, frames, bytes);
    recording_write(&everything, &out->kind, frames, bytes);
}

/* Files and speaker stay, for the next stream. */
static void output_close(struct audio_backend *b) {}

static void output_free(struct backend *b)
{
    struct output *out = (struct output *)b;

    speaker_close(out->speaker);
    recording_close(&out->recording);
    if (b->id == NULL)
        recording_close(&everything);
    free((char *)b->id);
    free(out);
}

static struct output *output_create(const char *id)
{
    struct output *out = calloc(1, sizeof *out);
    char *name = id != NULL ? strdup(id) : NULL;

    if (out == NULL || (id != NULL && name == NULL)) {
        free(out);
        free(name);
        return NULL;
    }
    out->audio = (struct audio_backend){
        .backend = {.kind = BACKEND_AUDIO, .id = name, .close = output_free},
        .open = output_open,
        .write = output_write,
        .close = output_close,
    };
    return out;
}

/* --- options ---------------------------------------------------------------------------------- */

static bool set_driver(struct output *out, const char *driver, const char *path, char *err,
                       size_t err_size)
{
    if (strcmp(driver, "wav") == 0) {
        if (path != NULL)
            return recording_begin(&out->recording, path, err, err_size);
        snprintf(err, err_size, "wav needs a path=FILE");
        return false;
    }
    if (path != NULL) {
        snprintf(err, err_size, "only wav has a path");
        return false;
    }
    out->audible = strcmp(driver, "sdl") == 0;
    if (out->audible && !speaker_available()) {
        snprintf(err, err_size, "sdl: built without SDL2");
        return false;
    }
    if (out->audible || strcmp(driver, "none") == 0)
        return true;
    snprintf(err, err_size, "unknown driver '%s': there are none, sdl and wav", driver);
    return false;
}

struct backend *host_audiodev_open(struct props *props, char *err, size_t err_size)
{
    const char *driver = props_get(props, "driver"), *id = props_get(props, "id");
    const char *path = props_get(props, "path");
    struct output *out;

    if (driver == NULL || id == NULL) {
        snprintf(err, err_size, "a driver and an id are needed: none,id=ID");
        return NULL;
    }
    out = output_create(id);
    if (out == NULL) {
        snprintf(err, err_size, "out of memory");
        return NULL;
    }
    if (set_driver(out, driver, path, err, err_size))
        return &out->audio.backend;
    output_free(&out->audio.backend);
    return NULL;
}

struct backend *host_audio_default(bool silent, const char *record, char *err, size_t err_size)
{
    struct output *out = output_create(NULL);

    if (out == NULL) {
        snprintf(err, err_size, "out of memory");
        return NULL;
    }
    out->audible = !silent && speaker_available();
    if (record == NULL || recording_begin(&everything, record, err, err_size))
        return &out->audio.backend;
    output_free(&out->audio.backend);
    return NULL;
}
