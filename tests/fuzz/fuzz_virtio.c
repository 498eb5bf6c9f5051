// links: tools/emu/dev/virtio_*.c tools/emu/dev/virtqueue.c tools/emu/dev/gpu_resource.c
// links: tools/emu/dev/fw_cfg.c tools/emu/machine_dma.c tools/emu/machine_trace.c
// links: tools/emu/ram.c tools/emu/resv.c tools/emu/state.c tools/emu/frame.c tools/emu/props.c
// links: tools/emu/edid.c tools/emu/vclock.c tools/emu/host/thread.c tests/fuzz/virtio_messages.c
/*
 * virtio devices without a machine around them: the input says which device, then what the driver
 * and the world do, step by step. Its memory is small, so that rings and buffers collide. Whatever
 * happens, the device stays inside that memory and answers the next reset.
 */
#include "fuzz.h"
#include "tools/emu/dev/virtio.h"
#include "tools/emu/machine.h"
#include "virtio_messages.h"

enum {
    RAM_BASE = 0x80000000,
    RAM_SIZE = 1 << 20,
    QUEUE_STRIDE = 2 << 12, /* a queue's memory: two pages, the used ring in the second */
    QUEUES = 8,
    NUM = 8,
    BUFFERS = RAM_BASE + QUEUES * QUEUE_STRIDE,
    MESSAGES = BUFFERS + 0x20000, /* two pieces each: what the device reads, and what it writes */
    MESSAGE_STRIDE = 0x2000,
    DISK_SIZE = 64 << 10,
    STEP_KINDS = 24, /* most of them are messages */
};

/* --- what devices call ------------------------------------------------------------------------ */

static struct machine machine;
static struct device slot;
static struct timer *timers[16];
static uint64_t now;

void device_set_irq(struct device *dev, bool level)
{
    dev->irq_level = level;
}

void machine_input_ready(struct device *dev)
{
    (void)dev;
}

struct device *machine_device(struct machine *m, const char *type_name, unsigned n)
{
    (void)m;
    return strcmp(type_name, slot.ops->name) == 0 && n == 0 ? &slot : NULL;
}

uint64_t machine_now(struct machine *m)
{
    (void)m;
    return now;
}

void machine_cancel_timer(struct machine *m, struct timer *timer)
{
    (void)m;
    for (unsigned i = 0; i < 16; i++)
        if (timers[i] == timer)
            timers[i] = NULL;
}

void machine_set_timer(struct machine *m, struct timer *timer, uint64_t deadline)
{
    machine_cancel_timer(m, timer);
    timer->deadline = deadline;
    for (unsigned i = 0; i < 16; i++) {
        if (timers[i] == NULL) {
            timers[i] = timer;
            return;
        }
    }
}

static void fire_timers(void)
{
    for (unsigned i = 0; i < 16; i++) {
        struct timer *timer = timers[i];
        if (timer == NULL || timer->deadline > now)
            continue;
        timers[i] = NULL;
        timer->fire(timer->arg);
    }
}

void machine_lock(struct machine *m)
{
    (void)m;
}

void machine_unlock(struct machine *m)
{
    (void)m;
}

unsigned hart_id(const struct hart *hart)
{
    (void)hart;
    return 0;
}

unsigned hart_pmp_rules(const struct hart *hart, struct hart_pmp_rule *rules)
{
    (void)hart;
    (void)rules;
    return 0;
}

/* --- the host's side: it looks at every byte that it is handed ---------------------------------
 */

static volatile uint32_t sink;

static void look(const void *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sink += ((const uint8_t *)bytes)[i];
}

/* Lines of -d virtio are made of what the guest has said, too. */
static void look_at_line(void *arg, enum machine_trace_kind kind, const struct device *dev,
                         struct hart *hart, const char *text)
{
    (void)arg;
    (void)kind;
    (void)hart;
    fuzz_require(dev == &slot);
    look(text, strlen(text));
}

static uint8_t disk_bytes[DISK_SIZE];
static bool disk_is_broken; /* every other request fails */

static int disk_result(void)
{
    static unsigned count;

    return disk_is_broken && count++ % 2 == 0 ? -5 : 0;
}

