/*
 * The kernel image: one region of small pages in four protections. Loaded at any superpage-aligned
 * address, linked at LAYOUT_IMAGE. Sections are in the order of their protection; .ksyms comes last of
 * what is loaded, so that filling it in (the second link) moves nothing else that is loaded.
 */
#include "kernel/arch/layout.h"

OUTPUT_ARCH(riscv)
ENTRY(_start)

PHDRS
{
    text PT_LOAD FLAGS(5);
    rodata PT_LOAD FLAGS(4);
    data PT_LOAD FLAGS(6);
}

SECTIONS
{
    . = LAYOUT_IMAGE;
    __image_start = .;
    __text_start = .;
    .text : {
        KEEP(*(.head))
        *(.text.boot_entry)
        *(.text .text.*)
    } :text
    __text_end = .;

    . = ALIGN(4096);
    __rodata_start = .;
    .rodata : {
        *(.rodata .rodata.* .srodata .srodata.*)
    } :rodata
    .extable : ALIGN(8) {
        __extable_start = .;
        KEEP(*(.extable))
        __extable_end = .;
    } :rodata
    /* Room for the table of replaceable instruction sequences. */
    .alternative : ALIGN(8) {
        __alternative_start = .;
        KEEP(*(.alternative))
        __alternative_end = .;
    } :rodata

    . = ALIGN(4096);
    __data_start = .;
    .data : {
        *(.data .data.* .sdata .sdata.*)
    } :data
    .ksyms : ALIGN(8) {
        KEEP(*(.ksyms))
        . = ALIGN(16);
    } :data
    __load_end = .;

    . = ALIGN(16);
    __bss_start = .;
    .bss (NOLOAD) : {
        *(.bss.page_aligned)
        *(.bss .bss.* .sbss .sbss.* COMMON)
        . = ALIGN(16);
    } :data
    __bss_end = .;

    . = ALIGN(4096);
    __image_end = .;
    __image_memory_size = __image_end - __image_start;

    /DISCARD/ : { *(.comment) *(.note .note.*) *(.eh_frame .eh_frame_hdr) }
}

ASSERT(__image_end - __image_start <= LAYOUT_IMAGE_MAX, "the kernel image outgrew its page table")
ASSERT(_start == __image_start, "the boot image header must come first")
