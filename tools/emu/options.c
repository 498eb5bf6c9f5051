/*
 * The command line, one table row per option. Options take one or two dashes and their value as the
 * next word or after '=', as QEMU's do, or stand as +NAME=VALUE, as Spike's do. Names are matched
 * exactly: an option we do not have must not pass for the beginning of one we have.
 */
#include "tools/emu/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/emu/host/window.h"
#include "tools/emu/message.h"
#include "tools/emu/options_private.h"

#define MIB (UINT64_C(1) << 20)

enum value_kind { NO_VALUE, VALUE, OPTIONAL_VALUE /* only after '=' */ };

struct option_row {
    const char *name;
    enum value_kind kind;
    const char *value_name;
    const char *help; /* NULL: not shown, a second spelling */
    int (*set)(struct options *o, const char *value);
};

/* The digits behind a decimal point, times `unit`; false if there are none or anything else. */
static bool parse_fraction(const char *digits, uint64_t unit, uint64_t *value)
{
    uint64_t n = 0, scale = 1;

    if (digits[0] == '\0' || digits[strspn(digits, "0123456789")] != '\0')
        return false;
    for (; *digits != '\0' && scale < 1000000; digits++) {
        n = n * 10 + (uint64_t)(*digits - '0');
        scale *= 10;
    }
    *value = n * unit / scale;
    return true;
}

/* A size: a number, also 1.5, with an optional b, K, M, G or T; plain numbers are MiB. */
static bool parse_size(const char *text, uint64_t *bytes)
{
    static const char units[] = "bKMGT";
    char digits[32];
    size_t len = strlen(text);
    unsigned shift = 20;
    uint64_t n, fraction = 0;
    char *point;

    if (len == 0 || len >= sizeof digits)
        return false;
    memcpy(digits, text, len + 1);
    for (unsigned i = 0; units[i] != '\0'; i++) {
        if ((digits[len - 1] | 0x20) == (units[i] | 0x20)) {
            digits[len - 1] = '\0';
            shift = i * 10;
            break;
        }
    }
    point = strchr(digits, '.');
    if (point != NULL && !parse_fraction(point + 1, UINT64_C(1) << shift, &fraction))
        return false;
    if (point != NULL)
        *point = '\0';
    if (!options_number(digits, &n) || n >= UINT64_MAX >> shift)
        return false;
    *bytes = (n << shift) + fraction;
    return true;
}

static int set_kernel(struct options *o, const char *value)
{
    o->kernel = value;
    return GO_ON;
}

static int set_initrd(struct options *o, const char *value)
{
    o->initrd = value;
    return GO_ON;
}

static int set_append(struct options *o, const char *value)
{
    o->append = value;
    return GO_ON;
}

static int set_dtb(struct options *o, const char *value)
{
    o->dtb = value;
    return GO_ON;
}

static int set_dump_dtb(struct options *o, const char *value)
{
    o->dump_dtb = value;
    return GO_ON;
}

static int set_memory(struct options *o, const char *value)
{
    const char *size = strncmp(value, "size=", 5) == 0 ? value + 5 : value;

    if (!parse_size(size, &o->memory)) {
        message("-m: '%s' is not a size (examples: 512, 512M, 1.5G)", value);
        return EXIT_USAGE;
    }
    if (o->memory < MIB || o->memory > UINT64_C(1) << 40 || o->memory % 4096 != 0) {
        message("-m: %s is not between 1M and 1T and a multiple of 4K", value);
        return EXIT_USAGE;
    }
    return GO_ON;
}

static int set_serial(struct options *o, const char *value)
{
    if (o->has_serial) {
        message("-serial: the machine has one serial line only");
        return EXIT_USAGE;
    }
    o->has_serial = true;
    o->serial = strcmp(value, "none") != 0 ? value : NULL;
    return GO_ON;
}

static int add_fw_cfg(struct options *o, const char *value)
{
    if (o->fw_cfg_count == OPTIONS_FW_CFG_MAX) {
        message("-fw_cfg: no more than %d files", OPTIONS_FW_CFG_MAX);
        return EXIT_USAGE;
    }
    o->fw_cfg[o->fw_cfg_count++] = value;
    return GO_ON;
}

