/*
 * The options that make backends and devices: -drive and the like, one table row each, and -device
 * itself. They are checked for form when they are read and carried out when the machine is made,
 * first the backends, then the devices, in the command line's order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/emu/dev/virtio.h"
#include "tools/emu/host/backends.h"
#include "tools/emu/host/window.h"
#include "tools/emu/message.h"
#include "tools/emu/options.h"

enum { GO_ON = -1 };

/* Options that make a backend each. */
static const struct {
    const char *name;
    const char *first; /* property that a first word without = is the value of; NULL: none */
    const char *value_name, *help;
    struct backend *(*open)(struct props *props, char *err, size_t err_size);
} kinds[] = {
    {"drive", NULL, "PROPS",
     "disk: file=FILE[,if=none,id=ID][,format=raw][,readonly=on][,snapshot=on]", host_drive_open},
    {"audiodev", "driver", "DRIVER,id=ID", "sound output: none, sdl, or wav,path=FILE",
     host_audiodev_open},
    {"chardev", "backend", "PROPS",
     "serial line or console: stdio|pty|null,id=ID; file,path=FILE; socket,path=FILE or "
     "host=HOST,port=PORT[,server=on][,wait=off][,reconnect=SECONDS]",
     host_chardev_open},
    {"netdev", "type", "TYPE,...",
     "network: user,id=ID[,hostfwd=tcp::PORT-:PORT][,restrict=on] or tap,id=ID,ifname=IF,script=no",
     host_netdev_open},
    {"nic", "type", "TYPE,...", "the same with a virtio-net-device: user[,mac=MAC]..., or none",
     host_nic_open},
    {"net", "type", "none", "no network", host_net_open},
    {"fsdev", "fsdriver", "local,...",
     "shared folder: id=ID,path=FOLDER,security_model=none[,readonly=on]", host_fsdev_open},
    {"virtfs", "fsdriver", "local,...", "the same with a virtio-9p-device: mount_tag=TAG,...",
     host_virtfs_open},
    {"object", "qom-type", "PROPS",
     "random bytes: rng-random,filename=FILE,id=ID or rng-builtin,id=ID", host_object_open},
};
enum { DRIVE, KIND_COUNT = sizeof kinds / sizeof kinds[0] };

static const char device_option[] = "device", global_option[] = "global";

const char *options_device_find(const char *name, size_t n)
{
    static const char *const others[] = {device_option, global_option};

    for (int i = 0; i < KIND_COUNT; i++)
        if (strlen(kinds[i].name) == n && memcmp(kinds[i].name, name, n) == 0)
            return kinds[i].name;
    for (int i = 0; i < 2; i++)
        if (strlen(others[i]) == n && memcmp(others[i], name, n) == 0)
            return others[i];
    return NULL;
}

void options_device_help(void)
{
    char left[40];

    for (int i = 0; i < KIND_COUNT; i++) {
        snprintf(left, sizeof left, "--%s %s", kinds[i].name, kinds[i].value_name);
        printf("  %-18s %s\n", left, kinds[i].help);
    }
    printf("  %-18s %s\n", "--device NAME,...",
           "a device with properties (-device help lists them)");
    printf("  %-18s %s\n", "--global PROP",
           "virtio-mmio.force-legacy=true: virtio devices of before version 1.0");
}

/* --- reading ---------------------------------------------------------------------------------- */

static const struct virtio_ops *find_type(const char *name)
{
    for (unsigned i = 0; virtio_types[i] != NULL; i++)
        if (strcmp(virtio_types[i]->name, name) == 0)
            return virtio_types[i];
    return NULL;
}

static int list_types(void)
{
    for (unsigned i = 0; virtio_types[i] != NULL; i++)
        printf("%-22s %s\n", virtio_types[i]->name, virtio_types[i]->summary);
    return 0;
}

static int set_global(struct options *o, const char *value)
{
    static const char name[] = "virtio-mmio.force-legacy=";
    const char *flag = value + sizeof name - 1;

    if (strncmp(value, name, sizeof name - 1) != 0) {
        message("-global: '%s' is not supported, only %strue or %sfalse", value, name, name);
        return EXIT_USAGE;
    }
    o->virtio_legacy = strcmp(flag, "true") == 0 || strcmp(flag, "on") == 0;
    if (o->virtio_legacy || strcmp(flag, "false") == 0 || strcmp(flag, "off") == 0)
        return GO_ON;
    message("-global %s: '%s' is not true or false", name, flag);
    return EXIT_USAGE;
}

