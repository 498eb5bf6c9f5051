/*
 * virtio-snd (include/hw/virtio_snd.h; virtio 1.3, section 5.14): a stream to a sound output and
 * one from a microphone that hears nothing, each with its jack.
 */
#include "hw/virtio_snd.h"

#include <string.h>

#include "tools/emu/dev/virtio.h"
#include "tools/emu/machine.h"
#include "tools/emu/dev/virtio_snd_pcm.h"

enum { STREAM_OUT, STREAM_IN, STREAM_COUNT };
enum { JACK_COUNT = STREAM_COUNT };
enum { CONTROL_SIZE = 64, EVENT_SIZE = 64, FUNCTION_GROUP = 0 };
enum { INFO_SIZE_MAX = 256 /* of a structure as a driver of the future may know it */ };

struct snd {
    struct pcm streams[STREAM_COUNT];
};

static const struct state_field snd_fields[] = {
    PCM_FIELDS(struct snd, streams[STREAM_OUT]),
    PCM_FIELDS(struct snd, streams[STREAM_IN]),
};

/* --- what there is ---------------------------------------------------------------------------- */

/* HDA 7.3.3.31 and 7.3.4.9: 3.5 mm jacks at the back, line out green, microphone pink. */
static const struct virtio_snd_jack_info jacks[JACK_COUNT] = {
    {.hdr = {FUNCTION_GROUP}, .hda_reg_defconf = 0x01014010, .hda_reg_caps = 0x14, .connected = 1},
    {.hdr = {FUNCTION_GROUP}, .hda_reg_defconf = 0x01a19020, .hda_reg_caps = 0x24, .connected = 1},
};

#define MONO     VIRTIO_SND_CHMAP_MONO
#define STEREO   VIRTIO_SND_CHMAP_FL, VIRTIO_SND_CHMAP_FR
#define QUADRO   STEREO, VIRTIO_SND_CHMAP_RL, VIRTIO_SND_CHMAP_RR
#define SURROUND QUADRO, VIRTIO_SND_CHMAP_FC, VIRTIO_SND_CHMAP_LFE

static const struct virtio_snd_chmap_info chmaps[] = {
    {{FUNCTION_GROUP}, VIRTIO_SND_D_OUTPUT, 1, {MONO}},
    {{FUNCTION_GROUP}, VIRTIO_SND_D_OUTPUT, 2, {STEREO}},
    {{FUNCTION_GROUP}, VIRTIO_SND_D_OUTPUT, 4, {QUADRO}},
    {{FUNCTION_GROUP}, VIRTIO_SND_D_OUTPUT, 6, {SURROUND}},
    {{FUNCTION_GROUP},
     VIRTIO_SND_D_OUTPUT,
     8,
     {SURROUND, VIRTIO_SND_CHMAP_SL, VIRTIO_SND_CHMAP_SR}},
    {{FUNCTION_GROUP}, VIRTIO_SND_D_INPUT, 1, {MONO}},
    {{FUNCTION_GROUP}, VIRTIO_SND_D_INPUT, 2, {STEREO}},
};
enum { CHMAP_COUNT = sizeof chmaps / sizeof chmaps[0] };

static void jack_info(unsigned id, void *info)
{
    memcpy(info, &jacks[id], sizeof jacks[id]);
}

static void chmap_info(unsigned id, void *info)
{
    memcpy(info, &chmaps[id], sizeof chmaps[id]);
}

static void stream_info(unsigned id, void *info)
{
    const struct virtio_snd_pcm_info stream = {
        .hdr = {FUNCTION_GROUP},
        .features = pcm_features,
        .formats = pcm_formats,
        .rates = pcm_rates,
        .direction = id == STREAM_OUT ? VIRTIO_SND_D_OUTPUT : VIRTIO_SND_D_INPUT,
        .channels_min = 1,
        .channels_max = PCM_CHANNELS_MAX,
    };

    memcpy(info, &stream, sizeof stream);
}

/* --- the control queue ------------------------------------------------------------------------ */

/*
 * Answer an information request with `count` structures of the driver's idea of their size: cut
 * off, or followed by zeros, if it is not ours. *written counts what is behind the status.
 */
