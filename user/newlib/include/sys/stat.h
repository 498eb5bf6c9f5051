#pragma once
/* newlib's <sys/stat.h> and what it declares for other systems only. */
#include_next <sys/stat.h>

#define UTIME_NOW  0x3fffffff
#define UTIME_OMIT 0x3ffffffe

#ifdef __cplusplus
extern "C" {
#endif

int lstat(const char *__restrict path, struct stat *__restrict st);
int mknod(const char *path, mode_t mode, dev_t dev);

#ifdef __cplusplus
}
#endif
