/*
 * play: plays WAV files, raw samples (-r RATE, -c CHANNELS, signed 16-bit little-endian), or,
 * without a FILE, a tune. -v: says how long it was and how often it stopped for want of samples.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/bin/play/play.h"
#include "user/lib/tool.h"

enum { PERIOD = 1024 /* frames */, PIECE = 4096 /* bytes */ };

static bool verbose;

static bool start(struct audio *audio, int rate, int channels)
{
    if (audio_open(audio, rate, channels, PERIOD))
        return true;
    if (errno == EINVAL)
        tool_warn("%d Hz, %d channels: the sound device cannot", rate, channels);
    else
        tool_warn_errno("no sound");
    return false;
}

/* Waits for the end; `ok` is whether all was queued. */
static bool finish(struct audio *audio, bool ok)
{
    if (!ok)
        tool_warn_errno("/dev/sb");
    int underruns = audio_underruns(audio);
    audio_close(audio);
    if (ok && verbose)
        out_fmt("%d underrun%s\n", underruns, underruns == 1 ? "" : "s");
    return ok;
}

/* 8-bit samples are unsigned: spreads n of them in place to 16-bit ones. */
static void widen(uint8_t *bytes, size_t n)
{
    while (n-- > 0) {
        int16_t sample = (int16_t)((bytes[n] - 128) * 256);
        memcpy(bytes + 2 * n, &sample, sizeof sample);
    }
}

static bool play_source(struct source *s)
{
    static uint8_t buf[2 * PIECE];
    struct audio audio;
    bool ok = true;
    ssize_t n = 1;
    if (!start(&audio, s->rate, s->channels))
        return false;
    while (ok && s->left > 0 && n > 0) {
        n = read(s->fd, buf, s->left < PIECE ? (size_t)s->left : PIECE);
        if (n <= 0)
            break;
        s->left -= (uint64_t)n;
        if (s->bits == 8)
            widen(buf, (size_t)n);
        ok = audio_write(&audio, buf, s->bits == 8 ? 2 * (size_t)n : (size_t)n);
    }
    ok = finish(&audio, ok);
    if (n < 0)
        tool_warn_errno("reading");
    return ok && n >= 0;
}

static bool play_file(const char *name, int raw_rate, int raw_channels)
{
    struct source s = {.bits = 16, .rate = raw_rate, .channels = raw_channels, .left = UINT64_MAX};
    s.fd = tool_open(name);
    if (s.fd < 0)
        return false;
    const char *wrong = raw_rate > 0 ? NULL : wav_open(&s, s.fd);
    bool ok = !wrong && play_source(&s);
    if (wrong)
        tool_warn("%s: %s", name, wrong);
    tool_close(s.fd);
    return ok;
}

static bool play_tune(void)
{
    struct audio audio;
    return start(&audio, TUNE_RATE, 1) && finish(&audio, tune_play(&audio));
}

static int number(const char *what, long long max)
{
    long long value;
    if (!tool_number(tool_argument, 1, max, &value))
        tool_die("invalid %s '%s'", what, tool_argument);
    return (int)value;
}

int main(int argc, char **argv)
{
    int rate = 0, channels = 0, c;
    bool ok = true;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "r:c:v")) != -1) {
        switch (c) {
        case 'r': rate = number("rate", 1000000); break;
        case 'c': channels = number("number of channels", 8); break;
        case 'v': verbose = true; break;
        default: tool_usage("[-v] [-r RATE [-c CHANNELS]] [FILE...]");
        }
    }
    if (channels > 0 && rate == 0)
        tool_die("-c is for raw samples: give their rate as well (-r)");
    if (tool_index == argc)
        ok = play_tune();
    for (int i = tool_index; i < argc; i++)
        ok = play_file(argv[i], rate, channels > 0 ? channels : 1) && ok;
    tool_exit(ok ? 0 : 1);
}
