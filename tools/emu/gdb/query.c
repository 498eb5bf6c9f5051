/* q and Q packets: what this stub can, which harts there are, settings. */
#include <stdio.h>
#include <string.h>

#include "tools/emu/gdb/private.h"

static void q_supported(struct gdb *g, const char *args)
{
    g->swbreak = strstr(args, "swbreak+") != NULL;
    g->hwbreak = strstr(args, "hwbreak+") != NULL;
    gdb_put(g,
            "PacketSize=%x;qXfer:features:read+;vContSupported+;QStartNoAckMode+;swbreak+;"
            "hwbreak+",
            GDB_PACKET_MAX);
}

/* ANNEX:OFFSET,LENGTH of qXfer:features:read */
static void q_features(struct gdb *g, const char *args)
{
    static const char annex[] = "target.xml:";
    const char *p = args + sizeof annex - 1;
    uint64_t offset, len, left;

    if (strncmp(args, annex, sizeof annex - 1) != 0) {
        gdb_error(g, 0);
        return;
    }
    if (!gdb_number(&p, &offset) || !gdb_char(&p, ',') || !gdb_number(&p, &len) || *p != '\0' ||
        offset > g->target_len) {
        gdb_error(g, GDB_EINVAL);
        return;
    }
    left = g->target_len - offset;
    if (len > GDB_PACKET_MAX / 2)
        len = GDB_PACKET_MAX / 2;
    gdb_put(g, len < left ? "m" : "l");
    gdb_put_bytes(g, g->target + offset, (size_t)(len < left ? len : left));
}

static void q_current(struct gdb *g, const char *args)
{
    (void)args;
    gdb_put(g, "QC%x", g->hart + 1);
}

static void q_first_threads(struct gdb *g, const char *args)
{
    (void)args;
    for (unsigned i = 0; i < g->machine->hart_count; i++)
        gdb_put(g, "%c%x", i == 0 ? 'm' : ',', i + 1);
}

static void q_more_threads(struct gdb *g, const char *args)
{
    (void)args;
    gdb_put(g, "l");
}

static void q_thread_info(struct gdb *g, const char *args)
{
    static const char *const modes[] = {"U", "S", "?", "M"};
    char text[64];
    int hart;

    if (!gdb_thread(g, &args, &hart) || hart == GDB_ALL_HARTS || *args != '\0') {
        gdb_error(g, GDB_EINVAL);
        return;
    }
    snprintf(text, sizeof text, "hart %d, %s-mode%s", hart,
             modes[hart_priv(g->machine->harts[hart])],
             hart_waiting(g->machine->harts[hart]) ? ", waiting" : "");
    gdb_put_hex(g, text, strlen(text));
}

static void q_attached(struct gdb *g, const char *args)
{
    (void)args;
    gdb_put(g, "1");
}

/* It offers to look symbols up; there is none we need. */
static void q_symbol(struct gdb *g, const char *args)
{
    (void)args;
    gdb_put(g, "OK");
}

/* A line for the monitor, in hexadecimal. */
static void q_command(struct gdb *g, const char *args)
{
    uint8_t line[512];
    size_t n = strlen(args) / 2;

    if (n >= sizeof line || strlen(args) % 2 != 0 || !gdb_bytes(args, line, n)) {
        gdb_error(g, GDB_EINVAL);
        return;
    }
    line[n] = '\0';
    gdb_monitor(g, (const char *)line);
    g->out_len = 0;
    gdb_put(g, "OK");
}

static void q_physical(struct gdb *g, const char *args)
{
    (void)args;
    gdb_put(g, "%d", g->physical);
}

static void q_sstep_bits(struct gdb *g, const char *args)
{
    (void)args;
    gdb_put(g, "ENABLE=%x,NOIRQ=%x,NOTIMER=%x", GDB_SSTEP_ENABLE, GDB_SSTEP_NOIRQ,
            GDB_SSTEP_NOTIMER);
}

static void q_sstep(struct gdb *g, const char *args)
{
    (void)args;
    gdb_put(g, "0x%x", g->sstep);
}

static void set_no_ack(struct gdb *g, const char *args)
{
    (void)args;
    g->no_ack = true;
    gdb_put(g, "OK");
}

static void set_physical(struct gdb *g, const char *args)
{
    if (strcmp(args, "0") != 0 && strcmp(args, "1") != 0) {
        gdb_error(g, GDB_EINVAL);
        return;
    }
    g->physical = args[0] == '1';
    gdb_put(g, "OK");
}

static void set_sstep(struct gdb *g, const char *args)
{
    uint64_t bits;

    if (strncmp(args, "0x", 2) == 0)
        args += 2;
    if (!gdb_number(&args, &bits) || *args != '\0' ||
        bits > (GDB_SSTEP_ENABLE | GDB_SSTEP_NOIRQ | GDB_SSTEP_NOTIMER)) {
        gdb_error(g, GDB_EINVAL);
        return;
    }
    g->sstep = (unsigned)bits;
    gdb_put(g, "OK");
}

/* `name` ends with the character before the arguments; without one, there are none. */
struct query {
    const char *name;
    void (*answer)(struct gdb *g, const char *args);
};

static const struct query queries[] = {
    {"qSupported", q_supported},
    {"qXfer:features:read:", q_features},
    {"qC", q_current},
    {"qfThreadInfo", q_first_threads},
    {"qsThreadInfo", q_more_threads},
    {"qThreadExtraInfo,", q_thread_info},
    {"qAttached", q_attached},
    {"qSymbol:", q_symbol},
    {"qRcmd,", q_command},
    {"qqemu.PhyMemMode", q_physical},
    {"qqemu.sstepbits", q_sstep_bits},
    {"qqemu.sstep", q_sstep},
};

static const struct query settings[] = {
    {"QStartNoAckMode", set_no_ack},
    {"Qqemu.PhyMemMode:", set_physical},
    {"Qqemu.sstep=", set_sstep},
};

/* The row whose name the packet begins with, and what is behind that must fit. */
static void look_up(struct gdb *g, const struct query *rows, size_t count, const char *content)
{
    for (size_t i = 0; i < count; i++) {
        size_t n = strlen(rows[i].name);
        char last = rows[i].name[n - 1], next = content[n < strlen(content) ? n : strlen(content)];
        bool open = last == ':' || last == ',' || last == '=';
        if (strncmp(content, rows[i].name, n) != 0 ||
            (!open && next != '\0' && next != ':' && next != ';'))
            continue;
        rows[i].answer(g, content + n);
        return;
    }
}

void gdb_query(struct gdb *g, const char *content)
{
    look_up(g, queries, sizeof queries / sizeof queries[0], content);
}

void gdb_set(struct gdb *g, const char *content)
{
    look_up(g, settings, sizeof settings / sizeof settings[0], content);
}
