#pragma once
/* uname(2) */

#define ABI_UTSNAME_LEN 65

struct abi_utsname {
    char sysname[ABI_UTSNAME_LEN];
    char nodename[ABI_UTSNAME_LEN];
    char release[ABI_UTSNAME_LEN];
    char version[ABI_UTSNAME_LEN];
    char machine[ABI_UTSNAME_LEN];
    char domainname[ABI_UTSNAME_LEN];
};
