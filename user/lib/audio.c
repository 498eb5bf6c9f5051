/* Sound. */
#include "user/lib/audio.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "abi/sound.h"

bool audio_open(struct audio *audio, int rate, int channels, int samples)
{
    const struct abi_sound format = {rate, channels, samples};
    audio->data = -1;
    audio->control = open("/dev/sbctl", O_RDWR | O_CLOEXEC);
    if (audio->control < 0)
        return false;
    if (write(audio->control, &format, sizeof format) == (ssize_t)sizeof format)
        audio->data = open("/dev/sb", O_WRONLY | O_CLOEXEC);
    if (audio->data < 0) {
        int error = errno;
        close(audio->control);
        errno = error;
        return false;
    }
    return true;
}

void audio_close(struct audio *audio)
{
    close(audio->data);
    close(audio->control);
}

size_t audio_room(struct audio *audio)
{
    int32_t room;
    return read(audio->control, &room, sizeof room) == (ssize_t)sizeof room ? (size_t)room : 0;
}

bool audio_write(struct audio *audio, const void *data, size_t n)
{
    const char *p = data;
    while (n > 0) {
        ssize_t done = write(audio->data, p, n);
        if (done < 0)
            return false;
        p += done;
        n -= (size_t)done;
    }
    return true;
}

int audio_underruns(struct audio *audio)
{
    int32_t count;
    return ioctl(audio->control, SOUND_UNDERRUNS, &count) == 0 ? (int)count : 0;
}

void tone_start(struct tone *tone, uint32_t millihertz, int rate)
{
    tone->phase = 0;
    tone->step = (uint32_t)(((uint64_t)millihertz << 32) / ((uint64_t)rate * 1000));
}

int16_t tone_next(struct tone *tone, int volume)
{
    /* A period rises from 0 in its first quarter, falls to the last, and rises to 0 again. */
    int32_t p = (int32_t)(tone->phase + 0x40000000u) >> 15; /* -65536 .. 65535 */
    int32_t level = (p < 0 ? -p : p) - 32768;               /* 32768 at the ends, -32768 inside */
    tone->phase += tone->step;
    return (int16_t)(level * volume / 32768);
}
