#pragma once
/*
 * virtio sound device: configuration, control messages, events and PCM messages (virtio 1.3,
 * section 5.14). All fields are little-endian.
 */
#include <stdint.h>

/* Feature bits. */
enum {
    VIRTIO_SND_F_CTLS = 0, /* control elements */
};

enum virtio_snd_queue {
    VIRTIO_SND_VQ_CONTROL,
    VIRTIO_SND_VQ_EVENT,
    VIRTIO_SND_VQ_TX, /* to output streams */
    VIRTIO_SND_VQ_RX, /* from input streams */
    VIRTIO_SND_VQ_MAX,
};

struct virtio_snd_config {
    uint32_t jacks;
    uint32_t streams;
    uint32_t chmaps;
    uint32_t controls; /* only with VIRTIO_SND_F_CTLS */
};

/* What a message is (5.14.6), in virtio_snd_hdr.code. */
enum virtio_snd_code {
    VIRTIO_SND_R_JACK_INFO = 1,
    VIRTIO_SND_R_JACK_REMAP,

    VIRTIO_SND_R_PCM_INFO = 0x0100,
    VIRTIO_SND_R_PCM_SET_PARAMS,
    VIRTIO_SND_R_PCM_PREPARE,
    VIRTIO_SND_R_PCM_RELEASE,
    VIRTIO_SND_R_PCM_START,
    VIRTIO_SND_R_PCM_STOP,

    VIRTIO_SND_R_CHMAP_INFO = 0x0200,

    VIRTIO_SND_R_CTL_INFO = 0x0300,
    VIRTIO_SND_R_CTL_ENUM_ITEMS,
    VIRTIO_SND_R_CTL_READ,
    VIRTIO_SND_R_CTL_WRITE,
    VIRTIO_SND_R_CTL_TLV_READ,
    VIRTIO_SND_R_CTL_TLV_WRITE,
    VIRTIO_SND_R_CTL_TLV_COMMAND,

    VIRTIO_SND_EVT_JACK_CONNECTED = 0x1000,
    VIRTIO_SND_EVT_JACK_DISCONNECTED,

    VIRTIO_SND_EVT_PCM_PERIOD_ELAPSED = 0x1100,
    VIRTIO_SND_EVT_PCM_XRUN,

    VIRTIO_SND_EVT_CTL_NOTIFY = 0x1200,

    VIRTIO_SND_S_OK = 0x8000,
    VIRTIO_SND_S_BAD_MSG,  /* malformed, or invalid parameters */
    VIRTIO_SND_S_NOT_SUPP, /* operation or parameters not supported */
    VIRTIO_SND_S_IO_ERR,
};

enum virtio_snd_direction {
    VIRTIO_SND_D_OUTPUT,
    VIRTIO_SND_D_INPUT,
};

/* Begins every request and every response. */
struct virtio_snd_hdr {
    uint32_t code;
};

struct virtio_snd_event {
    struct virtio_snd_hdr hdr;
    uint32_t data; /* jack or stream */
};

/* VIRTIO_SND_R_*_INFO: the response is a virtio_snd_hdr and `count` structures of `size` bytes. */
struct virtio_snd_query_info {
    struct virtio_snd_hdr hdr;
    uint32_t start_id;
    uint32_t count;
    uint32_t size;
};

/* Begins every information structure. */
struct virtio_snd_info {
    uint32_t hda_fn_nid; /* function group that jacks, streams and channel maps have in common */
};

/* --- jacks (5.14.6.4) ------------------------------------------------------------------------- */

struct virtio_snd_jack_hdr {
    struct virtio_snd_hdr hdr;
    uint32_t jack_id;
};

enum {
    VIRTIO_SND_JACK_F_REMAP = 0,
};

struct virtio_snd_jack_info {
    struct virtio_snd_info hdr;
    uint32_t features;        /* 1 << VIRTIO_SND_JACK_F_... */
    uint32_t hda_reg_defconf; /* pin default configuration (HDA 7.3.3.31) */
    uint32_t hda_reg_caps;    /* pin capabilities (HDA 7.3.4.9) */
    uint8_t connected;
    uint8_t padding[7];
};

struct virtio_snd_jack_remap {
    struct virtio_snd_jack_hdr hdr;
    uint32_t association;
    uint32_t sequence;
};

/* --- PCM streams (5.14.6.6) ------------------------------------------------------------------- */

struct virtio_snd_pcm_hdr {
    struct virtio_snd_hdr hdr;
    uint32_t stream_id;
};

enum virtio_snd_pcm_feature {
    VIRTIO_SND_PCM_F_SHMEM_HOST,
    VIRTIO_SND_PCM_F_SHMEM_GUEST,
    VIRTIO_SND_PCM_F_MSG_POLLING,
    VIRTIO_SND_PCM_F_EVT_SHMEM_PERIODS,
    VIRTIO_SND_PCM_F_EVT_XRUNS,
};

