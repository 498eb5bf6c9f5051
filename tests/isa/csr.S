/* CSR instructions, and the fields that are fixed by the specification. */
#include "isa.h"
#include "modes.h"

    /* The instruction must be illegal. */
    .macro illegal insn:vararg
    TRAPS(1f)
0:  \insn
    j no_trap
1:  CHECK_CAUSE(ILLEGAL)
    CHECK_EPC(0b)
    .endm

    /* What a CSR reads after a value was written, as far as the mask goes. */
    .macro writes csr, value, mask, want
    li a0, \value
    csrw \csr, a0
    CHECK_CSR(\csr, \mask, \want)
    .endm

TEST_BEGIN
    CASE                            /* the six instructions */
    li a0, 0x12345678
    csrrw a1, mscratch, a0
    csrrw a1, mscratch, zero
    CHECK(a1, 0x12345678)
    csrrs a1, mscratch, a0
    CHECK(a1, 0)
    li a2, 0x0f0f0f0f
    csrrs a1, mscratch, a2
    CHECK(a1, 0x12345678)
    csrrc a1, mscratch, a0
    CHECK(a1, 0x1f3f5f7f)
    csrrwi a1, mscratch, 31
    CHECK(a1, 0x0d0b0907)
    csrrci a1, mscratch, 5
    CHECK(a1, 31)
    csrrsi a1, mscratch, 1
    CHECK(a1, 26)
    csrrsi a1, mscratch, 0
    CHECK(a1, 27)
    csrrci a1, mscratch, 0
    CHECK(a1, 27)
    csrrs a1, mscratch, zero
    CHECK(a1, 27)
    csrrc a1, mscratch, zero
    CHECK(a1, 27)
    csrrwi a1, mscratch, 0
    CHECK(a1, 27)
    CHECK_CSR(mscratch, -1, 0)

    CASE                            /* one register for both, register zero */
    li a0, -1
    csrrw a0, mscratch, a0
    CHECK(a0, 0)
    csrrc a0, mscratch, a0
    CHECK(a0, -1)
    li a0, 0x55
    csrrc a0, mscratch, a0
    CHECK(a0, -1)
    csrrs a0, mscratch, a0
    CHECK(a0, -0x56)
    csrrw zero, mscratch, a0
    CHECK(zero, 0)
    CHECK_CSR(mscratch, -1, -0x56)
    writes sscratch, -1, -1, -1
    writes sscratch, MSB, -1, MSB

    CASE                            /* read-only ones may be read in any way that does not write */
    csrr a0, mvendorid
    csrr a0, marchid
    csrr a0, mimpid
    csrr a0, mhartid
    CHECK(a0, 0)
    csrrc a0, mhartid, zero
    CHECK(a0, 0)
    csrrsi a0, mhartid, 0
    CHECK(a0, 0)
    illegal csrrw a0, mhartid, zero
    li a0, 1
    illegal csrrs a1, mhartid, a0
    illegal csrrc a1, mhartid, a0
    illegal csrrwi a1, mhartid, 0
    illegal csrrsi a1, mhartid, 1
    illegal csrrci zero, mvendorid, 1
    illegal csrw cycle, zero
    illegal csrw instret, zero
    illegal csrw time, zero
    UNLESS_OLD_QEMU(2f)             /* it also counts as a write when the register holds zero */
    li a0, 0
    TRAPS(1f)
    csrrs a1, mhartid, a0
    j no_trap
1:  LX a0, CAUSE(tp)
    SAME(a0, ILLEGAL)
2:
    CASE                            /* unknown ones */
    illegal csrr a0, 0x000
    illegal csrr a0, 0x0ff
    illegal csrr a0, 0x5c0
    illegal csrr a0, 0x7c0
    illegal csrr a0, 0x800
    illegal csrr a0, 0xcc0
    illegal csrr a0, 0xdff
    illegal csrr a0, 0xfc0
    illegal csrr a0, 0x001          /* fflags, mstatus.FS being off */
    illegal csrr a0, 0x600          /* hstatus, H being off */
    illegal csrr a0, 0x008          /* vstart, V being off */
    illegal csrr a0, 0x015          /* seed */
