/* FW_DYNAMIC: the loader says in a2 where to go on. */
#include "sbi/asm.h"

    .section .rodata.door, "a"
    .balign REGBYTES
    .globl  door
door:
    RVPTR   DOOR_DYNAMIC
    RVPTR   0
