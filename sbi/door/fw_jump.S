/* FW_JUMP: the next stage is at a fixed address. */
#include "sbi/asm.h"

    .section .rodata.door, "a"
    .balign REGBYTES
    .globl  door
door:
    RVPTR   DOOR_JUMP
    RVPTR   FW_NEXT_ADDR
