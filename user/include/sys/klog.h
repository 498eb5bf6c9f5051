#pragma once
/* The kernel log: syslog(2) under the name C has for it. The types are in abi/syslog.h. */
#include "abi/syslog.h"

#ifdef __cplusplus
extern "C" {
#endif

int klogctl(int type, char *buf, int size);

#ifdef __cplusplus
}
#endif
