"""What registers hold after all ones and after zeros are written: the fields of the privileged specification that this
hart's extensions have, and nothing else (WARL fields may read as 0, here all that may exist do exist).

generate(xlen) returns {name: (assembly source, ISA)}: registers in which QEMU 10 agrees, and the others.
"""
ALL = -1

# number: (name, all ones written on RV64, on RV32; None = not there; then the same for zeros if not 0), chapter or section
AGREED = [
    (0x340, "mscratch", ALL, ALL),
    (0x140, "sscratch", ALL, ALL),
    (0x342, "mcause", ALL, ALL),                         # 3.1.15: WLRL
    (0x142, "scause", ALL, ALL),
    (0x343, "mtval", ALL, ALL),
    (0x143, "stval", ALL, ALL),
    (0x14d, "stimecmp", ALL, ALL),                       # Sstc
    (0x15d, "stimecmph", None, ALL),
    (0x312, "medelegh", None, 0),
    (0xb03, "mhpmcounter3", ALL, ALL),
    (0xb92, "mhpmcounter18h", None, ALL),
]
# QEMU's `max` has more extensions with fields there, fewer counters, and keeps bit 0 of mepc until it is used.
OWN = [
    (0x304, "mie", 0x2aaa, 0x2aaa),                      # 3.1.9: MEI SEI MTI STI MSI SSI; LCOFI (Sscofpmf)
    (0x303, "mideleg", 0x2222, 0x2222),                  # 3.1.8: supervisor interrupts only
    (0x30a, "menvcfg", 0xe0000000000000f1, 0xf1),        # 3.1.18: STCE PBMTE ADUE, CBZE CBCFE CBIE FIOM
    (0x31a, "menvcfgh", None, 0xa0000000),               # no PBMTE: Sv32 has no Svpbmt
    (0x10a, "senvcfg", 0xf1, 0xf1),                      # 12.1.10
    (0x106, "scounteren", 0xffffffff, 0xffffffff),       # 12.1.5: 32 bits
    (0x341, "mepc", ~1, ~1),                             # 3.1.14: IALIGN is 16
    (0x141, "sepc", ~1, ~1),
    (0x3b5, "pmpaddr5", 0x3fffffffffffff, 0xffffffff),   # 3.7.1: bits 55:2 of an address, 33:2
    (0x306, "mcounteren", 0xffffffff, 0xffffffff),       # 3.1.11; QEMU has fewer counters
    (0x320, "mcountinhibit", 0xfffffffd, 0xfffffffd),    # 3.1.12: there is no bit for time
    (0x302, "medeleg", 0xb3ff, 0xb3ff),                  # 3.1.8: a call from M cannot be delegated, 10 and 14 are reserved
    (0x321, "mcyclecfg", 0x7000000000000000, 0),         # Smcntrpmf: MINH SINH UINH
    (0x721, "mcyclecfgh", None, 0x70000000),
    (0x322, "minstretcfg", 0x7000000000000000, 0),
    (0x722, "minstretcfgh", None, 0x70000000),
    (0x323, "mhpmevent3", 0xf000000000000000, 0),        # Sscofpmf: OF MINH SINH UINH; there is no event with that number
    (0x723, "mhpmevent3h", None, 0xf0000000),
    (0xb1f, "mhpmcounter31", ALL, ALL),
    (0xb9f, "mhpmcounter31h", None, ALL),
    (0x7a5, "tcontrol", 0x88, 0x88),                     # Sdtrig 5.7.6
    (0x7a8, "mcontext", 0x1fff, 0x3f),                   # 5.7.7, without H
    (0x5a8, "scontext", 0xffffffff, 0xffff),             # 5.7.8
    (0x310, "mstatush", None, 0),                        # 3.1.6: little-endian only
]

HEAD = """
#include "isa.h"
    .macro holds csr, ones
    li a0, -1
    csrw \\csr, a0
    csrr a1, \\csr
    csrw \\csr, zero
    csrr a2, \\csr
    CHECK(a1, \\ones)
    CHECK(a2, 0)
    .endm

TEST_BEGIN
    /* no interrupt while enables and the like change */
    csrw mstatus, zero
    csrw mideleg, zero
"""

# mstatus by fields: after all ones, MPP is 3 (M) and so on; SD tells of FS. After zeros MPP may hold any mode there is.
MSTATUS = """
    CASE                            /* mstatus (3.1.6): all that can be set, can be cleared again */
    csrw mstatus, zero
    csrr a1, mstatus
    li a0, {set:#x}
    csrs mstatus, a0
    csrr a2, mstatus
    csrw mstatus, zero
    csrr a3, mstatus
    CHECK(a1, {cleared:#x})
    CHECK(a2, {want:#x})
    CHECK(a3, {cleared:#x})
    CASE                            /* sstatus (12.1.1) is the supervisor's part of it */
    li a0, {set:#x}
    csrs mstatus, a0
    csrr a1, sstatus
    csrw mstatus, zero
    csrs sstatus, a0
    csrr a2, mstatus
    csrr a3, sstatus
    csrw sstatus, zero
    csrr a4, mstatus
    CHECK(a1, {sstatus:#x})
    CHECK(a2, {sstatus_in_m:#x})
    CHECK(a3, {sstatus:#x})
    CHECK(a4, {cleared:#x})
"""
SIE, MIE, SPIE, MPIE, SPP, MPP, FS = 1 << 1, 1 << 3, 1 << 5, 1 << 7, 1 << 8, 3 << 11, 3 << 13
MPRV, SUM, MXR, TVM, TW, TSR = (1 << bit for bit in range(17, 23))


def mstatus(xlen):
    """MIE stays clear, lest something be pending, and MPRV, which would turn the checks' stores."""
    supervisor = SIE | SPIE | SPP | FS | SUM | MXR
    fields = supervisor | MPIE | MPP | TVM | TW | TSR
    sd, uxl, sxl = (1 << 63, 2 << 32, 2 << 34) if xlen == 64 else (1 << 31, 0, 0)
    return MSTATUS.format(set=fields, cleared=uxl | sxl, want=fields | uxl | sxl | sd, sstatus=supervisor | uxl | sd,
                          sstatus_in_m=supervisor | uxl | sxl | sd)


def program(rows, xlen, more=""):
    lines = [HEAD]
    for number, name, on64, on32 in rows:
        ones = on64 if xlen == 64 else on32
        if ones is not None:
            lines.append(f"    CASE                            /* {name} */\n    holds {number:#x}, {ones % (1 << xlen):#x}")
    return "\n".join(lines + [more, "    TEST_END", ""])


def generate(xlen):
    return {"csr_fields": (program(AGREED, xlen, mstatus(xlen)), "all"), "csr_fields_own": (program(OWN, xlen), "emu")}