static uint32_t answer_info(const struct virtqueue_chain *chain, unsigned total,
                            void (*describe)(unsigned id, void *info), uint32_t *written)
{
    struct virtio_snd_query_info query;
    uint8_t info[INFO_SIZE_MAX] = {0};
    uint64_t at = sizeof(struct virtio_snd_hdr);

    if (virtqueue_read(chain, 0, &query, sizeof query) != sizeof query || query.size == 0 ||
        query.size > sizeof info || query.start_id > total ||
        query.count > total - query.start_id ||
        (uint64_t)query.count * query.size > chain->writable_size - at)
        return VIRTIO_SND_S_BAD_MSG;
    for (uint32_t i = 0; i < query.count; i++, at += query.size) {
        describe(query.start_id + i, info);
        if (virtqueue_write(chain, at, info, query.size) != query.size)
            return VIRTIO_SND_S_IO_ERR;
    }
    *written = (uint32_t)(at - sizeof(struct virtio_snd_hdr));
    return VIRTIO_SND_S_OK;
}

static uint32_t do_jack_remap(const struct virtqueue_chain *chain)
{
    struct virtio_snd_jack_remap remap;

    if (virtqueue_read(chain, 0, &remap, sizeof remap) != sizeof remap ||
        remap.hdr.jack_id >= JACK_COUNT)
        return VIRTIO_SND_S_BAD_MSG;
    return VIRTIO_SND_S_NOT_SUPP; /* as their features say */
}

static uint32_t do_set_params(struct snd *snd, const struct virtqueue_chain *chain)
{
    struct virtio_snd_pcm_set_params params;

    if (virtqueue_read(chain, 0, &params, sizeof params) != sizeof params ||
        params.hdr.stream_id >= STREAM_COUNT)
        return VIRTIO_SND_S_BAD_MSG;
    return pcm_set_params(&snd->streams[params.hdr.stream_id], &params);
}

static uint32_t do_pcm(struct snd *snd, const struct virtqueue_chain *chain,
                       uint32_t (*request)(struct pcm *pcm))
{
    struct virtio_snd_pcm_hdr hdr;

    if (virtqueue_read(chain, 0, &hdr, sizeof hdr) != sizeof hdr || hdr.stream_id >= STREAM_COUNT)
        return VIRTIO_SND_S_BAD_MSG;
    return request(&snd->streams[hdr.stream_id]);
}

static uint32_t do_request(struct snd *snd, uint32_t code, const struct virtqueue_chain *chain,
                           uint32_t *written)
{
    switch (code) {
    case VIRTIO_SND_R_JACK_INFO: return answer_info(chain, JACK_COUNT, jack_info, written);
    case VIRTIO_SND_R_JACK_REMAP: return do_jack_remap(chain);
    case VIRTIO_SND_R_PCM_INFO: return answer_info(chain, STREAM_COUNT, stream_info, written);
    case VIRTIO_SND_R_PCM_SET_PARAMS: return do_set_params(snd, chain);
    case VIRTIO_SND_R_PCM_PREPARE: return do_pcm(snd, chain, pcm_prepare);
    case VIRTIO_SND_R_PCM_RELEASE: return do_pcm(snd, chain, pcm_release);
    case VIRTIO_SND_R_PCM_START: return do_pcm(snd, chain, pcm_start);
    case VIRTIO_SND_R_PCM_STOP: return do_pcm(snd, chain, pcm_stop);
    case VIRTIO_SND_R_CHMAP_INFO: return answer_info(chain, CHMAP_COUNT, chmap_info, written);
    default: return VIRTIO_SND_S_NOT_SUPP;
    }
}

#define NAME(request) \
    case VIRTIO_SND_R_##request: return #request
static const char *request_name(uint32_t code)
{
    switch (code) {
        NAME(JACK_INFO);
        NAME(JACK_REMAP);
        NAME(PCM_INFO);
        NAME(PCM_SET_PARAMS);
        NAME(PCM_PREPARE);
        NAME(PCM_RELEASE);
        NAME(PCM_START);
        NAME(PCM_STOP);
        NAME(CHMAP_INFO);
    default: return "unknown";
    }
}
#undef NAME

/*
 * A request without room for an answer is beyond help. While it is carried out other buffers are
 * looked at, so it is loaded again for the answer.
 */
static bool serve_control(struct virtio *v, struct virtqueue_chain *chain)
{
    struct virtio_snd_hdr request = {0}, response;
    uint16_t head = chain->head;
    uint32_t written = 0;

    if (chain->writable_size < sizeof response) {
        virtio_fail(v);
        return false;
    }
    if (virtqueue_read(chain, 0, &request, sizeof request) == sizeof request)
        response.code = do_request(v->model, request.code, chain, &written);
    else
        response.code = VIRTIO_SND_S_BAD_MSG;
    virtio_trace(v, "request 0x%04x %s, answer 0x%04x", request.code, request_name(request.code),
                 response.code);
    if (!virtqueue_load(v, VIRTIO_SND_VQ_CONTROL, head, chain))
        return false;
    if (virtqueue_write(chain, 0, &response, sizeof response) != sizeof response) {
        virtio_fail(v);
        return false;
    }
    virtqueue_push(v, VIRTIO_SND_VQ_CONTROL, chain, (uint32_t)sizeof response + written);
    return true;
}