#if __riscv_xlen == 64
    illegal csrr a0, 0x3a1          /* pmpcfg1 */
    illegal csrr a0, 0xc80          /* cycleh */
    illegal csrr a0, 0xb80          /* mcycleh */
    illegal csrr a0, 0x310          /* mstatush */
#endif

    CASE                            /* misa: I, M, A, F, D, C, S, U and the width */
    csrr a0, misa
#if __riscv_xlen == 64
    CHECK(a0, 0x800000000014112d)
#else
    CHECK(a0, 0x4014112d)
#endif

    CASE                            /* mtvec and stvec: no mode but 0 and 1 */
    la s0, m_trap
    addi a0, s0, 1
    csrw mtvec, a0
    csrr a1, mtvec
    CHECK_REG(a1, a0)
    csrw stvec, a0
    csrr a1, stvec
    CHECK_REG(a1, a0)
    addi a0, s0, 2
    csrw mtvec, a0
    csrr a1, mtvec
    andi a1, a1, 2
    CHECK(a1, 0)
    csrw mtvec, s0

    CASE                            /* exception addresses are even */
    writes mepc, 0x12345676, -1, 0x12345676
    writes sepc, 0x12345674, -1, 0x12345674
    UNLESS_OLD_QEMU(2f)
    li a0, 0x12345677
    csrw mepc, a0
    csrr a0, mepc
    SAME(a0, 0x12345676)
    li a0, 0x12345675
    csrw sepc, a0
    csrr a0, sepc
    SAME(a0, 0x12345674)
2:

    CASE                            /* mcause, mtval and the like take everything they may hold */
    writes mcause, MSB + 11, -1, MSB + 11
    writes mcause, 15, -1, 15
    writes scause, MSB + 9, -1, MSB + 9
    writes scause, 13, -1, 13
    writes mtval, -1, -1, -1
    writes stval, 0x5a5a5a5a, -1, 0x5a5a5a5a

    CASE                            /* mstatus: each field that exists, by itself */
    .macro toggles bits
    li a0, \bits
    csrs mstatus, a0
    csrr a1, mstatus
    and a1, a1, a0
    csrc mstatus, a0
    csrr a2, mstatus
    and a2, a2, a0
    CHECK(a1, \bits)
    CHECK(a2, 0)
    .endm
    toggles SIE
    toggles SPIE
    toggles MPIE
    toggles SPP
    toggles SUM
    toggles MXR
    toggles TVM
    toggles TW
    toggles TSR
    toggles MPP
    toggles (MODE_S << MPP_SHIFT)
    UNLESS_OLD_QEMU(2f)             /* there is no mode 2 */
    li a0, MPP
    csrc mstatus, a0
    li a0, 2 << MPP_SHIFT
    csrs mstatus, a0
    csrr a0, mstatus
    srli a0, a0, MPP_SHIFT
    andi a0, a0, 3
    CHECK_NOT(a0, 2)
2:  li a0, MPP
    csrc mstatus, a0
    li a0, 0x40                     /* UBE: user mode is little-endian */
    csrs mstatus, a0
    CHECK_CSR(mstatus, 0x40, 0)
#if __riscv_xlen == 64
    csrr a0, mstatus
    srli a0, a0, 32
    CHECK(a0, 0xa)                  /* SXL and UXL are 64 */
#else
    csrr a0, mstatush
    CHECK(a0, 0)
