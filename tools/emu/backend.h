#pragma once
/*
 * What a device has on the host's side. A backend is a small structure of functions, made by the
 * carrier (host/) from -drive, -netdev, ... and handed to the machine under a name; a device finds
 * its own by that name. The machine owns none of them and never frees them.
 *
 * Devices call these functions with the machine's lock, on the thread of a hart or on the
 * carrier's; they must not block for long. What a backend has for its device goes through
 * machine_input() to backend.source, never by calling the device.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct machine;

enum backend_kind {
    BACKEND_BLOCK,
    BACKEND_NET,
    BACKEND_DISPLAY,
    BACKEND_AUDIO,
    BACKEND_ENTROPY,
    BACKEND_SHARE,
    BACKEND_CHARACTER,
    BACKEND_KEYBOARD,
    BACKEND_TABLET, /* a pointer that says where it is */
    BACKEND_MOUSE,  /* a pointer that says how far it moved */
};

/* The common part, first in each kind's structure. */
struct backend {
    enum backend_kind kind;
    const char *id;           /* name on the command line; NULL: the default one of its kind */
    const char *device;       /* make a device of this kind for it; NULL: somebody else will */
    const char *unrepeatable; /* what makes runs with it differ, "tap"; NULL: they repeat */
    void (*close)(struct backend *b); /* by the carrier, after the machine is gone; optional */
    struct backend *next;
    /* Set when a device takes it: */
    struct machine *machine;
    unsigned source; /* for machine_input(), on the device's channel 0 */
    bool taken;
};

/*
 * A disk image. Offsets and lengths are bytes inside `size`: the device has checked. Results are 0
 * or a negative error number (-EIO ...).
 */
struct block_backend {
    struct backend backend;
    uint64_t size; /* bytes, a multiple of 512 */
    bool read_only;
    bool write_through; /* writes are to be stable at once, unless the driver says otherwise */
    int (*read)(struct block_backend *b, uint64_t offset, const struct iovec *iov, unsigned count);
    int (*write)(struct block_backend *b, uint64_t offset, const struct iovec *iov, unsigned count);
    int (*flush)(struct block_backend *b);
    /* Forget what is there; or, with `zero`, have it read as zeros (unmap: space may be freed). */
    int (*discard)(struct block_backend *b, uint64_t offset, uint64_t n, bool zero, bool unmap);
};

/* A network: whole Ethernet frames without checksum. Arriving ones are one machine_input() each. */
struct net_backend {
    struct backend backend;
    void (*send)(struct net_backend *b, const uint8_t *frame, size_t n);
};

/*
 * A screen. Pixels are 32-bit words 00rrggbb in the host's byte order. What arrives by
 * machine_input() is the size that the host would like, whenever that changes: struct
 * display_wish.
 */
struct display_backend {
    struct backend backend;
    /* A black screen of that size; 0, 0: none, it is off. */
    void (*resize)(struct display_backend *b, uint32_t width, uint32_t height);
    /*
     * The rectangle changed: `pixels` is its top left one, rows are `stride` bytes apart. The
     * rectangle is inside the screen; the pixels are valid during the call only.
     */
    void (*update)(struct display_backend *b, uint32_t x, uint32_t y, uint32_t width,
                   uint32_t height, const uint32_t *pixels, size_t stride);
    /* width * height words aarrggbb, or NULL: no pointer is shown. */
    void (*cursor)(struct display_backend *b, const uint32_t *pixels, uint32_t width,
                   uint32_t height, uint32_t hot_x, uint32_t hot_y);
    void (*move_cursor)(struct display_backend *b, uint32_t x, uint32_t y);
};

struct display_wish {
    uint32_t width, height; /* little-endian */
};

/*
 * A keyboard, tablet or mouse. What arrives by machine_input() are whole struct virtio_input_event
 * (hw/virtio_input.h), little-endian, each report ended by SYN_REPORT. A tablet's axes go from 0 to
 * INPUT_ABS_MAX over the screen.
 */
struct input_backend {
    struct backend backend;
    void (*leds)(struct input_backend *b, uint32_t leds); /* bit LED_...: it is on */
};

enum { INPUT_ABS_MAX = 0x7fff };

/* Samples: one byte without sign; 16 or 32 bits with sign, or a float, little-endian. */
enum sound_format { SOUND_U8, SOUND_S16, SOUND_S32, SOUND_FLOAT };

/*
 * A sound output. The device paces itself by the machine's time: what it writes is being played
 * now. Samples of the channels are interleaved.
 */
struct audio_backend {
    struct backend backend;
    void (*open)(struct audio_backend *b, unsigned rate, unsigned channels,
                 enum sound_format format);                                   /* a stream begins */
    void (*write)(struct audio_backend *b, const void *frames, size_t bytes); /* whole frames */
    void (*close)(struct audio_backend *b);                                   /* it ends */
};

/* Random bytes. */
struct entropy_backend {
    struct backend backend;
    void (*fill)(struct entropy_backend *b, void *buf, size_t n);
};

/* A shared folder: answers messages of 9P2000.L (hw/virtio_9p.h), one at a time. */
struct share_backend {
    struct backend backend;
    size_t message_max; /* no message is longer, bytes */
    /*
     * Answer the request of n bytes in at most `room` bytes. Returns the response's size; 0 if
     * that was no request, or there is no room for any response.
     */
    size_t (*answer)(struct share_backend *b, const uint8_t *request, size_t n, uint8_t *response,
                     size_t room);
    void (*reset)(struct share_backend *b); /* the client is gone */
};

/* Somewhere for characters. Arriving ones are machine_input(). */
struct character_backend {
    struct backend backend;
    void (*write)(struct character_backend *b, const uint8_t *bytes, size_t n);
};
