/*
 * virtio-net on a user network: configuration, ARP, DHCP, ICMP, UDP (TFTP) and TCP as far as it
 * takes to see frames of all sizes come and go, in buffers of all shapes; the control queue; and
 * what a driver must not do. The network has a TFTP file "file" of 700 bytes, byte i being i * 7
 * (mod 256), and, unless NO_TCP, 10.0.2.100:7 sends back what it gets.
 */
#include "hw/virtio_net.h"
#include "tests/emu/guest/virtio.h"

enum { QUEUE = 32, BUFFER = 2048, FRAME = 1600, PATIENCE = 50 /* times 200 ms */ };

static struct virtio dev;
static struct virtio_queue rx, tx, control;
static uint8_t buffers[QUEUE][BUFFER] __attribute__((aligned(16)));
static unsigned buffer_size;
static uint8_t out[FRAME + 16]; /* header and frame to send */
static uint8_t in[8 * BUFFER];  /* header and frame that came */
static long in_size;
static unsigned header;
static bool merging;

static const uint8_t our_mac[6] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56};

#define BIT(n) (UINT64_C(1) << (n))

/* --- queues ----------------------------------------------------------------------------------- */

static void offer_buffer(unsigned i)
{
    virtio_desc(&rx.desc[i], (uintptr_t)buffers[i], buffer_size, VIRTQ_DESC_F_WRITE, 0);
    virtio_offer(&rx, (uint16_t)i);
}

static void begin(uint64_t features, unsigned size)
{
    note("negotiated", virtio_negotiate(&dev, features));
    merging = features >> VIRTIO_NET_F_MRG_RXBUF & 1;
    header = dev.legacy && !merging ? VIRTIO_NET_HDR_LEGACY_SIZE : sizeof(struct virtio_net_hdr);
    buffer_size = size;
    virtio_queue_init(&rx, &dev, VIRTIO_NET_RECEIVEQ, QUEUE, 0);
    virtio_queue_init(&tx, &dev, VIRTIO_NET_TRANSMITQ, QUEUE, 1);
    virtio_queue_init(&control, &dev, VIRTIO_NET_CONTROLQ, QUEUE, 2);
    virtio_queue_ready(&rx);
    virtio_queue_ready(&tx);
    if (features >> VIRTIO_NET_F_CTRL_VQ & 1)
        virtio_queue_ready(&control);
    virtio_start(&dev);
    for (unsigned i = 0; i < QUEUE; i++)
        offer_buffer(i);
    virtio_kick(&rx);
}

/* Send the n bytes of frame behind the header, in two descriptors. */
static void send(unsigned n)
{
    virtio_desc(&tx.desc[0], (uintptr_t)out, header, VIRTQ_DESC_F_NEXT, 1);
    virtio_desc(&tx.desc[1], (uintptr_t)out + header, n, 0, 0);
    virtio_offer(&tx, 0);
    virtio_kick(&tx);
    virtio_wait(&tx, 0);
}

static long wait_used(struct virtio_queue *q, uint16_t *head)
{
    for (int i = 0; i < PATIENCE; i++) {
        long n = virtio_wait(q, head);
        if (n >= 0)
            return n;
    }
    return -1;
}

/* One buffer's bytes to the end of what is in `in`. */
static bool take_buffer(void)
{
    uint16_t head;
    long n = wait_used(&rx, &head);

    if (n < 0 || head >= QUEUE || in_size + n > (long)sizeof in)
        return false;
    for (long i = 0; i < n; i++)
        in[in_size++] = buffers[head][i];
    offer_buffer(head);
    virtio_kick(&rx);
    return true;
}

