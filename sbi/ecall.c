#include <stddef.h>

#include "sbi/ecall.h"

/* The most frequent first. */
static const struct ext *const table[] = {
    &ext_time, &ext_ipi, &ext_rfence, &ext_pmu,  &ext_dbcn, &ext_hsm,    &ext_base,
    &ext_srst, &ext_sse, &ext_dbtr,   &ext_susp, &ext_fwft, &ext_legacy,
};

enum { EXT_COUNT = sizeof(table) / sizeof(table[0]) };

/* Those that are available, in the same order; the rest of it is empty: first > last. */
static struct active {
    unsigned long first, last;
    struct sbiret (*call)(ECALL_ARGS);
} active[EXT_COUNT];

void ecall_init(void)
{
    unsigned count = 0;
    for (unsigned i = 0; i < EXT_COUNT; i++) {
        const struct ext *ext = table[i];
        if (ext->available && !ext->available())
            continue;
        active[count].first = ext->first;
        active[count].last = ext->last;
        active[count++].call = ext->call;
    }
    for (; count < EXT_COUNT; count++)
        active[count].first = 1;
}

bool ecall_available(unsigned long eid)
{
    for (unsigned i = 0; i < EXT_COUNT; i++)
        if (eid >= active[i].first && eid <= active[i].last)
            return true;
    return false;
}

/* A leaf that ends in a tail call: the arguments stay in their registers. */
struct sbiret ecall_dispatch(ECALL_ARGS)
{
    for (const struct active *ext = active; ext < active + EXT_COUNT; ext++)
        if (eid >= ext->first && eid <= ext->last)
            return ext->call(a0, a1, a2, a3, a4, a5, fid, eid);
    return sbi_error(SBI_ERR_NOT_SUPPORTED);
}