static int disk_move(uint64_t offset, const struct iovec *iov, unsigned count, bool write)
{
    for (unsigned i = 0; i < count; offset += iov[i++].iov_len) {
        fuzz_require(offset <= DISK_SIZE && iov[i].iov_len <= DISK_SIZE - offset);
        if (write)
            memcpy(disk_bytes + offset, iov[i].iov_base, iov[i].iov_len);
        else
            memcpy(iov[i].iov_base, disk_bytes + offset, iov[i].iov_len);
    }
    return disk_result();
}

static int disk_read(struct block_backend *b, uint64_t offset, const struct iovec *iov,
                     unsigned count)
{
    (void)b;
    return disk_move(offset, iov, count, false);
}

static int disk_write(struct block_backend *b, uint64_t offset, const struct iovec *iov,
                      unsigned count)
{
    fuzz_require(!b->read_only);
    return disk_move(offset, iov, count, true);
}

static int disk_flush(struct block_backend *b)
{
    (void)b;
    return disk_result();
}

static int disk_discard(struct block_backend *b, uint64_t offset, uint64_t n, bool zero, bool unmap)
{
    fuzz_require(!b->read_only);
    (void)unmap;
    fuzz_require(offset <= DISK_SIZE && n <= DISK_SIZE - offset);
    if (zero)
        memset(disk_bytes + offset, 0, n);
    return disk_result();
}

static void net_send(struct net_backend *b, const uint8_t *frame, size_t n)
{
    (void)b;
    look(frame, n);
}

static uint32_t screen_width, screen_height;

static void screen_resize(struct display_backend *b, uint32_t width, uint32_t height)
{
    (void)b;
    screen_width = width;
    screen_height = height;
}

static void screen_update(struct display_backend *b, uint32_t x, uint32_t y, uint32_t width,
                          uint32_t height, const uint32_t *pixels, size_t stride)
{
    (void)b;
    fuzz_require(x <= screen_width && width <= screen_width - x);
    fuzz_require(y <= screen_height && height <= screen_height - y);
    for (uint32_t row = 0; row < height; row++)
        look((const uint8_t *)pixels + row * stride, width * sizeof *pixels);
}

static void screen_cursor(struct display_backend *b, const uint32_t *pixels, uint32_t width,
                          uint32_t height, uint32_t hot_x, uint32_t hot_y)
{
    (void)b;
    (void)hot_x;
    (void)hot_y;
    if (pixels != NULL)
        look(pixels, (size_t)width * height * sizeof *pixels);
}

static void screen_move_cursor(struct display_backend *b, uint32_t x, uint32_t y)
{
    (void)b;
    sink += x + y;
}

static void input_leds(struct input_backend *b, uint32_t leds)
{
    (void)b;
    sink += leds;
}

static void sound_open(struct audio_backend *b, unsigned rate, unsigned channels,
                       enum sound_format format)
{
    (void)b;
    fuzz_require(rate > 0 && channels > 0 && format <= SOUND_FLOAT);
}

static void sound_write(struct audio_backend *b, const void *frames, size_t bytes)
{
    (void)b;
    look(frames, bytes);
}

static void sound_close(struct audio_backend *b)
{
    (void)b;
}

static void entropy_fill(struct entropy_backend *b, void *buf, size_t n)
{
    (void)b;
    memset(buf, 0x5a, n);
}

static size_t share_answer(struct share_backend *b, const uint8_t *request, size_t n,
                           uint8_t *response, size_t room)
{
    size_t answer = n < room ? n : room;

    fuzz_require(n <= b->message_max);
    memcpy(response, request, answer);
    return answer;
}

static void share_reset(struct share_backend *b)
{
    (void)b;
}

static void character_write(struct character_backend *b, const uint8_t *bytes, size_t n)
{
    (void)b;
    look(bytes, n);
}

static struct block_backend disk = {.size = DISK_SIZE,
                                    .read = disk_read,
                                    .write = disk_write,
                                    .flush = disk_flush,
                                    .discard = disk_discard};
static struct net_backend net = {.send = net_send};
static struct display_backend screen = {.resize = screen_resize,
                                        .update = screen_update,
                                        .cursor = screen_cursor,
                                        .move_cursor = screen_move_cursor};
static struct input_backend keyboard = {.leds = input_leds}, tablet = {.leds = input_leds},
                            mouse = {.leds = input_leds};
static struct audio_backend sound = {
    .open = sound_open, .write = sound_write, .close = sound_close};
static struct entropy_backend entropy = {.fill = entropy_fill};
static struct share_backend share = {
    .message_max = 8192, .answer = share_answer, .reset = share_reset};
