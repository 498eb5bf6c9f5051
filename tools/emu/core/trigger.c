/*
 * Triggers (Debug specification, "Sdtrig"): address match (mcontrol, mcontrol6) on fetches, loads
 * and stores, and icount. There is no debug mode, so the one action is a breakpoint exception.
 */
#include "riscv/pte.h"
#include "tools/emu/core/csr.h"
#include "tools/emu/core/trigger.h"

/* --- the registers --------------------------------------------------------------------------- */

/* The type in bits XLEN-1:XLEN-4 of tdata1, dmode under it, which only a debug mode could set. */
#define TYPE_SHIFT      (XLEN - 4)
#define TYPE_OF(tdata1) ((unsigned)((tdata1) >> TYPE_SHIFT))

#define TINFO_VERSION_1 ((uxlen)1 << 24)
#define TINFO                                                                                 \
    (TINFO_VERSION_1 | 1 << TRIGGER_MCONTROL | 1 << TRIGGER_ICOUNT | 1 << TRIGGER_MCONTROL6 | \
     1 << TRIGGER_DISABLED)

#define MCONTROL_MASKMAX ((uxlen)(XLEN - 1) << (XLEN - 11)) /* NAPOT ranges of up to 2^(XLEN-1) */
#define MCONTROL_SIZEHI  (XLEN == 64 ? 0x600000 : 0)
#define MCONTROL_FIELDS                                                                         \
    (MCONTROL_HIT | MCONTROL_SIZELO | MCONTROL_SIZEHI | TRIGGER_CHAIN | TRIGGER_M | TRIGGER_S | \
     TRIGGER_U | TRIGGER_EXECUTE | TRIGGER_STORE | TRIGGER_LOAD)
#define MCONTROL6_FIELDS                                                                        \
    (MCONTROL6_HIT1 | MCONTROL6_HIT0 | MCONTROL6_SIZE | TRIGGER_CHAIN | TRIGGER_M | TRIGGER_S | \
     TRIGGER_U | TRIGGER_EXECUTE | TRIGGER_STORE | TRIGGER_LOAD)
#define ICOUNT_FIELDS (ICOUNT_HIT | ICOUNT_COUNT | ICOUNT_M | ICOUNT_PENDING | ICOUNT_S | ICOUNT_U)

/* tdata3: sselect and svalue, sbytemask, mhselect and mhvalue. */
#define TEXTRA_SSELECT        0x3
#define TEXTRA_SSELECT_SCTX   1
#define TEXTRA_SSELECT_ASID   2
#define TEXTRA_SVALUE(v)      ((v) >> 2 & (XLEN == 64 ? 0xffffffff : 0xffff))
#define TEXTRA_SBYTEMASK(v)   ((v) >> (XLEN == 64 ? 36 : 18) & (XLEN == 64 ? 0xf : 0x3))
#define TEXTRA_MHSELECT_SHIFT (XLEN == 64 ? 48 : 23)
#define TEXTRA_MHSELECT(v)    ((v) >> TEXTRA_MHSELECT_SHIFT & 7)
#define TEXTRA_MHVALUE(v)     ((v) >> (XLEN == 64 ? 51 : 26))
#define TEXTRA_MHSELECT_MCTX  4
#define TEXTRA_FIELDS         (XLEN == 64 ? (uxlen)UINT64_C(0xffff00f3ffffffff) : (uxlen)0xff8fffff)

void CORE(trigger_update)(struct hart *h)
{
    bool any = false;
    for (unsigned i = 0; i < TRIGGER_COUNT; i++) {
        uxlen d = h->csr.tdata1[i];
        unsigned type = TYPE_OF(d);
        if (type == TRIGGER_ICOUNT)
            any |= d & (ICOUNT_COUNT | ICOUNT_PENDING) && d & (ICOUNT_M | ICOUNT_S | ICOUNT_U);
        else if (type != TRIGGER_DISABLED)
            any |= d & (TRIGGER_M | TRIGGER_S | TRIGGER_U) &&
                   d & (TRIGGER_EXECUTE | TRIGGER_LOAD | TRIGGER_STORE);
    }
    hart_watch(h, WATCH_TRIGGER, any);
}

CSR_SET(tselect)
{
    if (v < TRIGGER_COUNT)
        h->csr.tselect = v;
}

CSR_GET(tdata1)
{
    uxlen v = h->csr.tdata1[h->csr.tselect];
    return TYPE_OF(v) == TRIGGER_MCONTROL ? v | MCONTROL_MASKMAX : v;
}

/* MATCH keeps its value when the new one is reserved. */
static uxlen match_field(uxlen old, uxlen v)
{
    static const uint16_t defined = 0x333f; /* 0 to 5, 8, 9, 12, 13 */
    unsigned match = v >> TRIGGER_MATCH_SHIFT & 15;
    return (defined >> match & 1 ? v : old) & TRIGGER_MATCH;
}