static int set_display(struct options *o, const char *value)
{
    size_t n = strcspn(value, ",");

    if (strcmp(value, "none") == 0) {
        o->display = DISPLAY_NONE;
        return GO_ON;
    }
    if (n != 3 || memcmp(value, "sdl", n) != 0) {
        message("-display: '%s' is not none or sdl", value);
        return EXIT_USAGE;
    }
    if (value[n] != '\0') {
        message("-display sdl: the option '%s' is not supported", value + n + 1);
        return EXIT_USAGE;
    }
    if (!window_available()) {
        message("-display sdl: built without SDL2");
        return EXIT_USAGE;
    }
    o->display = DISPLAY_SDL;
    return GO_ON;
}

static int set_nographic(struct options *o, const char *value)
{
    (void)value;
    o->nographic = true;
    o->display = DISPLAY_NONE;
    return GO_ON;
}

static int add_screenshot(struct options *o, const char *value)
{
    if (o->screenshot_count == OPTIONS_SCREENSHOTS_MAX) {
        message("--screenshot: no more than %d", OPTIONS_SCREENSHOTS_MAX);
        return EXIT_USAGE;
    }
    o->screenshots[o->screenshot_count++] = value;
    return GO_ON;
}

static int set_input(struct options *o, const char *value)
{
    o->input = value;
    return GO_ON;
}

static int set_no_reboot(struct options *o, const char *value)
{
    (void)value;
    o->no_reboot = true;
    return GO_ON;
}

static int set_isa(struct options *o, const char *value)
{
    o->isa = value;
    return GO_ON;
}

static int set_xlen(struct options *o, const char *value)
{
    if (strcmp(value, "32") != 0 && strcmp(value, "64") != 0) {
        message("--xlen: '%s' is not 32 or 64", value);
        return EXIT_USAGE;
    }
    o->xlen = value[0] == '3' ? 32 : 64;
    return GO_ON;
}

static int set_budget(struct options *o, const char *value)
{
    if (!options_number(value, &o->budget) || o->budget == 0) {
        message("--budget: '%s' is not a number of instructions", value);
        return EXIT_USAGE;
    }
    return GO_ON;
}

static int set_until(struct options *o, const char *value)
{
    if (value[0] == '\0') {
        message("--until: the text is empty");
        return EXIT_USAGE;
    }
    o->until = value;
    return GO_ON;
}

static int set_signature(struct options *o, const char *value)
{
    if (value[0] == '\0') {
        message("--signature: the file's name is empty");
        return EXIT_USAGE;
    }
    o->signature = value;
    return GO_ON;
}

static int set_signature_unit(struct options *o, const char *value)
{
    uint64_t n;

    if (!options_number(value, &n) || n == 0 || n > 64 || (n & (n - 1)) != 0) {
        message("--signature-granularity: '%s' is not a power of 2 from 1 to 64", value);
        return EXIT_USAGE;
    }
    o->signature_unit = (unsigned)n;
    return GO_ON;
}

static int set_audio(struct options *o, const char *value)
{
    size_t len = strlen(value);

    if (len < 5 || strcmp(value + len - 4, ".wav") != 0) {
        message("--audio: '%s': the file's name must end in .wav", value);
        return EXIT_USAGE;
    }
    o->audio = value;
    return GO_ON;
}

static int set_stats(struct options *o, const char *value)
{
    (void)value;
    o->stats = true;
    return GO_ON;
}

static const struct {
    const char *name, *help;
    unsigned kind;
} trace_categories[] = {
    {"insn", "every instruction, before it executes", HART_TRACE_INSN},
    {"block", "every block of instructions, when it is entered", HART_TRACE_BLOCK},
    {"trap", "every exception and interrupt that is taken", HART_TRACE_TRAP},
    {"csr", "every CSR instruction: old and new value", HART_TRACE_CSR},
    {"mmu", "every walk of the page tables and TLB flush", HART_TRACE_WALK | HART_TRACE_FLUSH},
    {"mmio", "every access to a device register", MACHINE_TRACE_MMIO},
    {"virtio", "virtio devices: status, queues, requests", MACHINE_TRACE_VIRTIO},
    {"plic", "interrupts: lines, claims, completions", MACHINE_TRACE_PLIC},
    {"uart", "the serial line: characters, interrupts", MACHINE_TRACE_UART},
    {"sbi", "calls from S-mode to the firmware, and what they return", MACHINE_TRACE_SBI},
};
enum { TRACE_COUNT = sizeof trace_categories / sizeof trace_categories[0] };

