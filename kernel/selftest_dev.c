/*
 * Self-tests of the devices that people see, hear and touch, through the files' operations, with
 * drivers that only note what they are asked.
 */
#include <stdint.h>
#include "abi/errno.h"
#include "abi/events.h"
#include "abi/poll.h"
#include "abi/sound.h"
#include "hw/evdev.h"
#include "hw/goldfish_rtc.h"
#include "kernel/arch/arch.h"
#include "kernel/dev/dev.h"
#include "kernel/dev/fb.h"
#include "kernel/dev/input.h"
#include "kernel/dev/sound.h"
#include "kernel/mm/mm.h"
#include "kernel/selftest.h"
#include "lib/fdt.h"
#include "lib/string.h"

/* ---- the devices that appear */

static struct chardev *found[8];
static unsigned ready_calls;

static void device_added(struct chardev *dev)
{
    for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
        if (!found[i]) {
            found[i] = dev;
            return;
        }
    }
}

static void device_ready(void)
{
    ready_calls++;
}

static const struct chardev_listener listener = {device_added, device_ready};

static struct chardev *device(const char *name)
{
    for (size_t i = 0; i < sizeof found / sizeof *found && found[i]; i++) {
        if (strcmp(found[i]->name, name) == 0)
            return found[i];
    }
    return NULL;
}

/* An opening of a device. */
static struct chardev *open_device(const char *name)
{
    struct chardev *dev = device(name);
    expect(dev);
    if (dev->ops->open)
        expect(dev->ops->open(&dev, 0) == 0);
    return dev;
}

/* ---- the framebuffer */

static struct fb_area shown[16];
static unsigned show_calls;
static int show_result;

static int fake_show(struct framebuffer *fb, const struct fb_area *area)
{
    shown[show_calls++ % 16] = *area;
    return show_result;
}

struct piece {
    size_t n;
    int64_t pos;
};

/*
 * After two writes fsync() shows one area. The thread that shows must not come between: it gets
 * time to finish first, and if the machine was slow, once more.
 */
static void expect_shown(struct chardev *fb, const struct piece pieces[2], struct fb_area area)
{
    static const uint8_t bytes[16];
    uint64_t start;
    do {
        thread_sleep_until(time_ns() + 2 * FB_FRAME_NS);
        show_calls = 0;
        start = time_ns();
        for (int i = 0; i < 2; i++)
            expect(fb->ops->write(fb, bytes, pieces[i].n, pieces[i].pos, 0) == (long)pieces[i].n);
        expect(fb->ops->fsync(fb) == 0);
    } while (time_ns() - start >= FB_FRAME_NS);
    expect(show_calls == 1 && memcmp(&shown[0], &area, sizeof area) == 0);
    expect(fb->ops->fsync(fb) == 0 && show_calls == 1); /* nothing new */
}

static void test_fb_shows(struct chardev *fb)
{
    static const uint32_t pixel;
    /* A pixel; two far apart, the second by its last byte; a write over two rows. */
    expect_shown(fb, (struct piece[]){{4, (30 * 100 + 7) * 4}, {0, 0}},
                 (struct fb_area){7, 30, 8, 31});
    expect_shown(fb, (struct piece[]){{4, (2 * 100 + 50) * 4}, {1, (9 * 100 + 20) * 4 + 3}},
                 (struct fb_area){20, 2, 51, 10});
    expect_shown(fb, (struct piece[]){{8, (5 * 100 + 99) * 4}, {0, 0}},
                 (struct fb_area){0, 5, 100, 7});
    /* Without fsync() it is shown a little later. */
    show_calls = 0;
    expect(fb->ops->write(fb, &pixel, 4, 0, 0) == 4);
    uint64_t deadline = time_ns() + 10000000000ull;
    while (__atomic_load_n(&show_calls, __ATOMIC_ACQUIRE) == 0 && time_ns() < deadline)
        thread_sleep_until(time_ns() + 1000000);
    expect(show_calls == 1 && memcmp(&shown[0], &(struct fb_area){0, 0, 1, 1}, sizeof *shown) == 0);
    show_result = -EIO;
    expect(fb->ops->write(fb, &pixel, 4, 0, 0) == 4 && fb->ops->fsync(fb) == -EIO);
    show_result = 0;
}

