/* Bring-up, called by entry.S. */
#pragma once

#include "sbi/hart.h"

/* What a loader of FW_DYNAMIC leaves in memory, address in a2. */
struct fw_dynamic_info {
    unsigned long magic;     /* FW_DYNAMIC_MAGIC */
    unsigned long version;   /* 1 or 2 */
    unsigned long next_addr; /* where the next stage is */
    unsigned long next_mode; /* FW_DYNAMIC_MODE_... */
    unsigned long options;   /* FW_DYNAMIC_NO_BOOT_PRINTS or 0 */
    unsigned long boot_hart; /* version 2: which hart enters the next stage; -1: any */
};

#define FW_DYNAMIC_MAGIC          0x4942534ful /* "OSBI" */
#define FW_DYNAMIC_MODE_S         1
#define FW_DYNAMIC_NO_BOOT_PRINTS 1

/* What the door file linked in says (sbi/door). */
struct door {
    unsigned long kind;      /* DOOR_... */
    unsigned long next_addr; /* DOOR_JUMP, DOOR_PAYLOAD */
};
extern const struct door door;

/* The hart that won the lottery; everything but the stack is as reset left it, .bss is clear. */
_Noreturn void boot_cold(unsigned long id, void *blob, const struct fw_dynamic_info *info);

/* Every other hart, on its own stack, once the table of harts stands. */
_Noreturn void boot_warm(struct hart *self);