unsigned options_trace_kind(const char *name, size_t n)
{
    for (int i = 0; i < TRACE_COUNT; i++)
        if (strlen(trace_categories[i].name) == n && memcmp(trace_categories[i].name, name, n) == 0)
            return trace_categories[i].kind;
    return 0;
}

static bool add_trace(struct options *o, const char *name, size_t len)
{
    unsigned kind = options_trace_kind(name, len);

    o->trace |= kind;
    if (kind == 0)
        message("-d: unknown category '%.*s'; -d help lists them", (int)len, name);
    return kind != 0;
}

static int set_trace(struct options *o, const char *value)
{
    if (strcmp(value, "help") == 0) {
        for (int i = 0; i < TRACE_COUNT; i++)
            printf("%-10s %s\n", trace_categories[i].name, trace_categories[i].help);
        return 0;
    }
    for (const char *p = value;; p++) {
        size_t len = strcspn(p, ",");
        if (!add_trace(o, p, len))
            return EXIT_USAGE;
        p += len;
        if (*p == '\0')
            return GO_ON;
    }
}

static int set_trace_file(struct options *o, const char *value)
{
    o->trace_file = value;
    return GO_ON;
}

static int set_no_history(struct options *o, const char *value)
{
    (void)value;
    o->history = false;
    return GO_ON;
}

static int set_gdb(struct options *o, const char *value)
{
    o->gdb = strcmp(value, "none") != 0 ? value : NULL;
    return GO_ON;
}

static int set_gdb_1234(struct options *o, const char *value)
{
    (void)value;
    return set_gdb(o, "tcp::1234");
}

static int set_hold(struct options *o, const char *value)
{
    (void)value;
    o->hold = true;
    return GO_ON;
}

static int add_symbols(struct options *o, const char *value)
{
    if (o->symbols_count == OPTIONS_SYMBOLS_MAX) {
        message("--symbols: no more than %d files", OPTIONS_SYMBOLS_MAX);
        return EXIT_USAGE;
    }
    o->symbols[o->symbols_count++] = value;
    return GO_ON;
}

/* Libraries that this was built with, or without. */
#ifdef HAVE_SDL2
#    define WITH_SDL2 "with"
#else
#    define WITH_SDL2 "without"
#endif
#ifdef HAVE_PNG
#    define WITH_PNG "with"
#else
#    define WITH_PNG "without"
#endif
#ifdef HAVE_SLIRP
#    define WITH_SLIRP "with"
#else
#    define WITH_SLIRP "without"
#endif

static int show_version(struct options *o, const char *value)
{
    (void)o;
    (void)value;
    printf("tarn-emu %s: RISC-V rv32 and rv64 machines\n", TARN_VERSION);
    printf("built " WITH_SDL2 " SDL2, " WITH_PNG " libpng, " WITH_SLIRP " libslirp\n");
    return 0;
}

static int show_help(struct options *o, const char *value);

