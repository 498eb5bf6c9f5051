#include "tools/emu/dev/virtio_snd_pcm.h"

#include <string.h>

#include "tools/emu/machine.h"

#define NS_PER_S UINT64_C(1000000000)

enum {
    CHUNK_NS = 20000000, /* sound is handed on so often, though buffers may be longer */
    GAP_SECONDS = 10,    /* more silence than that is not handed on at once */
    COPY_BYTES = 2048,
};

/* --- formats and rates ------------------------------------------------------------------------ */

#define BIT(name) (UINT64_C(1) << VIRTIO_SND_PCM_FMT_##name)
const uint64_t pcm_formats =
    BIT(S8) | BIT(U8) | BIT(S16) | BIT(U16) | BIT(S32) | BIT(U32) | BIT(FLOAT);
const uint64_t pcm_rates = (UINT64_C(1) << VIRTIO_SND_PCM_RATE_COUNT) - 1;
const uint32_t pcm_features = 1u << VIRTIO_SND_PCM_F_EVT_XRUNS;

static unsigned rate_hz(const struct pcm *pcm)
{
#define RATE(hz) hz,
    static const unsigned rates[] = {VIRTIO_SND_PCM_RATES(RATE)};
#undef RATE

    return rates[pcm->rate];
}

static unsigned sample_bytes(const struct pcm *pcm)
{
#define FORMAT(name, bits) (bits) / 8,
    static const uint8_t bytes[] = {VIRTIO_SND_PCM_FORMATS(FORMAT)};
#undef FORMAT

    return bytes[pcm->format];
}

static unsigned frame_bytes(const struct pcm *pcm)
{
    return sample_bytes(pcm) * pcm->channels;
}

static enum sound_format backend_format(const struct pcm *pcm)
{
    switch (pcm->format) {
    case VIRTIO_SND_PCM_FMT_S8:
    case VIRTIO_SND_PCM_FMT_U8: return SOUND_U8;
    case VIRTIO_SND_PCM_FMT_S16:
    case VIRTIO_SND_PCM_FMT_U16: return SOUND_S16;
    case VIRTIO_SND_PCM_FMT_FLOAT: return SOUND_FLOAT;
    default: return SOUND_S32;
    }
}

/* Does a backend have the format's samples with the other kind of sign? */
static bool changes_sign(const struct pcm *pcm)
{
    return pcm->format == VIRTIO_SND_PCM_FMT_S8 || pcm->format == VIRTIO_SND_PCM_FMT_U16 ||
           pcm->format == VIRTIO_SND_PCM_FMT_U32;
}

/* Is silence, in this format, the middle of a range without sign? */
static bool has_no_sign(const struct pcm *pcm)
{
    return pcm->format == VIRTIO_SND_PCM_FMT_U8 || pcm->format == VIRTIO_SND_PCM_FMT_U16 ||
           pcm->format == VIRTIO_SND_PCM_FMT_U32;
}

static void flip_signs(const struct pcm *pcm, uint8_t *samples, size_t bytes)
{
    unsigned size = sample_bytes(pcm);

    for (size_t i = size - 1; i < bytes; i += size)
        samples[i] ^= 0x80;
}

/* n frames of silence as the guest, or with `out` as a backend, has them. */
static void fill_silence(const struct pcm *pcm, uint8_t *samples, size_t bytes, bool out)
{
    memset(samples, 0, bytes);
    if (has_no_sign(pcm) != (out && changes_sign(pcm)))
        flip_signs(pcm, samples, bytes);
}

/* --- the host's side -------------------------------------------------------------------------- */

static bool is_output(const struct pcm *pcm)
{
    return pcm->queue == VIRTIO_SND_VQ_TX;
}

static void sound_open(struct pcm *pcm)
{
    if (pcm->backend == NULL || pcm->is_open)
        return;
    pcm->backend->open(pcm->backend, rate_hz(pcm), pcm->channels, backend_format(pcm));
    pcm->is_open = true;
}

static void sound_close(struct pcm *pcm)
{
    if (pcm->is_open)
        pcm->backend->close(pcm->backend);
    pcm->is_open = false;
}

