/*
 * Options that are spelled as QEMU spells them. What makes no difference here is accepted where it
 * asks for what we do anyway; all else is refused by name.
 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/emu/host/host.h"
#include "tools/emu/message.h"
#include "tools/emu/options_private.h"
#include "tools/emu/props.h"

#define NS_PER_S UINT64_C(1000000000)

bool options_number(const char *text, uint64_t *value)
{
    char *end;

    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    *value = strtoull(text, &end, 0);
    return errno == 0 && *end == '\0';
}

/* Take a value apart; false after a message. */
static bool parse(const char *option, struct props *props, const char *value, const char *first)
{
    char err[128];

    if (props_parse(props, value, first, err, sizeof err) == 0)
        return true;
    message("-%s: %s", option, err);
    return false;
}

/* Refuse what nobody has asked for. */
static int finish(const char *option, struct props *props, int status)
{
    const char *unknown = props_unknown(props);

    if (status == GO_ON && unknown != NULL) {
        message("-%s: the property '%s' is not supported", option, unknown);
        status = EXIT_USAGE;
    }
    props_free(props);
    return status;
}

static int list_machines(void)
{
    for (size_t i = 0; machine_types[i] != NULL; i++)
        printf("%-10s %s\n", machine_types[i]->name, machine_types[i]->summary);
    return 0;
}

static bool choose_machine(struct options *o, const char *name)
{
    for (size_t i = 0; machine_types[i] != NULL; i++) {
        if (strcmp(name, machine_types[i]->name) == 0) {
            o->machine = machine_types[i];
            return true;
        }
    }
    message("-M: unknown machine '%s'; -M help lists them", name);
    return false;
}

int options_set_bios(struct options *o, const char *value)
{
    o->bios = strcmp(value, "default") == 0 ? NULL : value;
    return GO_ON;
}

static void list_cpus(void)
{
    int column = 100;

    printf("rv32\nrv64\n\nproperties: misaligned=done|trap, pmp=N, time=trap; with on or off:");
    for (unsigned i = 0; i < EXT_COUNT; i++) {
        const char *name = isa_ext_name(i);
        if (column + strlen(name) + 1 > 100)
            column = printf("\n ") - 1;
        column += printf(" %s", name);
    }
    printf("\n");
}

int options_set_cpu(struct options *o, const char *value)
{
    size_t name = strcspn(value, ",");

    if (strcmp(value, "help") == 0) {
        list_cpus();
        return 0;
    }
    if (name != 4 || (strncmp(value, "rv32", 4) != 0 && strncmp(value, "rv64", 4) != 0)) {
        message("-cpu: '%s' is not supported, only rv32 and rv64 with properties", value);
        return EXIT_USAGE;
    }
    o->xlen = value[2] == '3' ? 32 : 64;
    o->cpu = value[name] == ',' ? value + name + 1 : NULL;
    return GO_ON;
}

/* Properties of machines that are options, too. */
static void take_files(struct options *o, struct props *props)
{
    const struct {
        const char *name, **to;
    } files[] = {{"kernel", &o->kernel},
                 {"initrd", &o->initrd},
                 {"append", &o->append},
                 {"dtb", &o->dtb},
                 {"dumpdtb", &o->dump_dtb}};
    const char *value;

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        value = props_get(props, files[i].name);
        if (value != NULL)
            *files[i].to = value;
    }
    value = props_get(props, "firmware");
    if (value != NULL)
        options_set_bios(o, value);
}

/* Properties of QEMU's machines that change nothing here: those, with these values only. */
static bool take_others(struct props *props, char *err, size_t err_size)
{
    static const struct {
        const char *name, *value; /* NULL: on and off */
    } others[] = {{"accel", "tcg"},
                  {"usb", "off"},
                  {"aia", "none"},
                  {"dump-guest-core", NULL},
                  {"mem-merge", NULL}};
    bool ok = true, any;

    for (size_t i = 0; i < sizeof others / sizeof others[0] && ok; i++) {
        const char *name = others[i].name, *value = props_get(props, name);
        if (value == NULL)
            continue;
        if (others[i].value == NULL)
            ok = props_bool(props, name, &any, err, err_size);
        else
            ok = strcmp(value, others[i].value) == 0;
        if (!ok && others[i].value != NULL)
            snprintf(err, err_size, "'%s=%s' is not supported, only %s", name, value,
                     others[i].value);
    }
    return ok;
}

