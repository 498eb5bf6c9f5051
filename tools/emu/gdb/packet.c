#include "tools/emu/gdb/packet.h"

enum { INTERRUPT = 3, ESCAPE = '}', ESCAPED = 0x20 };

int gdb_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void begin(struct gdb_packet *p)
{
    p->state = GDB_PACKET_CONTENT;
    p->sum = 0;
    p->len = 0;
    p->too_long = false;
}

static enum gdb_input idle(struct gdb_packet *p, uint8_t byte)
{
    switch (byte) {
    case '$': begin(p); return GDB_INPUT_NOTHING;
    case '-': return GDB_INPUT_RESEND;
    case INTERRUPT: return GDB_INPUT_INTERRUPT;
    default: return GDB_INPUT_NOTHING; /* + among the rest */
    }
}

static void content(struct gdb_packet *p, uint8_t byte)
{
    if (byte == '$') { /* the end of the one before was lost */
        begin(p);
    } else if (byte == '#') {
        p->state = GDB_PACKET_SUM1;
    } else {
        p->sum = (uint8_t)(p->sum + byte);
        if (p->len < GDB_PACKET_MAX)
            p->content[p->len++] = (char)byte;
        else
            p->too_long = true;
    }
}

static enum gdb_input end(struct gdb_packet *p, char digit)
{
    int high = gdb_digit(p->digit), low = gdb_digit(digit);

    p->state = GDB_PACKET_IDLE;
    p->content[p->len] = '\0';
    if (high < 0 || low < 0 || (high << 4 | low) != p->sum)
        return GDB_INPUT_DAMAGED;
    return p->too_long ? GDB_INPUT_TOO_LONG : GDB_INPUT_PACKET;
}

enum gdb_input gdb_packet_take(struct gdb_packet *p, uint8_t byte)
{
    switch (p->state) {
    case GDB_PACKET_IDLE: return idle(p, byte);
    case GDB_PACKET_CONTENT: content(p, byte); return GDB_INPUT_NOTHING;
    case GDB_PACKET_SUM1:
        p->digit = (char)byte;
        p->state = GDB_PACKET_SUM2;
        return GDB_INPUT_NOTHING;
    default: return end(p, (char)byte);
    }
}

size_t gdb_packet_frame(char *frame, const char *from, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    size_t n = 0;
    uint8_t sum = 0;

    frame[n++] = '$';
    for (size_t i = 0; i < len; i++) {
        char c = from[i];
        if (c == '$' || c == '#' || c == ESCAPE || c == '*') {
            frame[n++] = ESCAPE;
            c = (char)(c ^ ESCAPED);
        }
        frame[n++] = c;
    }
    for (size_t i = 1; i < n; i++)
        sum = (uint8_t)(sum + (uint8_t)frame[i]);
    frame[n++] = '#';
    frame[n++] = digits[sum >> 4];
    frame[n++] = digits[sum & 15];
    return n;
}

size_t gdb_packet_unescape(char *bytes, size_t len)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        if (bytes[i] == ESCAPE && i + 1 < len)
            bytes[n++] = (char)(bytes[++i] ^ ESCAPED);
        else
            bytes[n++] = bytes[i];
    }
    return n;
}
