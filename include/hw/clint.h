#pragma once
/*
 * SiFive core-local interruptor: register offsets (SiFive FU540-C000 manual, chapter 9; the RISC-V
 * ACLINT specification describes the same layout as an MSWI and an MTIMER device side by side).
 */

enum clint_offset {
    CLINT_MSIP = 0x0000,     /* one 32-bit word per hart; bit 0 is the hart's mip.MSIP */
    CLINT_MTIMECMP = 0x4000, /* one 64-bit word per hart; mip.MTIP is mtime >= mtimecmp */
    CLINT_MTIME = 0xbff8,    /* 64 bits, shared by all harts */
    CLINT_SIZE = 0x10000,
};

enum clint_limit {
    CLINT_MAX_HARTS = 4095,
};

static inline unsigned clint_msip_reg(unsigned hart)
{
    return CLINT_MSIP + 4 * hart;
}

static inline unsigned clint_mtimecmp_reg(unsigned hart)
{
    return CLINT_MTIMECMP + 8 * hart;
}

/*
 * The same as RISC-V ACLINT devices (ACLINT specification 1.0-rc4): an MSWI and an MTIMER device
 * side by side; and elsewhere an SSWI device, one 32-bit word per hart: writing 1 to bit 0 sets the
 * hart's mip.SSIP, reads give 0.
 */
enum aclint_offset {
    ACLINT_MSWI_SIZE = 0x4000,
    ACLINT_MTIMER = CLINT_MTIMECMP, /* where it begins */
    ACLINT_SSWI_SIZE = 0x4000,
};

static inline unsigned aclint_setssip_reg(unsigned hart)
{
    return 4 * hart;
}
