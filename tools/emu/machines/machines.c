/* Every machine table, for -M. */
#include "tools/emu/machine.h"

extern const struct machine_type machine_virt;
extern const struct machine_type machine_nemu;

const struct machine_type *const machine_types[] = {
    &machine_virt,
    &machine_nemu,
    NULL,
};