static struct character_backend character = {.write = character_write};

/* Every kind, both under the name "x" and as the default. */
static struct backend *make_backends(void)
{
    static const struct {
        struct backend *b;
        enum backend_kind kind;
        const char *id;
    } all[] = {
        {&disk.backend, BACKEND_BLOCK, "x"},      {&net.backend, BACKEND_NET, "x"},
        {&screen.backend, BACKEND_DISPLAY, NULL}, {&keyboard.backend, BACKEND_KEYBOARD, NULL},
        {&tablet.backend, BACKEND_TABLET, NULL},  {&mouse.backend, BACKEND_MOUSE, NULL},
        {&sound.backend, BACKEND_AUDIO, NULL},    {&entropy.backend, BACKEND_ENTROPY, NULL},
        {&share.backend, BACKEND_SHARE, "x"},     {&character.backend, BACKEND_CHARACTER, "x"},
    };
    struct backend *first = NULL;

    for (unsigned i = 0; i < sizeof all / sizeof all[0]; i++) {
        *all[i].b = (struct backend){.kind = all[i].kind, .id = all[i].id, .next = first};
        first = all[i].b;
    }
    return first;
}

/* --- the steps -------------------------------------------------------------------------------- */

static uint32_t get(unsigned reg)
{
    uint64_t value = 0;

    slot.ops->read(&slot, reg, 4, &value);
    return (uint32_t)value;
}

static void put(unsigned reg, uint32_t value)
{
    slot.ops->write(&slot, reg, 4, value);
}

static void set_up_queue(unsigned q)
{
    uint32_t base = RAM_BASE + q * QUEUE_STRIDE;

    put(VIRTIO_MMIO_QUEUE_SEL, q);
    put(VIRTIO_MMIO_QUEUE_NUM, NUM);
    if (machine.virtio_legacy) {
        put(VIRTIO_MMIO_QUEUE_ALIGN, 4096);
        put(VIRTIO_MMIO_QUEUE_PFN, base >> 12);
        return;
    }
    put(VIRTIO_MMIO_QUEUE_DESC_LOW, base);
    put(VIRTIO_MMIO_QUEUE_DRIVER_LOW, base + NUM * sizeof(struct virtq_desc));
    put(VIRTIO_MMIO_QUEUE_DEVICE_LOW, base + 4096);
    put(VIRTIO_MMIO_QUEUE_READY, 1);
}

/* As a driver does, with those of the offered features that are in the mask. */
static void set_up(uint32_t mask)
{
    put(VIRTIO_MMIO_GUEST_PAGE_SIZE, 4096);
    put(VIRTIO_MMIO_STATUS, 0);
    fuzz_require(get(VIRTIO_MMIO_STATUS) == 0 && get(VIRTIO_MMIO_INTERRUPT_STATUS) == 0);
    put(VIRTIO_MMIO_STATUS, VIRTIO_STATUS_ACKNOWLEDGE | VIRTIO_STATUS_DRIVER);
    for (unsigned half = 0; half < 2; half++) {
        put(VIRTIO_MMIO_DEVICE_FEATURES_SEL, half);
        put(VIRTIO_MMIO_DRIVER_FEATURES_SEL, half);
        put(VIRTIO_MMIO_DRIVER_FEATURES,
            get(VIRTIO_MMIO_DEVICE_FEATURES) & (half == 0 ? mask : UINT32_MAX));
    }
    put(VIRTIO_MMIO_STATUS, VIRTIO_STATUS_FEATURES_OK);
    for (unsigned q = 0; q < QUEUES; q++)
        set_up_queue(q);
    put(VIRTIO_MMIO_STATUS, VIRTIO_STATUS_DRIVER_OK);
}

static void write_memory(struct fuzz_input *in)
{
    uint64_t addr = BUFFERS + fuzz_take(in, 2);

    for (uint32_t n = fuzz_take(in, 1) % 64; n > 0 && in->left > 0; n--) {
        uint8_t byte = (uint8_t)fuzz_take(in, 1);
        ram_write(machine.ram, addr++, &byte, 1);
    }
}

/* Write one entry of a queue's memory, whatever is there. */
static void write_ring(struct fuzz_input *in)
{
    uint64_t addr =
        RAM_BASE + fuzz_take(in, 1) % QUEUES * QUEUE_STRIDE + fuzz_take(in, 2) % QUEUE_STRIDE;
    uint16_t value = (uint16_t)fuzz_take(in, 2);

    ram_write(machine.ram, addr, &value, sizeof value);
}