/* NAME and properties of QEMU's machine that ours has. */
int options_set_machine(struct options *o, const char *value)
{
    static struct props props; /* values are kept */
    const char *type, *unknown;
    char err[128];
    bool ok;

    if (strcmp(value, "help") == 0)
        return list_machines();
    props_free(&props);
    ok = props_parse(&props, value, "type", err, sizeof err) == 0;
    type = ok ? props_get(&props, "type") : NULL;
    ok = ok && props_bool(&props, "aclint", &o->aclint, err, sizeof err) &&
         take_others(&props, err, sizeof err);
    if (!ok) {
        message("-M: %s", err);
        return EXIT_USAGE;
    }
    if (type != NULL && !choose_machine(o, type))
        return EXIT_USAGE;
    take_files(o, &props);
    unknown = props_unknown(&props);
    if (unknown == NULL && o->aclint && o->machine != machine_types[0])
        unknown = "aclint";
    if (unknown == NULL)
        return GO_ON;
    message("-M: machine %s has no property '%s'", o->machine->name, unknown);
    return EXIT_USAGE;
}

/* -smp [cpus=]N[,maxcpus=N][,sockets=N][,cores=N][,threads=N]: the topology must fit the number. */
int options_set_harts(struct options *o, const char *value)
{
    static const char *const parts[] = {"sockets", "clusters", "cores", "threads"};
    uint64_t harts = 0, most = 0, product = 1, part;
    struct props props;
    const char *text;
    int status = GO_ON;

    if (!parse("smp", &props, value, "cpus"))
        return EXIT_USAGE;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && status == GO_ON; i++) {
        text = props_get(&props, parts[i]);
        if (text != NULL && (!options_number(text, &part) || part == 0 || part > UINT32_MAX ||
                             product * part > UINT32_MAX))
            status = EXIT_USAGE;
        else if (text != NULL)
            product *= part;
    }
    text = props_get(&props, "cpus");
    if (text == NULL)
        harts = product;
    else if (!options_number(text, &harts))
        harts = 0;
    text = props_get(&props, "maxcpus");
    most = harts;
    if ((text != NULL && !options_number(text, &most)) || harts == 0 || harts > UINT32_MAX ||
        status != GO_ON) {
        message("-smp: '%s' is not a number of harts", value);
        status = EXIT_USAGE;
    } else if (most != harts || (product != 1 && product != harts)) {
        message("-smp: '%s' describes other than %u harts", value, (unsigned)harts);
        status = EXIT_USAGE;
    }
    o->harts = (unsigned)harts;
    return finish("smp", &props, status);
}

/* --icount[=NS]. */
int options_set_icount(struct options *o, const char *value)
{
    o->icount_ns = 10;
    if (value == NULL)
        return GO_ON;
    if (strncmp(value, "shift=", 6) == 0)
        return options_set_qemu_icount(o, value);
    if (options_number(value, &o->icount_ns) && o->icount_ns != 0 && o->icount_ns <= 1000000)
        return GO_ON;
    message("--icount: '%s' is not a number of nanoseconds per instruction from 1 to 1000000",
            value);
    return EXIT_USAGE;
}

bool options_is_icount(const char *word)
{
    uint64_t n;

    return strncmp(word, "shift=", 6) == 0 || strcmp(word, "auto") == 0 || options_number(word, &n);
}

/* shift=N[,sleep=off]: 2^N ns. QEMU's short form would be taken for --icount=NS. */
int options_set_qemu_icount(struct options *o, const char *value)
{
    struct props props;
    const char *shift, *sleep;
    uint64_t n;
    int status = GO_ON;

    if (strncmp(value, "shift=", 6) != 0) {
        message("-icount %s: write shift=N for 2^N ns per instruction, or --icount=NS", value);
        return EXIT_USAGE;
    }
    if (!parse("icount", &props, value, NULL))
        return EXIT_USAGE;
    shift = props_get(&props, "shift");
    sleep = props_get(&props, "sleep");
    if (!options_number(shift, &n) || n > 10 || (sleep != NULL && strcmp(sleep, "off") != 0)) {
        message("-icount: '%s' is not supported, only shift=0 to 10 and sleep=off", value);
        status = EXIT_USAGE;
    } else {
        o->icount_ns = UINT64_C(1) << n;
    }
    return finish("icount", &props, status);
}