/* Fields not named stay 0: dmode, action, select (data), timing (after), VS and VU. */
CSR_SET(tdata1)
{
    uxlen old = h->csr.tdata1[h->csr.tselect];
    uxlen type = v >> TYPE_SHIFT << TYPE_SHIFT;
    uxlen match = match_field(TYPE_OF(old) == TYPE_OF(v) ? old : 0, v);
    switch (TYPE_OF(v)) {
    case TRIGGER_MCONTROL: v = type | match | (v & MCONTROL_FIELDS); break;
    case TRIGGER_MCONTROL6: v = type | match | (v & MCONTROL6_FIELDS); break;
    case TRIGGER_ICOUNT: v = type | (v & ICOUNT_FIELDS); break;
    default: v = (uxlen)TRIGGER_DISABLED << TYPE_SHIFT; break;
    }
    if (h->csr.tselect == TRIGGER_COUNT - 1 && TYPE_OF(v) != TRIGGER_ICOUNT)
        v &= ~(uxlen)TRIGGER_CHAIN; /* there is no next one */
    h->csr.tdata1[h->csr.tselect] = v;
    h->step.rewritten |= 1u << h->csr.tselect; /* icount does not count the instruction doing it */
    CORE(trigger_update)(h);
}

CSR_GET(tdata2)
{
    return h->csr.tdata2[h->csr.tselect];
}

CSR_SET(tdata2)
{
    h->csr.tdata2[h->csr.tselect] = v;
}

CSR_GET(tdata3)
{
    return h->csr.tdata3[h->csr.tselect];
}

CSR_SET(tdata3)
{
    uxlen select = TEXTRA_MHSELECT(v);
    if (select != 0 && select != TEXTRA_MHSELECT_MCTX)
        v &= ~((uxlen)7 << TEXTRA_MHSELECT_SHIFT);
    if ((v & TEXTRA_SSELECT) == TEXTRA_SSELECT)
        v &= ~(uxlen)TEXTRA_SSELECT;
    h->csr.tdata3[h->csr.tselect] = v & TEXTRA_FIELDS;
}

CSR_GET(tinfo)
{
    return TINFO;
}

CSR_SET(tinfo) {}

void CORE(trigger_reset)(struct hart *h)
{
    for (unsigned i = 0; i < TRIGGER_COUNT; i++)
        h->csr.tdata1[i] = (uint64_t)TRIGGER_MCONTROL << TYPE_SHIFT;
}

/* --- matching -------------------------------------------------------------------------------- */

/* Lets tcontrol, or the delegation of breakpoints, a trigger fire in this mode ("Native Triggers")?
 */
static bool may_fire(const struct hart *h)
{
    if (h->priv == HART_M)
        return h->csr.tcontrol & TCONTROL_MTE;
    return h->priv == HART_U || !(h->csr.medeleg >> CAUSE_BREAKPOINT & 1) ||
           h->csr.mstatus & MSTATUS_SIE;
}

/* scontext against svalue, without the bytes that sbytemask names. */
static bool scontext_matches(const struct hart *h, uxlen textra)
{
    uxlen mask = 0;
    for (unsigned i = 0; i < XLEN / 16; i++)
        if (!(TEXTRA_SBYTEMASK(textra) >> i & 1))
            mask |= (uxlen)0xff << 8 * i;
    return !((h->csr.scontext ^ TEXTRA_SVALUE(textra)) & mask);
}

static bool context_matches(const struct hart *h, uxlen textra)
{
    uxlen asid = XLEN == 64 ? h->csr.satp >> SATP64_ASID_SHIFT & 0xffff
                            : h->csr.satp >> SATP32_ASID_SHIFT & 0x1ff;
    if (TEXTRA_MHSELECT(textra) == TEXTRA_MHSELECT_MCTX &&
        TEXTRA_MHVALUE(textra) != h->csr.mcontext)
        return false;
    switch (textra & TEXTRA_SSELECT) {
    case TEXTRA_SSELECT_SCTX: return scontext_matches(h, textra);
    case TEXTRA_SSELECT_ASID: return TEXTRA_SVALUE(textra) == asid;
    default: return true;
    }
}

/* Does one address match by MATCH, leaving out its negation? */
static bool address_matches(unsigned match, uxlen address, uxlen tdata2)
{
    const unsigned half = XLEN / 2;
    const uxlen low = ((uxlen)1 << half) - 1;
    switch (match & 7) {
    case MATCH_NAPOT: return !((address ^ tdata2) & ~(tdata2 ^ (tdata2 + 1)));
    case MATCH_GE: return address >= tdata2;
    case MATCH_LT: return address < tdata2;
    case MATCH_MASK_LOW: return !(((address & tdata2 >> half) ^ tdata2) & low);
    case MATCH_MASK_HIGH: return !(((address >> half & tdata2 >> half) ^ tdata2) & low);
    default: return address == tdata2;
    }
}

/* The access size a trigger asks for, in bytes; 0 = any. */
static unsigned size_wanted(uxlen tdata1)
{
    static const uint8_t bytes[16] = {0, 1, 2, 4, 6, 8, 10, 12, 14, 16};
    unsigned field = TYPE_OF(tdata1) == TRIGGER_MCONTROL6
                         ? tdata1 >> MCONTROL6_SIZE_SHIFT & 7
                         : (tdata1 & MCONTROL_SIZELO) >> 16 | (tdata1 & MCONTROL_SIZEHI) >> 19;
    return field == 6 && TYPE_OF(tdata1) == TRIGGER_MCONTROL6 ? 16 : bytes[field];
}

