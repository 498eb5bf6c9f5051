/* /dev/sb and /dev/sbctl: the queue of samples on its way to a driver (abi/sound.h). */
#include "kernel/dev/sound.h"
#include "abi/errno.h"
#include "abi/poll.h"
#include "abi/sound.h"
#include "kernel/dev/dev.h"
#include "kernel/mm/mm.h"
#include "kernel/mm/uaccess.h"
#include "lib/string.h"

#define ALL_SLOTS ((1u << SOUND_SLOTS) - 1)
#define PATIENCE  2000000000ull /* ns for a device to give slots back beyond what playing takes */

static size_t frame_bytes(const struct sound_device *s)
{
    return s->format.channels * sizeof(int16_t);
}

/* ---- the queue; s->lock is held */

static size_t put(struct sound_device *s, const uint8_t *bytes, size_t n)
{
    size_t room = SOUND_QUEUE - s->used;
    n = n < room ? n : room;
    size_t at = (s->head + s->used) % SOUND_QUEUE;
    size_t first = n < SOUND_QUEUE - at ? n : SOUND_QUEUE - at;
    memcpy(s->queue + at, bytes, first);
    memcpy(s->queue, bytes + first, n - first);
    s->used += n;
    s->underruns += s->dry && n > 0;
    s->dry = s->dry && n == 0;
    return n;
}

static void take(struct sound_device *s, uint8_t *to, size_t n)
{
    size_t first = n < SOUND_QUEUE - s->head ? n : SOUND_QUEUE - s->head;
    memcpy(to, s->queue + s->head, first);
    memcpy(to + first, s->queue, n - first);
    s->head = (s->head + n) % SOUND_QUEUE;
    s->used -= n;
}

/* The device has everything and given it back. What is less than a frame is nobody's sound. */
static bool played(const struct sound_device *s)
{
    return s->used < frame_bytes(s) && s->free_slots == ALL_SLOTS;
}

/*
 * Fills slots and sends them: full ones, or, while the device has less than two, whatever there is.
 */
static void pump(struct sound_device *s)
{
    while (s->live && s->free_slots != 0 && s->used >= frame_bytes(s)) {
        unsigned sent = SOUND_SLOTS - (unsigned)__builtin_popcount(s->free_slots);
        unsigned slot = (unsigned)__builtin_ctz(s->free_slots);
        size_t n = s->used < s->format.period ? s->used : s->format.period;
        if (n < s->format.period && sent >= 2)
            break;
        n -= n % frame_bytes(s);
        take(s, s->slots[slot], n);
        if (s->ops->send(s, slot, n) < 0) {
            s->failed = true;
            break;
        }
        s->free_slots &= ~(1u << slot);
    }
}

void sound_sent(struct sound_device *s, unsigned slot, bool ok)
{
    spin_lock(&s->lock);
    s->free_slots |= 1u << slot;
    if (!ok && s->live)
        s->failed = true;
    if (!s->failed)
        pump(s);
    if (played(s) && s->live)
        s->dry = true;
    waitq_wake_all(&s->changed);
    spin_unlock(&s->lock);
    chardev_ready();
}

/* ---- the stream's state; s->control is held */

static int stream_open(struct sound_device *s)
{
    int err = s->ops->open(s, &s->format);
    if (err < 0)
        return err;
    spin_lock(&s->lock);
    s->live = true;
    s->failed = s->dry = false;
    pump(s); /* what a writer that was waiting may have queued */
    spin_unlock(&s->lock);
    s->state = SOUND_OPEN;
    return 0;
}

/* Stops it and drops what is queued. */
static void stream_close(struct sound_device *s)
{
    if (s->state < SOUND_OPEN)
        return;
    spin_lock(&s->lock);
    s->live = false;
    spin_unlock(&s->lock);
    s->ops->close(s);
    uint64_t deadline = time_ns() + PATIENCE;
    spin_lock(&s->lock);
    while (s->free_slots != ALL_SLOTS && time_ns() < deadline)
        waitq_sleep_hard_until(&s->changed, &s->lock, deadline);
    s->head = s->used = 0;
    waitq_wake_all(&s->changed);
    spin_unlock(&s->lock);
    s->state = SOUND_CONFIGURED;
}

static void stream_fail(struct sound_device *s)
{
    spin_lock(&s->lock);
    s->failed = true;
    waitq_wake_all(&s->changed);
    spin_unlock(&s->lock);
}

/* Brings the stream as far as `to`, SOUND_OPEN or SOUND_RUNNING. -EINVAL: it was never opened. */
static int advance(struct sound_device *s, enum sound_state to)
{
    int err = 0;
    mutex_lock(&s->control);
    if (s->state == SOUND_IDLE)
        err = -EINVAL;
    else if (s->state == SOUND_CONFIGURED)
        err = stream_open(s);
    if (err == 0 && s->state < to) {
        err = s->ops->start(s);
        if (err == 0)
            s->state = SOUND_RUNNING;
        else
            stream_fail(s);
    }
    mutex_unlock(&s->control);
    return err;
}

