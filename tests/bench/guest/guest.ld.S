/* Benchmark programs: one segment at the start of DRAM. */
OUTPUT_ARCH(riscv)
ENTRY(_start)
PHDRS { all PT_LOAD FLAGS(7); }
SECTIONS
{
    . = 0x80000000;
    .text : { KEEP(*(.start)) *(.text .text.*) } :all
    .rodata : ALIGN(16) { *(.rodata .rodata.* .srodata .srodata.*) } :all
    .data : ALIGN(16) { *(.data .data.* .sdata .sdata.*) } :all
    .bss : ALIGN(4096) { _bss_start = .; *(.bss .bss.* .sbss .sbss.* COMMON) . = ALIGN(16); _bss_end = .; } :all
    /DISCARD/ : { *(.comment .riscv.attributes .note.* .eh_frame) }
}
