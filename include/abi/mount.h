#pragma once
/* Flags of mount(2) and umount2(2). */

#define ABI_MS_RDONLY  1
#define ABI_MS_NOSUID  2
#define ABI_MS_NODEV   4
#define ABI_MS_NOEXEC  8
#define ABI_MS_REMOUNT 32
#define ABI_MS_NOATIME 1024
#define ABI_MS_SILENT  32768

#define ABI_MNT_FORCE  1
#define ABI_MNT_DETACH 2