/* Is there such a device? The line of properties is looked at again later. */
static int check_device(const char *value)
{
    const struct virtio_ops *type;
    struct props props;
    const char *driver;
    char err[128];
    int status = GO_ON;

    if (strcmp(value, "help") == 0 || strcmp(value, "?") == 0)
        return list_types();
    if (props_parse(&props, value, "driver", err, sizeof err) != 0) {
        message("-device %s: %s", value, err);
        return EXIT_USAGE;
    }
    driver = props_get(&props, "driver");
    type = driver != NULL ? find_type(driver) : NULL;
    if (type == NULL) {
        message("-device: unknown device '%s'; -device help lists them",
                driver != NULL ? driver : value);
        status = EXIT_USAGE;
    } else if (props_get(&props, "help") != NULL || props_get(&props, "?") != NULL) {
        printf("%-22s %s\n", type->name, type->summary);
        status = 0;
    }
    props_free(&props);
    return status;
}

int options_device_set(struct options *o, const char *name, const char *value)
{
    int status = GO_ON;

    if (name == global_option)
        return set_global(o, value);
    if (name == device_option)
        status = check_device(value);
    if (status != GO_ON)
        return status;
    if (o->device_count == OPTIONS_DEVICES_MAX) {
        message("-%s: no more than %d devices and backends", name, OPTIONS_DEVICES_MAX);
        return EXIT_USAGE;
    }
    o->devices[o->device_count++] = (struct option_device){name, value};
    return GO_ON;
}

/* --- making ----------------------------------------------------------------------------------- */

static bool is_duplicate(const struct machine_config *config, const struct backend *b)
{
    for (const struct backend *other = config->backends; other != NULL; other = other->next)
        if (other->kind == b->kind && other->id != NULL && b->id != NULL &&
            strcmp(other->id, b->id) == 0)
            return true;
    return false;
}

static void add_backend(struct machine_config *config, struct backend *b)
{
    struct backend **link = &config->backends;

    while (*link != NULL)
        link = &(*link)->next;
    b->next = NULL;
    *link = b;
}

/* The backend for devices that name none. */
static bool add_default(struct machine_config *config, struct backend *b)
{
    if (b == NULL)
        message("out of memory");
    else
        add_backend(config, b);
    return b != NULL;
}

static bool open_backend(struct machine_config *config, unsigned kind, const char *text)
{
    struct backend *b = NULL;
    struct props props;
    char err[512];
    bool ok = false;

    if (props_parse(&props, text, kinds[kind].first, err, sizeof err) != 0) {
        message("-%s %s: %s", kinds[kind].name, text, err);
        return false;
    }
    b = kinds[kind].open(&props, err, sizeof err);
    if (b == NULL && err[0] == '\0')
        ok = true; /* "none" */
    else if (b == NULL)
        message("-%s: %s", kinds[kind].name, err);
    else if (props_unknown(&props) != NULL)
        message("-%s: the property '%s' is not supported", kinds[kind].name, props_unknown(&props));
    else if (is_duplicate(config, b))
        message("-%s: there are two with id '%s'", kinds[kind].name, b->id);
    else if (config->icount_ns != 0 && b->unrepeatable != NULL)
        message("-%s: not with --icount, whose runs repeat: %s", kinds[kind].name, b->unrepeatable);
    else
        ok = true;
    props_free(&props);
    if (ok && b != NULL)
        add_backend(config, b);
    else if (b != NULL && b->close != NULL)
        b->close(b);
    return ok;
}

/* -snapshot: as if each -drive said so itself. */
static bool open_snapshot(struct machine_config *config, const char *text)
{
    char *full = malloc(strlen(text) + sizeof ",snapshot=on");
    bool ok;

    if (full == NULL) {
        message("out of memory");
        return false;
    }
    sprintf(full, "%s%s", text, strstr(text, "snapshot=") == NULL ? ",snapshot=on" : "");
    ok = open_backend(config, DRIVE, full);
    free(full);
    return ok;
}

static bool add_device(struct machine_config *config, const char *text)
{
    struct props *props = calloc(1, sizeof *props);
    char err[128];

    if (props == NULL || props_parse(props, text, "driver", err, sizeof err) != 0) {
        message("-device %s: %s", text, props != NULL ? err : "out of memory");
        free(props);
        return false;
    }
    config->attachments[config->attachment_count++] =
        (struct machine_attachment){.ops = find_type(props_get(props, "driver")), .props = props};
    return true;
}

