/* clang-format off */
#pragma once
/*
 * Rules under which a program goes on when mseccfg.MML is set: M-mode may execute what is below
 * __bss_start, read and write the devices and the rest. Entry 0 is for the page at `zone`, entries
 * 5 and up are free. RLB stays set.
 */
#define R       1
#define W       2
#define X       4
#define TOR     0x08
#define NA4     0x10
#define NAPOT   0x18
#define L       0x80
#define MML     1
#define MMWP    2
#define RLB     4

#define SMEPMP_RULES                                                                               \
    li t0, RLB;                                                                                    \
    csrw mseccfg, t0;                                                                              \
    csrw pmpcfg0, zero;                                                                            \
    la t0, zone;                                                                                   \
    srli t0, t0, 2;                                                                                \
    ori t0, t0, 4096 / 8 - 1;                                                                      \
    csrw pmpaddr0, t0;                                                                             \
    li t0, RAM / 8 - 1;                                                                            \
    csrw pmpaddr1, t0;                                                                             \
    li t0, RAM / 4;                                                                                \
    csrw pmpaddr2, t0;                                                                             \
    la t0, __bss_start;                                                                            \
    srli t0, t0, 2;                                                                                \
    csrw pmpaddr3, t0;                                                                             \
    li t0, (RAM / 4) * 2 - 1;                                                                      \
    csrw pmpaddr4, t0;                                                                             \
    SMEPMP_CFG4;                                                                                   \
    li t0, ((L | NAPOT | R | W) << 8) | ((L | TOR | R | X) << 24);                                 \
    csrs pmpcfg0, t0;                                                                              \
    sfence.vma

#if __riscv_xlen == 64
#    define SMEPMP_CFG4                                                                            \
        li t0, (L | TOR | R | W) << 32;                                                            \
        csrw pmpcfg0, t0
#else
#    define SMEPMP_CFG4                                                                            \
        li t0, L | TOR | R | W;                                                                    \
        csrw pmpcfg1, t0
#endif