static int configure(struct sound_device *s, const struct abi_sound *want)
{
    if (want->rate < 1 || want->channels < 1 || want->channels > 8 || want->samples < 1)
        return -EINVAL;
    mutex_lock(&s->control);
    stream_close(s);
    uint32_t frame = (uint32_t)want->channels * sizeof(int16_t), most = SOUND_PERIOD_MAX / frame;
    uint32_t samples = (uint32_t)want->samples < most ? (uint32_t)want->samples : most;
    spin_lock(&s->lock);
    s->format.rate = (uint32_t)want->rate;
    s->format.channels = (uint32_t)want->channels;
    s->format.period = samples * frame;
    s->underruns = 0;
    spin_unlock(&s->lock);
    int err = stream_open(s);
    if (err < 0)
        s->state = SOUND_IDLE;
    mutex_unlock(&s->control);
    return err;
}

/* ---- /dev/sb */

/* Waits for room in the queue; s->lock is held. */
static int wait_room(struct sound_device *s, unsigned flags)
{
    int err = 0;
    while (err == 0 && !s->failed && s->used == SOUND_QUEUE)
        err = flags & CHARDEV_NONBLOCK ? -EAGAIN : waitq_sleep(&s->changed, &s->lock);
    return s->failed ? -EIO : err;
}

static long sb_write(struct chardev *dev, const void *buf, size_t n, int64_t pos, unsigned flags)
{
    struct sound_device *s = dev->priv;
    size_t done = 0;
    int err = advance(s, SOUND_OPEN);
    while (err == 0 && done < n) {
        spin_lock(&s->lock);
        err = wait_room(s, flags);
        if (err == 0) {
            done += put(s, (const uint8_t *)buf + done, n - done);
            pump(s);
        }
        spin_unlock(&s->lock);
        if (err == 0)
            err = advance(s, SOUND_RUNNING);
    }
    return done > 0 ? (long)done : err;
}

static unsigned sb_poll(struct chardev *dev)
{
    struct sound_device *s = dev->priv;
    spin_lock(&s->lock);
    unsigned ready = s->failed ? POLLERR : s->used < SOUND_QUEUE ? POLLOUT | POLLWRNORM : 0;
    spin_unlock(&s->lock);
    return ready;
}

static int sb_open(struct chardev **dev, unsigned flags)
{
    struct sound_device *s = (*dev)->priv;
    spin_lock(&s->lock);
    s->writers++;
    spin_unlock(&s->lock);
    return 0;
}

/* Waits until everything has been played, for as long as that takes at most, or for a signal. */
static void drain(struct sound_device *s)
{
    uint64_t bytes = s->used + (uint64_t)SOUND_SLOTS * s->format.period;
    uint64_t rate = (uint64_t)s->format.rate * frame_bytes(s);
    uint64_t deadline = time_ns() + bytes * 1000000000 / rate + PATIENCE;
    int err = 0;
    while (err == 0 && s->live && !s->failed && !played(s))
        err = waitq_sleep_until(&s->changed, &s->lock, deadline);
}

static void sb_close(struct chardev *dev)
{
    struct sound_device *s = dev->priv;
    spin_lock(&s->lock);
    bool last = --s->writers == 0;
    if (last && s->live)
        drain(s);
    spin_unlock(&s->lock);
    if (!last)
        return;
    mutex_lock(&s->control);
    if (s->writers == 0) /* else somebody has opened it meanwhile and goes on */
        stream_close(s);
    mutex_unlock(&s->control);
}

/* ---- /dev/sbctl */

static long sbctl_write(struct chardev *dev, const void *buf, size_t n, int64_t pos, unsigned flags)
{
    struct abi_sound want;
    if (n != sizeof want)
        return -EINVAL;
    memcpy(&want, buf, sizeof want);
    int err = configure(dev->priv, &want);
    return err < 0 ? err : (long)n;
}

static long sbctl_read(struct chardev *dev, void *buf, size_t n, int64_t pos, unsigned flags)
{
    struct sound_device *s = dev->priv;
    int32_t room = 0;
    if (n < sizeof room)
        return n == 0 ? 0 : -EINVAL;
    mutex_lock(&s->control);
    spin_lock(&s->lock);
    if (s->state != SOUND_IDLE)
        room = (int32_t)(SOUND_QUEUE - s->used);
    spin_unlock(&s->lock);
    mutex_unlock(&s->control);
    memcpy(buf, &room, sizeof room);
    return sizeof room;
}

static long sbctl_ioctl(struct chardev *dev, uint32_t request, uintptr_t arg)
{
    struct sound_device *s = dev->priv;
    if (request != SOUND_UNDERRUNS)
        return -ENOTTY;
    spin_lock(&s->lock);
    int32_t underruns = (int32_t)s->underruns;
    spin_unlock(&s->lock);
    return copy_out(uaddr_of(arg), &underruns, sizeof underruns);
}

static const struct chardev_ops sb_ops = {
    .open = sb_open,
    .close = sb_close,
    .write = sb_write,
    .poll = sb_poll,
};

static const struct chardev_ops sbctl_ops = {
    .read = sbctl_read,
    .write = sbctl_write,
    .ioctl = sbctl_ioctl,
};

int sound_register(struct sound_device *s)
{
    static struct chardev devices[] = {
        {"sb", 14, 3, 0666, true, &sb_ops, NULL, NULL},
        {"sbctl", 14, 0, 0666, true, &sbctl_ops, NULL, NULL},
    };
    if (devices[0].priv)
        return -EBUSY;
    s->queue = kmalloc(SOUND_QUEUE);
    if (!s->queue)
        return -ENOMEM;
    mutex_init(&s->control);
    spin_init(&s->lock);
    waitq_init(&s->changed);
    s->free_slots = ALL_SLOTS;
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
        devices[i].priv = s;
        chardev_register(&devices[i]);
    }
    return 0;
}