/* A chain from the queue's first descriptor on, offered and announced. */
static void offer(struct fuzz_input *in)
{
    unsigned q = fuzz_take(in, 1) % QUEUES, count = 1 + fuzz_take(in, 1) % NUM;
    uint64_t base = RAM_BASE + q * QUEUE_STRIDE, avail = base + NUM * sizeof(struct virtq_desc);
    uint16_t idx = 0, head = 0;

    for (unsigned i = 0; i < count; i++) {
        struct virtq_desc desc = {
            .addr = BUFFERS + fuzz_take(in, 2),
            .len = fuzz_take(in, 2),
            .flags = (uint16_t)((fuzz_take(in, 1) & (VIRTQ_DESC_F_WRITE | VIRTQ_DESC_F_INDIRECT)) |
                                (i + 1 < count ? VIRTQ_DESC_F_NEXT : 0)),
            .next = (uint16_t)(i + 1),
        };
        ram_write(machine.ram, base + i * sizeof desc, &desc, sizeof desc);
    }
    ram_read(machine.ram, avail + 2, &idx, sizeof idx);
    ram_write(machine.ram, avail + 4 + 2 * (idx % NUM), &head, sizeof head);
    idx++;
    ram_write(machine.ram, avail + 2, &idx, sizeof idx);
    put(VIRTIO_MMIO_QUEUE_NOTIFY, q);
}

/* As a driver that recovers, with empty rings. */
static void start_again(void)
{
    static const uint8_t zeros[QUEUE_STRIDE];

    for (unsigned q = 0; q < QUEUES; q++)
        ram_write(machine.ram, RAM_BASE + q * QUEUE_STRIDE, zeros, sizeof zeros);
    set_up(UINT32_MAX);
}

/* A message of a driver's, in two descriptors of its own; the input may have it in pieces. */
static void send_message(struct fuzz_input *in)
{
    struct virtio_message m;
    uint16_t idx = 0, head;
    uint64_t base, avail, place;
    unsigned n = 0;

    if (((struct virtio *)slot.state)->broken && fuzz_take(in, 1) % 8 != 0)
        start_again();
    if (!virtio_message(in, (enum virtio_device_id)get(VIRTIO_MMIO_DEVICE_ID), BUFFERS, &m))
        return;
    base = RAM_BASE + m.queue % QUEUES * QUEUE_STRIDE;
    avail = base + NUM * sizeof(struct virtq_desc);
    ram_read(machine.ram, avail + 2, &idx, sizeof idx);
    head = (uint16_t)(idx * 2 % NUM);
    place = MESSAGES + (m.queue % QUEUES * NUM + head) * (uint64_t)MESSAGE_STRIDE;
    ram_write(machine.ram, place, m.bytes, m.size);
    for (; n < 2; n++) {
        struct virtq_desc desc = {
            .addr = place + n * MESSAGE_STRIDE,
            .len = n == 0 ? (uint32_t)m.size : m.room,
            .flags = n == 0 ? VIRTQ_DESC_F_NEXT : VIRTQ_DESC_F_WRITE,
            .next = (uint16_t)(head + 1),
        };
        ram_write(machine.ram, base + (head + n) * sizeof desc, &desc, sizeof desc);
    }
    ram_write(machine.ram, avail + 4 + 2 * (idx % NUM), &head, sizeof head);
    idx++;
    ram_write(machine.ram, avail + 2, &idx, sizeof idx);
    put(VIRTIO_MMIO_QUEUE_NOTIFY, m.queue);
}

/* Any register, or one of the configuration space's first bytes. */
static void access_register(struct fuzz_input *in, bool write)
{
    unsigned size = 1u << fuzz_take(in, 1) % 4;
    uint64_t choice = fuzz_take(in, 2), value = fuzz_take(in, 4);
    uint64_t offset = choice < 0x8000 ? choice % 0x300 : VIRTIO_MMIO_CONFIG + choice % 32;

    offset &= ~(uint64_t)(size - 1);
    if (write)
        slot.ops->write(&slot, offset, size, value);
    else
        slot.ops->read(&slot, offset, size, &value);
}

