// links: tools/emu/debug.c tools/emu/crash.c tools/emu/disasm.c tools/emu/gdb/memory.c
// links: tools/emu/gdb/monitor.c tools/emu/gdb/packet.c tools/emu/gdb/pages.c
// links: tools/emu/gdb/query.c tools/emu/gdb/registers.c tools/emu/gdb/resume.c
// links: tools/emu/gdb/stub.c tools/emu/machine_debug.c tools/emu/hart_debug.c
/*
 * Whatever comes from gdb, to a machine of two harts that runs where the stub wants it to: lines
 * that are made into packets with the right sum, bytes as they are, clients that leave. The first
 * byte says what machine it is, the second after how many replies the connection breaks.
 */
#include <stdio.h>

#include "fuzz.h"
#include "tools/emu/debug.h"
#include "tools/emu/trace.h"

enum { RV32 = 1, RUNNING = 2, HISTORY = 4 }; /* bits of the first byte */
enum { RAW = ' ', RECONNECT = '\r' };        /* what a line begins with that is no packet */
enum { RAM_BASE = 0x80000000, RAM_SIZE = 64 << 10, ROM_BASE = 0x1000, TABLE = RAM_BASE + 0x1000 };

static struct debug debug;
static unsigned replies_left; /* 0: any number */

/* --- the socket ------------------------------------------------------------------------------- */

int host_server_open(struct host_server *s, const char *spec, char *err, size_t err_size)
{
    (void)spec;
    (void)err;
    (void)err_size;
    s->opened = true;
    return 0;
}

unsigned host_server_port(const struct host_server *s)
{
    (void)s;
    return 0;
}

static void leave(struct host_server *s)
{
    if (s->client.fd < 0)
        return;
    s->client.fd = -1;
    s->disconnected(s->arg);
}

static void come(struct host_server *s)
{
    s->client.fd = 0;
    s->connected(s->arg);
}

static void receive(struct host_server *s, const void *bytes, size_t n)
{
    if (s->client.fd >= 0)
        s->received(s->arg, bytes, n);
}

/* Replies are packets, acknowledgements, and nothing else. */
void host_server_send(struct host_server *s, const void *bytes, size_t n)
{
    const char *c = bytes;

    fuzz_require(n > 0);
    fuzz_require((n == 1 && (*c == '+' || *c == '-')) || (n >= 4 && *c == '$' && c[n - 3] == '#'));
    if (replies_left != 0 && --replies_left == 0)
        leave(s);
}

void host_server_close(struct host_server *s)
{
    s->opened = false;
}

void message(const char *fmt, ...)
{
    (void)fmt;
}

/* --- the machine ------------------------------------------------------------------------------ */

static uint64_t now(void *arg)
{
    static uint64_t ns;
    (void)arg;
    return ns += 1000;
}

/* A loop with a store, a load and a trap; what is behind it gdb may go to. */
static const uint32_t program[] = {
    0xfff00293, 0x3b029073, 0x3a0fd073,             /* pmpaddr0 = -1, pmpcfg0 = all of it */
    0x7ffff317, 0x00000297, 0x02028293, 0x30529073, /* t1 = 0x8000000c, mtvec = handler */
    0x00140413, 0x00832023, 0x00032483, 0x00000073, /* loop: count, store, load, ecall */
    0xff1ff06f,                                     /* j loop */
    0x341022f3, 0x00428293, 0x34129073, 0x30200073, /* handler: mepc += 4, mret */
    0x10500073, 0xfd9ff06f,                         /* wfi; j loop */
};

/* Root page tables: memory and devices where they are, and entry 3, the table itself. */
static const uint64_t sv39[] = {0xcf, 0, 0x200000cf, 0x20000401};
static const uint32_t sv32[1024] = {[0] = 0xcf, [3] = 0x20000401, [512] = 0x200000cf};

static struct machine *make_machine(unsigned xlen)
{
    struct machine_config config = {
        .type = machine_types[0],
        .hart_count = 2,
        .ram_size = RAM_SIZE,
        .icount_ns = 1,
        .host = {.now_ns = now},
    };
    const void *table = xlen == 64 ? (const void *)sv39 : sv32;
    size_t table_size = xlen == 64 ? sizeof sv39 : sizeof sv32;
    char err[128];

    isa_default(&config.isa, xlen);
    struct machine *m = machine_create(&config, err, sizeof err);
    fuzz_require(m != NULL);
    fuzz_require(machine_add_image(m, ROM_BASE, sizeof program, program, sizeof program) == 0);
    fuzz_require(machine_add_image(m, TABLE, RAM_SIZE - 0x1000, table, table_size) == 0);
    fuzz_require(machine_add_image(m, RAM_BASE, 0x1000, "", 1) == 0);
    return m;
}

/* --- what gdb says ---------------------------------------------------------------------------- */

static void packet(struct host_server *s, const uint8_t *line, size_t n)
{
    char end[4];
    uint8_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum = (uint8_t)(sum + line[i]);
    snprintf(end, sizeof end, "#%02x", sum);
    receive(s, "$", 1);
    receive(s, line, n);
    receive(s, end, 3);
}

/* Lets the machine do what the stub wants, but not for long. False: the run is over. */
static bool go_on(struct machine *m)
{
    for (unsigned n = 0; n < 4; n++) {
        struct machine_exit exit = {.reason = MACHINE_BUDGET};
        switch (debug_wish(&debug)) {
        case GDB_WANTS_RUN: exit = machine_run(m, 500); break;
        case GDB_WANTS_STEP: exit = gdb_step(debug.gdb); break;
        case GDB_WANTS_WAIT: return true;
        case GDB_WANTS_END: return false;
        }
        switch (exit.reason) {
        case MACHINE_POWEROFF: gdb_ended(debug.gdb, exit.code); return false;
        case MACHINE_RESET: fuzz_require(machine_reset(m) == 0); break;
        case MACHINE_STUCK:
        case MACHINE_STOP:
        case MACHINE_DEBUG: gdb_stopped(debug.gdb, &exit); break;
        default: break;
        }
    }
    receive(&debug.server, "\3", 1); /* enough */
    return true;
}

static void session(struct machine *m, const uint8_t *data, size_t size)
{
    struct host_server *s = &debug.server;

    come(s);
    for (size_t at = 0; at < size;) {
        const uint8_t *line = data + at, *end = memchr(line, '\n', size - at);
        size_t n = end ? (size_t)(end - line) : size - at;
        if (n > 0 && line[0] == RAW) {
            receive(s, line + 1, n - 1);
        } else if (n > 0 && line[0] == RECONNECT) {
            leave(s);
            come(s);
        } else {
            packet(s, line, n);
        }
        at += n + 1;
        if (!go_on(m))
            break;
    }
    leave(s);
    go_on(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct machine *machines[8];
    struct options options = {.gdb = ""};
    struct loader loader = {.options = &options};

    if (size < 2)
        return 0;
    struct machine **m = &machines[data[0] & (RV32 | HISTORY)];
    if (*m == NULL)
        *m = make_machine(data[0] & RV32 ? 32 : 64);
    options.hold = !(data[0] & RUNNING);
    options.history = data[0] & HISTORY;
    replies_left = data[1] & 15 ? 0 : data[1] >> 4;
    fuzz_require(machine_reset(*m) == 0);
    fuzz_require(trace_open(*m, &loader, 0, "/dev/null") == 0);
    debug.server.client.fd = -1;
    fuzz_require(debug_open(&debug, *m, &options) == 0);
    session(*m, data + 2, size - 2);
    debug_close(&debug);
    trace_switch(0);
    trace_close();
    return 0;
}
