/* Reading WAV files. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "user/bin/play/play.h"

static uint16_t get16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t get32(const uint8_t *p)
{
    return get16(p) | (uint32_t)get16(p + 2) << 16;
}

static bool read_all(int fd, void *buf, size_t n)
{
    for (char *p = buf; n > 0;) {
        ssize_t got = read(fd, p, n);
        if (got <= 0)
            return false;
        p += got;
        n -= (size_t)got;
    }
    return true;
}

static bool skip(int fd, uint64_t n)
{
    char buf[512];
    while (n > 0) {
        size_t part = n < sizeof buf ? (size_t)n : sizeof buf;
        if (!read_all(fd, buf, part))
            return false;
        n -= part;
    }
    return true;
}

enum { FORMAT_PCM = 1, FORMAT_EXTENSIBLE = 0xfffe, FORMAT_BYTES = 40 };

/* The format chunk of `size` bytes. NULL, or what is wrong with it. */
static const char *read_format(struct source *s, uint32_t size)
{
    uint8_t f[FORMAT_BYTES] = {0};
    uint32_t part = size < FORMAT_BYTES ? size : FORMAT_BYTES;
    if (size < 16 || !read_all(s->fd, f, part) || !skip(s->fd, (uint64_t)size + (size & 1) - part))
        return "format chunk cut short";
    uint16_t format = get16(f);
    if (format == FORMAT_EXTENSIBLE && size >= 26)
        format = get16(f + 24);
    s->channels = get16(f + 2);
    s->rate = (int)get32(f + 4);
    s->bits = get16(f + 14);
    if (format != FORMAT_PCM || (s->bits != 8 && s->bits != 16))
        return "not 8 or 16-bit PCM";
    if (s->channels < 1 || s->rate < 1)
        return "no channels, or no rate";
    return NULL;
}

const char *wav_open(struct source *s, int fd)
{
    uint8_t head[12];
    const char *wrong = NULL;
    s->fd = fd;
    s->channels = 0;
    if (!read_all(fd, head, sizeof head) || memcmp(head, "RIFF", 4) != 0 ||
        memcmp(head + 8, "WAVE", 4) != 0)
        return "not a WAV file";
    while (!wrong) {
        if (!read_all(fd, head, 8))
            return "no samples in it";
        uint32_t size = get32(head + 4);
        if (memcmp(head, "data", 4) == 0) {
            s->left = size;
            return s->channels > 0 ? NULL : "samples before their format";
        }
        if (memcmp(head, "fmt ", 4) == 0)
            wrong = read_format(s, size);
        else if (!skip(fd, (uint64_t)size + (size & 1)))
            wrong = "cut short";
    }
    return wrong;
}
