/*
 * virtio-snd: what it says of itself, requests that are refused, a tune of five seconds, then the
 * life of a stream in detail. The first part is the same on every machine with such a device.
 */
#include <stddef.h>

#include "hw/virtio_snd.h"
#include "tests/emu/guest/virtio.h"

enum {
    RATE = 44100,
    SECONDS = 5,
    PERIOD_FRAMES = 1050, /* 210 of them */
    FRAME = 4,
    PERIOD = PERIOD_FRAMES * FRAME,
    PERIODS = RATE * SECONDS / PERIOD_FRAMES,
    BUFFERS = 4,
    OUT = 0,
    IN = 1,
};

static struct virtio v;
static struct virtio_queue control, events, tx, rx;

#ifndef DETAILS
#    define DETAILS 0
#endif

static union {
    struct virtio_snd_hdr hdr;
    struct virtio_snd_query_info query;
    struct virtio_snd_pcm_hdr pcm;
    struct virtio_snd_pcm_set_params params;
    struct virtio_snd_jack_remap remap;
} request;

static struct {
    struct virtio_snd_hdr hdr;
    uint8_t more[512];
} response;

/* Send a request of n bytes with room for `room` more behind the status; returns the status. */
static uint32_t send(uint32_t code, uint32_t n, uint32_t room)
{
    request.hdr.code = code;
    response.hdr.code = 0;
    virtio_desc(&control.desc[0], (uintptr_t)&request, n, VIRTQ_DESC_F_NEXT, 1);
    virtio_desc(&control.desc[1], (uintptr_t)&response, (uint32_t)sizeof response.hdr + room,
                VIRTQ_DESC_F_WRITE, 0);
    virtio_offer(&control, 0);
    virtio_kick(&control);
    return virtio_wait(&control, NULL) < (long)sizeof response.hdr ? 0 : response.hdr.code;
}

static uint32_t query(uint32_t code, uint32_t start, uint32_t count, uint32_t size)
{
    request.query = (struct virtio_snd_query_info){.start_id = start, .count = count, .size = size};
    return send(code, sizeof request.query, count * size);
}

static uint32_t pcm(uint32_t code, uint32_t stream)
{
    request.pcm.stream_id = stream;
    return send(code, sizeof request.pcm, 0);
}

static uint32_t set_params(uint32_t stream, uint32_t buffer, uint32_t period, uint32_t features,
                           uint8_t channels, uint8_t format, uint8_t rate)
{
    request.params = (struct virtio_snd_pcm_set_params){.hdr.stream_id = stream,
                                                        .buffer_bytes = buffer,
                                                        .period_bytes = period,
                                                        .features = features,
                                                        .channels = channels,
                                                        .format = format,
                                                        .rate = rate};
    return send(VIRTIO_SND_R_PCM_SET_PARAMS, sizeof request.params, 0);
}

static uint32_t set_usual(uint32_t stream, uint32_t features)
{
    return set_params(stream, BUFFERS * PERIOD, PERIOD, features, 2, VIRTIO_SND_PCM_FMT_S16,
                      VIRTIO_SND_PCM_RATE_44100);
}

/* --- what there is ---------------------------------------------------------------------------- */

static void describe(void)
{
    struct virtio_snd_pcm_info *info = (struct virtio_snd_pcm_info *)response.more;

    note("streams", virtio_read(&v, VIRTIO_MMIO_CONFIG + 4));
    note("PCM_INFO", query(VIRTIO_SND_R_PCM_INFO, 0, 2, sizeof *info));
    for (unsigned i = 0; i < 2; i++) {
        note("direction", info[i].direction);
        note("S16", info[i].formats >> VIRTIO_SND_PCM_FMT_S16 & 1);
        note("44100", info[i].rates >> VIRTIO_SND_PCM_RATE_44100 & 1);
        note("channels_min", info[i].channels_min);
        note("stereo", info[i].channels_max >= 2);
    }
    note("PCM_INFO 1", query(VIRTIO_SND_R_PCM_INFO, 1, 1, sizeof *info));
    note("direction", info[0].direction);
    note("PCM_INFO beyond", query(VIRTIO_SND_R_PCM_INFO, 1, 2, sizeof *info));
    note("PREPARE 9", pcm(VIRTIO_SND_R_PCM_PREPARE, 9));
    note("START 9", pcm(VIRTIO_SND_R_PCM_START, 9));
    note("format",
         set_params(OUT, 8192, 4096, 0, 2, VIRTIO_SND_PCM_FMT_DSD_U8, VIRTIO_SND_PCM_RATE_44100));
    note("rate", set_params(OUT, 8192, 4096, 0, 2, VIRTIO_SND_PCM_FMT_S16,
                            VIRTIO_SND_PCM_RATE_COUNT) != VIRTIO_SND_S_OK);
}

