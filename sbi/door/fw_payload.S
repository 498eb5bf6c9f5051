/* FW_PAYLOAD: the next stage is linked in, at the address linker/sbi.ld.S gives it. */
#include "sbi/asm.h"

    .section .rodata.door, "a"
    .balign REGBYTES
    .globl  door
door:
    RVPTR   DOOR_PAYLOAD
    RVPTR   payload_start

    .section .payload, "a"
payload_start:
    .incbin FW_PAYLOAD_FILE
