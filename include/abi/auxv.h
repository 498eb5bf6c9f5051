#pragma once
/* The auxiliary vector above envp on a new program's stack: pairs of longs, ended by type 0. */

#define ABI_AT_NULL   0
#define ABI_AT_PHDR   3
#define ABI_AT_PHENT  4
#define ABI_AT_PHNUM  5
#define ABI_AT_PAGESZ 6
#define ABI_AT_ENTRY  9
#define ABI_AT_UID    11
#define ABI_AT_EUID   12
#define ABI_AT_GID    13
#define ABI_AT_EGID   14
#define ABI_AT_HWCAP  16
#define ABI_AT_CLKTCK 17
#define ABI_AT_SECURE 23
#define ABI_AT_RANDOM 25 /* address of 16 random bytes */
#define ABI_AT_EXECFN 31 /* address of the path given to execve(2) */
