/*
 * virtio-net-device: a network card of one pair of queues ("Virtual I/O Device (VIRTIO) Version
 * 1.2", section 5.1). It fills in and looks at checksums for the driver, which is much quicker here
 * than there; it does not segment.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hw/virtio_net.h"
#include "tools/emu/dev/virtio.h"
#include "tools/emu/frame.h"
#include "tools/emu/machine.h"

enum {
    QUEUE_SIZE = 256,
    CONTROL_QUEUE_SIZE = 64,
    FRAME_MAX = 65536 + FRAME_HEADER_SIZE + FRAME_VLAN_SIZE,
    TABLE_ENTRIES = 64, /* addresses kept of each table; beyond, all are let in */
    VLANS = 4096,
};

/* Input channels: frames; and what happens to the cable, one byte each. */
enum { NET_FRAMES, NET_LINK };
enum { LINK_DOWN, LINK_UP, LINK_ANNOUNCE };

struct table {
    uint32_t count;   /* of entries; none if there was an overflow */
    uint8_t overflow; /* there were more than we keep */
    uint8_t macs[TABLE_ENTRIES * VIRTIO_NET_MAC_SIZE];
};

struct net {
    struct net_backend *backend;
    uint8_t permanent_mac[VIRTIO_NET_MAC_SIZE];
    uint64_t mtu;   /* offered; 0: not */
    uint8_t *frame; /* FRAME_MAX bytes, for one that is sent */

    uint8_t mac[VIRTIO_NET_MAC_SIZE];
    uint16_t status;
    uint8_t modes[VIRTIO_NET_CTRL_RX_NOBCAST + 1]; /* by enum virtio_net_ctrl_rx */
    struct table unicast, multicast;
    uint32_t vlans[VLANS / 32];
};

static const struct state_field fields[] = {
    STATE_ARRAY(struct net, mac, 1),
    STATE_FIELD(struct net, status, 1),
    STATE_ARRAY(struct net, modes, 1),
    STATE_FIELD(struct net, unicast.count, 1),
    STATE_FIELD(struct net, unicast.overflow, 1),
    STATE_ARRAY(struct net, unicast.macs, 1),
    STATE_FIELD(struct net, multicast.count, 1),
    STATE_FIELD(struct net, multicast.overflow, 1),
    STATE_ARRAY(struct net, multicast.macs, 1),
    STATE_ARRAY(struct net, vlans, 1),
};

/* --- making it -------------------------------------------------------------------------------- */

/* mac=XX:XX:XX:XX:XX:XX, an address of one station. */
static bool parse_mac(const char *text, uint8_t mac[VIRTIO_NET_MAC_SIZE])
{
    unsigned byte[VIRTIO_NET_MAC_SIZE];
    int end = 0;

    if (strlen(text) != 17 ||
        sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &byte[0], &byte[1], &byte[2], &byte[3], &byte[4],
               &byte[5], &end) != VIRTIO_NET_MAC_SIZE ||
        end != 17 || byte[0] & 1)
        return false;
    for (int i = 0; i < VIRTIO_NET_MAC_SIZE; i++)
        mac[i] = (uint8_t)byte[i];
    return true;
}

/* QEMU's default addresses: one after the other, in the order of the devices. */
static void default_mac(const struct virtio *v, uint8_t mac[VIRTIO_NET_MAC_SIZE])
{
    static const uint8_t first[VIRTIO_NET_MAC_SIZE] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56};

    memcpy(mac, first, VIRTIO_NET_MAC_SIZE);
    mac[5] = (uint8_t)(mac[5] + virtio_instance(v));
}

static bool net_create(struct virtio *v, struct props *props, char *err, size_t err_size)
{
    struct net *net = v->model;
    const char *mac = props_get(props, "mac");

    default_mac(v, net->permanent_mac);
    if (mac != NULL && !parse_mac(mac, net->permanent_mac)) {
        snprintf(err, err_size, "mac: '%s' is not an address (example: 52:54:00:12:34:56)", mac);
        return false;
    }
    if (!props_u64(props, "host_mtu", VIRTIO_NET_MTU_MIN, UINT16_MAX, &net->mtu, err, err_size))
        return false;
    net->backend =
        (struct net_backend *)virtio_take_backend(v, props, "netdev", BACKEND_NET, err, err_size);
    if (net->backend == NULL)
        return false;
    net->frame = malloc(FRAME_MAX);
    if (net->frame == NULL) {
        snprintf(err, err_size, "out of memory");
        return false;
    }
    virtio_add_queue(v, QUEUE_SIZE);
    virtio_add_queue(v, QUEUE_SIZE);
    virtio_add_queue(v, CONTROL_QUEUE_SIZE);
    return true;
}