/* 2006-06-17T16:01:21 or 2006-06-17, UTC. */
static bool parse_date(const char *text, uint64_t *ns)
{
    struct tm tm = {0};
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
    time_t t;

    if (end == NULL || *end != '\0') {
        tm = (struct tm){0};
        end = strptime(text, "%Y-%m-%d", &tm);
    }
    t = end != NULL && *end == '\0' ? timegm(&tm) : -1;
    *ns = (uint64_t)t * NS_PER_S;
    return t >= 0;
}

/* Now, as UTC would show what the host's local time shows. */
static uint64_t local_time(void)
{
    time_t now = time(NULL);
    struct tm tm;

    if (localtime_r(&now, &tm) == NULL)
        return host_wall_ns();
    return (uint64_t)((int64_t)host_wall_ns() + tm.tm_gmtoff * (int64_t)NS_PER_S);
}

/* -rtc base=...; the clock is always the machine's own, which with --icount is the virtual one. */
int options_set_rtc(struct options *o, const char *value)
{
    struct props props;
    const char *base, *clock;
    int status = GO_ON;

    if (!parse("rtc", &props, value, NULL))
        return EXIT_USAGE;
    base = props_get(&props, "base");
    clock = props_get(&props, "clock");
    if (base != NULL && strcmp(base, "utc") == 0) {
        o->has_wall = false;
    } else if (base != NULL) {
        o->has_wall = true;
        if (strcmp(base, "localtime") == 0) {
            o->wall_ns = local_time();
        } else if (!parse_date(base, &o->wall_ns)) {
            message("-rtc base=%s: not utc, localtime or a date as 2006-06-17T16:01:21", base);
            status = EXIT_USAGE;
        }
    }
    if (status == GO_ON && clock != NULL && strcmp(clock, "host") != 0 &&
        strcmp(clock, "vm") != 0 && strcmp(clock, "rt") != 0) {
        message("-rtc clock=%s: not host, rt or vm", clock);
        status = EXIT_USAGE;
    }
    return finish("rtc", &props, status);
}

int options_set_no_shutdown(struct options *o, const char *value)
{
    (void)value;
    o->no_shutdown = true;
    return GO_ON;
}

int options_set_no_defaults(struct options *o, const char *value)
{
    (void)value;
    o->no_defaults = true;
    return GO_ON;
}

int options_set_snapshot(struct options *o, const char *value)
{
    (void)value;
    o->snapshot = true;
    return GO_ON;
}

bool options_finish(struct options *o)
{
    const char *for_tree = o->initrd != NULL   ? "initrd"
                           : o->append != NULL ? "append"
                           : o->dtb != NULL    ? "dtb"
                                               : NULL;

    if (o->no_defaults && !o->has_serial)
        o->serial = NULL;
    if (for_tree == NULL || o->machine->rom_size != 0)
        return true;
    message("-%s: machine %s has no device tree to tell programs of it", for_tree,
            o->machine->name);
    return false;
}

/* --- what there is not ------------------------------------------------------------------------ */

static int accept_only(const char *option, const char *value, const char *a, const char *b)
{
    if (strcmp(value, a) == 0 || (b != NULL && strcmp(value, b) == 0))
        return GO_ON;
    message("-%s: '%s' is not supported, only %s", option, value, a);
    return EXIT_USAGE;
}

int options_set_monitor(struct options *o, const char *value)
{
    (void)o;
    return accept_only("monitor", value, "none", "null");
}

int options_set_as_it_is(struct options *o, const char *value)
{
    (void)o;
    (void)value;
    return GO_ON;
}

/* NAME or guest=NAME; what else QEMU takes there is about its own process. */
int options_set_name(struct options *o, const char *value)
{
    struct props props;
    const char *name;

    if (!parse("name", &props, value, "guest"))
        return EXIT_USAGE;
    name = props_get(&props, "guest");
    if (name != NULL)
        snprintf(o->name, sizeof o->name, "%s", name);
    props_get(&props, "process");
    props_get(&props, "debug-threads");
    return finish("name", &props, GO_ON);
}

int options_set_accel(struct options *o, const char *value)
{
    (void)o;
    return accept_only("accel", value, "tcg", "tcg,thread=multi");
}

int options_set_vga(struct options *o, const char *value)
{
    (void)o;
    return accept_only("vga", value, "none", NULL);
}

int options_set_parallel(struct options *o, const char *value)
{
    (void)o;
    return accept_only("parallel", value, "none", "null");
}
