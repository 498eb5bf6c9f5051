/* The machine as the device tree describes it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/fdt.h"
#include "sbi/hart.h"

struct region {
    uint64_t base, size;
};

enum { REGION_MAX = 8 };

/* How to power off or reboot; the finisher does both and takes an exit code. */
struct reset_reg {
    uintptr_t addr; /* 0: there is none */
    uint32_t value;
};

struct platform {
    const char *model;
    struct region memory[REGION_MAX];
    unsigned memory_count;
    struct region firmware; /* what PMP protects: base aligned to size, a power of 2 */

    uintptr_t finisher; /* sifive,test; 0: none */
    struct reset_reg poweroff, reboot;
    uintptr_t mtime;  /* 0: no clock but the time CSR */
    bool can_suspend; /* system suspend is offered */

    struct { /* ns16550; base 0: none */
        uintptr_t base;
        unsigned shift, width; /* register spacing as a power of 2; bytes per access, 1 or 4 */
    } uart;
};

extern struct platform platform;

/*
 * Read the tree into `platform` and make the table of harts in the memory from `slots` on.
 * Returns NULL, or what is wrong with it as text for the user.
 */
const char *platform_init(struct fdt *tree, uintptr_t slots);

/* Whether [base, base + size) is RAM and none of it the firmware's. Empty ranges are fine. */
bool platform_is_smode_ram(uint64_t base, uint64_t size);

/* Whether a hart may be sent to that address in S-mode, without translation. */
bool platform_is_smode_entry(unsigned long addr);

/*
 * Add the firmware's memory to /reserved-memory of the tree at blob, unless it is there. Uses the
 * memory behind the blob if nothing else is known to, and leaves slack in the tree for whoever adds
 * to it next. Returns NULL or why it could not.
 */
const char *platform_reserve_firmware(struct fdt *tree);