/* --- a tune ----------------------------------------------------------------------------------- */

static struct {
    struct virtio_snd_pcm_xfer xfer;
    int16_t frames[2 * PERIOD_FRAMES];
    struct virtio_snd_pcm_status status;
} buffers[BUFFERS];

/* A triangle of another pitch every eighth of a second; the right channel is its negative. */
static void compose(int16_t *frames, uint32_t first)
{
    static const uint16_t pitches[] = {262, 294, 330, 349, 392, 440, 494, 523};

    for (uint32_t i = 0; i < PERIOD_FRAMES; i++) {
        uint32_t t = first + i, pitch = pitches[t / (RATE / 8) % 8];
        uint32_t phase = t * (pitch * 65536 / RATE) & 0xffff;
        int32_t s = phase < 32768 ? (int32_t)phase - 16384 : 49151 - (int32_t)phase;
        frames[2 * i] = (int16_t)s;
        frames[2 * i + 1] = (int16_t)-s;
    }
}

/* Buffer i of the queue: descriptors 3i to 3i + 2. */
static void offer_sound(struct virtio_queue *q, unsigned i, uint32_t stream, uint32_t bytes)
{
    uint16_t flags = q == &tx ? VIRTQ_DESC_F_NEXT : VIRTQ_DESC_F_NEXT | VIRTQ_DESC_F_WRITE;
    uint16_t d = (uint16_t)(3 * i);

    buffers[i].xfer.stream_id = stream;
    buffers[i].status.status = 0;
    virtio_desc(&q->desc[d], (uintptr_t)&buffers[i].xfer, sizeof buffers[i].xfer, VIRTQ_DESC_F_NEXT,
                (uint16_t)(d + 1));
    virtio_desc(&q->desc[d + 1], (uintptr_t)buffers[i].frames, bytes, flags, (uint16_t)(d + 2));
    virtio_desc(&q->desc[d + 2], (uintptr_t)&buffers[i].status, sizeof buffers[i].status,
                VIRTQ_DESC_F_WRITE, 0);
    virtio_offer(q, d);
    virtio_kick(q);
}

static uint32_t play_tune(uint64_t *took)
{
    uint64_t start = 0;
    uint32_t good = 0;

    for (unsigned i = 0; i < BUFFERS; i++) {
        compose(buffers[i].frames, i * PERIOD_FRAMES);
        offer_sound(&tx, i, OUT, PERIOD);
    }
    pcm(VIRTIO_SND_R_PCM_START, OUT);
    start = ticks();
    for (uint32_t n = 0; n < PERIODS; n++) {
        uint16_t head = 0;
        unsigned i;
        if (virtio_wait(&tx, &head) < (long)sizeof buffers[0].status)
            break;
        i = head / 3;
        good += buffers[i].status.status == VIRTIO_SND_S_OK;
        if (n + BUFFERS < PERIODS) {
            compose(buffers[i].frames, (n + BUFFERS) * PERIOD_FRAMES);
            offer_sound(&tx, i, OUT, PERIOD);
        }
    }
    *took = ticks() - start;
    return good;
}

static void tune(void)
{
    uint64_t took;

    note("SET_PARAMS", set_usual(OUT, 0));
    note("PREPARE", pcm(VIRTIO_SND_R_PCM_PREPARE, OUT));
    note("periods", play_tune(&took));
    note("about five seconds", took > (uint64_t)SECONDS * 950 * TICKS_PER_MS &&
                                   took < (uint64_t)SECONDS * 1100 * TICKS_PER_MS);
    if (DETAILS)
        note("took ms", ((unsigned long)took + TICKS_PER_MS / 2) / TICKS_PER_MS);
    note("STOP", pcm(VIRTIO_SND_R_PCM_STOP, OUT));
    note("RELEASE", pcm(VIRTIO_SND_R_PCM_RELEASE, OUT));
}

/* --- the rules in detail ---------------------------------------------------------------------- */

static struct virtio_snd_event event;

static void offer_event(void)
{
    event.hdr.code = 0;
    virtio_desc(&events.desc[0], (uintptr_t)&event, sizeof event, VIRTQ_DESC_F_WRITE, 0);
    virtio_offer(&events, 0);
    virtio_kick(&events);
}