#endif

    CASE                            /* sstatus shows part of mstatus */
    SET_CSR(sstatus, 0)
    li a0, MPP | MPIE | TVM | TSR
    csrs mstatus, a0
    CHECK_CSR(sstatus, 0xffffffff, 0)
    SET_CSR(sstatus, SUM | MXR | SPP | SPIE | SIE)
    CHECK_CSR(sstatus, 0xffffffff, SUM | MXR | SPP | SPIE | SIE)
    CHECK_CSR(mstatus, 0xffffffff, SUM | MXR | SPP | SPIE | SIE | MPP | MPIE | TVM | TSR)
    SET_CSR(sstatus, 0)
    CHECK_CSR(mstatus, 0xffffffff, MPP | MPIE | TVM | TSR)
    li a0, MPP | MPIE | TVM | TSR
    csrc mstatus, a0

    CASE                            /* interrupts: standard bits only, the supervisor sees what is delegated */
    writes mie, -1, 0xaaa, 0xaaa
    writes mideleg, -1, 0xaaa, 0x222
    CHECK_CSR(sie, 0xaaa, 0x222)
    writes mideleg, 0x020, 0xaaa, 0x020
    CHECK_CSR(sie, 0xaaa, 0x020)
    SET_CSR(sie, 0)
    CHECK_CSR(mie, 0xaaa, 0xa8a)
    SET_CSR(sie, 0x222)
    CHECK_CSR(mie, 0xaaa, 0xaaa)
    SET_CSR(mie, 0)
    SET_CSR(mip, 0x222)
    CHECK_CSR(mip, 0x222, 0x222)
    CHECK_CSR(sip, 0x222, 0x020)
    SET_CSR(mideleg, 0x222)
    CHECK_CSR(sip, 0x222, 0x222)
    SET_CSR(sip, 0)                 /* only SSIP is the supervisor's to write */
    CHECK_CSR(mip, 0x222, 0x220)
    SET_CSR(sip, 0x222)
    CHECK_CSR(mip, 0x222, 0x222)
    SET_CSR(mip, 0)
    CHECK_CSR(mip, 0xaaa, 0)
    SET_CSR(mip, 0x888)             /* the machine's own are the devices' */
    CHECK_CSR(mip, 0xaaa, 0)
    SET_CSR(mideleg, 0)
    writes medeleg, 0xb1fe, 0xb1fe, 0xb1fe
    writes medeleg, 0, 0xffff, 0

    CASE                            /* counters for lower modes */
    writes mcounteren, 7, 7, 7
    writes scounteren, 5, 7, 5
    SET_CSR(mcounteren, 0)
    SET_CSR(scounteren, 0)

    CASE                            /* satp: what is not supported changes nothing */
#if __riscv_xlen == 64
    writes satp, 0x80001000000fffff, 0xf0000fffffffffff, 0x80000000000fffff
    writes satp, 0x5000000000000001, 0xf0000fffffffffff, 0x80000000000fffff
    SET_CSR(satp, 0)
    CHECK_CSR(satp, -1, 0)
#else
    writes satp, 0x800abcde, 0x803fffff, 0x800abcde
    writes satp, 0, -1, 0
#endif

    CASE                            /* PMP: sixteen entries, address bits */
    writes pmpaddr15, 0x1234560, -4, 0x1234560
#if __riscv_xlen == 64
    writes pmpaddr1, -1, 0x3ffffffffffc00, 0x3ffffffffffc00 /* the granularity is open */
#else
    writes pmpaddr1, -1, 0xfffffc00, 0xfffffc00
#endif
    SET_CSR(pmpaddr15, 0)
    SET_CSR(pmpaddr1, 0)

    CASE                            /* lower modes may not */
    denied MODE_S, csrr a0, mstatus
    denied MODE_S, csrr a0, mscratch
    denied MODE_S, csrw mepc, zero
    denied MODE_S, csrr a0, pmpaddr0
    denied MODE_S, csrr a0, mhartid
    denied MODE_S, csrr a0, mcycle
    allowed MODE_S, csrr a0, sstatus
    allowed MODE_S, csrrw a0, sscratch, zero
    allowed MODE_S, csrrwi zero, stvec, 0
    allowed MODE_S, csrr a0, satp
    denied MODE_U, csrr a0, mstatus
    denied MODE_U, csrr a0, sstatus
    denied MODE_U, csrr a0, sscratch
    denied MODE_U, csrw satp, zero
    denied MODE_U, csrr a0, mhartid
    TEST_END