/* Across the chunks, at odd offsets: what was written is read. */
static void test_fb_memory(struct chardev *fb, int64_t size)
{
    enum { N = 70001 };
    uint8_t *bytes = kmalloc(N), *back = kmalloc(N);
    expect(bytes && back);
    for (size_t i = 0; i < N; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 256);
    for (int64_t at = 1; at + N < size; at += 65537) {
        expect(fb->ops->write(fb, bytes, N, at, 0) == N);
        memset(back, 0, N);
        expect(fb->ops->read(fb, back, N, at, 0) == N && memcmp(bytes, back, N) == 0);
    }
    kfree(bytes);
    kfree(back);
}

void selftest_framebuffer(void)
{
    static struct framebuffer fb = {.width = 100, .height = 3000, .show = fake_show};
    struct framebuffer odd = {.width = FB_SIDE_MAX + 1, .height = 1};
    unsigned width, height;
    uint8_t byte = 1;
    expect(!fb_size(&width, &height));
    expect(fb_alloc(&odd) == -EINVAL);
    odd.width = 0;
    expect(fb_alloc(&odd) == -EINVAL);
    size_t before = page_free_count();
    odd.width = 10;
    expect(fb_alloc(&odd) == 0);
    fb_free(&odd);
    expect(page_free_count() == before);
    chardev_listen(&listener);
    expect(fb_alloc(&fb) == 0 && fb_register(&fb) == 0 && fb_register(&fb) == -EBUSY);
    expect(fb_size(&width, &height) && width == 100 && height == 3000);
    struct chardev *dev = open_device("fb");
    int64_t size = dev->ops->size(dev);
    expect(size == 100 * 3000 * 4);
    expect(dev->ops->read(dev, &byte, 1, size - 1, 0) == 1 && byte == 0); /* black */
    expect(dev->ops->read(dev, &byte, 1, size, 0) == 0);
    expect(dev->ops->read(dev, &byte, 1, INT64_MAX, 0) == 0);
    expect(dev->ops->write(dev, &byte, 1, size, 0) == -ENOSPC);
    expect(dev->ops->write(dev, &byte, 1, INT64_MAX, 0) == -ENOSPC);
    expect(dev->ops->write(dev, &byte, 0, size, 0) == 0);
    expect(dev->ops->write(dev, &size, sizeof size, size - 3, 0) == 3);
    expect(dev->ops->fsync(dev) == 0);
    test_fb_memory(dev, size);
    expect(dev->ops->fsync(dev) == 0);
    test_fb_shows(dev);
}

/* ---- input */

static void expect_line(struct chardev *events, const char *line)
{
    char got[EVENTS_LINE_MAX];
    long n = events->ops->read(events, got, sizeof got, 0, 0);
    expect(n == (long)strlen(line) && memcmp(got, line, (size_t)n) == 0);
}

static void press(const struct input_source *source, unsigned code, int32_t value)
{
    input_report(source, EV_KEY, code, value);
    input_report(source, EV_SYN, SYN_REPORT, 0);
}

static void point(const struct input_source *source, unsigned type, int32_t x, int32_t y)
{
    input_report(source, type, 0, x);
    input_report(source, type, 1, y);
    input_report(source, EV_SYN, SYN_REPORT, 0);
}

enum { EVDEV_ESC = 1, EVDEV_A = 30, EVDEV_LSHIFT = 42, EVDEV_RESERVED = 0 };

static void test_keys(struct chardev *a, struct chardev *b)
{
    static const struct input_source keyboard;
    char tiny[7];
    press(&keyboard, EVDEV_A, 1);
    press(&keyboard, EVDEV_A, 2); /* repeats, in both ways, are no events */
    press(&keyboard, EVDEV_A, 1);
    press(&keyboard, EVDEV_A, 0);
    press(&keyboard, EVDEV_A, 0);
    press(&keyboard, EVDEV_RESERVED, 1); /* nor is what has no name */
    press(&keyboard, 0xffff, 1);
    press(&keyboard, BTN_LEFT, 1); /* the pointer's are for who asks */
    press(&keyboard, BTN_LEFT, 0);
    press(&keyboard, EVDEV_LSHIFT, 1);
    press(&keyboard, EVDEV_LSHIFT, 0);
    for (struct chardev *each = a; each; each = each == a ? b : NULL) {
        expect(each->ops->poll(each) == (POLLIN | POLLRDNORM));
        expect_line(each, "kd A\n");
        expect_line(each, "ku A\n");
        /* Too small a buffer leaves it there. */
        expect(each->ops->read(each, tiny, sizeof tiny, 0, 0) == -EINVAL);
        expect(each->ops->read(each, tiny, 0, 0, 0) == 0);
        expect_line(each, "kd LSHIFT\n");
        expect_line(each, "ku LSHIFT\n");
        expect_line(each, "");
        expect(each->ops->poll(each) == 0);
    }
}

