#pragma once
/*
 * Widths of the basic types, replacing newlib's defaults, which date from 16-bit machines: the same
 * on both XLENs, wide enough for every value the kernel's calls carry.
 */
#include <machine/_default_types.h>

#define __machine_blkcnt_t_defined
typedef __int64_t __blkcnt_t;
#define __machine_blksize_t_defined
typedef __int32_t __blksize_t;
#define __machine_fsblkcnt_t_defined
typedef __uint64_t __fsblkcnt_t;
#define __machine_fsfilcnt_t_defined
typedef __uint64_t __fsfilcnt_t;
#define __machine_off_t_defined
typedef __int64_t _off_t;
#define __machine_fpos_t_defined
typedef __int64_t _fpos_t;
#define __machine_dev_t_defined
typedef __uint64_t __dev_t;
#define __machine_ino_t_defined
typedef __uint64_t __ino_t;
#define __machine_uid_t_defined
typedef __uint32_t __uid_t;
#define __machine_gid_t_defined
typedef __uint32_t __gid_t;
#define __machine_mode_t_defined
typedef __uint32_t __mode_t;
#define __machine_clockid_t_defined
#define _CLOCKID_T_ int
