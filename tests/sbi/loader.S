/* What QEMU starts from its flash: a loader that enters FW_DYNAMIC with information to try it. */
#if __riscv_xlen == 64
#    define WORD .dword
#else
#    define WORD .word
#endif
    .globl _start
_start:
#ifdef INFO_TREE
    li      a1, INFO_TREE
#endif
    la      a2, info
    li      t0, 0x80000000
    jr      t0
    .balign 8
info:
    WORD    INFO_MAGIC
    WORD    INFO_VERSION
    WORD    INFO_NEXT
    WORD    INFO_MODE
    WORD    INFO_OPTIONS
    WORD    INFO_HART