static void test_pointer(struct chardev *a, struct chardev *b)
{
    static const struct input_source tablet = {{{0, 0x7fff}, {-100, 100}}};
    static const struct input_source mouse;
    expect(a->ops->ioctl(a, EVENTS_SETMODE, 4) == -EINVAL);
    expect(a->ops->ioctl(a, 0x5401, 0) == -ENOTTY);
    expect(a->ops->ioctl(a, EVENTS_SETMODE, EVENTS_POINTER) == 0);
    /* Without a screen the pixels are the steps of the axis. */
    point(&tablet, EV_ABS, 0x7fff, 100);
    point(&tablet, EV_ABS, 0x7fff, 100); /* it has not moved */
    point(&tablet, EV_ABS, INT32_MIN, INT32_MIN);
    point(&tablet, EV_ABS, INT32_MAX, 0);
    point(&mouse, EV_ABS, 5, 5); /* has no axes */
    point(&mouse, EV_REL, -7, -10);
    point(&mouse, EV_REL, INT32_MIN, INT32_MAX);
    input_report(&mouse, EV_REL, REL_X, 3);
    press(&mouse, BTN_RIGHT, 1);
    press(&mouse, BTN_RIGHT, 0);
    input_report(&mouse, EV_REL, REL_WHEEL, -1);
    input_report(&mouse, EV_SYN, SYN_REPORT, 0);
    static const char *const lines[] = {"mm 32767 200\n",
                                        "mm 0 0\n",
                                        "mm 32767 100\n",
                                        "mm 32760 90\n",
                                        "mm 0 32767\n",
                                        "mm 3 32767\n",
                                        "md 3\n",
                                        "mu 3\n",
                                        "md 5\n",
                                        "mu 5\n",
                                        ""};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        expect_line(a, lines[i]);
    expect_line(b, "");
}

/* A full queue loses its oldest events. */
static void test_overflow(struct chardev *a)
{
    static const struct input_source keyboard;
    for (unsigned i = 0; i < EVENTS_QUEUE_MAX / 2 + 1; i++) {
        press(&keyboard, EVDEV_ESC, 1);
        press(&keyboard, EVDEV_ESC, 0);
    }
    press(&keyboard, EVDEV_A, 1);
    press(&keyboard, EVDEV_LSHIFT, 1);
    for (unsigned i = 0; i < EVENTS_QUEUE_MAX / 2 - 1; i++) {
        expect_line(a, "kd ESCAPE\n");
        expect_line(a, "ku ESCAPE\n");
    }
    expect_line(a, "kd A\n");
    expect_line(a, "kd LSHIFT\n");
    expect_line(a, "");
    press(&keyboard, EVDEV_A, 0);
    press(&keyboard, EVDEV_LSHIFT, 0);
}

static void press_later(void *arg)
{
    static const struct input_source keyboard;
    thread_sleep_until(time_ns() + 20000000);
    press(&keyboard, EVDEV_A, 1);
}

static void test_blocking(struct chardev *a)
{
    char line[EVENTS_LINE_MAX];
    while (a->ops->read(a, line, sizeof line, 0, 0) > 0)
        continue;
    expect(a->ops->ioctl(a, EVENTS_SETMODE, EVENTS_BLOCK) == 0);
    expect(a->ops->read(a, line, sizeof line, 0, CHARDEV_NONBLOCK) == -EAGAIN);
    expect(thread_create("press", press_later, NULL));
    expect_line(a, "kd A\n");
}