/* `bytes` from `offset` of an output's buffer. */
static void sound_write(struct pcm *pcm, const struct virtqueue_chain *chain, uint64_t offset,
                        uint64_t bytes)
{
    uint8_t copy[COPY_BYTES];
    uint64_t most = COPY_BYTES / frame_bytes(pcm) * frame_bytes(pcm);

    if (!pcm->is_open)
        return;
    for (uint64_t n; bytes > 0; bytes -= n, offset += n) {
        n = bytes < most ? bytes : most;
        if (virtqueue_read(chain, offset + sizeof(struct virtio_snd_pcm_xfer), copy, n) != n)
            return;
        if (changes_sign(pcm))
            flip_signs(pcm, copy, n);
        pcm->backend->write(pcm->backend, copy, n);
    }
}

static void sound_gap(struct pcm *pcm, uint64_t frames)
{
    uint8_t silence[COPY_BYTES];
    uint64_t most = COPY_BYTES / frame_bytes(pcm);

    if (!pcm->is_open)
        return;
    fill_silence(pcm, silence, sizeof silence, true);
    for (uint64_t n; frames > 0; frames -= n) {
        n = frames < most ? frames : most;
        pcm->backend->write(pcm->backend, silence, n * frame_bytes(pcm));
    }
}

/* --- buffers ---------------------------------------------------------------------------------- */

void pcm_complete(struct virtio *v, unsigned queue, const struct virtqueue_chain *chain,
                  uint32_t status, uint32_t data)
{
    const struct virtio_snd_pcm_status s = {.status = status};

    if (virtqueue_write(chain, chain->writable_size - sizeof s, &s, sizeof s) == sizeof s)
        virtqueue_push(v, queue, chain, (uint32_t)sizeof s + data);
}

/*
 * The first buffer that waits. False if the driver has made it unreadable, or smaller than what was
 * used of it: then the device has failed.
 */
static bool first_buffer(struct pcm *pcm, struct virtqueue_chain *chain)
{
    uint64_t read = sizeof(struct virtio_snd_pcm_xfer) + (is_output(pcm) ? pcm->done : 0);
    uint64_t write = sizeof(struct virtio_snd_pcm_status) + (is_output(pcm) ? 0 : pcm->done);

    if (!virtqueue_load(pcm->virtio, pcm->queue, pcm->heads[pcm->first], chain))
        return false;
    if (chain->readable_size >= read && chain->writable_size >= write)
        return true;
    virtio_fail(pcm->virtio);
    return false;
}

/* Bytes of sound in a buffer, or that it has room for. */
static uint64_t buffer_size(const struct pcm *pcm, const struct virtqueue_chain *chain)
{
    return is_output(pcm) ? chain->readable_size - sizeof(struct virtio_snd_pcm_xfer)
                          : chain->writable_size - sizeof(struct virtio_snd_pcm_status);
}

static void finish_buffer(struct pcm *pcm, const struct virtqueue_chain *chain)
{
    uint32_t recorded = is_output(pcm) ? 0 : (uint32_t)pcm->done;

    pcm->first = (pcm->first + 1) % PCM_QUEUE_SIZE;
    pcm->count--;
    pcm->done = 0;
    pcm_complete(pcm->virtio, pcm->queue, chain, VIRTIO_SND_S_OK, recorded);
}

/* Play or record so many frames of the buffer. */
static void use_buffer(struct pcm *pcm, const struct virtqueue_chain *chain, uint64_t frames)
{
    uint64_t bytes = frames * frame_bytes(pcm), end = pcm->done + bytes;
    uint8_t silence[COPY_BYTES];

    if (is_output(pcm)) {
        sound_write(pcm, chain, pcm->done, bytes);
    } else {
        fill_silence(pcm, silence, sizeof silence, false);
        for (uint64_t n; pcm->done < end; pcm->done += n) {
            uint64_t most = sizeof silence / frame_bytes(pcm) * frame_bytes(pcm);
            n = end - pcm->done < most ? end - pcm->done : most;
            if (virtqueue_write(chain, pcm->done, silence, n) != n)
                return;
        }
    }
    pcm->done = end;
    pcm->frames += frames;
}