/* Sample formats in the order of their numbers: name, and bits that a sample takes in a buffer. */
#define VIRTIO_SND_PCM_FORMATS(FORMAT) \
    FORMAT(IMA_ADPCM, 4)               \
    FORMAT(MU_LAW, 8)                  \
    FORMAT(A_LAW, 8)                   \
    FORMAT(S8, 8)                      \
    FORMAT(U8, 8)                      \
    FORMAT(S16, 16)                    \
    FORMAT(U16, 16)                    \
    FORMAT(S18_3, 24)                  \
    FORMAT(U18_3, 24)                  \
    FORMAT(S20_3, 24)                  \
    FORMAT(U20_3, 24)                  \
    FORMAT(S24_3, 24)                  \
    FORMAT(U24_3, 24)                  \
    FORMAT(S20, 32)                    \
    FORMAT(U20, 32)                    \
    FORMAT(S24, 32)                    \
    FORMAT(U24, 32)                    \
    FORMAT(S32, 32)                    \
    FORMAT(U32, 32)                    \
    FORMAT(FLOAT, 32)                  \
    FORMAT(FLOAT64, 64)                \
    FORMAT(DSD_U8, 8)                  \
    FORMAT(DSD_U16, 16)                \
    FORMAT(DSD_U32, 32)                \
    FORMAT(IEC958_SUBFRAME, 32)

#define VIRTIO_SND_PCM_FORMAT_NUMBER(name, bits) VIRTIO_SND_PCM_FMT_##name,
enum virtio_snd_pcm_format {
    VIRTIO_SND_PCM_FORMATS(VIRTIO_SND_PCM_FORMAT_NUMBER) VIRTIO_SND_PCM_FMT_COUNT,
};
#undef VIRTIO_SND_PCM_FORMAT_NUMBER

/* Frame rates in the order of their numbers: Hz. */
#define VIRTIO_SND_PCM_RATES(RATE) \
    RATE(5512)                     \
    RATE(8000)                     \
    RATE(11025)                    \
    RATE(16000)                    \
    RATE(22050)                    \
    RATE(32000)                    \
    RATE(44100)                    \
    RATE(48000)                    \
    RATE(64000)                    \
    RATE(88200)                    \
    RATE(96000)                    \
    RATE(176400)                   \
    RATE(192000)                   \
    RATE(384000)                   \
    RATE(12000)                    \
    RATE(24000)

#define VIRTIO_SND_PCM_RATE_NUMBER(hz) VIRTIO_SND_PCM_RATE_##hz,
enum virtio_snd_pcm_rate {
    VIRTIO_SND_PCM_RATES(VIRTIO_SND_PCM_RATE_NUMBER) VIRTIO_SND_PCM_RATE_COUNT,
};
#undef VIRTIO_SND_PCM_RATE_NUMBER

/* Stands behind a virtio_snd_hdr, so it is less aligned than its 64-bit fields. */
struct __attribute__((packed, aligned(4))) virtio_snd_pcm_info {
    struct virtio_snd_info hdr;
    uint32_t features; /* 1 << VIRTIO_SND_PCM_F_... */
    uint64_t formats;  /* 1 << VIRTIO_SND_PCM_FMT_... */
    uint64_t rates;    /* 1 << VIRTIO_SND_PCM_RATE_... */
    uint8_t direction;
    uint8_t channels_min;
    uint8_t channels_max;
    uint8_t padding[5];
};

struct virtio_snd_pcm_set_params {
    struct virtio_snd_pcm_hdr hdr;
    uint32_t buffer_bytes;
    uint32_t period_bytes; /* divides buffer_bytes */
    uint32_t features;
    uint8_t channels;
    uint8_t format;
    uint8_t rate;
    uint8_t padding;
};

/* A message of the tx or rx queue: this, the frames, virtio_snd_pcm_status (5.14.6.8). */
struct virtio_snd_pcm_xfer {
    uint32_t stream_id;
};

struct virtio_snd_pcm_status {
    uint32_t status;
    uint32_t latency_bytes;
};

/* --- channel maps (5.14.6.9) ------------------------------------------------------------------ */

enum virtio_snd_chmap_position {
    VIRTIO_SND_CHMAP_NONE,
    VIRTIO_SND_CHMAP_NA, /* silent */
    VIRTIO_SND_CHMAP_MONO,
    VIRTIO_SND_CHMAP_FL, /* front left */
    VIRTIO_SND_CHMAP_FR,
    VIRTIO_SND_CHMAP_RL, /* rear left */
    VIRTIO_SND_CHMAP_RR,
    VIRTIO_SND_CHMAP_FC, /* front center */
    VIRTIO_SND_CHMAP_LFE,
    VIRTIO_SND_CHMAP_SL, /* side left */
    VIRTIO_SND_CHMAP_SR,
};

enum {
    VIRTIO_SND_CHMAP_MAX_SIZE = 18,
};

struct virtio_snd_chmap_info {
    struct virtio_snd_info hdr;
    uint8_t direction;
    uint8_t channels;
    uint8_t positions[VIRTIO_SND_CHMAP_MAX_SIZE];
};
