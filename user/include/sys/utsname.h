#pragma once
/* uname(2) */
#include "abi/utsname.h"

#ifdef __cplusplus
extern "C" {
#endif

struct utsname {
    char sysname[ABI_UTSNAME_LEN];
    char nodename[ABI_UTSNAME_LEN];
    char release[ABI_UTSNAME_LEN];
    char version[ABI_UTSNAME_LEN];
    char machine[ABI_UTSNAME_LEN];
    char domainname[ABI_UTSNAME_LEN];
};

int uname(struct utsname *name);

#ifdef __cplusplus
}
#endif
