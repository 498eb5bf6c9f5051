/* Power off and reboot through the devices of the platform. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Whether there is a device for a reset type of SRST (enum in abi/sbi.h). */
bool reset_available(uint32_t type);

/*
 * Do it. failed: a power-off says so to whoever runs the machine, where the device can (exit code
 * 1 through the test finisher). Returns only if there is no device or it did nothing.
 */
void reset_system(uint32_t type, bool failed);
