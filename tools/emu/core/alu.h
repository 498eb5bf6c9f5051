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

/* --- bits ------------------------------------------------------------------------------------ */

/* All ones in the low half; the value that has v in every byte. */
static const uxlen low_half = ~(uxlen)0 >> XLEN / 2;
#define EVERY_BYTE(v) (~(uxlen)0 / 0xff * (v))

static inline uxlen count_leading_zeros(uxlen a)
{
    return a == 0 ? XLEN : (uxlen)__builtin_clzll(a) - (64 - XLEN);
}

static inline uxlen count_trailing_zeros(uxlen a)
{
    return a == 0 ? XLEN : __builtin_ctzll(a);
}

static inline uxlen count_ones(uxlen a)
{
    return __builtin_popcountll(a);
}

/* Each byte that is not zero becomes all ones. */
static inline uxlen or_combine_bytes(uxlen a)
{
    uxlen low = EVERY_BYTE(0x7f);
    uxlen top = ((a & low) + low) | a; /* bit 7 of a byte: is any bit set? */
    return (top >> 7 & EVERY_BYTE(1)) * 0xff;
}

static inline uxlen reverse_bytes(uxlen a)
{
    return XLEN == 64 ? (uxlen)__builtin_bswap64(a) : __builtin_bswap32((uint32_t)a);
}

static inline uxlen reverse_bits_in_bytes(uxlen a)
{
    a = (a >> 4 & EVERY_BYTE(0x0f)) | (a & EVERY_BYTE(0x0f)) << 4;
    a = (a >> 2 & EVERY_BYTE(0x33)) | (a & EVERY_BYTE(0x33)) << 2;
    return (a >> 1 & EVERY_BYTE(0x55)) | (a & EVERY_BYTE(0x55)) << 1;
}

/* The product of polynomials over GF(2): its low and its high half. */
static inline uxlen clmul(uxlen a, uxlen b)
{
    uxlen product = 0;
    for (; b; b &= b - 1)
        product ^= a << __builtin_ctzll(b);
    return product;
}

static inline uxlen clmulh(uxlen a, uxlen b)
{
    uxlen product = 0;
    for (b &= ~(uxlen)1; b; b &= b - 1)
        product ^= a >> (XLEN - __builtin_ctzll(b));
    return product;
}

/* Each piece of `bits` bits of the result is the piece of a that b's piece names, or zero. */
static inline uxlen xperm(uxlen a, uxlen b, unsigned bits)
{
    uxlen result = 0, mask = ((uxlen)1 << bits) - 1;
    for (unsigned i = 0; i < XLEN; i += bits) {
        uxlen from = (b >> i & mask) * bits;
        if (from < XLEN)
            result |= (a >> from & mask) << i;
    }
    return result;
}

#if XLEN == 64
static inline uxlen count_leading_zeros_w(uint32_t a)
{
    return a == 0 ? 32 : __builtin_clz(a);
}
#else
/* Exchanges two adjacent groups of `shift` bits; left names the upper ones of each pair's middle.
 */
static inline uxlen swap_middle(uxlen a, uxlen left, unsigned shift)
{
    return (a & ~(left | left >> shift)) | (a << shift & left) | (a >> shift & left >> shift);
}

/* The bits of the upper half go to odd places, those of the lower to even ones; and back. */
static inline uxlen zip(uxlen a)
{
    a = swap_middle(a, 0x00ff0000, 8);
    a = swap_middle(a, 0x0f000f00, 4);
    a = swap_middle(a, 0x30303030, 2);
    return swap_middle(a, 0x44444444, 1);
}

static inline uxlen unzip(uxlen a)
{
    a = swap_middle(a, 0x44444444, 1);
    a = swap_middle(a, 0x30303030, 2);
    a = swap_middle(a, 0x0f000f00, 4);
    return swap_middle(a, 0x00ff0000, 8);
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
