#pragma once
/* The integer operations of insn.def as functions of XLEN-bit values: alu_ADD(a, b) and so on. */
#include "tools/emu/core/core.h"

#define ON_32(...)     __VA_ARGS__
#define ON_64(...)     IF64(__VA_ARGS__)
#define ON_ONLY32(...) IF32(__VA_ARGS__)

static inline uxlen sext32(uint64_t v)
{
    return (uxlen)(int32_t)v;
}

#if XLEN == 64
typedef __int128 sxlen2;
typedef unsigned __int128 uxlen2;
#else
typedef int64_t sxlen2;
typedef uint64_t uxlen2;
#endif

static inline uxlen mulh(uxlen a, uxlen b)
{
    return (uxlen)((sxlen2)(sxlen)a * (sxlen)b >> XLEN);
}

static inline uxlen mulhu(uxlen a, uxlen b)
{
    return (uxlen)((uxlen2)a * b >> XLEN);
}

/* a signed, b unsigned: their product always fits the signed double width. */
static inline uxlen mulhsu(uxlen a, uxlen b)
{
    return (uxlen)((sxlen2)(sxlen)a * (sxlen2)b >> XLEN);
}

/* Division never traps: by zero gives all ones and the dividend; overflow gives the dividend and 0.
 */
static inline uxlen div_signed(uxlen a, uxlen b)
{
    if (b == 0)
        return ~(uxlen)0;
    return b == ~(uxlen)0 ? -a : (uxlen)((sxlen)a / (sxlen)b);
}

static inline uxlen div_unsigned(uxlen a, uxlen b)
{
    return b == 0 ? ~(uxlen)0 : a / b;
}

static inline uxlen rem_signed(uxlen a, uxlen b)
{
    if (b == 0)
        return a;
    return b == ~(uxlen)0 ? 0 : (uxlen)((sxlen)a % (sxlen)b);
}

static inline uxlen rem_unsigned(uxlen a, uxlen b)
{
    return b == 0 ? a : a % b;
}

#if XLEN == 64
static inline uxlen div_signed_w(uint32_t a, uint32_t b)
{
    if (b == 0)
        return ~(uxlen)0;
    return sext32(b == ~UINT32_C(0) ? -a : (uint32_t)((int32_t)a / (int32_t)b));
}

static inline uxlen div_unsigned_w(uint32_t a, uint32_t b)
{
    return b == 0 ? ~(uxlen)0 : sext32(a / b);
}

static inline uxlen rem_signed_w(uint32_t a, uint32_t b)
{
    if (b == 0)
        return sext32(a);
    return b == ~UINT32_C(0) ? 0 : sext32((uint32_t)((int32_t)a % (int32_t)b));
}

static inline uxlen rem_unsigned_w(uint32_t a, uint32_t b)
{
    return b == 0 ? sext32(a) : sext32(a % b);
}
#endif

#define ALU_OP(id, xlen, expr) \
    ON_##xlen(static inline uxlen alu_##id(uxlen a, uxlen b) { return (uxlen)(expr); })
#include "riscv/insn.def"

#define BRANCH_OP(id, expr)                          \
    static inline bool branch_##id(uxlen a, uxlen b) \
    {                                                \
        return expr;                                 \
    }
#include "riscv/insn.def"

/* amo_w_ADD(memory, register) and amo_d_ADD. */
#define AMO_OP(id, expr)                                      \
    static inline uint32_t amo_w_##id(uint32_t m, uint32_t r) \
    {                                                         \
        int32_t sm = (int32_t)m, sr = (int32_t)r;             \
        (void)sm, (void)sr;                                   \
        return expr;                                          \
    }
#include "riscv/insn.def"
#define AMO_OP(id, expr)                                      \
    static inline uint64_t amo_d_##id(uint64_t m, uint64_t r) \
    {                                                         \
        int64_t sm = (int64_t)m, sr = (int64_t)r;             \
        (void)sm, (void)sr;                                   \
        return expr;                                          \
    }
#include "riscv/insn.def"
