#pragma once
/* Flags of clone(2): Linux's. The low byte is the signal the parent gets when the child ends. */

#define ABI_CSIGNAL              0x000000ffu
#define ABI_CLONE_VM             0x00000100u
#define ABI_CLONE_FS             0x00000200u
#define ABI_CLONE_FILES          0x00000400u
#define ABI_CLONE_SIGHAND        0x00000800u
#define ABI_CLONE_VFORK          0x00004000u
#define ABI_CLONE_PARENT         0x00008000u
#define ABI_CLONE_THREAD         0x00010000u
#define ABI_CLONE_SETTLS         0x00080000u
#define ABI_CLONE_PARENT_SETTID  0x00100000u
#define ABI_CLONE_CHILD_CLEARTID 0x00200000u
#define ABI_CLONE_CHILD_SETTID   0x01000000u