static void net_destroy(struct virtio *v)
{
    struct net *net = v->model;

    free(net->frame);
}

/* The features that mean something only if there is the control queue. */
#define CONTROL_FEATURES                                               \
    (1u << VIRTIO_NET_F_CTRL_RX | 1u << VIRTIO_NET_F_CTRL_RX_EXTRA |   \
     1u << VIRTIO_NET_F_CTRL_VLAN | 1u << VIRTIO_NET_F_CTRL_MAC_ADDR | \
     1u << VIRTIO_NET_F_GUEST_ANNOUNCE)

static uint64_t net_features(struct virtio *v)
{
    const struct net *net = v->model;
    uint64_t features = 1u << VIRTIO_NET_F_CSUM | 1u << VIRTIO_NET_F_GUEST_CSUM |
                        1u << VIRTIO_NET_F_MAC | 1u << VIRTIO_NET_F_MRG_RXBUF |
                        1u << VIRTIO_NET_F_STATUS | 1u << VIRTIO_NET_F_CTRL_VQ | CONTROL_FEATURES;

    if (net->mtu != 0)
        features |= 1u << VIRTIO_NET_F_MTU;
    return features;
}

/* Section 5.1.3.1. */
static bool net_accepts(struct virtio *v, uint64_t features)
{
    (void)v;
    return (features & CONTROL_FEATURES) == 0 || features >> VIRTIO_NET_F_CTRL_VQ & 1;
}

static void net_reset(struct virtio *v)
{
    struct net *net = v->model;

    memcpy(net->mac, net->permanent_mac, sizeof net->mac);
    net->status = VIRTIO_NET_S_LINK_UP;
    memset(net->modes, 0, sizeof net->modes);
    net->modes[VIRTIO_NET_CTRL_RX_PROMISC] = 1; /* for drivers that know no modes */
    net->unicast = (struct table){0};
    net->multicast = (struct table){0};
    memset(net->vlans, 0, sizeof net->vlans);
}

static uint64_t net_config_read(struct virtio *v, unsigned offset, unsigned size)
{
    const struct net *net = v->model;
    struct virtio_net_config config = {
        .status = net->status, .max_virtqueue_pairs = 1, .mtu = (uint16_t)net->mtu};
    uint64_t value = 0;

    memcpy(config.mac, net->mac, sizeof config.mac);
    memcpy(&value, (const uint8_t *)&config + offset, size);
    return value;
}

/* Legacy drivers set the address here (5.1.4.3). */
static void net_config_write(struct virtio *v, unsigned offset, unsigned size, uint64_t value)
{
    struct net *net = v->model;

    for (unsigned i = 0; v->legacy && i < size && offset + i < sizeof net->mac; i++)
        net->mac[offset + i] = (uint8_t)(value >> 8 * i);
}

/* --- receiving -------------------------------------------------------------------------------- */

static size_t header_size(const struct virtio *v)
{
    return v->legacy && !virtio_has_feature(v, VIRTIO_NET_F_MRG_RXBUF)
               ? VIRTIO_NET_HDR_LEGACY_SIZE
               : sizeof(struct virtio_net_hdr);
}

static bool table_has(const struct table *table, const uint8_t *mac)
{
    for (uint32_t i = 0; i < table->count; i++)
        if (memcmp(table->macs + i * VIRTIO_NET_MAC_SIZE, mac, VIRTIO_NET_MAC_SIZE) == 0)
            return true;
    return false;
}

/* Does the driver want frames to this address (5.1.6.5.1, 5.1.6.5.2)? */
static bool wants_address(const struct net *net, const uint8_t *mac)
{
    static const uint8_t broadcast[VIRTIO_NET_MAC_SIZE] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    const uint8_t *modes = net->modes;

    if (memcmp(mac, broadcast, sizeof broadcast) == 0)
        return !modes[VIRTIO_NET_CTRL_RX_NOBCAST];
    if (mac[0] & 1)
        return !modes[VIRTIO_NET_CTRL_RX_NOMULTI] &&
               (modes[VIRTIO_NET_CTRL_RX_ALLMULTI] || net->multicast.overflow ||
                table_has(&net->multicast, mac));
    return !modes[VIRTIO_NET_CTRL_RX_NOUNI] &&
           (modes[VIRTIO_NET_CTRL_RX_ALLUNI] || net->unicast.overflow ||
            memcmp(mac, net->mac, sizeof net->mac) == 0 || table_has(&net->unicast, mac));
}

