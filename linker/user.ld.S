/*
 * A user program: static, at a fixed address that leaves the first 64 KiB unmapped. Text, constants
 * and data are three segments; each starts in the page of the file where the one before ended, so
 * the file has no padding and a boundary page is mapped twice, with each segment's rights.
 */
#define PAGE 0x1000

ENTRY(_start)

PHDRS
{
    text PT_LOAD FILEHDR PHDRS FLAGS(5);
    rodata PT_LOAD FLAGS(4);
    data PT_LOAD FLAGS(6);
    tls PT_TLS FLAGS(4);
    stack PT_GNU_STACK FLAGS(6);
}

SECTIONS
{
    . = 0x10000 + SIZEOF_HEADERS;
    .text : {
        KEEP(*(.text.start))
        *(.text .text.*)
        *(.init .fini)
    } :text

    . = ALIGN(16);
    . += PAGE;
    .rodata : {
        *(.rodata .rodata.*)
        *(.srodata .srodata.*)
    } :rodata
    .eh_frame : { *(.eh_frame) } :rodata
    .gcc_except_table : { *(.gcc_except_table .gcc_except_table.*) } :rodata

    . = ALIGN(16);
    . += PAGE;
    .tdata : {
        __tdata_start = .;
        *(.tdata .tdata.*)
        __tdata_end = .;
    } :data :tls
    .tbss : { *(.tbss .tbss.*) } :data :tls
    /* What start.c copies and clears for a thread: .tdata's bytes, then zeros up to the size of both. */
    __tdata_size = __tdata_end - __tdata_start;
    __tls_size = SIZEOF(.tbss) == 0 ? __tdata_size : ADDR(.tbss) + SIZEOF(.tbss) - __tdata_start;
    __tls_align = MAX(ALIGNOF(.tdata), ALIGNOF(.tbss));

    .preinit_array : {
        __preinit_array_start = .;
        KEEP(*(.preinit_array))
        __preinit_array_end = .;
    } :data
    .init_array : {
        __init_array_start = .;
        KEEP(*(SORT_BY_INIT_PRIORITY(.init_array.*)))
        KEEP(*(.init_array))
        __init_array_end = .;
    } :data
    .fini_array : {
        __fini_array_start = .;
        KEEP(*(SORT_BY_INIT_PRIORITY(.fini_array.*)))
        KEEP(*(.fini_array))
        __fini_array_end = .;
    } :data
    .data : {
        *(.data .data.*)
        . = ALIGN(8);
        __global_pointer$ = . + 0x800;
        *(.sdata .sdata.*)
    } :data
    .bss (NOLOAD) : {
        *(.sbss .sbss.*)
        *(.bss .bss.*)
        *(COMMON)
    } :data
    _end = .;
    end = .;

    /DISCARD/ : { *(.comment) *(.riscv.attributes) *(.note .note.*) }
}
