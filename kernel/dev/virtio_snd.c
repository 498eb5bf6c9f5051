/*
 * Sound device (Virtual I/O Device Version 1.3, section 5.14): the first output stream that takes
 * signed 16-bit samples.
 */
#include "hw/virtio_snd.h"
#include "abi/errno.h"
#include "hw/virtio_mmio.h"
#include "kernel/dev/internal.h"
#include "kernel/dev/sound.h"
#include "kernel/dev/virtio.h"
#include "kernel/klog.h"
#include "kernel/mm/mm.h"

#define STREAMS_MAX 32u /* streams that are asked about */
#define EVENTS      4u  /* buffers for events, which are not used */

/* What the device is sent of a slot besides its samples. */
struct slot {
    struct virtio_snd_pcm_xfer xfer;
    struct virtio_snd_pcm_status status;
};

struct snd {
    struct sound_device sound;
    struct virtio_device *dev;
    struct virtqueue *control, *events, *tx;
    struct virtio_snd_pcm_info stream; /* the one that is used */
    uint32_t stream_id;
    struct slot slots[SOUND_SLOTS];
    struct virtio_snd_event event_buffers[EVENTS];
    union {
        struct virtio_snd_hdr hdr;
        struct virtio_snd_query_info query;
        struct virtio_snd_pcm_hdr pcm;
        struct virtio_snd_pcm_set_params params;
    } request;
    struct {
        struct virtio_snd_hdr hdr;
        struct virtio_snd_pcm_info info[STREAMS_MAX];
    } response;
};

/* ---- control messages, one at a time: from probe(), then under sound.c's mutex */

/* Sends a request of `size` bytes; the answer is a status and `more` bytes. */
static int command(struct snd *snd, uint32_t code, size_t size, size_t more)
{
    size_t want = sizeof snd->response.hdr + more;
    snd->request.hdr.code = code;
    snd->response.hdr.code = VIRTIO_SND_S_IO_ERR;
    struct virtio_seg segs[] = {virtio_seg(&snd->request, size), virtio_seg(&snd->response, want)};
    long n = virtqueue_transact(snd->control, segs, 1, 1);
    if (n < (long)sizeof snd->response.hdr)
        return n < 0 ? (int)n : -EIO;
    switch (snd->response.hdr.code) {
    case VIRTIO_SND_S_OK: return n >= (long)want ? 0 : -EIO;
    case VIRTIO_SND_S_BAD_MSG:
    case VIRTIO_SND_S_NOT_SUPP: return -EINVAL;
    default: return -EIO;
    }
}

static int pcm_command(struct snd *snd, uint32_t code)
{
    snd->request.pcm.stream_id = snd->stream_id;
    return command(snd, code, sizeof snd->request.pcm, 0);
}

/* ---- what sound.c asks for */

/* The number of a rate, -1: there is none. */
static int rate_number(uint32_t hz)
{
#define RATE(rate) rate,
    static const uint32_t rates[] = {VIRTIO_SND_PCM_RATES(RATE)};
#undef RATE
    for (int i = 0; i < (int)(sizeof rates / sizeof *rates); i++) {
        if (rates[i] == hz)
            return i;
    }
    return -1;
}

static int snd_open(struct sound_device *sound, const struct sound_format *format)
{
    struct snd *snd = sound->priv;
    int rate = rate_number(format->rate);
    if (rate < 0 || !(snd->stream.rates >> rate & 1) ||
        format->channels < snd->stream.channels_min || format->channels > snd->stream.channels_max)
        return -EINVAL;
    snd->request.params = (struct virtio_snd_pcm_set_params){
        .hdr.stream_id = snd->stream_id,
        .buffer_bytes = format->period * SOUND_SLOTS,
        .period_bytes = format->period,
        .channels = (uint8_t)format->channels,
        .format = VIRTIO_SND_PCM_FMT_S16,
        .rate = (uint8_t)rate,
    };
    int err = command(snd, VIRTIO_SND_R_PCM_SET_PARAMS, sizeof snd->request.params, 0);
    return err < 0 ? err : pcm_command(snd, VIRTIO_SND_R_PCM_PREPARE);
}

static int snd_start(struct sound_device *sound)
{
    return pcm_command(sound->priv, VIRTIO_SND_R_PCM_START);
}

static void snd_close(struct sound_device *sound)
{
    struct snd *snd = sound->priv;
    if (sound->state == SOUND_RUNNING)
        pcm_command(snd, VIRTIO_SND_R_PCM_STOP);
    pcm_command(snd, VIRTIO_SND_R_PCM_RELEASE);
}

