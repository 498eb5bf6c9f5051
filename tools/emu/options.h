#pragma once
/* The command line. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/emu/machine.h"

enum {
    OPTIONS_SYMBOLS_MAX = 16,
    OPTIONS_DEVICES_MAX = 64,
    OPTIONS_FW_CFG_MAX = 32,
    OPTIONS_SCREENSHOTS_MAX = 64
};

/* An option that makes a backend or a device, and its value: kept until the machine is made. */
struct option_device {
    const char *name; /* of the option, as in its table */
    const char *text;
};

enum options_display {
    DISPLAY_DEFAULT, /* a window where one is possible */
    DISPLAY_NONE,
    DISPLAY_SDL,
};

struct options {
    const struct machine_type *machine;
    const char *bios;   /* NULL: the default firmware; "none" */
    const char *kernel; /* these four: NULL if not given */
    const char *initrd;
    const char *append;
    const char *dtb;
    const char *dump_dtb; /* write the tree there and end */
    const char *isa;      /* NULL: the default for the XLEN */
    const char *cpu;      /* properties that change the ISA; NULL: none */
    unsigned xlen;        /* 32, 64; 0: by the images */
    uint64_t memory;      /* bytes */
    unsigned harts;
    uint64_t icount_ns;      /* 0: real time */
    uint64_t budget;         /* instructions; UINT64_MAX: no limit */
    const char *signature;   /* file to write the guest's signature to; NULL: none */
    unsigned signature_unit; /* bytes of it per line */
    const char *until;       /* end once the console has shown this text */
    const char *trace_file;
    const char *symbols[OPTIONS_SYMBOLS_MAX]; /* FILE or FILE@BIAS */
    unsigned symbols_count;
    const char *fw_cfg[OPTIONS_FW_CFG_MAX]; /* as -fw_cfg has them */
    unsigned fw_cfg_count;
    bool has_serial;    /* it was given */
    const char *serial; /* as -serial has it; NULL: none */
    unsigned trace;     /* enum hart_trace_kind and machine_trace_kind, ORed */
    enum options_display display;
    bool nographic; /* there is no screen that firmware should use */
    char name[64];  /* of the machine, for its window; empty: none */
    const char *screenshots[OPTIONS_SCREENSHOTS_MAX]; /* FILE@WHEN */
    unsigned screenshot_count;
    const char *input; /* script of what the person does; NULL: none */
    const char *gdb;   /* where to listen for gdb; NULL: nowhere */
    bool hold;         /* do not start before gdb says so */
    bool history;      /* remember instructions, for reports of crashes */
    bool no_reboot;
    bool stats;
    struct option_device devices[OPTIONS_DEVICES_MAX];
    unsigned device_count;
    bool virtio_legacy;
    bool no_shutdown, no_defaults, snapshot;
    bool has_wall;
    uint64_t wall_ns;  /* the clock at the start, if it has been given */
    bool aclint;       /* -M virt,aclint=on */
    const char *audio; /* file to record sound to; NULL: none */
};

/* The trace category (enum hart_trace_kind...) of that name of n characters; 0: there is none. */
unsigned options_trace_kind(const char *name, size_t n);

/*
 * Parse the command line. Returns -1 to go on, or the exit status of a process that has nothing
 * more to do: 0 after --help and the like, 2 after an error, of which a line is on stderr.
 */
int options_parse(struct options *options, int argc, char **argv);

/* --- devices and backends (options_device.c) ------------------------------------------------ */

/* Is there such an option, of n characters? Its name if so, else NULL. */
const char *options_device_find(const char *name, size_t n);

/* Take it: returns as options_parse() does. */
int options_device_set(struct options *options, const char *name, const char *value);

/* A line of help for each on stdout. */
void options_device_help(void);

/*
 * Make the backends and list the devices that the options ask for. False after an error, of which a
 * line is on stderr. In any case options_device_close() frees what has been made, when the machine
 * is gone.
 */
bool options_device_open(const struct options *options, struct machine_config *config);

/*
 * Once the machine is made: has it taken what it was given? False after a line on stderr if it
 * never could.
 */
bool options_device_used(const struct options *options, const struct machine_config *config);
void options_device_close(struct machine_config *config);
