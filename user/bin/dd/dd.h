#pragma once
/* What dd was asked for. */
#include <stdbool.h>

enum conversion {
    CONV_NOTRUNC = 1 << 0,
    CONV_EXCL = 1 << 1,
    CONV_NOCREAT = 1 << 2,
    CONV_NOERROR = 1 << 3,
    CONV_SYNC = 1 << 4,
    CONV_FSYNC = 1 << 5,
    CONV_FDATASYNC = 1 << 6,
    CONV_UCASE = 1 << 7,
    CONV_LCASE = 1 << 8,
    CONV_SWAB = 1 << 9,
};

/* Flags that are dd's own; the others are open's. */
enum flag {
    FLAG_FULLBLOCK = 1 << 0,
    FLAG_COUNT_BYTES = 1 << 1,
    FLAG_SKIP_BYTES = 1 << 2,
    FLAG_SEEK_BYTES = 1 << 3,
};

struct options {
    const char *input, *output;
    long long ibs, obs, bs;      /* bs 0: not given */
    long long count, skip, seek; /* count -1: to the end */
    unsigned conv, iflags, oflags;
    int iopen, oopen;
    bool quiet, no_rate; /* status=none, noxfer */
};

extern struct options opt;

/* Fills it in, or ends the program with a message. */
void parse_options(int argc, char **argv);