void selftest_events(void)
{
    size_t before;
    input_add();
    input_add();
    chardev_listen(&listener);
    struct chardev *a = open_device("events"), *b = open_device("events");
    expect(a != b && !found[1]);
    test_keys(a, b);
    test_pointer(a, b);
    test_overflow(a);
    test_blocking(b);
    expect(ready_calls > 0);
    a->ops->close(a);
    b->ops->close(b);
    for (int i = 0; i < 3; i++) { /* what an opening takes is given back */
        before = page_free_count();
        a = open_device("events");
        a->ops->close(a);
    }
    expect(page_free_count() == before);
}

/* ---- sound */

enum { GOT_MAX = 2 * SOUND_QUEUE, PERIOD = 400 /* bytes */ };

/* A device that keeps what it is sent until it is told to be done with it. */
static struct {
    struct sound_device device;
    uint8_t *got; /* GOT_MAX bytes, of which */
    size_t n;
    unsigned sent[SOUND_SLOTS], waiting; /* slots it has, in order */
    unsigned opens, starts, closes;
    int open_result;
} fake;

static int fake_open(struct sound_device *dev, const struct sound_format *format)
{
    fake.opens++;
    return fake.open_result;
}

static int fake_start(struct sound_device *dev)
{
    fake.starts++;
    return 0;
}

static void fake_done(void)
{
    expect(fake.waiting > 0);
    unsigned slot = fake.sent[0];
    fake.waiting--;
    memmove(fake.sent, fake.sent + 1, fake.waiting * sizeof *fake.sent);
    sound_sent(&fake.device, slot, true);
}

static void fake_close(struct sound_device *dev)
{
    fake.closes++;
    while (fake.waiting > 0)
        fake_done();
}

static int fake_send(struct sound_device *dev, unsigned slot, size_t n)
{
    expect(fake.waiting < SOUND_SLOTS && n > 0 && fake.n + n <= GOT_MAX);
    memcpy(fake.got + fake.n, dev->slots[slot], n);
    fake.n += n;
    fake.sent[fake.waiting++] = slot;
    return 0;
}

static const struct sound_ops fake_ops = {fake_open, fake_start, fake_close, fake_send};

static int32_t room(struct chardev *ctl)
{
    int32_t value = -1;
    expect(ctl->ops->read(ctl, &value, sizeof value, 0, 0) == sizeof value);
    return value;
}

static void test_sound_opening(struct chardev *sb, struct chardev *ctl)
{
    static const struct abi_sound bad[] = {{0, 1, 1},    {-5, 1, 1},   {8000, 0, 1},
                                           {8000, 9, 1}, {8000, 1, 0}, {8000, 1, -1}};
    struct abi_sound good = {8000, 2, 100};
    char byte;
    expect(room(ctl) == 0);
    expect(sb->ops->write(sb, &byte, 1, 0, 0) == -EINVAL); /* not yet opened */
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        expect(ctl->ops->write(ctl, &bad[i], sizeof *bad, 0, 0) == -EINVAL);
    expect(ctl->ops->write(ctl, &good, sizeof good - 1, 0, 0) == -EINVAL);
    expect(ctl->ops->read(ctl, &byte, 1, 0, 0) == -EINVAL);
    fake.open_result = -EINVAL;
    expect(ctl->ops->write(ctl, &good, sizeof good, 0, 0) == -EINVAL && room(ctl) == 0);
    fake.open_result = 0;
    expect(ctl->ops->write(ctl, &good, sizeof good, 0, 0) == sizeof good);
    expect(room(ctl) == SOUND_QUEUE);
}

