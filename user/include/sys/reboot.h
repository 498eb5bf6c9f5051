#pragma once
/* reboot(2) */
#include "abi/reboot.h"

#define RB_AUTOBOOT    ABI_REBOOT_RESTART
#define RB_HALT_SYSTEM ABI_REBOOT_HALT
#define RB_POWER_OFF   ABI_REBOOT_POWER_OFF

#ifdef __cplusplus
extern "C" {
#endif

int reboot(unsigned command);

#ifdef __cplusplus
}
#endif