/* A device for a backend that wants one, as QEMU's if=virtio: after those that are asked for. */
static bool add_automatic(struct machine_config *config, const struct backend *b)
{
    static const char *const properties[] = {
        [BACKEND_BLOCK] = "drive", [BACKEND_NET] = "netdev", [BACKEND_SHARE] = "fsdev"};
    char text[160];

    snprintf(text, sizeof text, "%s,%s=%s", b->device, properties[b->kind], b->id);
    return add_device(config, text);
}

/* Without sockets the machine's own devices take the backends. */
static bool has_sockets(const struct machine_type *type)
{
    for (size_t i = 0; i < type->slot_count; i++)
        if (strcmp(type->slots[i].ops->name, "virtio_mmio") == 0)
            return true;
    return false;
}

/* For sound devices that name no output: heard where there would be a window. */
static bool add_default_sound(struct machine_config *config, const struct options *o)
{
    bool silent = o->display == DISPLAY_NONE || (o->display == DISPLAY_DEFAULT && !window_likely());
    char err[512];
    struct backend *b = host_audio_default(silent, o->audio, err, sizeof err);

    if (b == NULL)
        message("--audio: %s", err);
    else
        add_backend(config, b);
    return b != NULL;
}

bool options_device_open(const struct options *o, struct machine_config *config)
{
    config->virtio_legacy = o->virtio_legacy;
    config->attachments = calloc(2 * OPTIONS_DEVICES_MAX, sizeof *config->attachments);
    if (config->attachments == NULL) {
        message("out of memory");
        return false;
    }
    if (o->icount_ns != 0)
        host_entropy_repeat();
    for (unsigned i = 0; i < o->device_count; i++)
        for (unsigned k = 0; k < KIND_COUNT; k++)
            if (o->devices[i].name == kinds[k].name &&
                !(o->snapshot && k == DRIVE ? open_snapshot(config, o->devices[i].text)
                                            : open_backend(config, k, o->devices[i].text)))
                return false;
    if (!add_default_sound(config, o) || !add_default(config, host_entropy_default()))
        return false;
    for (unsigned i = 0; i < o->device_count; i++)
        if (o->devices[i].name == device_option && !add_device(config, o->devices[i].text))
            return false;
    for (const struct backend *b = config->backends; b != NULL; b = b->next)
        if (b->device != NULL && has_sockets(o->machine) && !add_automatic(config, b))
            return false;
    return true;
}

/* The option that made a backend; NULL if none did. */
static const char *maker(const struct backend *b)
{
    if (b->id == NULL)
        return NULL;
    switch (b->kind) {
    case BACKEND_BLOCK: return "-drive";
    case BACKEND_NET: return b->device != NULL ? "-nic" : "-netdev";
    case BACKEND_SHARE: return b->device != NULL ? "-virtfs" : "-fsdev";
    case BACKEND_AUDIO: return "-audiodev";
    case BACKEND_ENTROPY: return "-object";
    default: return NULL;
    }
}

static bool has_sound(const struct machine_config *config)
{
    for (const struct backend *b = config->backends; b != NULL; b = b->next)
        if (b->kind == BACKEND_AUDIO && b->taken)
            return true;
    return false;
}

bool options_device_used(const struct options *o, const struct machine_config *config)
{
    if (o->audio != NULL && !has_sound(config)) {
        message("--audio: the machine has no sound (-device virtio-sound-device makes some)");
        return false;
    }
    for (const struct backend *b = config->backends; b != NULL; b = b->next) {
        const char *option = !b->taken ? maker(b) : NULL;
        if (option != NULL && !has_sockets(o->machine)) {
            message("%s: machine %s has no device for '%s'", option, o->machine->name, b->id);
            return false;
        }
        if (option != NULL && b->kind == BACKEND_NET)
            message("%s: warning: no device uses '%s'", option, b->id);
    }
    if (o->virtio_legacy && !has_sockets(o->machine)) {
        message("-global virtio-mmio.force-legacy: machine %s has no virtio devices",
                o->machine->name);
        return false;
    }
    return true;
}

void options_device_close(struct machine_config *config)
{
    struct backend *next;

    for (struct backend *b = config->backends; b != NULL; b = next) {
        next = b->next;
        if (b->close != NULL)
            b->close(b);
    }
    config->backends = NULL;
    for (unsigned i = 0; i < config->attachment_count; i++) {
        props_free(config->attachments[i].props);
        free(config->attachments[i].props);
    }
    free(config->attachments);
    config->attachments = NULL;
    config->attachment_count = 0;
}