/* --- time ------------------------------------------------------------------------------------- */

/* Machine time at which so many frames since the origin are over. */
static uint64_t time_of(const struct pcm *pcm, uint64_t frames)
{
    unsigned hz = rate_hz(pcm);

    return pcm->origin + (uint64_t)(((unsigned __int128)frames * NS_PER_S + hz - 1) / hz);
}

static uint64_t frames_in(const struct pcm *pcm, uint64_t ns)
{
    return (uint64_t)((unsigned __int128)ns * rate_hz(pcm) / NS_PER_S);
}

static struct machine *machine_of(const struct pcm *pcm)
{
    return pcm->virtio->dev->machine;
}

/* No more buffers, as of the time `at`. */
static void starve(struct pcm *pcm, uint64_t at)
{
    pcm->starved = 1;
    pcm->hungry = at;
    machine_cancel_timer(machine_of(pcm), &pcm->timer);
    if (pcm->has_played && pcm->features & 1u << VIRTIO_SND_PCM_F_EVT_XRUNS)
        pcm->xrun(pcm);
}

/* Look again when the first buffer is over, or a while has gone by. */
static void arm(struct pcm *pcm)
{
    struct virtqueue_chain chain;
    uint64_t end;

    if (pcm->count == 0 || !first_buffer(pcm, &chain))
        return;
    end = time_of(pcm, pcm->frames + (buffer_size(pcm, &chain) - pcm->done) / frame_bytes(pcm));
    if (end > time_of(pcm, pcm->frames) + CHUNK_NS)
        end = time_of(pcm, pcm->frames) + CHUNK_NS;
    pcm->due = end;
    machine_set_timer(machine_of(pcm), &pcm->timer, end);
}

/* Play what is due at the time `at`. False if there was less. */
static bool advance(struct pcm *pcm, uint64_t at)
{
    uint64_t target = at > pcm->origin ? frames_in(pcm, at - pcm->origin) : 0;
    struct virtqueue_chain chain;

    while (pcm->count != 0 && first_buffer(pcm, &chain)) {
        uint64_t left = (buffer_size(pcm, &chain) - pcm->done) / frame_bytes(pcm);
        uint64_t due = target > pcm->frames ? target - pcm->frames : 0;

        if (due < left) {
            use_buffer(pcm, &chain, due);
            return true;
        }
        use_buffer(pcm, &chain, left);
        pcm->has_played = 1;
        finish_buffer(pcm, &chain);
    }
    return false;
}

/*
 * How much later than it should a timer may come, so that there are still buffers to catch up with:
 * half of what the driver keeps filled. Beyond that it was the host that held things up, and the
 * stream's time stands still.
 */
static uint64_t patience(const struct pcm *pcm)
{
    return (uint64_t)pcm->buffer_bytes / 2 / frame_bytes(pcm) * NS_PER_S / rate_hz(pcm);
}

/* The timer: everything up to the time it was set for is over. */
static void tick(void *arg)
{
    struct pcm *pcm = arg;
    uint64_t now = machine_now(machine_of(pcm));

    virtio_begin(pcm->virtio);
    if (advance(pcm, pcm->due)) {
        if (now > pcm->due + patience(pcm))
            pcm->origin += now - pcm->due - patience(pcm);
        arm(pcm);
    } else if (virtio_is_live(pcm->virtio)) {
        starve(pcm, now);
    }
    virtio_end(pcm->virtio);
}

/* There are buffers again, or for the first time: go on now. */
static void feed(struct pcm *pcm)
{
    uint64_t now = machine_now(machine_of(pcm)), gap = frames_in(pcm, now - pcm->hungry);
    uint64_t most = (uint64_t)GAP_SECONDS * rate_hz(pcm);

    if (pcm->has_played)
        sound_gap(pcm, gap < most ? gap : most);
    pcm->starved = 0;
    pcm->origin = now;
    pcm->frames = 0;
    arm(pcm);
}