/* Jacks and channel maps, and structures of another size than ours. */
static void items(void)
{
    struct virtio_snd_jack_info *jack = (struct virtio_snd_jack_info *)response.more;
    struct virtio_snd_chmap_info *map = (struct virtio_snd_chmap_info *)response.more;
    uint32_t maps = virtio_read(&v, VIRTIO_MMIO_CONFIG + 8), sum = 0;

    note("jacks", virtio_read(&v, VIRTIO_MMIO_CONFIG));
    note("JACK_INFO", query(VIRTIO_SND_R_JACK_INFO, 0, 2, sizeof *jack));
    for (unsigned i = 0; i < 2; i++) {
        note("features", jack[i].features);
        note("device", jack[i].hda_reg_defconf >> 20 & 0xf);
        note("output, input", jack[i].hda_reg_caps >> 4 & 3);
        note("connected", jack[i].connected);
    }
    note("chmaps", maps);
    note("CHMAP_INFO", query(VIRTIO_SND_R_CHMAP_INFO, 0, maps, sizeof *map));
    for (unsigned i = 0; i < maps; i++) {
        note("direction", map[i].direction);
        note("channels", map[i].channels);
        for (unsigned k = 0; k < map[i].channels; k++)
            note("position", map[i].positions[k]);
    }
    response.more[40] = 1;
    note("long", query(VIRTIO_SND_R_JACK_INFO, 0, 1, 64));
    note("connected", jack->connected);
    for (unsigned i = sizeof *jack; i < 64; i++)
        sum += response.more[i];
    note("beyond", sum);
    response.more[8] = 0x55;
    note("cut off", query(VIRTIO_SND_R_JACK_INFO, 1, 1, 8));
    note("beyond", response.more[8]);
}

static void refusals(void)
{
    uint32_t xruns = 1u << VIRTIO_SND_PCM_F_EVT_XRUNS;

    note("SET_PARAMS 9", set_usual(9, 0));
    note("unknown", send(0x7777, sizeof request.hdr, 0));
    note("RELEASE 9", pcm(VIRTIO_SND_R_PCM_RELEASE, 9));
    note("JACK_REMAP", (request.remap = (struct virtio_snd_jack_remap){0},
                        send(VIRTIO_SND_R_JACK_REMAP, sizeof request.remap, 0)));
    note("JACK_REMAP 9",
         (request.remap.hdr.jack_id = 9, send(VIRTIO_SND_R_JACK_REMAP, sizeof request.remap, 0)));
    note("CTL_INFO", query(VIRTIO_SND_R_CTL_INFO, 0, 0, 4));
    note("short", send(VIRTIO_SND_R_PCM_SET_PARAMS, sizeof request.params - 4, 0));
    note("no code", send(VIRTIO_SND_R_PCM_PREPARE, 2, 0));
    note("size 0", query(VIRTIO_SND_R_PCM_INFO, 0, 1, 0));
    request.query = (struct virtio_snd_query_info){.count = 1, .size = 1 << 16};
    note("size too large", send(VIRTIO_SND_R_PCM_INFO, sizeof request.query, 1 << 16));
    request.query = (struct virtio_snd_query_info){.count = 2, .size = 32};
    note("no room", send(VIRTIO_SND_R_PCM_INFO, sizeof request.query, 32));
    note("wraps",
         (request.query =
              (struct virtio_snd_query_info){.start_id = 2, .count = 0xffffffff, .size = 32},
          send(VIRTIO_SND_R_PCM_INFO, sizeof request.query, 64)));
    note("period 0", set_params(OUT, 8192, 0, 0, 2, VIRTIO_SND_PCM_FMT_S16, 6));
    note("period no part", set_params(OUT, 8192, 3000, 0, 2, VIRTIO_SND_PCM_FMT_S16, 6));
    note("feature", set_params(OUT, 8192, 4096, 1, 2, VIRTIO_SND_PCM_FMT_S16, 6));
    note("no feature", set_params(OUT, 8192, 4096, 0x8000, 2, VIRTIO_SND_PCM_FMT_S16, 6));
    note("no format", set_params(OUT, 8192, 4096, 0, 2, VIRTIO_SND_PCM_FMT_COUNT, 6));
    note("channels 0", set_params(OUT, 8192, 4096, 0, 0, VIRTIO_SND_PCM_FMT_S16, 6));
    note("channels 99", set_params(OUT, 8192, 4096, 0, 99, VIRTIO_SND_PCM_FMT_S16, 6));
    note("PREPARE IN", pcm(VIRTIO_SND_R_PCM_PREPARE, IN));
    note("START IN", pcm(VIRTIO_SND_R_PCM_START, IN));
    note("STOP IN", pcm(VIRTIO_SND_R_PCM_STOP, IN));
    note("RELEASE IN", pcm(VIRTIO_SND_R_PCM_RELEASE, IN));
    offer_sound(&tx, 0, IN, PERIOD);
    note("tx for IN", virtio_wait(&tx, NULL) == 8 ? buffers[0].status.status : 0);
    offer_sound(&tx, 0, 7, PERIOD);
    note("tx for 7", virtio_wait(&tx, NULL) == 8 ? buffers[0].status.status : 0);
    note("SET_PARAMS", set_usual(OUT, xruns));
    offer_sound(&tx, 0, OUT, PERIOD);
    note("tx unprepared", virtio_wait(&tx, NULL) == 8 ? buffers[0].status.status : 0);
}

