/*
 * Whatever comes from gdb: bytes as they are, or lines that are made into packets with the right
 * sum, to a machine of two harts that runs where the stub wants it to. As it needs the whole
 * emulator it is linked with the sanitized build's objects (gdb.test); arguments: seed, number of
 * inputs.
 */
#include <stdio.h>

#include "fuzz.h"
#include "tools/emu/gdb/gdb.h"

static uint64_t now(void *arg)
{
    static uint64_t ns;
    (void)arg;
    return ns += 1000;
}

/* Replies are packets, acknowledgements, and nothing else. */
static void on_send(void *arg, const void *bytes, size_t n)
{
    const char *c = bytes;
    (void)arg;
    fuzz_require(n > 0);
    fuzz_require((n == 1 && (*c == '+' || *c == '-')) || (n >= 4 && *c == '$' && c[n - 3] == '#'));
}

static struct machine *make_machine(unsigned xlen)
{
    static const uint32_t loop[] = {0x00128293, 0xffdff06f}; /* 1: addi t0, t0, 1; j 1b */
    struct machine_config config = {
        .type = machine_types[0],
        .hart_count = 2,
        .ram_size = 1 << 20,
        .icount_ns = 1,
        .host = {.now_ns = now},
    };
    char err[128];
    isa_default(&config.isa, xlen);
    struct machine *m = machine_create(&config, err, sizeof err);
    fuzz_require(m != NULL);
    machine_add_image(m, 0x1000, sizeof loop, loop, sizeof loop);
    machine_reset(m);
    return m;
}

static void packet(struct gdb *g, const uint8_t *line, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t sum = 0;
    gdb_receive(g, (const uint8_t *)"$", 1);
    for (size_t i = 0; i < n; i++)
        sum = (uint8_t)(sum + line[i]);
    gdb_receive(g, line, n);
    gdb_receive(g, (const uint8_t[]){'#', (uint8_t)digits[sum >> 4], (uint8_t)digits[sum & 15]}, 3);
}

/* Lets the machine do what the stub wants, but not for long. */
static bool go_on(struct gdb *g, struct machine *m)
{
    for (unsigned n = 0; n < 4; n++) {
        struct machine_exit exit = {.reason = MACHINE_BUDGET};
        switch (gdb_wish(g)) {
        case GDB_WANTS_RUN: exit = machine_run(m, 500); break;
        case GDB_WANTS_STEP: exit = gdb_step(g); break;
        case GDB_WANTS_WAIT: return true;
        case GDB_WANTS_END: return false;
        }
        if (exit.reason == MACHINE_POWEROFF) {
            gdb_ended(g, exit.code);
            return false;
        }
        if (exit.reason == MACHINE_RESET)
            machine_reset(m);
        gdb_stopped(g, &exit);
    }
    gdb_receive(g, (const uint8_t *)"\3", 1); /* enough */
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct machine *machines[2];
    const struct gdb_host host = {.send = on_send};
    struct machine **m = &machines[size > 0 && data[0] & 1];
    if (*m == NULL)
        *m = make_machine(m == machines ? 64 : 32);
    machine_reset(*m);
    struct gdb *g = gdb_create(*m, &host, true);
    fuzz_require(g != NULL);
    gdb_connected(g);
    /* A line that begins with a blank goes as it is, another as a packet. */
    for (size_t at = 1; at < size;) {
        const uint8_t *line = data + at, *end = memchr(line, '\n', size - at);
        size_t n = end ? (size_t)(end - line) : size - at;
        if (n > 0 && line[0] == ' ')
            gdb_receive(g, line + 1, n - 1);
        else
            packet(g, line, n);
        at += n + 1;
        if (!go_on(g, *m))
            break;
    }
    gdb_disconnected(g);
    gdb_destroy(g);
    return 0;
}

/* --- inputs: packets that make sense, and changes of them --------------------------------------
 */

static const char *const samples[] = {
    "?",
    "!",
    "g",
    "G00112233",
    "p20",
    "p341",
    "P5=1122334455667788",
    "m80000000,40",
    "m1000,8",
    "m10000000,1",
    "M80000000,4:00112233",
    "X80000004,4:abcd",
    "Z0,1004,4",
    "z0,1004,4",
    "Z1,1000,4",
    "Z2,80000000,8",
    "Z4,80000000,1000",
    "z2,80000000,8",
    "Hg1",
    "Hc2",
    "Hc-1",
    "T2",
    "T9",
    "c",
    "s",
    "vCont;c",
    "vCont;s:1",
    "vCont;s:2;c",
    "vCont;r1000,1008:1",
    "vCont?",
    "vKill;1",
    "vRun;",
    "R00",
    "D",
    "qC",
    "qSupported:swbreak+;hwbreak+",
    "qfThreadInfo",
    "qsThreadInfo",
    "qThreadExtraInfo,1",
    "qXfer:features:read:target.xml:0,400",
    "QStartNoAckMode",
    "Qqemu.PhyMemMode:1",
    "qAttached",
    "qRcmd,696e666f206d656d",
    "qRcmd,7472616e736c61746520307831303030",
    "qRcmd,70687973206f6e",
    "qRcmd,706879736963616c206d6d696f",
    "qRcmd,696e666f20646576696365",
    "Qqemu.sstep=1",
    "C05",
    "S05",
    " \3",
    " -",
    " +",
    " $g#00",
    " $m8000",
    "k",
    "P1081=01000000",
    "P1c1=0000010000000080",
};
enum { SAMPLES = sizeof samples / sizeof samples[0], INPUT_MAX = 2048 };

static uint64_t state;

static unsigned below(unsigned n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 33) % n;
}

/* One change in the last n bytes. */
static size_t change(uint8_t *bytes, size_t n)
{
    static const char marks[] = ",;:=#$}*-.0f9xz \n";
    size_t at = n > 0 ? below((unsigned)n) : 0;

    switch (below(5)) {
    case 0: bytes[at] = (uint8_t)below(256); return n;
    case 1: bytes[at] = (uint8_t)marks[below(sizeof marks - 1)]; return n;
    case 2: return at; /* cut off */
    case 3:            /* a long number */
        memmove(bytes + at + 16, bytes + at, n - at);
        memset(bytes + at, "0f8"[below(3)], 16);
        return n + 16;
    default: return n;
    }
}

static size_t make_input(uint8_t *bytes)
{
    size_t n = 0;

    bytes[n++] = (uint8_t)below(2);
    for (unsigned lines = 1 + below(20); lines > 0; lines--) {
        const char *sample = samples[below(SAMPLES)];
        size_t len = strlen(sample);
        memcpy(bytes + n, sample, len);
        if (below(2))
            len = change(bytes + n, len);
        n += len;
        bytes[n++] = '\n';
    }
    return n;
}

int main(int argc, char **argv)
{
    static uint8_t bytes[INPUT_MAX];
    unsigned long inputs = argc > 2 ? strtoul(argv[2], NULL, 0) : 2000;

    state = argc > 1 ? strtoul(argv[1], NULL, 0) * 0x9e3779b97f4a7c15 + 1 : 1;
    for (unsigned long i = 0; i < inputs; i++)
        LLVMFuzzerTestOneInput(bytes, make_input(bytes));
    printf("1..1\nok 1 - %lu inputs\n", inputs);
    return 0;
}