static unsigned get16(const uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

/* The next frame that comes: its header and all its buffers. False if none does. */
static bool receive(void)
{
    in_size = 0;
    if (!take_buffer())
        return false;
    for (unsigned more = header > 10 ? in[10] | (unsigned)in[11] << 8 : 1; more > 1; more--)
        if (!take_buffer())
            return false;
    return true;
}

/* --- frames ----------------------------------------------------------------------------------- */

static uint8_t *frame(void)
{
    return out + header;
}

static void put(uint8_t *p, const void *from, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        p[i] = ((const uint8_t *)from)[i];
}

static void put16(uint8_t *p, unsigned value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

static void put32(uint8_t *p, uint32_t value)
{
    put16(p, value >> 16);
    put16(p + 2, value & 0xffff);
}

static uint32_t sum(uint32_t total, const uint8_t *p, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        total += i % 2 == 0 ? (uint32_t)p[i] << 8 : p[i];
    return total;
}

static unsigned fold(uint32_t total)
{
    while (total >> 16 != 0)
        total = (total & 0xffff) + (total >> 16);
    return total;
}

static void ethernet(const uint8_t *source, unsigned type)
{
    for (unsigned i = 0; i < sizeof out; i++)
        out[i] = 0;
    for (unsigned i = 0; i < 6; i++)
        frame()[i] = 0xff;
    put(frame() + 6, source, 6);
    put16(frame() + 12, type);
}

static void send_arp(const uint8_t *source)
{
    static const uint8_t fixed[] = {0, 1, 8, 0, 6, 4, 0, 1};

    ethernet(source, 0x0806);
    put(frame() + 14, fixed, sizeof fixed);
    put(frame() + 22, source, 6);
    put32(frame() + 28, 0x0a00020f);
    put32(frame() + 38, 0x0a000202);
    send(42);
}

/* IPv4 with n bytes of payload, which are there; returns the frame's size. */
static unsigned ip(unsigned protocol, uint32_t from, uint32_t to, unsigned n)
{
    uint8_t *p = frame() + 14;

    p[0] = 0x45;
    put16(p + 2, 20 + n);
    p[8] = 64;
    p[9] = (uint8_t)protocol;
    put16(p + 10, 0);
    put32(p + 12, from);
    put32(p + 16, to);
    put16(p + 10, ~fold(sum(0, p, 20)) & 0xffff);
    return 34 + n;
}

/* The checksum of TCP or UDP over n bytes, with its pseudo header. */
static unsigned transport_sum(unsigned protocol, unsigned n)
{
    return fold(sum(sum(protocol + n, frame() + 26, 8), frame() + 34, n));
}

static void send_udp(uint32_t from, uint32_t to, unsigned from_port, unsigned to_port, unsigned n)
{
    uint8_t *p = frame() + 34;
    unsigned size;

    put16(p, from_port);
    put16(p + 2, to_port);
    put16(p + 4, 8 + n);
    put16(p + 6, 0);
    size = ip(17, from, to, 8 + n);
    put16(p + 6, ~transport_sum(17, 8 + n) & 0xffff);
    send(size);
}

static const uint8_t *received(void)
{
    return in + header;
}

static void note_frame(const char *name)
{
    bool came = receive();

    note(name, came);
    if (!came)
        return;
    note("  size", (unsigned long)in_size - header);
    note("  gso", in[1]);
    note("  type", get16(received() + 12));
    note("  to us", received()[0] == our_mac[0] && received()[5] == our_mac[5]);
}

/* --- tests ------------------------------------------------------------------------------------ */

/* What QEMU offers with this network as well. */
#define COMPARED                                                                           \
    (BIT(VIRTIO_NET_F_MAC) | BIT(VIRTIO_NET_F_MRG_RXBUF) | BIT(VIRTIO_NET_F_STATUS) |      \
     BIT(VIRTIO_NET_F_CTRL_VQ) | BIT(VIRTIO_NET_F_CTRL_RX) | BIT(VIRTIO_NET_F_CTRL_VLAN) | \
     BIT(VIRTIO_NET_F_CTRL_RX_EXTRA) | BIT(VIRTIO_NET_F_GUEST_ANNOUNCE) |                  \
     BIT(VIRTIO_NET_F_CTRL_MAC_ADDR) | BIT(VIRTIO_NET_F_MTU) | BIT(VIRTIO_NET_F_MQ) |      \
     BIT(VIRTIO_NET_F_HOST_TSO4) | BIT(VIRTIO_NET_F_GUEST_TSO4))

static void test_config(void)
{
    unsigned long mac = 0;

    note("features", (unsigned long)(virtio_features(&dev) & COMPARED));
    virtio_negotiate(&dev, COMPARED & virtio_features(&dev));
    for (unsigned i = 0; i < 6; i++)
        mac = mac * 31 + read8(dev.base + VIRTIO_MMIO_CONFIG + i);
    note("mac", mac);
    note("status", read16(dev.base + VIRTIO_MMIO_CONFIG + 6));
}

static void test_arp(void)
{
    send_arp(our_mac);
    note_frame("ARP");
    note("  reply", get16(received() + 20));
    note("  gateway", received()[6] == 0x52 && received()[7] == 0x55);
}

static void test_dhcp(void)
{
    static const uint8_t cookie[] = {0x63, 0x82, 0x53, 0x63, 53, 1, 1 /* discover */, 255};
    uint8_t *p;

    ethernet(our_mac, 0x0800);
    p = frame() + 42;
    p[0] = 1;
    p[1] = 1;
    p[2] = 6;
    put32(p + 4, 0x12345678);
    put(p + 28, our_mac, 6);
    put(p + 236, cookie, sizeof cookie);
    send_udp(0, 0xffffffff, 68, 67, 300);
    note_frame("DHCP");
    p = in + header + 42;
    note("  reply", p[0]);
    note("  transaction", get16(p + 6));
    note("  address", get16(p + 18));
    note("  offer", p[240] == 53 ? p[242] : 0);
}

static void test_ping(unsigned n)
{
    uint8_t *p;

    ethernet(our_mac, 0x0800);
    p = frame() + 34;
    p[0] = 8;
    put16(p + 4, 77);
    for (unsigned i = 8; i < n; i++)
        p[i] = (uint8_t)i;
    put16(p + 2, ~fold(sum(0, p, n)) & 0xffff);
    send(ip(1, 0x0a00020f, 0x0a000202, n));
    note_frame("ping");
    note("  reply", received()[34]);
    note("  right", fold(sum(0, received() + 34, n)));
}

/* Reads the file, block by block; the last is shorter. */
static void test_tftp(void)
{
    static const char request[] = "\0\1file\0octet";
    unsigned block = 1, port = 0, wrong = 0, size = 0, n;

    ethernet(our_mac, 0x0800);
    put(frame() + 42, request, sizeof request);
    send_udp(0x0a00020f, 0x0a000202, 3000, 69, sizeof request);
    do {
        note_frame("TFTP");
        n = get16(received() + 38) - 12;
        port = get16(received() + 34);
        if (in_size < 46 || get16(received() + 42) != 3 || get16(received() + 44) != block)
            break;
        for (unsigned i = 0; i < n; i++)
            wrong += received()[46 + i] != (uint8_t)((size + i) * 7);
        size += n;
        ethernet(our_mac, 0x0800);
        put16(frame() + 42, 4);
        put16(frame() + 44, block++);
        send_udp(0x0a00020f, 0x0a000202, 3000, port, 4);
    } while (n == 512);
    note("  bytes", size);
    note("  wrong", wrong);
}

#ifndef NO_TCP
static uint32_t our_seq = 1000, their_seq;

static void send_tcp(unsigned flags, const char *data, unsigned n)
{
    uint8_t *p;
    unsigned size;

    ethernet(our_mac, 0x0800);
    p = frame() + 34;
    put16(p, 4000);
    put16(p + 2, 7);
    put32(p + 4, our_seq);
    put32(p + 8, their_seq);
    p[12] = 0x50;
    p[13] = (uint8_t)flags;
    put16(p + 14, 8192);
    put(p + 20, data, n);
    size = ip(6, 0x0a00020f, 0x0a000264, 20 + n);
    put16(p + 16, ~transport_sum(6, 20 + n) & 0xffff);
    send(size);
    our_seq += n + (flags & 3 ? 1 : 0);
}

/* Waits for a segment with these flags or data; others are only acknowledgements. */
static bool receive_tcp(unsigned flags)
{
    do
        if (!receive())
            return false;
    while (get16(received() + 12) != 0x0800 || received()[23] != 6 ||
           (received()[47] & flags) != flags);
    their_seq = (uint32_t)get16(received() + 38) << 16 | get16(received() + 40);
    return true;
}

static void test_tcp(void)
{
    enum { FIN = 1, SYN = 2, PUSH = 8, ACK = 16 };
    unsigned n;

    send_tcp(SYN, "", 0);
    note("TCP connects", receive_tcp(SYN | ACK));
    their_seq++;
    send_tcp(ACK, "", 0);
    send_tcp(ACK | PUSH, "all the way\n", 12);
    note("TCP data", receive_tcp(PUSH | ACK));
    n = get16(received() + 16) - 20 - (received()[46] >> 4) * 4u;
    note("  bytes", n);
    note("  first", received()[34 + (received()[46] >> 4) * 4u]);
    their_seq += n;
    send_tcp(FIN | ACK, "", 0);
    note("TCP ends", receive_tcp(FIN));
    their_seq++;
    send_tcp(ACK, "", 0);
}
#endif

#ifdef OURS
/* A TFTP request, for a file that is not there, whose checksum is left to the device, or wrong. */
static void test_checksum(const char *name, bool leave)
{
    static const char request[] = "\0\1none\0octet";
    unsigned n = 8 + sizeof request;
    uint8_t *p;

    ethernet(our_mac, 0x0800);
    p = frame() + 34;
    put16(p, 3000);
    put16(p + 2, 69);
    put16(p + 4, n);
    put(p + 8, request, sizeof request);
    ip(17, 0x0a00020f, 0x0a000202, n);
    put16(p + 6, fold(sum(17 + n, frame() + 26, 8))); /* of the pseudo header alone */
    out[0] = leave ? VIRTIO_NET_HDR_F_NEEDS_CSUM : 0;
    out[6] = 34;
    out[8] = 6;
    send(34 + n);
    note(name, receive());
    note("  found right", in[0]);
}

/* What QEMU does not offer with this network. */
static void test_checksums(void)
{
    begin(BIT(VIRTIO_NET_F_MAC) | BIT(VIRTIO_NET_F_CSUM) | BIT(VIRTIO_NET_F_GUEST_CSUM), 2048);
    test_checksum("checksum left out", true);
    test_arp();
    note("  no checksum", in[0]);
    test_checksum("checksum wrong", false);
    begin(BIT(VIRTIO_NET_F_MAC), 2048);
    test_checksum("checksum left out, not agreed", true);
}
#endif

/* --- control queue ---------------------------------------------------------------------------- */

static uint8_t command[600], ack;

/* Class, command, n bytes of data that stand in command + 2. Returns the answer, 0x55 if none. */
static unsigned ask(unsigned class, unsigned number, unsigned n)
{
    command[0] = (uint8_t) class;
    command[1] = (uint8_t)number;
    ack = 0x55;
    virtio_desc(&control.desc[0], (uintptr_t)command, 2, VIRTQ_DESC_F_NEXT, 1);
    virtio_desc(&control.desc[1], (uintptr_t)command + 2, n, VIRTQ_DESC_F_NEXT, 2);
    virtio_desc(&control.desc[2], (uintptr_t)&ack, 1, VIRTQ_DESC_F_WRITE, 0);
    if (n == 0)
        control.desc[0].next = 2;
    virtio_offer(&control, 0);
    virtio_kick(&control);
    virtio_wait(&control, 0);
    return *(volatile uint8_t *)&ack;
}

static unsigned mode(unsigned number, unsigned on)
{
    command[2] = (uint8_t)on;
    return ask(VIRTIO_NET_CTRL_RX, number, 1);
}

/* The address tables: one unicast address, and so many multicast ones. */
static unsigned tables(const uint8_t *mac, unsigned multicast)
{
    unsigned at = 2;

    for (unsigned i = 0; i < sizeof command; i++)
        command[i] = 0;
    command[at] = mac != 0;
    at += 4;
    if (mac != 0) {
        put(command + at, mac, 6);
        at += 6;
    }
    command[at] = (uint8_t)multicast;
    at += 4 + 6 * multicast;
    return ask(VIRTIO_NET_CTRL_MAC, VIRTIO_NET_CTRL_MAC_TABLE_SET, at - 2);
}

/* Does an answer to this address of ours come? Where it must not, another's that must comes next.
 */
static bool hears(const uint8_t *mac)
{
    send_arp(mac);
    send_arp(our_mac);
    if (!receive())
        return false;
    if (received()[5] != mac[5])
        return false;
    receive();
    return true;
}

static void test_control(void)
{
    static const uint8_t other[6] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x99};

    note("promiscuous: another's", hears(other));
    note("promiscuous off", mode(VIRTIO_NET_CTRL_RX_PROMISC, 0));
    note("another's", hears(other));
    note("table", tables(other, 0));
    note("in the table", hears(other));
    note("table with many", tables(0, 70));
    note("not in the table", hears(other));
    note("all unicast", mode(VIRTIO_NET_CTRL_RX_ALLUNI, 1));
    note("another's", hears(other));
    note("no more", mode(VIRTIO_NET_CTRL_RX_ALLUNI, 0));
    note("all multicast", mode(VIRTIO_NET_CTRL_RX_ALLMULTI, 1));
    note("no broadcast", mode(VIRTIO_NET_CTRL_RX_NOBCAST, 1));
    note("no such mode", mode(VIRTIO_NET_CTRL_RX_NOBCAST + 1, 1));
    note("mode without data", ask(VIRTIO_NET_CTRL_RX, VIRTIO_NET_CTRL_RX_PROMISC, 0));
    put16(command + 2, 5 << 8);
    note("VLAN 5", ask(VIRTIO_NET_CTRL_VLAN, VIRTIO_NET_CTRL_VLAN_ADD, 2));
    put16(command + 2, 5 << 8);
    note("VLAN 5 off", ask(VIRTIO_NET_CTRL_VLAN, VIRTIO_NET_CTRL_VLAN_DEL, 2));
    put16(command + 2, 0x0010);
    note("VLAN 4096", ask(VIRTIO_NET_CTRL_VLAN, VIRTIO_NET_CTRL_VLAN_ADD, 2));
    note("no such VLAN command", ask(VIRTIO_NET_CTRL_VLAN, 2, 2));
    note("announce", ask(VIRTIO_NET_CTRL_ANNOUNCE, VIRTIO_NET_CTRL_ANNOUNCE_ACK, 0));
    note("no such class", ask(99, 0, 0));
    put(command + 2, other, 6);
    note("short address", ask(VIRTIO_NET_CTRL_MAC, VIRTIO_NET_CTRL_MAC_ADDR_SET, 5));
    put(command + 2, other, 6);
    note("another address", ask(VIRTIO_NET_CTRL_MAC, VIRTIO_NET_CTRL_MAC_ADDR_SET, 6));
    note("is ours", read8(dev.base + VIRTIO_MMIO_CONFIG + 5));
    command[2] = 200;
    note("table that is cut off", ask(VIRTIO_NET_CTRL_MAC, VIRTIO_NET_CTRL_MAC_TABLE_SET, 12));
}

/* --- what must not be ------------------------------------------------------------------------- */

static void note_failure(const char *name)
{
    note(name, dev.legacy
                   ? 0x40
                   : virtio_wait_bits(&dev, VIRTIO_MMIO_STATUS, VIRTIO_STATUS_DEVICE_NEEDS_RESET));
}

static void test_broken(void)
{
#ifdef OURS /* QEMU does not survive it */
    begin(COMPARED & virtio_features(&dev), 2048);
    virtio_desc(&tx.desc[0], (uintptr_t)out, 5, 0, 0);
    virtio_offer(&tx, 0);
    virtio_kick(&tx);
    note_failure("a header too short");
#endif
    begin(COMPARED & virtio_features(&dev), 2048);
    virtio_desc(&control.desc[0], (uintptr_t)command, 2, 0, 0);
    virtio_offer(&control, 0);
    virtio_kick(&control);
    note_failure("a command without room for an answer");
    begin(COMPARED & virtio_features(&dev), 2048);
    test_arp();
}

int main(void)
{
    uint64_t simple = BIT(VIRTIO_NET_F_MAC), merge = simple | BIT(VIRTIO_NET_F_MRG_RXBUF);

    note("found", virtio_find(&dev, VIRTIO_ID_NET, 0));
#ifdef ARP_ONLY /* in a network where others talk, too */
    begin(simple, 2048);
    send_arp(our_mac);
    while (receive() && get16(received() + 12) != 0x0806)
        ;
    note("ARP", get16(received() + 20));
    note("from", received()[6]);
    report();
    return 0;
#endif
    test_config();
    begin(simple, 2048);
    test_arp();
    test_dhcp();
    test_ping(64);
    test_ping(1480);
    test_tftp();
#ifndef NO_TCP
    test_tcp();
#endif
    begin(merge, 128);
    test_arp();
    test_ping(1480);
    note("  buffers", in[10]);
    test_tftp();
    begin(COMPARED & virtio_features(&dev), 2048);
    test_arp();
    test_control();
    test_broken();
#ifdef OURS
    test_checksums();
#endif
    report();
    return 0;
}