static const struct option_row rows[] = {
    {"M", VALUE, "MACHINE", "the machine (default virt; -M help lists them)", options_set_machine},
    {"machine", VALUE, NULL, NULL, options_set_machine},
    {"bios", VALUE, "FILE", "firmware, ELF or raw; `none`; `default`: the one built beside us",
     options_set_bios},
    {"kernel", VALUE, "FILE", "kernel, ELF or flat image", set_kernel},
    {"initrd", VALUE, "FILE", "initial RAM disk, told to the kernel in /chosen", set_initrd},
    {"append", VALUE, "TEXT", "kernel command line", set_append},
    {"dtb", VALUE, "FILE", "device tree to hand over instead of the machine's own", set_dtb},
    {"m", VALUE, "SIZE", "memory: MiB, or with K, M, G (default 128M)", set_memory},
    {"smp", VALUE, "N", "number of harts (default 1)", options_set_harts},
    {"cpu", VALUE, "NAME", "rv32 or rv64, then properties: sstc=false,misaligned=trap,pmp=8",
     options_set_cpu},
    {"isa", VALUE, "STRING", "instruction set, e.g. rv32imac_zicsr (default: all we have)",
     set_isa},
    {"xlen", VALUE, "N", "32 or 64, for images that do not tell (default 64)", set_xlen},
    {"nographic", NO_VALUE, NULL, "no window, serial line on the terminal", set_nographic},
    {"serial", VALUE, "TO",
     "serial line: stdio, pty, file:PATH, unix:PATH,server=on,wait=off, tcp:HOST:PORT,..., "
     "chardev:ID, null, none",
     set_serial},
    {"display", VALUE, "none|sdl",
     "a window for the machine's screen (default: if there can be one)", set_display},
    {"screenshot", VALUE, "FILE@WHEN",
     "write the screen to FILE.png or .ppm at 2.5s, 500ms, 123456i, text:READY or end",
     add_screenshot},
    {"input", VALUE, "FILE", "keys and pointer by a script (docs/6-looking-inside.md)", set_input},
    {"fw_cfg", VALUE, "NAME,...", "a file for the firmware: opt/NAME,file=FILE or ,string=TEXT",
     add_fw_cfg},
    {"monitor", VALUE, "none", "no monitor (there is none yet)", options_set_monitor},
    {"no-reboot", NO_VALUE, NULL, "end when the guest resets the machine", set_no_reboot},
    {"no-shutdown", NO_VALUE, NULL, "stay when the guest powers off, until Ctrl-A x or a signal",
     options_set_no_shutdown},
    {"no-user-config", NO_VALUE, NULL, NULL, options_set_as_it_is},
    {"nodefaults", NO_VALUE, NULL, "no serial line and no window that are not asked for",
     options_set_no_defaults},
    {"snapshot", NO_VALUE, NULL, "leave the files of all drives as they are", options_set_snapshot},
    {"rtc", VALUE, "base=WHEN", "the clock's start: utc, localtime, 2006-06-17T16:01:21",
     options_set_rtc},
    {"name", VALUE, "TEXT", "a name for the machine, in its window's title", options_set_name},
    {"accel", VALUE, "tcg", NULL, options_set_accel},
    {"vga", VALUE, "none", NULL, options_set_vga},
    {"parallel", VALUE, "none", NULL, options_set_parallel},
    {"icount", OPTIONAL_VALUE, "NS",
     "time is NS ns per instruction (default 10): runs repeat exactly", options_set_icount},
    {"budget", VALUE, "N", "end with status 124 after N instructions", set_budget},
    {"timeout-instructions", VALUE, NULL, NULL, set_budget},
    {"until", VALUE, "TEXT", "end with status 0 once the guest has printed TEXT", set_until},
    {"signature", VALUE, "FILE", "write memory from begin_signature to end_signature at the end",
     set_signature},
    {"signature-granularity", VALUE, "N", "bytes per line of that (default 4)", set_signature_unit},
    {"audio", VALUE, "FILE.wav", "record all the sound that is played", set_audio},
    {"stats", NO_VALUE, NULL, "print what the run took on stderr at its end", set_stats},
    {"d", VALUE, "LIST", "trace categories (-d help lists them)", set_trace},
    {"D", VALUE, "FILE", "write traces to FILE instead of stderr", set_trace_file},
    {"no-history", NO_VALUE, NULL,
     "do not remember instructions for a report of the guest's crash: somewhat faster",
     set_no_history},
    {"gdb", VALUE, "WHERE", "listen for gdb: tcp:[HOST]:PORT, unix:PATH", set_gdb},
    {"s", NO_VALUE, NULL, "the same as -gdb tcp::1234", set_gdb_1234},
    {"S", NO_VALUE, NULL, "do not start before gdb says so", set_hold},
    {"symbols", VALUE, "FILE[@N]", "names for traces from another ELF file, N above its addresses",
     add_symbols},
    {"dump-dtb", VALUE, "FILE", "write the device tree to FILE and end", set_dump_dtb},
    {"help", NO_VALUE, NULL, "this text", show_help},
    {"h", NO_VALUE, NULL, NULL, show_help},
    {"version", NO_VALUE, NULL, "version", show_version},
};
enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

