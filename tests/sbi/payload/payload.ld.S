/* The S-mode test payload: where FW_JUMP goes. */
#if __riscv_xlen == 64
#    define BASE 0x80200000
#else
#    define BASE 0x80400000
#endif
OUTPUT_ARCH(riscv)
ENTRY(_start)
PHDRS { all PT_LOAD FLAGS(7); }
SECTIONS
{
    . = BASE;
    .text : { KEEP(*(.start)) *(.text .text.*) } :all
    .rodata : ALIGN(16) { *(.rodata .rodata.* .srodata .srodata.*) } :all
    .data : ALIGN(16) { *(.data .data.* .sdata .sdata.*) } :all
    .bss : ALIGN(4096) { _bss_start = .; *(.bss .bss.* .sbss .sbss.* COMMON) . = ALIGN(16); _bss_end = .; } :all
    _end = .;
    /DISCARD/ : { *(.comment .riscv.attributes .note.*) }
}
