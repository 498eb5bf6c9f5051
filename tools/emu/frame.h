#pragma once
/* Ethernet frames: what network devices do for drivers that leave checksums to them. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FRAME_MAC_SIZE = 6,
    FRAME_HEADER_SIZE = 14, /* two addresses and the type */
    FRAME_VLAN_SIZE = 4,    /* a tag between addresses and type */
};

/* The VLAN a frame of at least a header is tagged with (IEEE 802.1Q), -1 if it is not. */
int frame_vlan(const uint8_t *frame, size_t n);

/*
 * Put the Internet checksum (RFC 1071) of the n - start bytes from `start` at start + offset, where
 * a partial sum stands. False, and nothing done, if these are not inside the frame.
 */
bool frame_put_checksum(uint8_t *frame, size_t n, size_t start, size_t offset);

/*
 * Has the frame a TCP or UDP checksum, over IPv4 or IPv6 without extension headers, and is that
 * right, and the IPv4 header's as well? False of anything else, fragments among it.
 */
bool frame_checksum_is_right(const uint8_t *frame, size_t n);
