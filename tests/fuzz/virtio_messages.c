#include "virtio_messages.h"

#include "hw/virtio_blk.h"
#include "hw/virtio_console.h"
#include "hw/virtio_gpu.h"
#include "hw/virtio_input.h"
#include "hw/virtio_net.h"
#include "hw/virtio_snd.h"

/*
 * One kind of message: a first field with this value (of no bytes: none), then the layout's fields:
 *   1 2 4 8  a number of so many bytes
 *   i d      4 bytes: the number of something; a coordinate or distance
 *   x c n    features (4 bytes), channels and format of sound (1 byte each)
 *   a        8 bytes, an address
 *   F        4 bytes, a pixel format
 *   .        some bytes
 *   e        4 bytes, and as many gpu memory entries
 *   m        4 bytes, and as many network addresses
 *   *        the field before once more, or more often
 * The device may write `room` bytes and some times `unit` more.
 */
struct kind {
    enum virtio_device_id device;
    uint8_t queue, first_size;
    uint32_t first;
    const char *layout;
    uint32_t room, unit;
};

enum { GPU_ANSWER = sizeof(struct virtio_gpu_ctrl_hdr) };
#define GPU(queue, name, layout, room)                                         \
    {                                                                          \
        VIRTIO_ID_GPU, queue, 4, VIRTIO_GPU_CMD_##name, "4844" layout, room, 0 \
    }
#define BLK(name, layout, room, unit)                                       \
    {                                                                       \
        VIRTIO_ID_BLOCK, 0, 4, VIRTIO_BLK_T_##name, "48" layout, room, unit \
    }
#define SND(name, layout, unit)                                                         \
    {                                                                                   \
        VIRTIO_ID_SOUND, VIRTIO_SND_VQ_CONTROL, 4, VIRTIO_SND_R_##name, layout, 4, unit \
    }
#define NET(class, layout)                                                           \
    {                                                                                \
        VIRTIO_ID_NET, VIRTIO_NET_CONTROLQ, 1, VIRTIO_NET_CTRL_##class, layout, 1, 0 \
    }

static const struct kind kinds[] = {
    BLK(IN, "", 1, 512),
    BLK(OUT, "s*", 1, 0),
    BLK(FLUSH, "", 1, 0),
    BLK(GET_ID, "", 1, 20),
    BLK(DISCARD, "r*", 1, 0),
    BLK(WRITE_ZEROES, "r*", 1, 0),
    {VIRTIO_ID_BLOCK, 0, 0, 0, "448", 1, 512},

    {VIRTIO_ID_NET, VIRTIO_NET_RECEIVEQ, 0, 0, "", 12, 96},
    {VIRTIO_ID_NET, VIRTIO_NET_TRANSMITQ, 0, 0, "11222.", 0, 0},
    {VIRTIO_ID_NET, VIRTIO_NET_TRANSMITQ, 0, 0, "112222.", 0, 0},
    {VIRTIO_ID_NET, VIRTIO_NET_TRANSMITQ, 0, 0, "112222.*", 0, 0},
    NET(RX, "11"),
    NET(MAC, "1mm"),
    {VIRTIO_ID_NET, VIRTIO_NET_CONTROLQ, 2, 0x101, "222", 1, 0},
    NET(VLAN, "12"),
    NET(ANNOUNCE, "1"),
    {VIRTIO_ID_NET, VIRTIO_NET_CONTROLQ, 0, 0, "11.", 1, 0},

    {VIRTIO_ID_ENTROPY, 0, 0, 0, "", 1, 4096},
    {VIRTIO_ID_9P, 0, 0, 0, "412.", 7, 64},

    {VIRTIO_ID_CONSOLE, VIRTIO_CONSOLE_CONTROL_TRANSMITQ, 0, 0, "i22", 0, 0},
    {VIRTIO_ID_CONSOLE, 3, 6, 0, "2", 0, 0},
    {VIRTIO_ID_CONSOLE, VIRTIO_CONSOLE_RECEIVEQ, 0, 0, "", 1, 64},
    {VIRTIO_ID_CONSOLE, VIRTIO_CONSOLE_TRANSMITQ, 0, 0, ".", 0, 0},
    {VIRTIO_ID_CONSOLE, VIRTIO_CONSOLE_CONTROL_RECEIVEQ, 0, 0, "", 8, 64},
    {VIRTIO_ID_CONSOLE, 4, 0, 0, "", 1, 64},
    {VIRTIO_ID_CONSOLE, 5, 0, 0, ".", 0, 0},

    GPU(0, GET_DISPLAY_INFO, "", sizeof(struct virtio_gpu_resp_display_info)),
    GPU(0, RESOURCE_CREATE_2D, "iFdd", GPU_ANSWER),
    GPU(0, RESOURCE_UNREF, "i4", GPU_ANSWER),
    GPU(0, SET_SCANOUT, "ddddii", GPU_ANSWER),
    GPU(0, RESOURCE_FLUSH, "ddddi4", GPU_ANSWER),
    GPU(0, TRANSFER_TO_HOST_2D, "dddd8i4", GPU_ANSWER),
    GPU(0, RESOURCE_ATTACH_BACKING, "ie", GPU_ANSWER),
    GPU(0, RESOURCE_DETACH_BACKING, "i4", GPU_ANSWER),
    GPU(0, GET_EDID, "i4", sizeof(struct virtio_gpu_resp_edid)),
    GPU(1, UPDATE_CURSOR, "idd4idd4", 0),
    GPU(1, MOVE_CURSOR, "idd4idd4", 0),
    {VIRTIO_ID_GPU, 0, 0, 0, "44844*", GPU_ANSWER, 64},

    {VIRTIO_ID_INPUT, VIRTIO_INPUT_EVENTQ, 0, 0, "", 8, 0},
    {VIRTIO_ID_INPUT, VIRTIO_INPUT_STATUSQ, 0, 0, "224", 0, 0},

    SND(JACK_INFO, "ii4", 32),
    SND(JACK_REMAP, "444", 0),
    SND(PCM_INFO, "ii4", 32),
    SND(PCM_SET_PARAMS, "iddxcnc1", 0),
    SND(PCM_PREPARE, "i", 0),
    SND(PCM_RELEASE, "i", 0),
    SND(PCM_START, "i", 0),
    SND(PCM_STOP, "i", 0),
    SND(CHMAP_INFO, "ii4", 24),
    {VIRTIO_ID_SOUND, VIRTIO_SND_VQ_CONTROL, 0, 0, "44*", 4, 32},
    {VIRTIO_ID_SOUND, VIRTIO_SND_VQ_EVENT, 0, 0, "", 8, 0},
    {VIRTIO_ID_SOUND, VIRTIO_SND_VQ_TX, 0, 0, "i.*", 8, 0},
    {VIRTIO_ID_SOUND, VIRTIO_SND_VQ_RX, 0, 0, "i", 8, 128},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* --- fields ----------------------------------------------------------------------------------- */

/* Most numbers that mean something are small, powers of two or sectors. */
static uint64_t number(struct fuzz_input *in, unsigned size)
{
    uint32_t choice = fuzz_take(in, 1), low, high;

    if (choice < 128)
        return choice;
    if (choice < 192)
        return UINT64_C(1) << (choice - 128);
    if (choice < 208)
        return UINT64_MAX - (choice - 192);
    if (choice < 224)
        return (choice - 208) * UINT64_C(512);
    low = fuzz_take(in, size < 4 ? size : 4);
    high = size == 8 ? fuzz_take(in, 4) : 0;
    return (uint64_t)high << 32 | low;
}

static void put(struct virtio_message *m, uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size && m->size < VIRTIO_MESSAGE_MAX; i++)
        m->bytes[m->size++] = (uint8_t)(value >> 8 * i);
}

