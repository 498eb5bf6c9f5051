/*
 * SBI "Firmware Features Extension". Every feature is local to a hart and lives in that hart's
 * medeleg or menvcfg; nothing but the locks is remembered here.
 */
#include "sbi/csr.h"
#include "sbi/ecall.h"
#include "sbi/fwft.h"

#define MISALIGNED_BITS (1UL << CAUSE_LOAD_MISALIGNED | 1UL << CAUSE_STORE_MISALIGNED)

/* The features that are a field of menvcfg, seen as 64 bits wide on both XLENs. */
static const uint64_t env_field[SBI_FWFT_FEATURE_COUNT] = {
    [SBI_FWFT_LANDING_PAD] = MENVCFG_LPE,
    [SBI_FWFT_SHADOW_STACK] = MENVCFG_SSE,
    [SBI_FWFT_DOUBLE_TRAP] = MENVCFG64_DTE,
    [SBI_FWFT_PTE_AD_HW_UPDATING] = MENVCFG64_ADUE,
#if __riscv_xlen == 64
    [SBI_FWFT_POINTER_MASKING_PMLEN] = MENVCFG64_PMM,
#endif
};

static uint64_t env_read(void)
{
#if __riscv_xlen == 64
    return csr_read(menvcfg);
#else
    return (uint64_t)csr_read(menvcfgh) << 32 | csr_read(menvcfg);
#endif
}

static void env_write(uint64_t value)
{
    csr_write(menvcfg, value);
#if __riscv_xlen == 32
    csr_write(menvcfgh, value >> 32);
#endif
}

/* Pointer masking: what menvcfg.PMM says, as the number of bits masked, and back. */
static unsigned long pmlen_of(uint64_t pmm)
{
    return pmm == 3 ? 16 : pmm == 2 ? 7 : 0;
}

static uint64_t pmm_of(unsigned long pmlen)
{
    return pmlen == 0 ? 0 : pmlen <= 7 ? 2 : 3;
}

static unsigned long feature_get(uint32_t feature)
{
    if (feature == SBI_FWFT_MISALIGNED_EXC_DELEG)
        return (csr_read(medeleg) & MISALIGNED_BITS) != 0;
    uint64_t field = env_read() & env_field[feature];
    if (feature == SBI_FWFT_POINTER_MASKING_PMLEN)
        return pmlen_of(field / (MENVCFG64_PMM & -MENVCFG64_PMM));
    return field != 0;
}

/* Set a feature the hart has; false if it cannot take that value. */
static bool feature_set(uint32_t feature, unsigned long value)
{
    if (value > (feature == SBI_FWFT_POINTER_MASKING_PMLEN ? 16 : 1))
        return false;
    if (feature == SBI_FWFT_MISALIGNED_EXC_DELEG) {
        if (value)
            csr_set(medeleg, MISALIGNED_BITS);
        else
            csr_clear(medeleg, MISALIGNED_BITS);
        return true;
    }
    uint64_t old = env_read(), field = env_field[feature], bits = value ? field : 0;
    if (feature == SBI_FWFT_POINTER_MASKING_PMLEN)
        bits = pmm_of(value) * (MENVCFG64_PMM & -MENVCFG64_PMM);
    env_write((old & ~field) | bits);
    if (feature_get(feature) >= value)
        return true;
    env_write(old); /* a masked length the hart does not implement */
    return false;
}

void fwft_init(struct hart *self)
{
    unsigned long ignored;
    self->fwft_present = 1U << SBI_FWFT_MISALIGNED_EXC_DELEG;
    if (!csr_probe(menvcfg, &ignored))
        return;
    for (unsigned feature = 0; feature < SBI_FWFT_FEATURE_COUNT; feature++) {
        uint64_t old = env_read();
        env_write(old | env_field[feature]);
        if (env_read() & env_field[feature])
            self->fwft_present |= 1U << feature;
        env_write(old);
    }
}

void fwft_reset(struct hart *self)
{
    self->fwft_locked = 0;
    for (unsigned feature = 0; feature < SBI_FWFT_FEATURE_COUNT; feature++)
        if (self->fwft_present >> feature & 1)
            feature_set(feature, 0);
}

static struct sbiret fwft_set(uint32_t feature, unsigned long value, unsigned long flags)
{
    struct hart *self = hart_self();
    if (flags & ~SBI_FWFT_LOCK)
        return sbi_error(SBI_ERR_INVALID_PARAM);
    if (self->fwft_locked >> feature & 1)
        return sbi_error(SBI_ERR_DENIED_LOCKED);
    if (!feature_set(feature, value))
        return sbi_error(SBI_ERR_INVALID_PARAM);
    if (flags & SBI_FWFT_LOCK)
        self->fwft_locked |= 1U << feature;
    return sbi_value(0);
}

static struct sbiret fwft_call(ECALL_ARGS)
{
    uint32_t feature = a0;
    if (fid > SBI_FWFT_GET)
        return sbi_error(SBI_ERR_NOT_SUPPORTED);
    if (feature >= SBI_FWFT_FEATURE_COUNT)
        return sbi_error(SBI_ERR_DENIED);
    if (!(hart_self()->fwft_present >> feature & 1))
        return sbi_error(SBI_ERR_NOT_SUPPORTED);
    return fid == SBI_FWFT_SET ? fwft_set(feature, a1, a2) : sbi_value(feature_get(feature));
}

const struct ext ext_fwft = {SBI_EXT_FWFT, SBI_EXT_FWFT, .call = fwft_call};
