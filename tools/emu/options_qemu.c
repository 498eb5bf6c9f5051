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

/* NAME and properties of QEMU's machine that ours has. */
int options_set_machine(struct options *o, const char *value)
{
    static struct props props; /* values are kept */
    const char *type, *dump, *unknown;
    char err[128];
    bool ok;

    if (strcmp(value, "help") == 0)
        return list_machines();
    props_free(&props);
    ok = props_parse(&props, value, "type", err, sizeof err) == 0;
    type = ok ? props_get(&props, "type") : NULL;
    dump = ok ? props_get(&props, "dumpdtb") : NULL;
    ok = ok && props_bool(&props, "aclint", &o->aclint, err, sizeof err);
    if (!ok) {
        message("-M: %s", err);
        return EXIT_USAGE;
    }
    if (type != NULL && !choose_machine(o, type))
        return EXIT_USAGE;
    unknown = props_unknown(&props);
    if (unknown == NULL && o->aclint && o->machine != machine_types[0])
        unknown = "aclint";
    if (unknown != NULL) {
        message("-M: machine %s has no property '%s'", o->machine->name, unknown);
        return EXIT_USAGE;
    }
    if (dump != NULL)
        o->dump_dtb = dump;
    return GO_ON;
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

/* --icount[=NS], or QEMU's shift=N[,sleep=off]: 2^N ns. */
int options_set_icount(struct options *o, const char *value)
{
    struct props props;
    const char *shift, *sleep;
    uint64_t n;
    int status = GO_ON;

    o->icount_ns = 10;
    if (value == NULL)
        return GO_ON;
    if (strncmp(value, "shift=", 6) != 0) {
        if (options_number(value, &o->icount_ns) && o->icount_ns != 0 && o->icount_ns <= 1000000)
            return GO_ON;
        message("--icount: '%s' is not a number of nanoseconds per instruction from 1 to 1000000",
                value);
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

void options_finish(struct options *o)
{
    if (o->no_defaults && !o->has_serial)
        o->serial = NULL;
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

/* NAME or guest=NAME; what else QEMU takes there is about its own process. */
int options_set_name(struct options *o, const char *value)
{
    char err[128];
    struct props props;
    const char *name = NULL, *unknown = NULL;
    bool good = props_parse(&props, value, "guest", err, sizeof err) == 0;

    if (good) {
        name = props_get(&props, "guest");
        props_get(&props, "process");
        props_get(&props, "debug-threads");
        unknown = props_unknown(&props);
    }
    if (unknown != NULL)
        snprintf(err, sizeof err, "the option '%s' is not supported", unknown);
    if (name != NULL)
        snprintf(o->name, sizeof o->name, "%s", name);
    props_free(&props);
    if (good && unknown == NULL)
        return GO_ON;
    message("-name: %s", err);
    return EXIT_USAGE;
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