bool pcm_add(struct pcm *pcm, const struct virtqueue_chain *chain)
{
    if (pcm->state < PCM_PREPARED || pcm->count == PCM_QUEUE_SIZE)
        return false;
    pcm->heads[(pcm->first + pcm->count) % PCM_QUEUE_SIZE] = chain->head;
    pcm->count++;
    if (pcm->state == PCM_RUNNING && pcm->starved)
        feed(pcm);
    return true;
}

/* --- requests --------------------------------------------------------------------------------- */

uint32_t pcm_set_params(struct pcm *pcm, const struct virtio_snd_pcm_set_params *params)
{
    uint32_t known = (2u << VIRTIO_SND_PCM_F_EVT_XRUNS) - 1;

    if (pcm->state > PCM_PREPARED || params->period_bytes == 0 || params->buffer_bytes == 0 ||
        params->buffer_bytes % params->period_bytes != 0 || params->features & ~known ||
        params->format >= VIRTIO_SND_PCM_FMT_COUNT || params->rate >= VIRTIO_SND_PCM_RATE_COUNT ||
        params->channels == 0)
        return VIRTIO_SND_S_BAD_MSG;
    if (params->features & ~pcm_features || !(pcm_formats >> params->format & 1) ||
        !(pcm_rates >> params->rate & 1) || params->channels > PCM_CHANNELS_MAX)
        return VIRTIO_SND_S_NOT_SUPP;
    pcm->buffer_bytes = params->buffer_bytes;
    pcm->period_bytes = params->period_bytes;
    pcm->features = params->features;
    pcm->channels = params->channels;
    pcm->format = params->format;
    pcm->rate = params->rate;
    pcm->state = PCM_SET;
    return VIRTIO_SND_S_OK;
}

uint32_t pcm_prepare(struct pcm *pcm)
{
    if (pcm->state != PCM_SET && pcm->state != PCM_PREPARED)
        return VIRTIO_SND_S_BAD_MSG;
    pcm->state = PCM_PREPARED;
    return VIRTIO_SND_S_OK;
}

uint32_t pcm_start(struct pcm *pcm)
{
    if (pcm->state != PCM_PREPARED && pcm->state != PCM_STOPPED)
        return VIRTIO_SND_S_BAD_MSG;
    pcm->state = PCM_RUNNING;
    pcm->has_played = 0;
    pcm->starved = 1;
    sound_open(pcm);
    if (pcm->count != 0)
        feed(pcm);
    return VIRTIO_SND_S_OK;
}

/* What was played until now is not played again if the stream is started again. */
uint32_t pcm_stop(struct pcm *pcm)
{
    if (pcm->state != PCM_RUNNING)
        return VIRTIO_SND_S_BAD_MSG;
    if (!pcm->starved)
        advance(pcm, machine_now(machine_of(pcm)));
    machine_cancel_timer(machine_of(pcm), &pcm->timer);
    sound_close(pcm);
    pcm->state = PCM_STOPPED;
    return VIRTIO_SND_S_OK;
}

uint32_t pcm_release(struct pcm *pcm)
{
    struct virtqueue_chain chain;

    if (pcm->state != PCM_PREPARED && pcm->state != PCM_STOPPED)
        return VIRTIO_SND_S_BAD_MSG;
    while (pcm->count != 0 && first_buffer(pcm, &chain))
        finish_buffer(pcm, &chain);
    pcm->state = PCM_SET;
    return VIRTIO_SND_S_OK;
}

void pcm_reset(struct pcm *pcm)
{
    machine_cancel_timer(machine_of(pcm), &pcm->timer);
    sound_close(pcm);
    pcm->state = PCM_UNSET;
    pcm->first = pcm->count = 0;
    pcm->done = 0;
    pcm->starved = 0;
}

void pcm_init(struct pcm *pcm, struct virtio *v, unsigned id, unsigned queue,
              struct audio_backend *backend, void (*xrun)(struct pcm *pcm))
{
    pcm->virtio = v;
    pcm->id = id;
    pcm->queue = queue;
    pcm->backend = backend;
    pcm->xrun = xrun;
    pcm->timer.fire = tick;
    pcm->timer.arg = pcm;
}