/* --- events and sound ------------------------------------------------------------------------- */

/* Without a buffer for it the event is lost. */
static void send_event(struct virtio *v, uint32_t code, uint32_t data)
{
    const struct virtio_snd_event event = {.hdr = {code}, .data = data};
    struct virtqueue_chain chain;

    if (!virtqueue_pop(v, VIRTIO_SND_VQ_EVENT, &chain))
        return;
    if (chain.writable_size < sizeof event)
        virtio_fail(v);
    else if (virtqueue_write(&chain, 0, &event, sizeof event) == sizeof event)
        virtqueue_push(v, VIRTIO_SND_VQ_EVENT, &chain, sizeof event);
}

static void on_xrun(struct pcm *pcm)
{
    send_event(pcm->virtio, VIRTIO_SND_EVT_PCM_XRUN, pcm->id);
}

/* A message of the tx or rx queue: for a stream of that direction which takes it, or in error. */
static bool serve_sound(struct virtio *v, unsigned queue, const struct virtqueue_chain *chain)
{
    struct virtio_snd_pcm_xfer xfer;
    struct snd *snd = v->model;

    if (chain->writable_size < sizeof(struct virtio_snd_pcm_status)) {
        virtio_fail(v);
        return false;
    }
    if (virtqueue_read(chain, 0, &xfer, sizeof xfer) != sizeof xfer ||
        xfer.stream_id >= STREAM_COUNT || snd->streams[xfer.stream_id].queue != queue ||
        !pcm_add(&snd->streams[xfer.stream_id], chain))
        pcm_complete(v, queue, chain, VIRTIO_SND_S_IO_ERR, 0);
    return true;
}

static void snd_notify(struct virtio *v, unsigned queue)
{
    struct virtqueue_chain chain;

    if (queue == VIRTIO_SND_VQ_CONTROL) {
        while (virtqueue_pop(v, queue, &chain) && serve_control(v, &chain))
            ;
    } else if (queue != VIRTIO_SND_VQ_EVENT) {
        while (virtqueue_pop(v, queue, &chain) && serve_sound(v, queue, &chain))
            ;
    }
}

/* --- the rest --------------------------------------------------------------------------------- */

static uint64_t snd_features(struct virtio *v)
{
    return 0;
}

static uint64_t snd_config_read(struct virtio *v, unsigned offset, unsigned size)
{
    const struct virtio_snd_config config = {
        .jacks = JACK_COUNT, .streams = STREAM_COUNT, .chmaps = CHMAP_COUNT};

    return virtio_config_bytes(&config, offset, size);
}

static void snd_reset(struct virtio *v)
{
    struct snd *snd = v->model;

    for (unsigned i = 0; i < STREAM_COUNT; i++)
        pcm_reset(&snd->streams[i]);
}

/* Without a backend it plays to nobody. */
static bool snd_create(struct virtio *v, struct props *props, char *err, size_t err_size)
{
    static const uint16_t sizes[VIRTIO_SND_VQ_MAX] = {CONTROL_SIZE, EVENT_SIZE, PCM_QUEUE_SIZE,
                                                      PCM_QUEUE_SIZE};
    struct backend *backend =
        virtio_take_backend(v, props, "audiodev", BACKEND_AUDIO, err, err_size);
    struct snd *snd = v->model;

    if (backend == NULL && props_get(props, "audiodev") != NULL)
        return false;
    pcm_init(&snd->streams[STREAM_OUT], v, STREAM_OUT, VIRTIO_SND_VQ_TX,
             (struct audio_backend *)backend, on_xrun);
    pcm_init(&snd->streams[STREAM_IN], v, STREAM_IN, VIRTIO_SND_VQ_RX, NULL, on_xrun);
    for (unsigned i = 0; i < VIRTIO_SND_VQ_MAX; i++)
        virtio_add_queue(v, sizes[i]);
    return true;
}

const struct virtio_ops virtio_snd_ops = {
    .name = "virtio-sound-device",
    .summary = "sound: [audiodev=ID]",
    .device_id = VIRTIO_ID_SOUND,
    .state_size = sizeof(struct snd),
    .fields = snd_fields,
    .field_count = sizeof snd_fields / sizeof snd_fields[0],
    .config_size = sizeof(struct virtio_snd_config),
    .create = snd_create,
    .features = snd_features,
    .reset = snd_reset,
    .notify = snd_notify,
    .config_read = snd_config_read,
};
