#pragma once
/*
 * The virtio network device ("Virtual I/O Device (VIRTIO) Version 1.2", section 5.1): features,
 * configuration space, packet header, control messages. All fields are little-endian.
 */
#include <stdint.h>

/* Feature bits, by number (5.1.3). */
enum virtio_net_feature {
    VIRTIO_NET_F_CSUM = 0,       /* the device fills in checksums of packets sent */
    VIRTIO_NET_F_GUEST_CSUM = 1, /* the driver takes packets whose checksum was looked at */
    VIRTIO_NET_F_CTRL_GUEST_OFFLOADS = 2,
    VIRTIO_NET_F_MTU = 3,
    VIRTIO_NET_F_MAC = 5,
    VIRTIO_NET_F_GSO = 6, /* legacy */
    VIRTIO_NET_F_GUEST_TSO4 = 7,
    VIRTIO_NET_F_GUEST_TSO6 = 8,
    VIRTIO_NET_F_GUEST_ECN = 9,
    VIRTIO_NET_F_GUEST_UFO = 10,
    VIRTIO_NET_F_HOST_TSO4 = 11,
    VIRTIO_NET_F_HOST_TSO6 = 12,
    VIRTIO_NET_F_HOST_ECN = 13,
    VIRTIO_NET_F_HOST_UFO = 14,
    VIRTIO_NET_F_MRG_RXBUF = 15, /* a packet may be spread over several receive buffers */
    VIRTIO_NET_F_STATUS = 16,
    VIRTIO_NET_F_CTRL_VQ = 17,
    VIRTIO_NET_F_CTRL_RX = 18,
    VIRTIO_NET_F_CTRL_VLAN = 19,
    VIRTIO_NET_F_CTRL_RX_EXTRA = 20,
    VIRTIO_NET_F_GUEST_ANNOUNCE = 21,
    VIRTIO_NET_F_MQ = 22,
    VIRTIO_NET_F_CTRL_MAC_ADDR = 23,
    VIRTIO_NET_F_SPEED_DUPLEX = 63,
};

/* Without VIRTIO_NET_F_MQ. */
enum virtio_net_queue {
    VIRTIO_NET_RECEIVEQ = 0,
    VIRTIO_NET_TRANSMITQ = 1,
    VIRTIO_NET_CONTROLQ = 2, /* with VIRTIO_NET_F_CTRL_VQ */
};

enum {
    VIRTIO_NET_MAC_SIZE = 6,
    VIRTIO_NET_MTU_MIN = 68,
    VIRTIO_NET_FRAME_MAX = 1514, /* without segmentation offload and VIRTIO_NET_F_MTU */
};

enum virtio_net_status {
    VIRTIO_NET_S_LINK_UP = 1,
    VIRTIO_NET_S_ANNOUNCE = 2, /* the driver shall announce itself, then VIRTIO_NET_CTRL_ANNOUNCE */
};

/* Configuration space (5.1.4); the fields have the same places whatever features there are. */
struct virtio_net_config {
    uint8_t mac[VIRTIO_NET_MAC_SIZE]; /* VIRTIO_NET_F_MAC; in legacy devices writable */
    uint16_t status;                  /* VIRTIO_NET_F_STATUS */
    uint16_t max_virtqueue_pairs;     /* VIRTIO_NET_F_MQ */
    uint16_t mtu;                     /* VIRTIO_NET_F_MTU */
    uint32_t speed;                   /* VIRTIO_NET_F_SPEED_DUPLEX: Mbit/s */
    uint8_t duplex;                   /* the same: 1 full, 0 half, 0xff unknown */
};

enum virtio_net_hdr_flag {
    VIRTIO_NET_HDR_F_NEEDS_CSUM = 1, /* the checksum is missing: csum_start, csum_offset */
    VIRTIO_NET_HDR_F_DATA_VALID = 2, /* the checksum has been found right */
};

enum virtio_net_hdr_gso {
    VIRTIO_NET_HDR_GSO_NONE = 0,
    VIRTIO_NET_HDR_GSO_TCPV4 = 1,
    VIRTIO_NET_HDR_GSO_UDP = 3,
    VIRTIO_NET_HDR_GSO_TCPV6 = 4,
    VIRTIO_NET_HDR_GSO_ECN = 0x80,
};

/* Before every packet (5.1.6). */
struct virtio_net_hdr {
    uint8_t flags;
    uint8_t gso_type;
    uint16_t hdr_len;     /* a hint only */
    uint16_t gso_size;    /* payload bytes of each segment */
    uint16_t csum_start;  /* sum from here in the packet to its end ... */
    uint16_t csum_offset; /* ... and store so far behind csum_start */
    uint16_t num_buffers; /* receive buffers used; 0 in packets that are sent */
};

enum {
    /* Legacy devices have no num_buffers unless VIRTIO_NET_F_MRG_RXBUF is negotiated. */
    VIRTIO_NET_HDR_LEGACY_SIZE = 10,
};

/* The control queue's messages: this, the command's data; then one writable byte (5.1.6.5). */
struct virtio_net_ctrl_hdr {
    uint8_t class;
    uint8_t command;
};

enum virtio_net_ctrl_ack {
    VIRTIO_NET_OK = 0,
    VIRTIO_NET_ERR = 1,
};

enum virtio_net_ctrl_class {
    VIRTIO_NET_CTRL_RX = 0,
    VIRTIO_NET_CTRL_MAC = 1,
    VIRTIO_NET_CTRL_VLAN = 2,
    VIRTIO_NET_CTRL_ANNOUNCE = 3,
    VIRTIO_NET_CTRL_MQ = 4,
};

/* Data: one byte, 0 off or 1 on. */
enum virtio_net_ctrl_rx {
    VIRTIO_NET_CTRL_RX_PROMISC = 0,
    VIRTIO_NET_CTRL_RX_ALLMULTI = 1,
    VIRTIO_NET_CTRL_RX_ALLUNI = 2, /* from here on VIRTIO_NET_F_CTRL_RX_EXTRA */
    VIRTIO_NET_CTRL_RX_NOMULTI = 3,
    VIRTIO_NET_CTRL_RX_NOUNI = 4,
    VIRTIO_NET_CTRL_RX_NOBCAST = 5,
};

enum virtio_net_ctrl_mac {
    /* Two tables, unicast and multicast, each a 32-bit number of addresses and the addresses. */
    VIRTIO_NET_CTRL_MAC_TABLE_SET = 0,
    VIRTIO_NET_CTRL_MAC_ADDR_SET = 1, /* VIRTIO_NET_F_CTRL_MAC_ADDR: an address */
};

/* Data: a 16-bit VLAN identifier. */
enum virtio_net_ctrl_vlan {
    VIRTIO_NET_CTRL_VLAN_ADD = 0,
    VIRTIO_NET_CTRL_VLAN_DEL = 1,
};

enum virtio_net_ctrl_announce {
    VIRTIO_NET_CTRL_ANNOUNCE_ACK = 0,
};
