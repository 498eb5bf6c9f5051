#pragma once
/* mount(2) and umount2(2) */
#include "abi/mount.h"

#define MS_RDONLY  ABI_MS_RDONLY
#define MS_NOSUID  ABI_MS_NOSUID
#define MS_NODEV   ABI_MS_NODEV
#define MS_NOEXEC  ABI_MS_NOEXEC
#define MS_REMOUNT ABI_MS_REMOUNT
#define MNT_FORCE  ABI_MNT_FORCE
#define MNT_DETACH ABI_MNT_DETACH

#ifdef __cplusplus
extern "C" {
#endif

int mount(const char *source, const char *target, const char *type, unsigned long flags,
          const void *data);
int umount(const char *target);
int umount2(const char *target, int flags);

#ifdef __cplusplus
}
#endif
