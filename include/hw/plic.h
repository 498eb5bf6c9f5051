#pragma once
/*
 * Platform-Level Interrupt Controller: register offsets (RISC-V PLIC Specification 1.0.0, chapter
 * 3, "Memory Map"). All registers are 32 bits wide. Source 0 does not exist.
 */

enum plic_offset {
    PLIC_PRIORITY = 0x000000, /* + 4 * source */
    PLIC_PENDING = 0x001000,  /* bit array, read only: word source / 32 */
    PLIC_ENABLE = 0x002000,   /* bit array per context, PLIC_ENABLE_STRIDE apart */
    PLIC_CONTEXT = 0x200000,  /* threshold and claim per context, PLIC_CONTEXT_STRIDE apart */
};

enum plic_stride {
    PLIC_ENABLE_STRIDE = 0x80,
    PLIC_CONTEXT_STRIDE = 0x1000,
};

/* Registers inside one context's block. */
enum plic_context_reg {
    PLIC_THRESHOLD = 0x0, /* interrupts of this priority and below are masked */
    PLIC_CLAIM = 0x4,     /* read: claim the best pending source; write: complete that source */
};

enum plic_limit {
    PLIC_MAX_SOURCES = 1024, /* including source 0 */
    PLIC_MAX_CONTEXTS = 15872,
};

static inline unsigned plic_priority_reg(unsigned source)
{
    return PLIC_PRIORITY + 4 * source;
}

static inline unsigned plic_pending_reg(unsigned source)
{
    return PLIC_PENDING + 4 * (source / 32);
}

static inline unsigned plic_enable_reg(unsigned context, unsigned source)
{
    return PLIC_ENABLE + PLIC_ENABLE_STRIDE * context + 4 * (source / 32);
}

static inline unsigned plic_threshold_reg(unsigned context)
{
    return PLIC_CONTEXT + PLIC_CONTEXT_STRIDE * context + PLIC_THRESHOLD;
}

static inline unsigned plic_claim_reg(unsigned context)
{
    return PLIC_CONTEXT + PLIC_CONTEXT_STRIDE * context + PLIC_CLAIM;
}
