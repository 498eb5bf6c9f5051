/* The firmware: at the start of DRAM; a payload, if there is one, one superpage above. */
#if __SIZEOF_POINTER__ == 8
#    define SUPERPAGE 0x200000
#else
#    define SUPERPAGE 0x400000
#endif

OUTPUT_ARCH(riscv)
ENTRY(_start)

SECTIONS
{
    . = 0x80000000;
    _fw_start = .;
    .text : {
        KEEP(*(.entry))
        *(.text .text.*)
    }
    _fw_text_end = .;
    .rodata : ALIGN(16) {
        *(.rodata .rodata.* .srodata .srodata.*)
    }
    .data : ALIGN(16) {
        *(.data .data.* .sdata .sdata.*)
    }
    .bss : ALIGN(16) {
        _bss_start = .;
        *(.bss .bss.* .sbss .sbss.* COMMON)
        . = ALIGN(16);
        _bss_end = .;
    }
    .noinit (NOLOAD) : ALIGN(16) {
        *(.noinit)
    }
    /* The harts' slots follow; boot.c counts them. */
    _fw_end = .;

    .payload _fw_start + SUPERPAGE : {
        KEEP(*(.payload))
    }

    /DISCARD/ : {
        *(.comment .riscv.attributes .note.*)
    }
}
