#include "tools/emu/host/wav.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    WAVE_FORMAT_PCM = 1,
    WAVE_FORMAT_IEEE_FLOAT = 3,
    WAVE_FORMAT_EXTENSIBLE = 0xfffe,
    FMT_SIZE = 40,
    HEADER_SIZE = 12 + 8 + FMT_SIZE + 12 + 8, /* RIFF, fmt, fact, data */
    EXTENSION_SIZE = 22,
};

struct wav {
    int fd;
    unsigned rate, channels;
    enum sound_format format;
    uint64_t bytes; /* of sound */
};

static unsigned sample_bytes(enum sound_format format)
{
    return format == SOUND_U8 ? 1 : format == SOUND_S16 ? 2 : 4;
}

static uint8_t *put(uint8_t *p, uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        *p++ = (uint8_t)(value >> (8 * i));
    return p;
}

static uint8_t *put_text(uint8_t *p, const char *text)
{
    memcpy(p, text, 4);
    return p + 4;
}

/* Which speakers the channels are for, in the order of virtio's and ALSA's common maps. */
static uint32_t speakers(unsigned channels)
{
    static const uint32_t masks[] = {0, 0x4, 0x3, 0x7, 0x33, 0x37, 0x3f, 0x13f, 0x63f};

    return channels < sizeof masks / sizeof masks[0] ? masks[channels] : 0;
}

/* The format chunk: the extensible kind, which readers want for more than two channels. */
static uint8_t *put_fmt(uint8_t *p, const struct wav *wav)
{
    static const uint8_t guid_end[] = {0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80,
                                       0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71};
    unsigned size = sample_bytes(wav->format), frame = size * wav->channels;
    unsigned kind = wav->format == SOUND_FLOAT ? WAVE_FORMAT_IEEE_FLOAT : WAVE_FORMAT_PCM;

    p = put_text(p, "fmt ");
    p = put(p, FMT_SIZE, 4);
    p = put(p, wav->channels > 2 ? WAVE_FORMAT_EXTENSIBLE : kind, 2);
    p = put(p, wav->channels, 2);
    p = put(p, wav->rate, 4);
    p = put(p, (uint64_t)wav->rate * frame, 4);
    p = put(p, frame, 2);
    p = put(p, size * 8, 2);
    p = put(p, EXTENSION_SIZE, 2);
    p = put(p, size * 8, 2);
    p = put(p, speakers(wav->channels), 4);
    p = put(p, kind, 2);
    memcpy(p, guid_end, sizeof guid_end);
    return p + sizeof guid_end;
}

static bool write_header(const struct wav *wav)
{
    uint64_t padded = wav->bytes + wav->bytes % 2;
    uint8_t header[HEADER_SIZE], *p = header;

    p = put_text(p, "RIFF");
    p = put(p, HEADER_SIZE - 8 + padded, 4);
    p = put_text(p, "WAVE");
    p = put_fmt(p, wav);
    p = put_text(p, "fact");
    p = put(p, 4, 4);
    p = put(p, wav->bytes / (sample_bytes(wav->format) * wav->channels), 4);
    p = put_text(p, "data");
    put(p, wav->bytes, 4);
    return pwrite(wav->fd, header, sizeof header, 0) == sizeof header;
}

struct wav *wav_create(const char *path, unsigned rate, unsigned channels, enum sound_format format)
{
    struct wav *wav = calloc(1, sizeof *wav);

    if (wav == NULL)
        return NULL;
    *wav = (struct wav){.rate = rate, .channels = channels, .format = format};
    wav->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (wav->fd < 0 || !write_header(wav)) {
        wav_close(wav);
        return NULL;
    }
    return wav;
}

bool wav_write(struct wav *wav, const void *frames, size_t bytes)
{
    static const uint8_t padding = 0;
    off_t end = (off_t)(HEADER_SIZE + wav->bytes);

    if (wav->bytes + bytes > UINT32_MAX - HEADER_SIZE ||
        pwrite(wav->fd, frames, bytes, end) != (ssize_t)bytes)
        return false;
    wav->bytes += bytes;
    if (wav->bytes % 2 != 0 && pwrite(wav->fd, &padding, 1, end + (off_t)bytes) != 1)
        return false;
    return write_header(wav);
}

bool wav_is(const struct wav *wav, unsigned rate, unsigned channels, enum sound_format format)
{
    return wav->rate == rate && wav->channels == channels && wav->format == format;
}

void wav_close(struct wav *wav)
{
    if (wav == NULL)
        return;
    if (wav->fd >= 0)
        close(wav->fd);
    free(wav);
}
