/*
 * What the assembly sources and struct hart (hart.h) must agree on; hart.c asserts each number.
 * Both C and assembly include this file.
 */
#pragma once

#if __riscv_xlen == 64
#    define REG_S    sd
#    define REG_L    ld
#    define REGBYTES 8
#    define RVPTR    .dword
#else
#    define REG_S    sw
#    define REG_L    lw
#    define REGBYTES 4
#    define RVPTR    .word
#endif

/* A hart's slot: struct hart at its low end, its stack above, growing down towards it. */
#define HART_SLOT_SHIFT 12
#define HART_SLOT_SIZE  (1 << HART_SLOT_SHIFT)

/* Offsets in struct hart. Register number n of an interrupted context is at n * REGBYTES. */
#define HART_ID    (32 * REGBYTES)
#define HART_TIMER (33 * REGBYTES)
#define HART_LOOK  (34 * REGBYTES)

/* Values of hart.timer that are not the address of the hart's mtimecmp. */
#define HART_TIMER_NONE 0
#define HART_TIMER_SSTC 1

/* boot_state: what harts that did not win the lottery wait for. */
#define BOOT_PENDING 0
#define BOOT_READY   1

#define BOOT_STACK_SIZE  8192
#define PANIC_STACK_SIZE 2048

/* Which door the firmware was linked with. */
#define DOOR_DYNAMIC 0
#define DOOR_JUMP    1
#define DOOR_PAYLOAD 2

/* mcause of a call from S-mode, which trap_entry.S looks for; hart.c holds it against cause.def. */
#define ASM_CAUSE_ECALL_S 9

/* SBI specification version reported by BASE: the major number is in bits 30 to 24. */
#define FW_SPEC_VERSION 0x3000000