static int show_help(struct options *o, const char *value)
{
    (void)o;
    (void)value;
    printf("usage: tarn-emu [option]... [kernel]\n\n");
    for (int i = 0; i < ROW_COUNT; i++) {
        const struct option_row *row = &rows[i];
        char left[40];
        const char *format = row->kind == NO_VALUE         ? "%s%s"
                             : row->kind == OPTIONAL_VALUE ? "%s%s[=%s]"
                                                           : "%s%s %s";
        if (row->help == NULL)
            continue;
        snprintf(left, sizeof left, format, strlen(row->name) == 1 ? "-" : "--", row->name,
                 row->value_name);
        printf("  %-18s %s\n", left, row->help);
    }
    options_device_help();
    printf(
        "\nOne dash will do. In the terminal, Ctrl-A x quits and Ctrl-A h lists the keys.\n"
        "Exit status: the guest's own; 2 for bad arguments or files; 124 when --budget ends it.\n");
    return 0;
}

/* The row whose name is the n characters at name, NULL if there is none. */
static const struct option_row *find_row(const char *name, size_t n)
{
    for (int i = 0; i < ROW_COUNT; i++)
        if (strlen(rows[i].name) == n && memcmp(rows[i].name, name, n) == 0)
            return &rows[i];
    return NULL;
}

/* A word that is no option is the program to run, as Spike has it. */
static int set_program(struct options *o, const char *path)
{
    if (o->kernel != NULL || path[0] == '\0' || strcmp(path, "-") == 0) {
        message("unexpected argument '%s'", path);
        return EXIT_USAGE;
    }
    return set_kernel(o, path);
}

/* The value of an option that needs one: behind its =, or the next word. NULL after an error. */
static const char *take_value(const char *name, const char *value, int argc, char **argv, int *i)
{
    if (value != NULL)
        return value;
    if (*i + 1 < argc)
        return argv[++*i];
    message("option '-%s' needs a value", name);
    return NULL;
}

/* Handle argv[*i], moving *i on if it takes the next word. Returns as options_parse(). */
static int parse_one(struct options *o, int argc, char **argv, int *i)
{
    const char *arg = argv[*i], *name = arg, *value = NULL, *device;
    const struct option_row *row;
    size_t len;

    if (arg[0] != '-' ? arg[0] != '+' || strchr(arg, '=') == NULL : arg[1] == '\0')
        return set_program(o, arg);
    name += arg[1] == '-' ? 2 : 1;
    len = strcspn(name, "=");
    row = find_row(name, len);
    device = options_device_find(name, len);
    if (row == NULL && device == NULL) {
        message("unknown option '%.*s'; --help lists them", (int)(name - arg + len), arg);
        return EXIT_USAGE;
    }
    if (name[len] == '=')
        value = name + len + 1;
    if (row == NULL) {
        value = take_value(device, value, argc, argv, i);
        return value != NULL ? options_device_set(o, device, value) : EXIT_USAGE;
    }
    if (row->kind == NO_VALUE && value != NULL) {
        message("option '-%s' takes no value", row->name);
        return EXIT_USAGE;
    }
    if (row->kind == OPTIONAL_VALUE && value == NULL && *i + 1 < argc &&
        options_is_icount(argv[*i + 1]))
        return options_set_qemu_icount(o, argv[++*i]);
    if (row->kind == VALUE && (value = take_value(row->name, value, argc, argv, i)) == NULL)
        return EXIT_USAGE;
    return row->set(o, value);
}

int options_parse(struct options *options, int argc, char **argv)
{
    *options = (struct options){
        .machine = machine_types[0],
        .memory = 128 * MIB,
        .harts = 1,
        .budget = UINT64_MAX,
        .history = true,
        .signature_unit = 4,
        .serial = "stdio",
    };
    for (int i = 1; i < argc; i++) {
        int status = parse_one(options, argc, argv, &i);
        if (status != GO_ON)
            return status;
    }
    if (!options_finish(options))
        return EXIT_USAGE;
    if (options->hold && options->gdb == NULL) {
        message("-S: without -gdb or -s nobody could start the machine");
        return EXIT_USAGE;
    }
    return GO_ON;
}