/* One of so many usual values mostly. */
static uint64_t usual(struct fuzz_input *in, const uint16_t *values, unsigned count, unsigned size)
{
    uint32_t choice = fuzz_take(in, 1);

    return choice < 240 ? values[choice % count] : number(in, size);
}

/* A count, right or wrong, and elements behind it. */
static void put_list(struct fuzz_input *in, struct virtio_message *m, char what, uint64_t memory)
{
    uint32_t choice = fuzz_take(in, 1), count = choice < 240 ? choice % 4 : choice - 180;

    put(m, fuzz_take(in, 1) < 240 ? count : number(in, 4), 4);
    for (; count > 0; count--) {
        put(m, what == 'e' ? memory + fuzz_take(in, 2) : fuzz_take(in, 2), what == 'e' ? 8 : 2);
        put(m, number(in, 4), 4);
        put(m, 0, what == 'e' ? 4 : 0);
    }
}

#define USUAL(in, size, ...)                   \
    usual(in, (const uint16_t[]){__VA_ARGS__}, \
          sizeof((const uint16_t[]){__VA_ARGS__}) / sizeof(uint16_t), size)

static void put_field(struct fuzz_input *in, struct virtio_message *m, char what, uint64_t memory)
{
    switch (what) {
    case 'i': put(m, USUAL(in, 4, 0, 1, 0, 1, 2), 4); break;
    case 'd': put(m, USUAL(in, 4, 0, 1, 8, 32, 64, 64, 4096), 4); break;
    case 'x': put(m, USUAL(in, 4, 0, 16), 4); break;
    case 'c': put(m, USUAL(in, 1, 1, 2, 6), 1); break;
    case 'n': put(m, USUAL(in, 1, 3, 4, 5, 6, 17, 18, 19), 1); break;
    case 'a': put(m, memory + fuzz_take(in, 2), 8); break;
    case 'F': put(m, USUAL(in, 4, 1, 2, 3, 4, 67, 68, 121, 134), 4); break;
    case '.':
        for (uint32_t n = fuzz_take(in, 1), value = fuzz_take(in, 1); n > 0; n--)
            put(m, value += n, 1);
        break;
    case 's':
        for (unsigned i = 0; i < VIRTIO_BLK_SECTOR_SIZE; i++)
            put(m, i, 1);
        break;
    case 'r':
        put(m, number(in, 8), 8);
        put(m, number(in, 4), 4);
        put(m, fuzz_take(in, 1), 4);
        break;
    case 'e':
    case 'm': put_list(in, m, what, memory); break;
    default: put(m, number(in, (unsigned)(what - '0')), (unsigned)(what - '0')); break;
    }
}