static bool wants_frame(const struct virtio *v, const uint8_t *frame, size_t n)
{
    const struct net *net = v->model;
    size_t longest = FRAME_MAX;
    int vlan;

    if (virtio_has_feature(v, VIRTIO_NET_F_MTU))
        longest = net->mtu + FRAME_HEADER_SIZE + FRAME_VLAN_SIZE;
    if (n < FRAME_HEADER_SIZE || n > longest || !(net->status & VIRTIO_NET_S_LINK_UP))
        return false;
    if (net->modes[VIRTIO_NET_CTRL_RX_PROMISC])
        return true;
    vlan = frame_vlan(frame, n);
    if (vlan >= 0 && virtio_has_feature(v, VIRTIO_NET_F_CTRL_VLAN) &&
        !(net->vlans[vlan / 32] >> vlan % 32 & 1))
        return false;
    return wants_address(net, frame);
}

/* Buffers that are being filled with one frame. */
struct filling {
    unsigned count;
    uint16_t heads[QUEUE_SIZE];
    uint32_t written[QUEUE_SIZE];
};

/*
 * Header and frame into buffers, one or as many as it takes. What is left of n if there were not
 * enough; -1 if they cannot be used.
 */
static long fill_buffers(struct virtio *v, struct filling *f, const struct virtio_net_hdr *header,
                         const uint8_t *frame, size_t n)
{
    bool merge = virtio_has_feature(v, VIRTIO_NET_F_MRG_RXBUF);
    struct virtqueue_chain chain;

    while (f->count < (merge ? QUEUE_SIZE : 1) && virtqueue_pop(v, VIRTIO_NET_RECEIVEQ, &chain)) {
        size_t before = f->count == 0 ? header_size(v) : 0, part;
        f->heads[f->count++] = chain.head;
        if (chain.writable_size < (merge ? sizeof *header : before)) {
            virtio_fail(v); /* section 5.1.6.3.1 */
            return -1;
        }
        part = chain.writable_size - before < n ? (size_t)(chain.writable_size - before) : n;
        if (virtqueue_write(&chain, 0, header, before) != before ||
            virtqueue_write(&chain, before, frame, part) != part)
            return -1; /* the device has failed */
        f->written[f->count - 1] = (uint32_t)(before + part);
        frame += part;
        n -= part;
        if (n == 0)
            return 0;
    }
    return (long)n;
}

/* The header says how many buffers there are, which we know only now. */
static bool note_count(struct virtio *v, const struct filling *f, struct virtio_net_hdr *header)
{
    struct virtqueue_chain chain;

    if (f->count == 1)
        return true;
    header->num_buffers = (uint16_t)f->count;
    return virtqueue_load(v, VIRTIO_NET_RECEIVEQ, f->heads[0], &chain) &&
           virtqueue_write(&chain, 0, header, sizeof *header) == sizeof *header;
}

/* False if it must wait for buffers. */
static bool receive(struct virtio *v, const uint8_t *frame, size_t n)
{
    struct virtio_net_hdr header = {.num_buffers = 1};
    struct filling f = {.count = 0};
    long left;

    if (virtio_has_feature(v, VIRTIO_NET_F_GUEST_CSUM) && frame_checksum_is_right(frame, n))
        header.flags = VIRTIO_NET_HDR_F_DATA_VALID;
    left = fill_buffers(v, &f, &header, frame, n);
    if (left < 0 || (left == 0 && !note_count(v, &f, &header)))
        return true; /* the device has failed: the frame is lost */
    if (left == 0) {
        virtio_trace(v, "receives %zu bytes", n);
        for (unsigned i = 0; i < f.count; i++)
            virtqueue_fill(v, VIRTIO_NET_RECEIVEQ, f.heads[i], f.written[i], i);
        virtqueue_publish(v, VIRTIO_NET_RECEIVEQ, f.count);
        return true;
    }
    /* A buffer too small, though there can be only one: the frame will never fit. */
    bool hopeless = f.count == (virtio_has_feature(v, VIRTIO_NET_F_MRG_RXBUF) ? QUEUE_SIZE : 1);
    while (f.count-- > 0)
        virtqueue_unpop(v, VIRTIO_NET_RECEIVEQ);
    return hopeless;
}

