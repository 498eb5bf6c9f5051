#pragma once
/*
 * A PCM stream of a virtio sound device: the buffers that wait in it, and their being played, or
 * filled, at the pace of the machine's time.
 */
#include "hw/virtio_snd.h"
#include "tools/emu/dev/virtio.h"
#include "tools/emu/vclock.h"

enum {
    PCM_QUEUE_SIZE = 256, /* of the tx and rx queues, so that many buffers may wait */
    PCM_CHANNELS_MAX = 8,
};

/* Where in its life a stream is (5.14.6.6.1). */
enum pcm_state { PCM_UNSET, PCM_SET, PCM_PREPARED, PCM_RUNNING, PCM_STOPPED };

struct pcm {
    uint32_t buffer_bytes, period_bytes, features;
    uint8_t channels, format, rate; /* VIRTIO_SND_PCM_FMT_..., VIRTIO_SND_PCM_RATE_... */
    uint8_t state;
    uint8_t starved;                /* running, with no buffer */
    uint8_t has_played;             /* since it was started */
    uint16_t heads[PCM_QUEUE_SIZE]; /* buffers that wait, a ring */
    uint16_t first, count;
    uint64_t done;   /* bytes of the first one */
    uint64_t origin; /* machine time at which ... */
    uint64_t frames; /* ... this was 0: frames played since */
    uint64_t hungry; /* machine time when it starved */
    uint64_t due;    /* of the timer */

    /* Not the guest's: */
    struct virtio *virtio;
    unsigned id, queue;            /* VIRTIO_SND_VQ_TX or _RX: which direction it has */
    struct audio_backend *backend; /* of an output; NULL: nobody listens */
    bool is_open;                  /* backend's */
    void (*xrun)(struct pcm *pcm); /* somebody wants to know */
    struct timer timer;
};

#define PCM_FIELDS(type, member)                                                          \
    STATE_FIELD(type, member.buffer_bytes, 1), STATE_FIELD(type, member.period_bytes, 1), \
        STATE_FIELD(type, member.features, 1), STATE_FIELD(type, member.channels, 1),     \
        STATE_FIELD(type, member.format, 1), STATE_FIELD(type, member.rate, 1),           \
        STATE_FIELD(type, member.state, 1), STATE_FIELD(type, member.starved, 1),         \
        STATE_FIELD(type, member.has_played, 1), STATE_ARRAY(type, member.heads, 1),      \
        STATE_FIELD(type, member.first, 1), STATE_FIELD(type, member.count, 1),           \
        STATE_FIELD(type, member.done, 1), STATE_FIELD(type, member.origin, 1),           \
        STATE_FIELD(type, member.frames, 1), STATE_FIELD(type, member.hungry, 1),         \
        STATE_FIELD(type, member.due, 1)

/* What streams can do: 1 << VIRTIO_SND_PCM_FMT_..., and so on. */
extern const uint64_t pcm_formats, pcm_rates;
extern const uint32_t pcm_features;

/* Once: the rest of the structure is zero. */
void pcm_init(struct pcm *pcm, struct virtio *v, unsigned id, unsigned queue,
              struct audio_backend *backend, void (*xrun)(struct pcm *pcm));

/* The device was reset: its buffers are nobody's any more. */
void pcm_reset(struct pcm *pcm);

/*
 * Requests, in the order of a stream's life. They return VIRTIO_SND_S_...: BAD_MSG for a state or
 * parameters that cannot be, NOT_SUPP for parameters that we do not have.
 */
uint32_t pcm_set_params(struct pcm *pcm, const struct virtio_snd_pcm_set_params *params);
uint32_t pcm_prepare(struct pcm *pcm);
uint32_t pcm_start(struct pcm *pcm);
uint32_t pcm_stop(struct pcm *pcm);
/* All buffers have gone back when it returns. */
uint32_t pcm_release(struct pcm *pcm);

/*
 * A buffer for the stream, already checked to have room for header and status. False if the stream
 * is in no state to take it.
 */
bool pcm_add(struct pcm *pcm, const struct virtqueue_chain *chain);

/* Give a buffer of the tx or rx queue back. `data`: bytes in it that were recorded. */
void pcm_complete(struct virtio *v, unsigned queue, const struct virtqueue_chain *chain,
                  uint32_t status, uint32_t data);
