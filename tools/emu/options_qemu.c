/*
 * Options that are spelled as QEMU spells them. What makes no difference here is accepted where it
 * asks for what we do anyway; all else is refused by name.
 */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tools/emu/host/host.h"
#include "tools/emu/message.h"
#include "tools/emu/options_private.h"
#include "tools/emu/props.h"

#define NS_PER_S UINT64_C(1000000000)

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
    if (!options_split("icount", &props, value, NULL))
        return EXIT_USAGE;
    shift = props_get(&props, "shift");
    sleep = props_get(&props, "sleep");
    if (!options_number(shift, &n) || n > 10 || (sleep != NULL && strcmp(sleep, "off") != 0)) {
        message("-icount: '%s' is not supported, only shift=0 to 10 and sleep=off", value);
        status = EXIT_USAGE;
    } else {
        o->icount_ns = UINT64_C(1) << n;
    }
    return options_all_known("icount", &props, status);
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

    if (!options_split("rtc", &props, value, NULL))
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
    return options_all_known("rtc", &props, status);
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

/* What a machine without firmware could only ignore: the option, or NULL. */
static const char *needs_firmware(const struct options *o)
{
    bool bios = o->bios != NULL && strcmp(o->bios, "none") != 0;

    return bios && o->kernel != NULL ? "bios beside a -kernel"
           : o->initrd != NULL       ? "initrd"
           : o->append != NULL       ? "append"
           : o->dtb != NULL          ? "dtb"
           : o->has_wall             ? "rtc base"
                                     : NULL;
}

bool options_finish(struct options *o)
{
    const char *useless = o->machine->rom_size == 0 ? needs_firmware(o) : NULL;

    if (o->no_defaults && !o->has_serial)
        o->serial = NULL;
    if (useless != NULL)
        message("-%s: of no use to machine %s, which has no firmware, device tree and wall clock",
                useless, o->machine->name);
    return useless == NULL;
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

    if (!options_split("name", &props, value, "guest"))
        return EXIT_USAGE;
    name = props_get(&props, "guest");
    if (name != NULL)
        snprintf(o->name, sizeof o->name, "%s", name);
    props_get(&props, "process");
    props_get(&props, "debug-threads");
    return options_all_known("name", &props, GO_ON);
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
