#pragma once
/* errno, in the kernel's numbers. */
#include <sys/reent.h>
#include "abi/errno.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef _REENT_ONLY
#    define errno (*__errno())
int *__errno(void);
#endif
#define __errno_r(ptr) ((ptr)->_errno)

/* What newlib's own code asks for beside the kernel's numbers. */
#define __ELASTERROR 2000
#define EFTYPE       2001 /* not a hash file, says hcreate()'s file format */

#ifdef __cplusplus
}
#endif