bool virtio_message(struct fuzz_input *in, enum virtio_device_id device, uint64_t memory,
                    struct virtio_message *message)
{
    uint32_t choice = fuzz_take(in, 1), room;
    const struct kind *kind = kinds;
    unsigned count = 0;

    for (unsigned i = 0; i < KINDS; i++)
        count += kinds[i].device == device;
    if (count == 0)
        return false;
    for (choice %= count; kind->device != device || choice-- > 0;)
        kind++;
    *message = (struct virtio_message){.queue = kind->queue};
    put(message, kind->first, kind->first_size);
    for (const char *f = kind->layout; *f != '\0'; f++) {
        unsigned times = *f == '*' ? fuzz_take(in, 1) % 4 : 1;
        while (times-- > 0)
            put_field(in, message, *f == '*' ? f[-1] : *f, memory);
    }
    room = fuzz_take(in, 1);
    message->room = room < 240 ? kind->room + kind->unit * (room % 8) : (uint32_t)number(in, 4);
    if (fuzz_take(in, 1) > 240) /* cut off */
        message->size = fuzz_take(in, 1) % (message->size + 1);
    return true;
}

/* --- frames ----------------------------------------------------------------------------------- */

static unsigned put16(uint8_t *p, unsigned value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
    return value;
}

/* RFC 1071: what makes the sum of n bytes all ones, whose own place is zero. */
static unsigned internet_checksum(const uint8_t *p, size_t n, unsigned sum)
{
    for (size_t i = 0; i < n; i++)
        sum += (unsigned)p[i] << (i % 2 == 0 ? 8 : 0);
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return ~sum & 0xffff;
}

/* TCP or UDP, of n bytes, below a pseudo header that comes to this sum. */
static void put_transport(uint8_t *p, size_t n, bool udp, unsigned pseudo)
{
    unsigned at = udp ? 6 : 16;

    if (n < at + 2)
        return;
    put16(p + at, 0);
    put16(p + at, internet_checksum(p, n, pseudo));
}

static unsigned sum_of(const uint8_t *p, size_t n)
{
    return ~internet_checksum(p, n, 0) & 0xffff;
}

static size_t put_ipv4(struct fuzz_input *in, uint8_t *p, size_t n)
{
    bool udp = fuzz_take(in, 1) & 1;

    if (n < 20)
        return n;
    p[0] = 0x45;
    put16(p + 2, (unsigned)n);
    put16(p + 6, fuzz_take(in, 1) > 200 ? 0x2000 : 0);
    p[9] = udp ? 17 : 6;
    put16(p + 10, 0);
    put16(p + 10, internet_checksum(p, 20, 0));
    put_transport(p + 20, n - 20, udp, sum_of(p + 12, 8) + p[9] + (unsigned)n - 20);
    return n;
}

static size_t put_ipv6(struct fuzz_input *in, uint8_t *p, size_t n)
{
    bool udp = fuzz_take(in, 1) & 1;

    if (n < 40)
        return n;
    p[0] = 0x60;
    put16(p + 4, (unsigned)n - 40);
    p[6] = udp ? 17 : 6;
    put_transport(p + 40, n - 40, udp, sum_of(p + 8, 32) + p[6] + (unsigned)n - 40);
    return n;
}

size_t virtio_frame(struct fuzz_input *in, uint8_t bytes[VIRTIO_MESSAGE_MAX])
{
    static const uint8_t receivers[][6] = {{0x52, 0x54, 0x00, 0x12, 0x34, 0x56},
                                           {0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
                                           {0x33, 0x33, 0, 0, 0, 1},
                                           {0, 0, 0, 0, 0, 0}};
    unsigned shape = fuzz_take(in, 1), at = 12;
    size_t size = fuzz_take(in, 2) % (VIRTIO_MESSAGE_MAX - 64), damage;

    memset(bytes, (int)shape, VIRTIO_MESSAGE_MAX);
    memcpy(bytes, receivers[shape % 4], 6);
    if (shape & 4)
        at += put16(bytes + at, 0x8100) != 0 ? 4 : 0;
    if (shape & 4)
        put16(bytes + at - 2, fuzz_take(in, 2) % 4096);
    put16(bytes + at, shape & 8 ? 0x0800 : 0x86dd);
    at += 2;
    for (unsigned i = 0; i < 24; i++)
        bytes[at + 16 + i] = (uint8_t)fuzz_take(in, 1);
    size = at + (shape & 8 ? put_ipv4(in, bytes + at, size) : put_ipv6(in, bytes + at, size));
    damage = fuzz_take(in, 2);
    if (shape & 16 && damage < size)
        bytes[damage] ^= 0xff;
    return shape & 32 ? damage % (size + 1) : size;
}
