#pragma once
/* reboot(2): two magic numbers against accidents, and what to do. */

#define ABI_REBOOT_MAGIC1 0xfee1deadu
#define ABI_REBOOT_MAGIC2 0x28121969u

#define ABI_REBOOT_RESTART   0x01234567u
#define ABI_REBOOT_HALT      0xcdef0123u
#define ABI_REBOOT_POWER_OFF 0x4321fedcu
