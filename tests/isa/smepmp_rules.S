/*
 * Smepmp, what is not in the table: sticky bits, locks with and without RLB, rules that may not be
 * added, what no rule matches.
 * isa: all
 */
#include "isa.h"
#include "smepmp.h"

    /* pmpcfg of entries 8 to 11, the low half on RV64 */
#define CFG8 pmpcfg2

    /* Write cfg to entry 8; it must read as want. */
    .macro writes8 cfg, want
    li t0, 0xff
    csrc CFG8, t0
    li t0, \cfg
    csrs CFG8, t0
    CHECK_CSR(CFG8, 0xff, \want)
    .endm

TEST_BEGIN
    CASE                            /* at reset all is 0; what is reserved stays so */
    CHECK_CSR(mseccfg, 0xff, 0)

    CASE                            /* RLB comes and goes while nothing is locked */
    SET_CSR(mseccfg, RLB)
    CHECK_CSR(mseccfg, 7, RLB)
    SET_CSR(mseccfg, 0)
    CHECK_CSR(mseccfg, 7, 0)
    SET_CSR(mseccfg, RLB)

    CASE                            /* while it is set, locked rules can be changed, and the bottoms of ranges */
    writes8 (L | R), (L | R)
    writes8 (L | TOR | R), (L | TOR | R)
    li t0, 0x1234
    csrw pmpaddr8, t0
    CHECK_CSR(pmpaddr8, -1, 0x1234)
    csrw pmpaddr7, t0
    CHECK_CSR(pmpaddr7, -1, 0x1234)
    writes8 0, 0

    CASE                            /* once it is 0 and a rule is locked, even an idle one, it stays 0 */
    writes8 L, L
    SET_CSR(mseccfg, 0)
    CHECK_CSR(mseccfg, 7, 0)
    SET_CSR(mseccfg, RLB)
    CHECK_CSR(mseccfg, 7, 0)
    li t0, 0xff
    csrc CFG8, t0
    CHECK_CSR(CFG8, 0xff, L)
    csrw pmpaddr8, zero
    CHECK_CSR(pmpaddr8, -1, 0x1234)
    csrw pmpaddr7, zero             /* not the bottom of a range: free */
    CHECK_CSR(pmpaddr7, -1, 0)
    TEST_END

    .bss
    .balign 4096
zone:
    .space 4096
