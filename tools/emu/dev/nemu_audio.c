/*
 * NEMU's sound (include/hw/nemu.h): SAMPLES frames at a time, at the pace of FREQ, are taken from a
 * ring in memory; what is missing is silence.
 *
 * Software adds to COUNT by reading it and writing a sum, and the device may take bytes off in
 * between. So what counts of a write is its difference to what was read last.
 */
#include <string.h>

#include "hw/nemu.h"
#include "tools/emu/backend.h"
#include "tools/emu/machine.h"

enum {
    SAMPLE_BYTES = 2,
    CHANNELS_MAX = 8,
    FREQ_MAX = 384000,
    SAMPLES_DEFAULT = 1024,
    SAMPLES_MAX = 65536, /* as for SDL */
    PIECE = 4096,
    LATE_NS = 50000000, /* a timer later than this was held up by the host: time stands still */
    REG_COUNT = NEMU_AUDIO_SIZE / 4,
};

struct audio {
    uint32_t regs[REG_COUNT];         /* as written; the device's own are elsewhere */
    uint32_t freq, channels, samples; /* of the stream; 0: there is none */
    uint32_t count;                   /* bytes in the ring */
    uint32_t count_read;              /* as software knows it */
    uint32_t tail;                    /* next byte to play */
    uint64_t start, played;           /* machine time of the first frame; frames so far */
    struct audio_backend *sound;
    bool is_open;
    struct timer timer;
};

static const struct state_field audio_fields[] = {
    STATE_ARRAY(struct audio, regs, 1),     STATE_FIELD(struct audio, freq, 1),
    STATE_FIELD(struct audio, channels, 1), STATE_FIELD(struct audio, samples, 1),
    STATE_FIELD(struct audio, count, 1),    STATE_FIELD(struct audio, count_read, 1),
    STATE_FIELD(struct audio, tail, 1),     STATE_FIELD(struct audio, start, 1),
    STATE_FIELD(struct audio, played, 1),
};

/* Machine time at which so many frames have been played. */
static uint64_t time_of(const struct audio *audio, uint64_t frames)
{
    return audio->start + (uint64_t)((unsigned __int128)frames * 1000000000 / audio->freq);
}

static void audio_arm(struct device *dev)
{
    struct audio *audio = dev->state;

    machine_set_timer(dev->machine, &audio->timer, time_of(audio, audio->played + audio->samples));
}

/* Hand on what is in the ring, up to its end or n bytes. Returns how many bytes that was. */
static uint32_t play_from_ring(struct device *dev, uint32_t n)
{
    struct audio *audio = dev->state;
    const void *bytes;

    n = n < audio->count ? n : audio->count;
    n = n < NEMU_SBUF_SIZE - audio->tail ? n : NEMU_SBUF_SIZE - audio->tail;
    if (n == 0)
        return 0;
    bytes = device_dma_readable(dev, NEMU_SBUF_BASE + audio->tail, n);
    if (audio->sound != NULL && bytes != NULL)
        audio->sound->write(audio->sound, bytes, n);
    audio->tail = (audio->tail + n) % NEMU_SBUF_SIZE;
    audio->count -= n;
    return n;
}

static void play_silence(const struct audio *audio, uint32_t n)
{
    static const uint8_t silence[PIECE];

    for (uint32_t part; audio->sound != NULL && n > 0; n -= part) {
        part = n < PIECE ? n : PIECE;
        audio->sound->write(audio->sound, silence, part);
    }
}

/* The next SAMPLES frames. */
static void audio_tick(void *arg)
{
    struct device *dev = arg;
    struct audio *audio = dev->state;
    uint32_t frame = audio->channels * SAMPLE_BYTES, left = audio->samples * frame;
    uint64_t late;

    while (left > 0) {
        uint32_t n = play_from_ring(dev, left);
        if (n == 0)
            break;
        left -= n;
    }
    play_silence(audio, left);
    audio->played += audio->samples;
    late = machine_now(dev->machine) - time_of(audio, audio->played);
    if (late > LATE_NS)
        audio->start += late - LATE_NS;
    audio_arm(dev);
}

static void audio_stop(struct device *dev)
{
    struct audio *audio = dev->state;

    machine_cancel_timer(dev->machine, &audio->timer);
    if (audio->is_open)
        audio->sound->close(audio->sound);
    audio->is_open = false;
    audio->freq = 0;
}

/* A stream with the parameters in the registers; with bad ones there is none. */
static void audio_begin(struct device *dev)
{
    struct audio *audio = dev->state;
    uint32_t freq = audio->regs[NEMU_AUDIO_FREQ / 4];
    uint32_t channels = audio->regs[NEMU_AUDIO_CHANNELS / 4];
    uint32_t samples = audio->regs[NEMU_AUDIO_SAMPLES / 4];

    audio_stop(dev);
    audio->count = audio->count_read = audio->tail = 0;
    if (freq == 0 || freq > FREQ_MAX || channels == 0 || channels > CHANNELS_MAX ||
        samples > SAMPLES_MAX)
        return;
    audio->freq = freq;
    audio->channels = channels;
    audio->samples = samples != 0 ? samples : SAMPLES_DEFAULT;
    audio->start = machine_now(dev->machine);
    audio->played = 0;
    if (audio->sound != NULL) {
        audio->sound->open(audio->sound, freq, channels, SOUND_S16);
        audio->is_open = true;
    }
    audio_arm(dev);
}

static void audio_init(struct device *dev)
{
    struct audio *audio = dev->state;

    audio->sound = (struct audio_backend *)machine_take_backend(dev, BACKEND_AUDIO);
    audio->timer.fire = audio_tick;
    audio->timer.arg = dev;
}

/* Some programs leave out INIT, or write it before the parameters: what they then play begins. */
static void set_count(struct device *dev, uint32_t value)
{
    struct audio *audio = dev->state;
    int64_t count;

    if (audio->freq == 0 && value != 0)
        audio_begin(dev);
    count = (int64_t)audio->count + ((int64_t)value - audio->count_read);
    audio->count = count < 0 ? 0 : count > NEMU_SBUF_SIZE ? NEMU_SBUF_SIZE : (uint32_t)count;
    audio->count_read = audio->count;
}

static bool audio_read(struct device *dev, uint64_t offset, unsigned size, uint64_t *value)
{
    struct audio *audio = dev->state;

    switch (offset & ~UINT64_C(3)) {
    case NEMU_AUDIO_SBUF_SIZE: *value = NEMU_SBUF_SIZE; break;
    case NEMU_AUDIO_COUNT: *value = audio->count_read = audio->count; break;
    default: *value = audio->regs[offset / 4]; break;
    }
    *value >>= 8 * (offset & 3);
    return true;
}

static bool audio_write(struct device *dev, uint64_t offset, unsigned size, uint64_t value)
{
    struct audio *audio = dev->state;

    if (offset == NEMU_AUDIO_COUNT)
        set_count(dev, (uint32_t)value);
    else
        audio->regs[offset / 4] = (uint32_t)value;
    if (offset == NEMU_AUDIO_INIT && value != 0)
        audio_begin(dev);
    return true;
}

const struct device_ops nemu_audio_device = {
    .name = "nemu_audio",
    .node = "audio",
    .compatible = {"nemu,audio"},
    .sizes = 1 | 2 | 4,
    .state_size = sizeof(struct audio),
    .fields = audio_fields,
    .field_count = sizeof audio_fields / sizeof audio_fields[0],
    .init = audio_init,
    .reset = audio_stop,
    .read = audio_read,
    .write = audio_write,
};
