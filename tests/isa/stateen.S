/*
 * Smstateen: what S and U may reach by the bits of mstateen (Smstateen, 2: sstateen 63, senvcfg 62, scontext 57).
 * isa: emu,smstateen=true
 */
#include "isa.h"
#include "modes.h"

#define MSTATEEN0 0x30c
#define SSTATEEN0 0x10c
#define SENVCFG   0x10a
#define SCONTEXT  0x5a8
#if __riscv_xlen == 64
#    define HIGH(n) 0x30c + n
#    define SHIFT   0
#else
#    define HIGH(n) 0x31c + n
#    define SHIFT   32
#endif
#define SE      (1 << (63 - SHIFT))
#define ENVCFG  (1 << (62 - SHIFT))
#define CONTEXT (1 << (57 - SHIFT))

TEST_BEGIN
    CASE                            /* 0 at reset (3), and only the bits of what there is can be set */
    .irp n, 0, 1, 2, 3
    CHECK_CSR(HIGH(\n), -1, 0)
    li t0, -1
    csrw HIGH(\n), t0
    .endr
    CHECK_CSR(HIGH(0), -1, SE | ENVCFG | CONTEXT)
    CHECK_CSR(HIGH(1), -1, SE)
    CHECK_CSR(HIGH(2), -1, SE)
    CHECK_CSR(HIGH(3), -1, SE)
#if __riscv_xlen == 32
    csrw MSTATEEN0, t0
    CHECK_CSR(MSTATEEN0, -1, 0)
#endif
    CASE                            /* all allowed: but never to U, whose privilege it is not */
    .irp csr, SSTATEEN0, SSTATEEN0 + 1, SSTATEEN0 + 2, SSTATEEN0 + 3, SENVCFG, SCONTEXT
    allowed MODE_S, csrr a0, \csr
    allowed MODE_S, csrw \csr, zero
    denied MODE_U, csrr a0, \csr
    .endr
    li t0, -1                       /* sstateen: nothing to forbid U-mode */
    csrw SSTATEEN0, t0
    CHECK_CSR(SSTATEEN0, -1, 0)

    CASE                            /* one bit at a time */
    csrw HIGH(0), zero
    denied MODE_S, csrr a0, SENVCFG
    denied MODE_S, csrw SENVCFG, zero
    denied MODE_S, csrr a0, SSTATEEN0
    denied MODE_S, csrw SSTATEEN0, zero
    denied MODE_S, csrr a0, SCONTEXT
    allowed MODE_S, csrr a0, SSTATEEN0 + 1
    csrr a0, SENVCFG
    csrr a0, SSTATEEN0
    csrr a0, SCONTEXT
    SET_CSR(HIGH(0), ENVCFG)
    allowed MODE_S, csrr a0, SENVCFG
    denied MODE_S, csrr a0, SSTATEEN0
    denied MODE_S, csrr a0, SCONTEXT
    SET_CSR(HIGH(0), SE)
    allowed MODE_S, csrr a0, SSTATEEN0
    denied MODE_S, csrr a0, SENVCFG
    SET_CSR(HIGH(0), CONTEXT)
    allowed MODE_S, csrr a0, SCONTEXT
    denied MODE_S, csrr a0, SENVCFG
    .irp n, 1, 2, 3
    csrw HIGH(\n), zero
    denied MODE_S, csrr a0, SSTATEEN0 + \n
    csrr a0, SSTATEEN0 + \n
    .endr
    TEST_END
