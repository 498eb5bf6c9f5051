#pragma once
/* What a monitor says about itself (VESA Enhanced EDID Standard, release A, revision 2: EDID 1.4).
 */
#include <stdint.h>

enum {
    EDID_SIZE = 128,
    EDID_MIN_PIXELS = 16, /* of a side, for edid_make() */
    EDID_MAX_PIXELS = 4095,
};

/* The block of a monitor whose preferred and native mode is width * height at 60 Hz. */
void edid_make(uint8_t edid[EDID_SIZE], unsigned width, unsigned height);
