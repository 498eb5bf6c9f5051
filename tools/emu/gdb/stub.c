/* Packets in, replies out: which packet is whose, and what is written how. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/emu/gdb/private.h"

/* --- replies --------------------------------------------------------------------------------- */

void gdb_put_bytes(struct gdb *g, const void *bytes, size_t n)
{
    size_t room = sizeof g->out - g->out_len;

    n = n < room ? n : room;
    memcpy(g->out + g->out_len, bytes, n);
    g->out_len += n;
}

void gdb_put(struct gdb *g, const char *fmt, ...)
{
    char text[256];
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (n > 0)
        gdb_put_bytes(g, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
}

void gdb_put_hex(struct gdb *g, const void *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *b = bytes;

    for (size_t i = 0; i < n; i++)
        gdb_put_bytes(g, (char[2]){digits[b[i] >> 4], digits[b[i] & 15]}, 2);
}

void gdb_error(struct gdb *g, int number)
{
    g->out_len = 0;
    gdb_put(g, "E%02x", (unsigned)number);
}

void gdb_send(struct gdb *g)
{
    g->frame_len = gdb_packet_frame(g->frame, g->out, g->out_len);
    g->out_len = 0;
    g->host.send(g->host.arg, g->frame, g->frame_len);
}

/* --- reading packets ------------------------------------------------------------------------- */

bool gdb_number(const char **p, uint64_t *value)
{
    const char *start = *p;

    *value = 0;
    for (; gdb_digit(**p) >= 0; (*p)++) {
        if (*value >> 60)
            return false;
        *value = *value << 4 | (unsigned)gdb_digit(**p);
    }
    return *p != start;
}

bool gdb_char(const char **p, char c)
{
    bool is = **p == c;

    *p += is;
    return is;
}

bool gdb_bytes(const char *text, uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int high = gdb_digit(text[2 * i]), low = high < 0 ? -1 : gdb_digit(text[2 * i + 1]);
        if (low < 0)
            return false;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

bool gdb_thread(const struct gdb *g, const char **p, int *hart)
{
    uint64_t number;

    *hart = GDB_ALL_HARTS;
    if (gdb_char(p, '-'))
        return gdb_char(p, '1');
    if (!gdb_number(p, &number) || number > g->machine->hart_count)
        return false;
    if (number != 0)
        *hart = (int)number - 1;
    return true;
}

/* --- packets --------------------------------------------------------------------------------- */

/* H OP THREAD */
static void select_thread(struct gdb *g, const char *content)
{
    const char *p = content + 2;
    int hart;

    if (content[1] == '\0' || !gdb_thread(g, &p, &hart) || *p != '\0') {
        gdb_error(g, GDB_EINVAL);
        return;
    }
    if (content[1] == 'c')
        g->continue_hart = hart;
    else if (hart != GDB_ALL_HARTS)
        g->hart = (unsigned)hart;
    gdb_put(g, "OK");
}

/* T THREAD */
static void thread_alive(struct gdb *g, const char *content)
{
    const char *p = content + 1;
    int hart;

    if (gdb_thread(g, &p, &hart) && hart != GDB_ALL_HARTS && *p == '\0')
        gdb_put(g, "OK");
    else
        gdb_error(g, GDB_EINVAL);
}

/* What a client has set, as it is for the next one; the harts are told later. */
static void forget_settings(struct gdb *g)
{
    g->points.break_count = g->points.watch_count = 0;
    g->resumed = false;
    g->extended = false;
    g->physical = g->mmio = false;
    g->continue_hart = GDB_ALL_HARTS;
    g->sstep = GDB_SSTEP_ENABLE | GDB_SSTEP_NOIRQ | GDB_SSTEP_NOTIMER;
}

static void forget_client(struct gdb *g)
{
    forget_settings(g);
    gdb_apply_points(g);
}

static void detach(struct gdb *g)
{
    gdb_put(g, "OK");
    gdb_send(g);
    forget_client(g);
    gdb_run(g, 0);
    g->resumed = false;
}

/* vKill: in extended mode gdb stays, and may start the machine again. */
static void kill_machine(struct gdb *g)
{
    gdb_put(g, "OK");
    if (g->extended)
        gdb_restart(g);
    else
        g->mode = GDB_WANTS_END;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* v packets; false: there will be no reply, or it has been sent. */
static bool v_packet(struct gdb *g, const char *content)
{
    if (strcmp(content, "vCont?") == 0) {
        gdb_put(g, "vCont;c;C;s;S;r");
    } else if (begins(content, "vCont;")) {
        gdb_vcont(g, content + strlen("vCont"));
        return g->out_len != 0;
    } else if (begins(content, "vKill;")) {
        kill_machine(g);
    } else if (begins(content, "vRun;") || begins(content, "vAttach;")) {
        if (content[1] == 'R')
            gdb_restart(g);
        gdb_put_stop(g);
    }
    return true;
}

/* Carries out a packet; false: there will be no reply, or it has been sent. */
static bool dispatch(struct gdb *g, char *content, size_t len)
{
    switch (content[0]) {
    case '?': gdb_put_stop(g); return true;
    case '!':
        g->extended = true;
        gdb_put(g, "OK");
        return true;
    case 'g': gdb_read_all(g); return true;
    case 'G': gdb_write_all(g, content); return true;
    case 'p': gdb_read_one(g, content); return true;
    case 'P': gdb_write_one(g, content); return true;
    case 'm': gdb_read_memory(g, content); return true;
    case 'M': gdb_write_memory(g, content); return true;
    case 'X': gdb_write_binary(g, content, len); return true;
    case 'Z': gdb_insert_point(g, content); return true;
    case 'z': gdb_remove_point(g, content); return true;
    case 'H': select_thread(g, content); return true;
    case 'T': thread_alive(g, content); return true;
    case 'q': gdb_query(g, content); return true;
    case 'Q': gdb_set(g, content); return true;
    case 'v': return v_packet(g, content);
    case 'c':
    case 'C':
    case 's':
    case 'S': gdb_continue(g, content); return g->out_len != 0;
    case 'D': detach(g); return false;
    case 'R': gdb_restart(g); return false;
    case 'k':
        if (g->extended)
            gdb_restart(g);
        else
            g->mode = GDB_WANTS_END;
        return false;
    default: return true; /* the empty reply: not known */
    }
}

static void acknowledge(struct gdb *g, char c)
{
    if (!g->no_ack)
        g->host.send(g->host.arg, &c, 1);
}

/* One byte while the machine stands still. */
static void take(struct gdb *g, uint8_t byte)
{
    switch (gdb_packet_take(&g->in, byte)) {
    case GDB_INPUT_PACKET:
        acknowledge(g, '+');
        g->out_len = 0;
        if (dispatch(g, g->in.content, g->in.len))
            gdb_send(g);
        break;
    case GDB_INPUT_TOO_LONG:
        acknowledge(g, '+');
        gdb_error(g, GDB_EINVAL);
        gdb_send(g);
        break;
    case GDB_INPUT_DAMAGED: acknowledge(g, '-'); break;
    case GDB_INPUT_RESEND:
        if (!g->no_ack && g->frame_len != 0)
            g->host.send(g->host.arg, g->frame, g->frame_len);
        break;
    case GDB_INPUT_INTERRUPT: /* it stands already */
    case GDB_INPUT_NOTHING: break;
    }
}

/* Stop the machine, for the reason that the client wants it. */
static void interrupt(struct gdb *g)
{
    g->interrupted = true;
    machine_stop(g->machine);
}

static void hold_back(struct gdb *g, uint8_t byte)
{
    enum { INTERRUPT = 3 };

    if (byte == INTERRUPT && g->in.state == GDB_PACKET_IDLE)
        interrupt(g);
    else if (g->held_back_len < sizeof g->held_back)
        g->held_back[g->held_back_len++] = byte;
}

void gdb_receive(struct gdb *g, const uint8_t *bytes, size_t n)
{
    /* A reply that cannot be sent ends the connection. */
    for (size_t i = 0; i < n && g->connected; i++) {
        if (g->mode == GDB_WANTS_WAIT)
            take(g, bytes[i]);
        else if (g->mode != GDB_WANTS_END)
            hold_back(g, bytes[i]);
    }
}

/* --- the client comes and goes ---------------------------------------------------------------- */

void gdb_connected(struct gdb *g)
{
    g->in.state = GDB_PACKET_IDLE;
    g->held_back_len = g->frame_len = 0;
    g->no_ack = g->swbreak = g->hwbreak = false;
    forget_settings(g); /* the one before may have gone while the machine ran */
    g->connected = true;
    if (g->mode != GDB_WANTS_WAIT && g->mode != GDB_WANTS_END)
        interrupt(g);
}

void gdb_disconnected(struct gdb *g)
{
    g->connected = false;
    g->held_back_len = 0;
    if (g->mode == GDB_WANTS_WAIT)
        forget_client(g);
    else if (g->mode != GDB_WANTS_END)
        interrupt(g); /* gdb_stopped() sees to the rest */
}

static void after_stop(struct gdb *g)
{
    size_t n = g->held_back_len;
    uint8_t *bytes;

    if (!g->connected) {
        forget_client(g);
        gdb_run(g, 0);
        return;
    }
    if (g->resumed) {
        g->resumed = false;
        g->out_len = 0;
        gdb_put_stop(g);
        gdb_send(g);
    }
    g->held_back_len = 0;
    bytes = malloc(n + 1); /* what is in there may let the machine run again */
    if (bytes == NULL)
        return;
    memcpy(bytes, g->held_back, n);
    gdb_receive(g, bytes, n);
    free(bytes);
}

bool gdb_stopped(struct gdb *g, const struct machine_exit *exit)
{
    switch (exit->reason) {
    case MACHINE_DEBUG:
        g->stop = (struct gdb_stop){.signal = GDB_SIGTRAP, .hart = exit->hart};
        g->stop.hit = hart_take_hit(g->machine->harts[exit->hart]);
        break;
    case MACHINE_STUCK:
        if (!g->connected)
            return false;
        g->stop = (struct gdb_stop){.signal = GDB_SIGSEGV, .hart = exit->hart};
        break;
    case MACHINE_STOP:
        if (!g->interrupted)
            return false; /* it is somebody else's */
        g->stop = (struct gdb_stop){.signal = GDB_SIGINT, .hart = g->hart};
        for (unsigned i = 0; i < g->machine->hart_count; i++)
            if (hart_waiting(g->machine->harts[g->stop.hart]))
                g->stop.hart = (g->stop.hart + 1) % g->machine->hart_count;
        break;
    default: return false;
    }
    g->interrupted = false;
    g->hart = g->stop.hart;
    gdb_hold(g);
    after_stop(g);
    return true;
}

void gdb_ended(struct gdb *g, int status)
{
    if (!g->connected || !g->resumed)
        return;
    g->out_len = 0;
    gdb_put(g, "W%02x", (unsigned)status & 0xff);
    gdb_send(g);
    g->resumed = false;
}

enum gdb_wish gdb_wish(const struct gdb *g)
{
    return g->mode;
}

/* --- life ------------------------------------------------------------------------------------ */

struct gdb *gdb_create(struct machine *m, const struct gdb_host *host, bool hold)
{
    struct gdb *g = calloc(1, sizeof *g);

    if (g == NULL)
        return NULL;
    g->machine = m;
    g->host = *host;
    g->stop.signal = GDB_SIGTRAP;
    forget_client(g);
    g->disasm = disasm_create(m->isa.xlen);
    if (g->disasm == NULL || !gdb_describe(g)) {
        gdb_destroy(g);
        return NULL;
    }
    if (hold)
        gdb_hold(g);
    return g;
}

void gdb_destroy(struct gdb *g)
{
    if (g == NULL)
        return;
    machine_set_points(g->machine, NULL);
    disasm_destroy(g->disasm);
    free(g->target);
    free(g);
}
