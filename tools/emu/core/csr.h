#pragma once
/*
 * Between the table of control and status registers (csr.c) and the files that hold what its rows
 * name: one handler per VIEW and READ row to read, one per VIEW and WARL row to write.
 *
 * A reader gives the register's XLEN bits; a writer gets the bits software wants and keeps what the
 * field rules allow. `num` is the CSR's number, which tells the members of an array apart. Both run
 * with the position published (core.h, rule 3), or between blocks.
 */
#include "tools/emu/core/alu.h"
#include "tools/emu/core/core.h"

#define CSR_GET(name) uxlen CORE(csr_get_##name)(struct hart * h, unsigned num)
#define CSR_SET(name) void CORE(csr_set_##name)(struct hart * h, unsigned num, uxlen v)

#define CSR_DECLARE_FIELD(name)
#define CSR_DECLARE_CONST(name)
#define CSR_DECLARE_READ(name) CSR_GET(name);
#define CSR_DECLARE_WARL(name) CSR_SET(name);
#define CSR_DECLARE_VIEW(name) \
    CSR_GET(name);             \
    CSR_SET(name);
#define CSR(name, number, xlen, ext, check, kind, mask) ON_##xlen(CSR_DECLARE_##kind(name))
#define CSR_ARRAY(name, number, first, count, xlen, ext, check, kind, mask) \
    ON_##xlen(CSR_DECLARE_##kind(name))
#include "riscv/csr.def"

/*
 * Handlers of a 64-bit register, which on RV32 are those of its two halves, from two functions:
 * uint64_t name_value(h, num) and void name_put(h, num, uint64_t).
 */
#if XLEN == 64
#    define CSR_GET_WIDE(name)                  \
        CSR_GET(name)                           \
        {                                       \
            return (uxlen)name##_value(h, num); \
        }
#    define CSR_WIDE(name)         \
        CSR_GET_WIDE(name)         \
        CSR_SET(name)              \
        {                          \
            name##_put(h, num, v); \
        }
#else
#    define CSR_GET_WIDE(name)                          \
        CSR_GET(name)                                   \
        {                                               \
            return (uxlen)name##_value(h, num);         \
        }                                               \
        CSR_GET(name##h)                                \
        {                                               \
            return (uxlen)(name##_value(h, num) >> 32); \
        }
#    define CSR_WIDE(name)                                                          \
        CSR_GET_WIDE(name)                                                          \
        CSR_SET(name)                                                               \
        {                                                                           \
            name##_put(h, num, (name##_value(h, num) & ~(uint64_t)UINT32_MAX) | v); \
        }                                                                           \
        CSR_SET(name##h)                                                            \
        {                                                                           \
            name##_put(h, num, (uint32_t)name##_value(h, num) | (uint64_t)v << 32); \
        }
#endif

/* Numbers that handlers count from. */
#define CSR_PMPCFG0  0x3a0
#define CSR_PMPADDR0 0x3b0

#define S_INTERRUPTS (MIP_SSIP | MIP_STIP | MIP_SEIP)
#define M_INTERRUPTS (MIP_MSIP | MIP_MTIP | MIP_MEIP)

static inline bool csr_has(const struct hart *h, enum isa_ext ext)
{
    return isa_has(&h->config.isa, ext);
}

/* The local counter overflow interrupt, if there is one. */
static inline uint64_t csr_lcofi(const struct hart *h)
{
    return csr_has(h, EXT_SSCOFPMF) ? MIP_LCOFIP : 0;
}

/* Does the hart's own timer (Sstc) drive STIP? */
static inline bool csr_stce(const struct hart *h)
{
    return h->csr.menvcfg & MENVCFG64_STCE;
}

/* csr_env.c: values that are not 0 after a reset. */
void CORE(csr_env_reset)(struct hart *h);