static const uxlen mode_bit[] = {[HART_U] = TRIGGER_U, [HART_S] = TRIGGER_S, [HART_M] = TRIGGER_M};

/* Does trigger `t` match an access of a kind (TRIGGER_EXECUTE...) at `size` bytes from va? */
static bool matches(const struct hart *h, unsigned t, uxlen kinds, uxlen va, unsigned size,
                    unsigned compared)
{
    uxlen d = h->csr.tdata1[t];
    unsigned match = d >> TRIGGER_MATCH_SHIFT & 15;
    if (TYPE_OF(d) != TRIGGER_MCONTROL && TYPE_OF(d) != TRIGGER_MCONTROL6)
        return false;
    if (!(d & kinds) || !(d & mode_bit[h->priv]) || !context_matches(h, h->csr.tdata3[t]))
        return false;
    if (size_wanted(d) != 0 && size_wanted(d) != size)
        return false;
    bool hit = false;
    for (unsigned i = 0; i < compared && !hit; i++)
        hit = address_matches(match, va + i, h->csr.tdata2[t]);
    return hit != !!(match & MATCH_NOT);
}

/* Notes in all members of a chain that it fired. */
static void set_hit(struct hart *h, unsigned first, unsigned last)
{
    for (unsigned i = first; i <= last; i++) {
        uint64_t *d = &h->csr.tdata1[i];
        bool is_6 = TYPE_OF((uxlen)*d) == TRIGGER_MCONTROL6;
        *d = (*d & ~(uint64_t)(is_6 ? MCONTROL6_HIT1 : 0)) | (is_6 ? MCONTROL6_HIT0 : MCONTROL_HIT);
    }
}

/*
 * Asks all triggers about an access; false, with a breakpoint pending, if a chain of them (mostly
 * of one) matches. `compared`: how many addresses from va up are looked at.
 */
static bool check(struct hart *h, uxlen kinds, uxlen va, unsigned size, unsigned compared)
{
    if (!may_fire(h))
        return true;
    bool fired = false, chain = true;
    for (unsigned i = 0, first = 0; i < TRIGGER_COUNT; i++) {
        unsigned type = TYPE_OF((uxlen)h->csr.tdata1[i]);
        chain = chain && matches(h, i, kinds, va, size, compared);
        if (type != TRIGGER_ICOUNT && h->csr.tdata1[i] & TRIGGER_CHAIN)
            continue;
        if (chain)
            set_hit(h, first, i);
        fired |= chain;
        chain = true;
        first = i + 1;
    }
    return fired ? hart_fault(h, CAUSE_BREAKPOINT, va) : true;
}

static uxlen icount_mode(enum hart_priv priv)
{
    static const uxlen bit[] = {[HART_U] = ICOUNT_U, [HART_S] = ICOUNT_S, [HART_M] = ICOUNT_M};
    return bit[priv];
}

/* A breakpoint, if an icount that has run down may fire now. */
static bool check_icount(struct hart *h)
{
    for (unsigned i = 0; i < TRIGGER_COUNT; i++) {
        uint64_t *d = &h->csr.tdata1[i];
        if (TYPE_OF((uxlen)*d) != TRIGGER_ICOUNT || !(*d & ICOUNT_PENDING) ||
            !(*d & icount_mode(h->priv)) || !context_matches(h, h->csr.tdata3[i]) || !may_fire(h))
            continue;
        *d = (*d & ~(uint64_t)ICOUNT_PENDING) | ICOUNT_HIT;
        CORE(trigger_update)(h);
        return hart_fault(h, CAUSE_BREAKPOINT, 0);
    }
    return true;
}

bool CORE(trigger_fetch)(struct hart *h, uxlen pc)
{
    if (!check_icount(h))
        return false;
    uint32_t raw = CORE(block_raw)(h, pc);
    return check(h, TRIGGER_EXECUTE, pc, raw ? insn_length(raw) : 0, 1);
}

bool CORE(trigger_access)(struct hart *h, const struct watch_access *a)
{
    uxlen kinds = (a->load ? TRIGGER_LOAD : 0) | (a->store ? TRIGGER_STORE : 0);
    return kinds == 0 || check(h, kinds, a->va, a->size, a->size);
}

void CORE(trigger_after)(struct hart *h, enum hart_priv priv)
{
    for (unsigned i = 0; i < TRIGGER_COUNT; i++) {
        uint64_t *d = &h->csr.tdata1[i];
        if (TYPE_OF((uxlen)*d) != TRIGGER_ICOUNT || !(*d & icount_mode(priv)) ||
            !(*d & ICOUNT_COUNT) || h->step.rewritten >> i & 1)
            continue;
        *d -= ICOUNT_ONE;
        if (!(*d & ICOUNT_COUNT))
            *d |= ICOUNT_PENDING;
    }
}