/* Milliseconds, rounded, that have gone by since `start`. */
static unsigned long ms_since(uint64_t start)
{
    return ((unsigned long)(ticks() - start) + TICKS_PER_MS / 2) / TICKS_PER_MS;
}

/* Stopping in the middle of a buffer, going on, starving, giving all back. */
static void life(void)
{
    uint64_t start;

    note("PREPARE", pcm(VIRTIO_SND_R_PCM_PREPARE, OUT));
    note("PREPARE again", pcm(VIRTIO_SND_R_PCM_PREPARE, OUT));
    note("STOP", pcm(VIRTIO_SND_R_PCM_STOP, OUT));
    for (unsigned i = 0; i < 3; i++) {
        for (int k = 0; k < PERIOD_FRAMES; k++)
            buffers[i].frames[2 * k] = buffers[i].frames[2 * k + 1] =
                (int16_t)(1000 * (int)(i + 1));
        offer_sound(&tx, i, OUT, PERIOD);
    }
    offer_event();
    note("START", pcm(VIRTIO_SND_R_PCM_START, OUT));
    note("START again", pcm(VIRTIO_SND_R_PCM_START, OUT));
    note("SET_PARAMS", set_usual(OUT, 0));
    note("RELEASE", pcm(VIRTIO_SND_R_PCM_RELEASE, OUT));
    start = ticks();
    note("first", (unsigned long)virtio_wait(&tx, NULL));
    note("ms", ms_since(start));
    delay(10 * TICKS_PER_MS);
    note("STOP", pcm(VIRTIO_SND_R_PCM_STOP, OUT));
    delay(50 * TICKS_PER_MS);
    note("START", pcm(VIRTIO_SND_R_PCM_START, OUT));
    start = ticks();
    note("second", (unsigned long)virtio_wait(&tx, NULL));
    note("ms", ms_since(start));
    note("event before", event.hdr.code);
    note("third", (unsigned long)virtio_wait(&tx, NULL));
    note("event", virtio_wait(&events, NULL) == 8 ? event.hdr.code : 0);
    note("of stream", event.data);
    delay(100 * TICKS_PER_MS);
    offer_sound(&tx, 0, OUT, PERIOD);
    start = ticks();
    note("after a gap", (unsigned long)virtio_wait(&tx, NULL));
    note("ms", ms_since(start));
    for (unsigned i = 0; i < 2; i++)
        offer_sound(&tx, i, OUT, PERIOD);
    note("STOP", pcm(VIRTIO_SND_R_PCM_STOP, OUT));
    note("RELEASE", pcm(VIRTIO_SND_R_PCM_RELEASE, OUT));
    note("given back", (unsigned long)(virtio_wait(&tx, NULL) + virtio_wait(&tx, NULL)));
    note("START", pcm(VIRTIO_SND_R_PCM_START, OUT));
}

/* A program that stops for long with its stream running. */
static void long_gap(void)
{
    note("SET_PARAMS", set_usual(OUT, 0));
    note("PREPARE", pcm(VIRTIO_SND_R_PCM_PREPARE, OUT));
    offer_sound(&tx, 0, OUT, PERIOD);
    note("START", pcm(VIRTIO_SND_R_PCM_START, OUT));
    note("before", (unsigned long)virtio_wait(&tx, NULL));
    delay(12000 * TICKS_PER_MS);
    offer_sound(&tx, 0, OUT, PERIOD);
    note("after", (unsigned long)virtio_wait(&tx, NULL));
    note("STOP", pcm(VIRTIO_SND_R_PCM_STOP, OUT));
    note("RELEASE", pcm(VIRTIO_SND_R_PCM_RELEASE, OUT));
}

