#pragma once
/*
 * Sound output: the queue between /dev/sb (sound.c) and a driver.
 *
 * The driver owns SOUND_SLOTS buffers of SOUND_PERIOD_MAX bytes, which sound.c fills and sends; at
 * least two are with the device whenever there is something to play, so that it never has to wait
 * for an interrupt to be handled. A driver fills in a `struct sound_device` and calls
 * sound_register().
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "kernel/sched/sched.h"

enum { SOUND_SLOTS = 4, SOUND_PERIOD_MAX = 8192, SOUND_QUEUE = 65536 /* bytes */ };

struct sound_format {
    uint32_t rate;     /* frames per second */
    uint32_t channels; /* 16-bit samples in a frame */
    uint32_t period;   /* bytes of a full buffer: a multiple of a frame */
};

struct sound_device;

struct sound_ops {
    /*
     * Thread context, one of these at a time, may sleep; 0 or an error. open() sets the format and
     * gets the stream ready (-EINVAL: the device cannot do that); start() starts it; close() stops
     * it when it was started, and gets back all buffers, by sound_sent().
     */
    int (*open)(struct sound_device *dev, const struct sound_format *format);
    int (*start)(struct sound_device *dev);
    void (*close)(struct sound_device *dev);
    /* Sends n bytes of slots[slot], to be followed by sound_sent(): 0 or -EIO. Any context. */
    int (*send)(struct sound_device *dev, unsigned slot, size_t n);
};

enum sound_state {
    SOUND_IDLE,       /* nobody has written to /dev/sbctl */
    SOUND_CONFIGURED, /* the format is known and good */
    SOUND_OPEN,       /* open()ed */
    SOUND_RUNNING,    /* start()ed */
};

struct sound_device {
    /* The driver's, constant. */
    const struct sound_ops *ops;
    uint8_t *slots[SOUND_SLOTS];
    void *priv;

    /* sound.c's. */
    struct mutex control; /* format and state; taken before lock */
    struct sound_format format;
    enum sound_state state;
    struct spinlock lock; /* what follows */
    bool live;            /* slots may be sent */
    bool failed;          /* the device has; until it is opened again */
    bool dry;             /* it has played everything and goes on */
    unsigned underruns;   /* times it was dry when more came */
    unsigned writers;     /* openings of /dev/sb */
    unsigned free_slots;  /* bits: not with the device */
    uint8_t *queue;       /* SOUND_QUEUE bytes */
    size_t head, used;    /* of queue: the oldest, and how many */
    struct waitq changed; /* room in the queue, slots coming back */
};

/* Makes /dev/sb and /dev/sbctl, for ever: 0, -ENOMEM, or -EBUSY when there are some. */
int sound_register(struct sound_device *dev);

/*
 * The device is done with a slot that was sent; `ok` is false when it failed. Any context. Sends
 * what is next.
 */
void sound_sent(struct sound_device *dev, unsigned slot, bool ok);