static void change_link(struct virtio *v, uint8_t what)
{
    struct net *net = v->model;
    uint16_t before = net->status;

    if (what == LINK_ANNOUNCE && virtio_has_feature(v, VIRTIO_NET_F_GUEST_ANNOUNCE))
        net->status |= VIRTIO_NET_S_ANNOUNCE;
    else if (what == LINK_UP)
        net->status |= VIRTIO_NET_S_LINK_UP;
    else if (what == LINK_DOWN)
        net->status &= (uint16_t)~VIRTIO_NET_S_LINK_UP;
    if (net->status != before)
        virtio_config_changed(v);
}

/* One call is one frame, taken whole or not at all. A card whose driver does not run loses it. */
static size_t net_input(struct virtio *v, unsigned channel, const uint8_t *bytes, size_t n)
{
    if (channel == NET_LINK) {
        for (size_t i = 0; i < n; i++)
            change_link(v, bytes[i]);
        return n;
    }
    if (channel != NET_FRAMES || !virtio_is_live(v) || !wants_frame(v, bytes, n))
        return n;
    return receive(v, bytes, n) ? n : 0;
}

/* --- sending ---------------------------------------------------------------------------------- */

/* One buffer: header and frame. False if the device has failed. */
static bool transmit(struct virtio *v, const struct virtqueue_chain *chain)
{
    struct net *net = v->model;
    struct virtio_net_hdr header = {0};
    size_t before = header_size(v), n;

    if (chain->readable_size < before) {
        virtio_fail(v);
        return false;
    }
    n = (size_t)(chain->readable_size - before);
    if (virtqueue_read(chain, 0, &header, before) != before)
        return false;
    /* Frames that are none, or that ask for what was not offered, are lost. */
    if (chain->readable_size - before > FRAME_MAX || n < FRAME_HEADER_SIZE ||
        header.gso_type != VIRTIO_NET_HDR_GSO_NONE || !(net->status & VIRTIO_NET_S_LINK_UP))
        return true;
    if (virtqueue_read(chain, before, net->frame, n) != n)
        return false;
    if (header.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM && virtio_has_feature(v, VIRTIO_NET_F_CSUM) &&
        !frame_put_checksum(net->frame, n, header.csum_start, header.csum_offset))
        return true;
    virtio_trace(v, "sends %zu bytes", n);
    net->backend->send(net->backend, net->frame, n);
    return true;
}

/* --- control queue (5.1.6.5) ------------------------------------------------------------------ */

/* The commands' data is what stands behind the header. Each returns whether it was right. */
struct command {
    struct virtio *v;
    struct net *net;
    const struct virtqueue_chain *chain;
    uint64_t size; /* of the data */
    uint8_t number;
};

/* n bytes of the data. */
static bool get(const struct command *c, uint64_t offset, void *buf, size_t n)
{
    return offset <= c->size && n <= c->size - offset &&
           virtqueue_read(c->chain, sizeof(struct virtio_net_ctrl_hdr) + offset, buf, n) == n;
}

static bool set_mode(const struct command *c)
{
    unsigned feature =
        c->number >= VIRTIO_NET_CTRL_RX_ALLUNI ? VIRTIO_NET_F_CTRL_RX_EXTRA : VIRTIO_NET_F_CTRL_RX;
    uint8_t on;

    if (c->number >= sizeof c->net->modes || !virtio_has_feature(c->v, feature) || c->size != 1 ||
        !get(c, 0, &on, 1))
        return false;
    c->net->modes[c->number] = on != 0;
    return true;
}

/* A table that begins at *offset of the data, which moves behind it. */
static bool get_table(const struct command *c, uint64_t *offset, struct table *table)
{
    *table = (struct table){0};
    if (!get(c, *offset, &table->count, sizeof table->count) ||
        table->count > (c->size - *offset - sizeof table->count) / VIRTIO_NET_MAC_SIZE)
        return false;
    *offset += sizeof table->count;
    table->overflow = table->count > TABLE_ENTRIES;
    *offset += (uint64_t)table->count * VIRTIO_NET_MAC_SIZE;
    if (table->overflow) {
        table->count = 0;
        return true;
    }
    return get(c, *offset - table->count * VIRTIO_NET_MAC_SIZE, table->macs,
               table->count * VIRTIO_NET_MAC_SIZE);
}

