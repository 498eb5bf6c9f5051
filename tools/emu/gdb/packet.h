#pragma once
/* Packets on the wire: $CONTENT#SUM, acknowledged by + or - (GDB manual, "Overview"). */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GDB_PACKET_MAX = 0x4000,                 /* bytes of content, as it is on the wire */
    GDB_FRAME_MAX = 2 * GDB_PACKET_MAX + 16, /* of a reply on the wire: every byte escaped */
};

/* The packet that is arriving. All zero: none. */
struct gdb_packet {
    enum { GDB_PACKET_IDLE, GDB_PACKET_CONTENT, GDB_PACKET_SUM1, GDB_PACKET_SUM2 } state;
    uint8_t sum;
    char digit;
    bool too_long;
    size_t len;
    char content[GDB_PACKET_MAX + 1]; /* a 0 behind its end when it is complete */
};

enum gdb_input {
    GDB_INPUT_NOTHING, /* yet */
    GDB_INPUT_PACKET,
    GDB_INPUT_TOO_LONG, /* whole, but its content is lost */
    GDB_INPUT_DAMAGED,  /* the sum is wrong */
    GDB_INPUT_RESEND,
    GDB_INPUT_INTERRUPT,
};

/* One more byte: what is complete with it. */
enum gdb_input gdb_packet_take(struct gdb_packet *p, uint8_t byte);

/* Writes a packet with this content to `frame` (GDB_FRAME_MAX bytes); returns its length. */
size_t gdb_packet_frame(char *frame, const char *content, size_t len);

/* Undoes escapes in place; returns the new length. */
size_t gdb_packet_unescape(char *bytes, size_t len);

/* The value of a hexadecimal digit, -1 if it is none. */
int gdb_digit(char c);