/* Everything arrives once, in order, in full periods where there are any. */
static void test_sound_queue(struct chardev *sb, struct chardev *ctl)
{
    const size_t size = SOUND_QUEUE + SOUND_SLOTS * PERIOD;
    uint8_t *bytes = kmalloc(size);
    expect(bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(i * 5 + i / 256);
    fake.starts = 0;
    /* All slots, of a period each, are sent, the rest fills the queue, and no more goes in. */
    expect(sb->ops->write(sb, bytes, size, 0, CHARDEV_NONBLOCK) == (long)size);
    expect(fake.waiting == SOUND_SLOTS && fake.n == 1600 && fake.starts == 1 && room(ctl) == 0);
    expect(sb->ops->write(sb, bytes, 1, 0, CHARDEV_NONBLOCK) == -EAGAIN);
    expect(sb->ops->poll(sb) == 0);
    fake_done();
    expect(fake.waiting == SOUND_SLOTS && fake.n == 2000 && room(ctl) == 400);
    expect(sb->ops->poll(sb) == (POLLOUT | POLLWRNORM));
    while (fake.waiting > 0)
        fake_done();
    expect(fake.n == size && memcmp(fake.got, bytes, size) == 0);
    expect(room(ctl) == SOUND_QUEUE);
    /* Less than a period goes at once when little is under way; a part of a frame stays. */
    fake.n = 0;
    expect(sb->ops->write(sb, bytes, 6, 0, 0) == 6 && fake.waiting == 1 && fake.n == 4);
    expect(sb->ops->write(sb, bytes + 6, 4, 0, 0) == 4 && fake.waiting == 2 && fake.n == 8);
    expect(sb->ops->write(sb, bytes + 10, 90, 0, 0) == 90 && fake.waiting == 2 && fake.n == 8);
    fake_done();
    expect(fake.waiting == 2 && fake.n == 100 && memcmp(fake.got, bytes, 100) == 0);
    expect(fake.device.underruns == 1); /* between the two parts of this test */
    kfree(bytes);
}

static void finish_later(void *arg)
{
    while (fake.waiting > 0) {
        thread_sleep_until(time_ns() + 2000000);
        fake_done();
    }
}

void selftest_sound(void)
{
    static const uint8_t more[3000];
    fake.got = kmalloc(GOT_MAX);
    expect(fake.got);
    fake.device.ops = &fake_ops;
    for (unsigned i = 0; i < SOUND_SLOTS; i++)
        expect((fake.device.slots[i] = kmalloc(SOUND_PERIOD_MAX)) != NULL);
    chardev_listen(&listener);
    expect(sound_register(&fake.device) == 0);
    expect(sound_register(&fake.device) == -EBUSY);
    struct chardev *sb = open_device("sb"), *ctl = open_device("sbctl");
    test_sound_opening(sb, ctl);
    test_sound_queue(sb, ctl);
    /* Closing waits until all has been played. */
    fake.n = 0;
    expect(sb->ops->write(sb, more, sizeof more, 0, 0) == sizeof more);
    expect(thread_create("player", finish_later, NULL));
    sb->ops->close(sb);
    expect(fake.n == sizeof more && fake.closes == 1 && fake.waiting == 0);
    /* The stream is still open for the next one, who finds a device that fails. */
    sb = open_device("sb");
    unsigned opens = fake.opens;
    expect(sb->ops->write(sb, more, 100, 0, 0) == 100 && fake.opens == opens + 1);
    sound_sent(&fake.device, fake.sent[0], false);
    expect(sb->ops->write(sb, more, 100, 0, 0) == -EIO && sb->ops->poll(sb) == POLLERR);
}

/* ---- an interrupt that nobody calms down */

static unsigned storm_count;

static void storm_handler(void *arg)
{
    __atomic_add_fetch(&storm_count, 1, __ATOMIC_RELAXED);
}

/*
 * The clock's alarm, long past, which its handler does not take back. (QEMU's controller asks once,
 * where the specification has it ask for as long as the line is up.)
 */
void selftest_storm(void)
{
    struct fdt fdt = *arch_fdt();
    dev_init();
    int node = fdt_next_compatible(&fdt, -1, "google,goldfish-rtc");
    expect(node >= 0);
    uint8_t *rtc = dev_map_reg(&fdt, node, 0);
    expect(rtc);
    expect(irq_request(dev_irq(&fdt, node), storm_handler, NULL, "storm") == 0);
    mmio_write32(rtc + GOLDFISH_RTC_IRQ_ENABLED, 1);
    mmio_write32(rtc + GOLDFISH_RTC_ALARM_HIGH, 0);
    mmio_write32(rtc + GOLDFISH_RTC_ALARM_LOW, 1);
    thread_sleep_until(time_ns() + 10000000);
    unsigned count = __atomic_load_n(&storm_count, __ATOMIC_RELAXED);
    expect(count > 0);
    thread_sleep_until(time_ns() + 10000000);
    expect(__atomic_load_n(&storm_count, __ATOMIC_RELAXED) == count);
}