/* Recording: silence, in its time; and what is there when it is stopped. */
static void record(void)
{
    uint64_t start;
    long n;

    note("SET_PARAMS", set_params(IN, BUFFERS * PERIOD, PERIOD, 0, 2, VIRTIO_SND_PCM_FMT_U16,
                                  VIRTIO_SND_PCM_RATE_44100));
    note("PREPARE", pcm(VIRTIO_SND_R_PCM_PREPARE, IN));
    for (unsigned i = 0; i < 2; i++) {
        buffers[i].frames[0] = buffers[i].frames[2 * PERIOD_FRAMES - 1] = 1;
        offer_sound(&rx, i, IN, PERIOD);
    }
    note("START", pcm(VIRTIO_SND_R_PCM_START, IN));
    start = ticks();
    n = virtio_wait(&rx, NULL);
    note("recorded", (unsigned long)n);
    note("ms", ms_since(start));
    note("status", buffers[0].status.status);
    note("silence", (uint16_t)buffers[0].frames[0]);
    note("to the end", (uint16_t)buffers[0].frames[2 * PERIOD_FRAMES - 1]);
    delay(10 * TICKS_PER_MS);
    note("STOP", pcm(VIRTIO_SND_R_PCM_STOP, IN));
    note("RELEASE", pcm(VIRTIO_SND_R_PCM_RELEASE, IN));
    n = virtio_wait(&rx, NULL);
    note("part", n > 8 + 380 * FRAME && n < 8 + 500 * FRAME);
}

/* A buffer in every other format: samples 0, 1, 2 ... of as many bytes as it has. */
static void formats(void)
{
    static const struct {
        uint8_t format, rate, channels;
    } others[] = {
        {VIRTIO_SND_PCM_FMT_U8, VIRTIO_SND_PCM_RATE_8000, 1},
        {VIRTIO_SND_PCM_FMT_S8, VIRTIO_SND_PCM_RATE_8000, 1},
        {VIRTIO_SND_PCM_FMT_U16, VIRTIO_SND_PCM_RATE_48000, 1},
        {VIRTIO_SND_PCM_FMT_S32, VIRTIO_SND_PCM_RATE_96000, 2},
        {VIRTIO_SND_PCM_FMT_U32, VIRTIO_SND_PCM_RATE_96000, 2},
        {VIRTIO_SND_PCM_FMT_FLOAT, VIRTIO_SND_PCM_RATE_24000, 6},
    };

    for (unsigned i = 0; i < 96; i++)
        ((uint8_t *)buffers[0].frames)[i] = (uint8_t)i;
    for (unsigned i = 0; i < sizeof others / sizeof others[0]; i++) {
        note("SET_PARAMS",
             set_params(OUT, 192, 96, 0, others[i].channels, others[i].format, others[i].rate));
        note("PREPARE", pcm(VIRTIO_SND_R_PCM_PREPARE, OUT));
        offer_sound(&tx, 0, OUT, 96);
        note("START", pcm(VIRTIO_SND_R_PCM_START, OUT));
        note("played", (unsigned long)virtio_wait(&tx, NULL));
        note("STOP", pcm(VIRTIO_SND_R_PCM_STOP, OUT));
        note("RELEASE", pcm(VIRTIO_SND_R_PCM_RELEASE, OUT));
    }
}

int main(void)
{
    if (!virtio_find(&v, VIRTIO_ID_SOUND, 0) || !virtio_negotiate(&v, 0))
        return 1;
    virtio_queue_init(&control, &v, VIRTIO_SND_VQ_CONTROL, 16, 0);
    virtio_queue_init(&events, &v, VIRTIO_SND_VQ_EVENT, 16, 1);
    virtio_queue_init(&tx, &v, VIRTIO_SND_VQ_TX, 16, 2);
    virtio_queue_init(&rx, &v, VIRTIO_SND_VQ_RX, 16, 3);
    virtio_queue_ready(&control);
    virtio_queue_ready(&events);
    virtio_queue_ready(&tx);
    virtio_queue_ready(&rx);
    virtio_start(&v);
    if (DETAILS == 2) {
        long_gap();
        report();
        return 0;
    }
    describe();
    tune();
    report();
    if (DETAILS) {
        items();
        refusals();
        life();
        record();
        formats();
        report();
    }
    return 0;
}
