/*
 * Which machine, with which harts and files: options that are spelled as QEMU spells them. What
 * makes no difference here is accepted where it asks for what we do anyway.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/emu/message.h"
#include "tools/emu/options_private.h"
#include "tools/emu/props.h"

bool options_number(const char *text, uint64_t *value)
{
    char *end;

    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    *value = strtoull(text, &end, 0);
    return errno == 0 && *end == '\0';
}

bool options_split(const char *option, struct props *props, const char *value, const char *first)
{
    char err[128];

    if (props_parse(props, value, first, err, sizeof err) == 0)
        return true;
    message("-%s: %s", option, err);
    return false;
}

int options_all_known(const char *option, struct props *props, int status)
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

    if (!options_split("smp", &props, value, "cpus"))
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
    return options_all_known("smp", &props, status);
}
