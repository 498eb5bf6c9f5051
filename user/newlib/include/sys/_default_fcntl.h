#pragma once
/* <fcntl.h>, in the kernel's numbers. newlib's header of this name has others. */
#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/stat.h>
#include "abi/fcntl.h"

/* What BSD code, newlib's stdio among it, calls the same things. */
#define FREAD    1
#define FWRITE   2
#define O_NDELAY O_NONBLOCK

#ifdef __cplusplus
extern "C" {
#endif

int open(const char *path, int flags, ...);
int openat(int dirfd, const char *path, int flags, ...);
int creat(const char *path, mode_t mode);
int fcntl(int fd, int cmd, ...);

#ifdef __cplusplus
}
#endif
