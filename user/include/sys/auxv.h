#pragma once
/* What the kernel tells a program at its start. The types are in abi/auxv.h. */
#include "abi/auxv.h"

#ifdef __cplusplus
extern "C" {
#endif

/* 0 when there is no such entry. */
unsigned long getauxval(unsigned long type);

#ifdef __cplusplus
}
#endif