static bool set_address(const struct command *c)
{
    struct table unicast, multicast;
    uint8_t mac[VIRTIO_NET_MAC_SIZE];
    uint64_t offset = 0;

    switch (c->number) {
    case VIRTIO_NET_CTRL_MAC_TABLE_SET:
        if (!virtio_has_feature(c->v, VIRTIO_NET_F_CTRL_RX) || !get_table(c, &offset, &unicast) ||
            !get_table(c, &offset, &multicast) || offset != c->size)
            return false;
        c->net->unicast = unicast;
        c->net->multicast = multicast;
        return true;
    case VIRTIO_NET_CTRL_MAC_ADDR_SET:
        if (!virtio_has_feature(c->v, VIRTIO_NET_F_CTRL_MAC_ADDR) || c->size != sizeof mac ||
            !get(c, 0, mac, sizeof mac))
            return false;
        memcpy(c->net->mac, mac, sizeof mac);
        return true;
    default: return false;
    }
}

static bool set_vlan(const struct command *c)
{
    uint16_t vlan;

    if (!virtio_has_feature(c->v, VIRTIO_NET_F_CTRL_VLAN) || c->number > VIRTIO_NET_CTRL_VLAN_DEL ||
        c->size != sizeof vlan || !get(c, 0, &vlan, sizeof vlan) || vlan >= VLANS)
        return false;
    if (c->number == VIRTIO_NET_CTRL_VLAN_ADD)
        c->net->vlans[vlan / 32] |= 1u << vlan % 32;
    else
        c->net->vlans[vlan / 32] &= ~(1u << vlan % 32);
    return true;
}

static bool acknowledge_announce(const struct command *c)
{
    if (!virtio_has_feature(c->v, VIRTIO_NET_F_GUEST_ANNOUNCE) || c->size != 0 ||
        c->number != VIRTIO_NET_CTRL_ANNOUNCE_ACK || !(c->net->status & VIRTIO_NET_S_ANNOUNCE))
        return false;
    c->net->status &= (uint16_t)~VIRTIO_NET_S_ANNOUNCE;
    return true;
}

/* False if the device has failed. */
static bool control(struct virtio *v, const struct virtqueue_chain *chain)
{
    static bool (*const classes[])(const struct command *c) = {
        [VIRTIO_NET_CTRL_RX] = set_mode,
        [VIRTIO_NET_CTRL_MAC] = set_address,
        [VIRTIO_NET_CTRL_VLAN] = set_vlan,
        [VIRTIO_NET_CTRL_ANNOUNCE] = acknowledge_announce,
    };
    struct virtio_net_ctrl_hdr header;
    struct command c = {.v = v, .net = v->model, .chain = chain};
    uint8_t ack = VIRTIO_NET_ERR;

    if (chain->readable_size < sizeof header || chain->writable_size < sizeof ack) {
        virtio_fail(v);
        return false;
    }
    if (virtqueue_read(chain, 0, &header, sizeof header) != sizeof header)
        return false;
    c.number = header.command;
    c.size = chain->readable_size - sizeof header;
    if (header.class < sizeof classes / sizeof classes[0] && classes[header.class](&c))
        ack = VIRTIO_NET_OK;
    return virtqueue_write(chain, 0, &ack, sizeof ack) == sizeof ack;
}

/* --- queues ----------------------------------------------------------------------------------- */

static void net_notify(struct virtio *v, unsigned queue)
{
    struct virtqueue_chain chain;

    if (queue == VIRTIO_NET_RECEIVEQ || /* frames that wait are offered again by the transport */
        (queue == VIRTIO_NET_CONTROLQ && !virtio_has_feature(v, VIRTIO_NET_F_CTRL_VQ)))
        return;
    while (virtqueue_pop(v, queue, &chain)) {
        if (!(queue == VIRTIO_NET_TRANSMITQ ? transmit(v, &chain) : control(v, &chain)))
            return;
        virtqueue_push(v, queue, &chain, queue == VIRTIO_NET_CONTROLQ ? sizeof(uint8_t) : 0);
    }
}

const struct virtio_ops virtio_net_ops = {
    .name = "virtio-net-device",
    .summary = "a network card: netdev=ID[,mac=ADDRESS][,bootindex=N][,host_mtu=N]",
    .device_id = VIRTIO_ID_NET,
    .boot_name = "ethernet-phy@0",
    .state_size = sizeof(struct net),
    .fields = fields,
    .field_count = sizeof fields / sizeof fields[0],
    .create = net_create,
    .destroy = net_destroy,
    .features = net_features,
    .accepts = net_accepts,
    .reset = net_reset,
    .notify = net_notify,
    .config_size = offsetof(struct virtio_net_config, speed),
    .config_read = net_config_read,
    .config_write = net_config_write,
    .input = net_input,
};
