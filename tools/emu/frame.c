#include "tools/emu/frame.h"

#include <string.h>

enum { TYPE_AT = 12, TYPE_VLAN = 0x8100, TYPE_IPV4 = 0x0800, TYPE_IPV6 = 0x86dd };
enum { IPV4_HEADER_SIZE = 20, IPV6_HEADER_SIZE = 40, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17 };

static unsigned get16(const uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

/*
 * Add n bytes to a one's complement sum as 16-bit big-endian words. Sums of 32-bit words come to
 * the same, whatever the byte order, but for a swap at the end (RFC 1071, section 2).
 */
static uint64_t add(uint64_t sum, const uint8_t *p, size_t n)
{
    uint32_t word;

    for (; n >= sizeof word; n -= sizeof word, p += sizeof word) {
        memcpy(&word, p, sizeof word);
        sum += word;
    }
    word = 0;
    memcpy(&word, p, n);
    return sum + word;
}

/* The sum's 16 bits, in memory order. */
static uint16_t fold(uint64_t sum)
{
    sum = (sum >> 32) + (sum & 0xffffffff);
    sum = (sum >> 32) + (sum & 0xffffffff);
    sum = (sum >> 16) + (sum & 0xffff);
    sum = (sum >> 16) + (sum & 0xffff);
    return (uint16_t)sum;
}

int frame_vlan(const uint8_t *frame, size_t n)
{
    if (n < FRAME_HEADER_SIZE + FRAME_VLAN_SIZE || get16(frame + TYPE_AT) != TYPE_VLAN)
        return -1;
    return (int)(get16(frame + TYPE_AT + 2) & 0xfff);
}

bool frame_put_checksum(uint8_t *frame, size_t n, size_t start, size_t offset)
{
    uint16_t sum;

    if (start > n || offset > n - start || n - start - offset < sizeof sum)
        return false;
    sum = (uint16_t)~fold(add(0, frame + start, n - start));
    if (sum == 0)
        sum = 0xffff; /* the same number, which does not say "no checksum" to UDP */
    memcpy(frame + start + offset, &sum, sizeof sum);
    return true;
}

/* Is the sum of a TCP or UDP packet and its pseudo header all ones? */
static bool is_transport_right(unsigned protocol, const uint8_t *packet, size_t n,
                               const uint8_t *addresses, size_t addresses_size)
{
    const uint8_t pseudo[] = {0, (uint8_t)protocol, (uint8_t)(n >> 8), (uint8_t)n};
    uint64_t sum;

    if (protocol == PROTOCOL_UDP ? n < 8 || get16(packet + 6) == 0
                                 : protocol != PROTOCOL_TCP || n < 20)
        return false;
    sum = add(add(0, addresses, addresses_size), pseudo, sizeof pseudo);
    return fold(add(sum, packet, n)) == 0xffff;
}

static bool is_ipv4_right(const uint8_t *p, size_t n)
{
    size_t header, total;

    if (n < IPV4_HEADER_SIZE || p[0] >> 4 != 4)
        return false;
    header = (size_t)(p[0] & 15) * 4;
    total = get16(p + 2);
    if (header < IPV4_HEADER_SIZE || total < header || total > n ||
        (get16(p + 6) & 0x3fff) != 0 || /* a fragment */
        fold(add(0, p, header)) != 0xffff)
        return false;
    return is_transport_right(p[9], p + header, total - header, p + 12, 8);
}

static bool is_ipv6_right(const uint8_t *p, size_t n)
{
    size_t size;

    if (n < IPV6_HEADER_SIZE || p[0] >> 4 != 6)
        return false;
    size = get16(p + 4);
    if (size > n - IPV6_HEADER_SIZE)
        return false;
    return is_transport_right(p[6], p + IPV6_HEADER_SIZE, size, p + 8, 32);
}

bool frame_checksum_is_right(const uint8_t *frame, size_t n)
{
    size_t at = TYPE_AT + (frame_vlan(frame, n) >= 0 ? FRAME_VLAN_SIZE : 0);

    if (n < at + 2)
        return false;
    if (get16(frame + at) == TYPE_IPV4)
        return is_ipv4_right(frame + at + 2, n - at - 2);
    return get16(frame + at) == TYPE_IPV6 && is_ipv6_right(frame + at + 2, n - at - 2);
}
