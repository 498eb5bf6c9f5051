/*
 * mip with menvcfg.STCE: the timer's bit follows stimecmp and cannot be written, its neighbours can (Sstc, 2.1.2).
 * isa: all
 */
#include "isa.h"

#if __riscv_xlen == 64
#    define ENVCFG menvcfg
#else
#    define ENVCFG 0x31a
#    define stimecmph 0x15d
#endif
#define stimecmp_low 0x14d
#define WRITABLE     ((1 << SSI) | (1 << STI) | (1 << SEI))

    .macro expires when
    li t0, \when
    csrw stimecmp_low, t0
#if __riscv_xlen == 32
    csrw stimecmph, t0
#endif
    .endm

TEST_BEGIN
    CASE                            /* without it all three are software's */
    SET_CSR(mip, WRITABLE)
    CHECK_CSR(mip, WRITABLE, WRITABLE)
    csrw mip, zero
    CHECK_CSR(mip, WRITABLE, 0)
    CASE                            /* with it, and the timer far off */
    expires -1
    li t0, MSB
    csrs ENVCFG, t0
    SET_CSR(mip, WRITABLE)
    CHECK_CSR(mip, WRITABLE, (1 << SSI) | (1 << SEI))
    csrw mip, zero
    CHECK_CSR(mip, WRITABLE, 0)
    CASE                            /* and expired */
    expires 0
1:  csrr a0, mip
    andi a0, a0, 1 << STI
    beqz a0, 1b
    csrw mip, zero
    CHECK_CSR(mip, WRITABLE, 1 << STI)
    TEST_END
