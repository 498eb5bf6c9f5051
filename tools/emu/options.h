#pragma once
/* The command line. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/emu/machine.h"

enum { OPTIONS_SYMBOLS_MAX = 16 };

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
    unsigned trace; /* enum hart_trace_kind and machine_trace_kind, ORed */
    bool no_reboot;
    bool stats;
};

/*
 * Parse the command line. Returns -1 to go on, or the exit status of a process that has nothing
 * more to do: 0 after --help and the like, 2 after an error, of which a line is on stderr.
 */
int options_parse(struct options *options, int argc, char **argv);
