/* SBI calls: the table of extensions and what a handler gets. */
#pragma once

#include <stdbool.h>

#include "abi/sbi.h"

/*
 * A handler gets a0 to a7 as the caller left them: six arguments, function id, extension id; so
 * nothing is moved on the way. What it returns goes to a0 and a1.
 */
#define ECALL_ARGS                                                                            \
    unsigned long a0, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4, \
        unsigned long a5, unsigned long fid, unsigned long eid

/* An extension, or a range of them that one handler serves. */
struct ext {
    unsigned long first, last; /* extension ids */
    bool (*available)(void);   /* whether the platform can carry it; NULL: always */
    struct sbiret (*call)(ECALL_ARGS);
};

extern const struct ext ext_base, ext_time, ext_ipi, ext_rfence, ext_hsm, ext_srst, ext_dbcn,
    ext_susp, ext_fwft, ext_pmu, ext_sse, ext_dbtr, ext_legacy;

/* Find out which extensions the platform can carry; before the first call, once. */
void ecall_init(void);

/* Whether an extension of that id answers. */
bool ecall_available(unsigned long eid);

/* Called by trap_entry.S with mepc behind the ecall. */
struct sbiret ecall_dispatch(ECALL_ARGS);

static inline struct sbiret sbi_error(long error)
{
    return (struct sbiret){.error = error};
}

static inline struct sbiret sbi_value(unsigned long value)
{
    return (struct sbiret){.error = SBI_SUCCESS, .value = value};
}
