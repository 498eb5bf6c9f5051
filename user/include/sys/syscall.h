#pragma once
/* Any system call by number: SYS_NAME, which is negative for a call this XLEN does not have. */
#include "abi/syscall.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The result, or -1 with errno. A 64-bit argument on rv32 is two: the low half, then the high one.
 */
long syscall(long number, ...);

#ifdef __cplusplus
}
#endif
