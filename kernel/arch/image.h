#pragma once
/* Where the linker put things (linker/kernel.ld.S). Page-aligned but for the bss's end. */
extern char __image_start[], __text_start[], __text_end[], __rodata_start[], __data_start[];
extern char __bss_start[], __bss_end[], __image_end[];

/* The exception table: a fault at an instruction continues at its fix-up; offsets from the field.
 */
struct extable_entry {
    int insn, fixup;
};
extern const struct extable_entry __extable_start[], __extable_end[];

/* tools/mksyms: count, then (address, offset into names) pairs, then names; absent in pass 1. */
extern const unsigned long ksyms_table[] __attribute__((weak));

/* The boot hart's first stack slot (thread.h); its thread becomes that hart's idle thread. */
extern char boot_slot[];