static int snd_send(struct sound_device *sound, unsigned number, size_t n)
{
    struct snd *snd = sound->priv;
    struct slot *slot = &snd->slots[number];
    slot->xfer.stream_id = snd->stream_id;
    slot->status.status = VIRTIO_SND_S_IO_ERR;
    struct virtio_seg segs[] = {
        virtio_seg(&slot->xfer, sizeof slot->xfer),
        virtio_seg(sound->slots[number], n),
        virtio_seg(&slot->status, sizeof slot->status),
    };
    int err = virtqueue_add(snd->tx, segs, 2, 1, slot);
    if (err == 0)
        virtqueue_kick(snd->tx);
    return err < 0 ? -EIO : 0;
}

static const struct sound_ops snd_ops = {snd_open, snd_start, snd_close, snd_send};

static void sent(void *arg, void *token, long result)
{
    struct snd *snd = arg;
    struct slot *slot = token;
    bool ok = result >= (long)sizeof slot->status && slot->status.status == VIRTIO_SND_S_OK;
    sound_sent(&snd->sound, (unsigned)(slot - snd->slots), ok);
}

/* ---- events: jacks and streams have nothing to say that matters here */

static void offer_event(struct snd *snd, struct virtio_snd_event *event)
{
    struct virtio_seg seg = virtio_seg(event, sizeof *event);
    (void)virtqueue_add(snd->events, &seg, 0, 1, event);
}

static void event_complete(void *arg, void *token, long result)
{
    struct snd *snd = arg;
    if (result < 0)
        return;
    offer_event(snd, token);
    virtqueue_kick(snd->events);
}

/* ---- the way up */

static int choose_stream(struct snd *snd)
{
    uint32_t count = virtio_config32(snd->dev, offsetof(struct virtio_snd_config, streams));
    count = count < STREAMS_MAX ? count : STREAMS_MAX;
    if (count == 0)
        return -ENODEV;
    snd->request.query.start_id = 0;
    snd->request.query.count = count;
    snd->request.query.size = sizeof(struct virtio_snd_pcm_info);
    int err = command(snd, VIRTIO_SND_R_PCM_INFO, sizeof snd->request.query,
                      count * sizeof(struct virtio_snd_pcm_info));
    if (err < 0)
        return err;
    for (uint32_t i = 0; i < count; i++) {
        const struct virtio_snd_pcm_info *info = &snd->response.info[i];
        if (info->direction != VIRTIO_SND_D_OUTPUT ||
            !(info->formats >> VIRTIO_SND_PCM_FMT_S16 & 1))
            continue;
        snd->stream = *info;
        snd->stream_id = i;
        return 0;
    }
    return -ENODEV;
}

static int make_queues(struct snd *snd)
{
    struct virtio_device *dev = snd->dev;
    snd->control = virtqueue_create(dev, VIRTIO_SND_VQ_CONTROL, 16, NULL, NULL);
    snd->events = virtqueue_create(dev, VIRTIO_SND_VQ_EVENT, EVENTS, event_complete, snd);
    snd->tx = virtqueue_create(dev, VIRTIO_SND_VQ_TX, 16, sent, snd);
    return snd->control && snd->events && snd->tx ? 0 : -ENODEV;
}

static int make_slots(struct snd *snd)
{
    for (unsigned i = 0; i < SOUND_SLOTS; i++) {
        snd->sound.slots[i] = kmalloc(SOUND_PERIOD_MAX);
        if (!snd->sound.slots[i])
            return -ENOMEM;
    }
    return 0;
}

static void free_snd(struct snd *snd)
{
    for (unsigned i = 0; i < SOUND_SLOTS; i++)
        kfree(snd->sound.slots[i]);
    kfree(snd);
}

static int snd_probe(struct virtio_device *dev)
{
    struct snd *snd = kzalloc(sizeof *snd);
    if (!snd)
        return -ENOMEM;
    snd->dev = dev;
    snd->sound.ops = &snd_ops;
    snd->sound.priv = snd;
    int err = make_slots(snd);
    if (err == 0)
        err = make_queues(snd);
    if (err == 0)
        err = virtio_start(dev);
    if (err == 0)
        err = choose_stream(snd);
    if (err == 0)
        err = sound_register(&snd->sound);
    if (err < 0) { /* no buffer is with the device yet */
        free_snd(snd);
        return err;
    }
    for (unsigned i = 0; i < EVENTS; i++)
        offer_event(snd, &snd->event_buffers[i]);
    virtqueue_kick(snd->events);
    return 0;
}

const struct virtio_driver virtio_snd_driver = {
    .name = "virtio-snd",
    .device_id = VIRTIO_ID_SOUND,
    .probe = snd_probe,
};