static void arrive(struct fuzz_input *in)
{
    unsigned channel = fuzz_take(in, 1) % 4;
    size_t n = fuzz_take(in, 2) % 128;
    uint8_t *bytes;

    if (n > in->left)
        n = in->left;
    bytes = fuzz_copy(in->p, n);
    in->p += n;
    in->left -= n;
    fuzz_require(slot.ops->input(&slot, channel, bytes, n) <= n);
    free(bytes);
}

static void arrive_frame(struct fuzz_input *in)
{
    uint8_t frame[VIRTIO_MESSAGE_MAX];
    size_t n = virtio_frame(in, frame);
    uint8_t *copy = fuzz_copy(frame, n);

    fuzz_require(slot.ops->input(&slot, 0, copy, n) <= n);
    free(copy);
}

static void step(struct fuzz_input *in)
{
    switch (fuzz_take(in, 1) % STEP_KINDS) {
    case 0: access_register(in, true); break;
    case 1: access_register(in, false); break;
    case 2: set_up(fuzz_take(in, 4)); break;
    case 3: write_memory(in); break;
    case 4: write_ring(in); break;
    case 5: arrive(in); break;
    case 6:
        now += (uint64_t)fuzz_take(in, 2) << 12;
        fire_timers();
        break;
    case 7:
    case 8: offer(in); break;
    case 9: arrive_frame(in); break;
    default: send_message(in); break;
    }
}

/* --- a device --------------------------------------------------------------------------------- */

extern const struct device_ops virtio_mmio_device;

static void attach(const struct virtio_ops *ops, const char *text)
{
    struct props props;
    char err[256] = "";

    fuzz_require(props_parse(&props, text, "driver", err, sizeof err) == 0);
    props_get(&props, "driver");
    fuzz_require(virtio_attach(&machine, ops, &props, err, sizeof err));
    props_free(&props);
}

/* -device lines; parts come with their device. Disks are of four kinds. */
static void make_device(unsigned choice)
{
    enum { PARTS = 3 };
    static const char *const lines[][PARTS] = {
        {"virtio-blk-device,drive=x", NULL},
        {"virtio-rng-device", NULL},
        {"virtio-serial-device", "virtconsole,chardev=x", "virtserialport,name=p"},
        {"virtio-net-device,netdev=x", NULL},
        {"virtio-9p-device,fsdev=x,mount_tag=x", NULL},
        {"virtio-gpu-device", NULL},
        {"virtio-keyboard-device", NULL},
        {"virtio-tablet-device", NULL},
        {"virtio-mouse-device", NULL},
        {"virtio-sound-device", NULL},
        {"virtio-net-device,netdev=x,host_mtu=1500", NULL},
    };
    enum { LINES = sizeof lines / sizeof lines[0] };
    const char *const *line = lines[choice % LINES];

    disk.read_only = choice / LINES & 1;
    disk_is_broken = choice / LINES & 2;
    for (unsigned k = 0; k < PARTS && line[k] != NULL; k++)
        for (unsigned i = 0; virtio_types[i] != NULL; i++)
            if (strlen(virtio_types[i]->name) == strcspn(line[k], ",") &&
                strncmp(virtio_types[i]->name, line[k], strcspn(line[k], ",")) == 0)
                attach(virtio_types[i], line[k]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct device_slot place = {&virtio_mmio_device, 0x10001000, 0x1000, 1, 0, false};
    struct fuzz_input in = {data, size};
    uint32_t choice;

    memset(timers, 0, sizeof timers);
    memset(disk_bytes, 0, sizeof disk_bytes);
    now = 0;
    machine = (struct machine){.ram = ram_create(RAM_BASE, RAM_SIZE), .backends = make_backends()};
    slot = (struct device){.ops = &virtio_mmio_device,
                           .slot = &place,
                           .machine = &machine,
                           .state = calloc(1, virtio_mmio_device.state_size)};
    fuzz_require(machine.ram != NULL && slot.state != NULL);
    choice = fuzz_take(&in, 1);
    machine.virtio_legacy = choice & 1;
    machine_set_trace(&machine, choice & 2 ? ~0u : 0, look_at_line, NULL);
    make_device(fuzz_take(&in, 1));
    slot.ops->reset(&slot);
    set_up(UINT32_MAX);
    while (in.left > 0)
        step(&in);
    put(VIRTIO_MMIO_STATUS, 0);
    fuzz_require(get(VIRTIO_MMIO_STATUS) == 0 && !slot.irq_level);
    slot.ops->destroy(&slot);
    free(slot.state);
    ram_destroy(machine.ram);
    return 0;
}
