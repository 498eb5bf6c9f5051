"""Test programs for floating-point instructions: each on pairs (or triples) of special values in all rounding modes.

generate(xlen) returns {name: (assembly source, isa)}. What comes out - results, all 64 bits of f registers, and flags -
goes into the signature, which is printed after each instruction and must be the same on every machine: here the other
machine is the witness. (tests/emu/fp.test holds the arithmetic against MPFR; this is about the instructions.)
"""
import struct

MODES = ["rne", "rtz", "rdn", "rup", "rmm"]


def double(value):
    return struct.unpack("<Q", struct.pack("<d", value))[0]


def single(value):
    return 0xFFFFFFFF00000000 | struct.unpack("<I", struct.pack("<f", value))[0]


def half(value):
    return 0xFFFFFFFFFFFF0000 | struct.unpack("<H", struct.pack("<e", value))[0]


def floats(box, tiny, least, most, quiet, signalling, extra):
    """Images: both signs of what is special in a format, and of what is close to where conversions saturate."""
    values = [box(v) for v in (0.0, 1.0, 1.5, 3.0, 0.5, 2.5, 1 / 3, 1000.0, float("inf"))]
    values += [tiny, least, least - 1, most, *extra]
    sign = {double: 1 << 63, single: 1 << 31, half: 1 << 15}[box]
    return values + [v ^ sign for v in values] + [quiet, quiet ^ sign | 5, signalling, signalling ^ sign]


VALUES = {
    "d": floats(double, 1, 1 << 52, 0x7FEFFFFFFFFFFFFF, 0x7FF8000000000000, 0x7FF0000000000001,
                [double(v) for v in (2.0**31, 2.0**31 - 0.5, 2.0**32 - 0.5, 2.0**63, 2.0**64 - 2048, 1 + 2.0**-52, 2.0**-149,
                                     2.0**-126 - 2.0**-151, 2.0**128 - 2.0**103, 65519.0, 65520.0, 2.0**-25, 2.0**84)]),
    "s": floats(single, 0xFFFFFFFF00000001, 0xFFFFFFFF00800000, 0xFFFFFFFF7F7FFFFF, 0xFFFFFFFF7FC00000, 0xFFFFFFFF7F800001,
                [single(v) for v in (2.0**31, 2.0**31 - 128, 2.0**32 - 256, 2.0**63, 2.0**64 - 2.0**40, 1 + 2.0**-23,
                                     65519.0, 65520.0, 2.0**-25)])
    + [0x3F800000, 0xFFFFFFFE3F800000, 0x3FF0000000000000],
    "h": floats(half, 0xFFFFFFFFFFFF0001, 0xFFFFFFFFFFFF0400, 0xFFFFFFFFFFFF7BFF, 0xFFFFFFFFFFFF7E00, 0xFFFFFFFFFFFF7C01,
                [half(v) for v in (1 + 2.0**-10, 32768.0, 2.0**-20)])
    + [0x3C00, 0xFFFFFFFF00003C00, 0xFFFFFFFFFFFE3C00],
    "x": [0, 1, 2, 3, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF, 1 << 63, (1 << 64) - 1, (1 << 53) + 1, (1 << 54) - 1,
          (1 << 24) + 1, (1 << 25) - 1, 0xFFFFFF80, 0x123456789ABCDEF, 2047, 2049, 65519, 65520, (1 << 64) - (1 << 39)],
}
FEW = {"d": [0, 1, double(1.0), double(-3.0), 0x7FF0000000000000, 0x7FF0000000000001, double(-2.25), 0x8000000000000000],
       "s": [single(0.0), single(1.0), single(-3.0), single(float("inf")), 0xFFFFFFFF7F800001, single(-2.25), 0x3F800000, single(-0.0)],
       "h": [half(0.0), half(1.0), half(-3.0), half(float("inf")), 0xFFFFFFFFFFFF7C01, half(-2.25), 0x3C00, half(-0.0)]}


class Program:
    def __init__(self, title, arch):
        self.title, self.arch = title, arch
        self.text, self.routines = [], []

    def run(self, driver, table, instruction, rounds):
        """The instruction, fa0 fa1 fa2 a0 a1 to fa3 or a2, on the table's values: %m is the place of the rounding mode.

        It starts with flags clear and with NX set: machines take short cuts when only other flags are news.
        """
        dynamic = instruction.replace("%m", "")
        variants = [(dynamic, 0, 0)]
        if rounds:
            variants = [(dynamic, mode, flags) for mode in range(5) for flags in (0, 1)]
            variants += [(instruction.replace("%m", "," + mode), 0, 1) for mode in MODES]
            variants += [(instruction.replace("%m", "," + mode), 2, 0) for mode in ("rne", "rup")]
        self.text.append("    CASE\n    HERE")
        for text, mode, flags in variants:
            name = f"routine{len(self.routines)}"
            self.routines.append(f"{name}:\n    {text}\n    ret")
            self.text += [f"    la s0, {name}", f"    li s1, {mode << 5 | flags}", f"    la s6, {table}", f"    la s7, {table}_end",
                          f"    la s8, few_{table}" if driver == "triples" else "", f"    jal {driver}"]
        self.text.append("    OUT(s10)")

    def source(self):
        out = [f"/* {self.title}; made by floats.py */", '#include "isa.h"', f"    .option arch, {self.arch}", "", "TEST_BEGIN",
               "    li a0, 0x6000", "    csrs mstatus, a0", *self.text, "    TEST_END", "", DRIVERS, *self.routines,
               "    .section .rodata", "    .balign 8"]
        for name, values in VALUES.items():
            out += [f"{name}:", *[f"    .dword {v & (1 << 64) - 1:#x}" for v in values], f"{name}_end:"]
        for name, values in FEW.items():
            out += [f"few_{name}:", *[f"    .dword {v:#x}" for v in values]]
        return "\n".join(out) + "\n"


# s0 routine, s1 fcsr before it, s6 and s7 the table, s8 a table of eight for the second and third of three.
DRIVERS = """
alone:
    mv s2, ra
    mv s3, s6
    mv s4, s6
    mv s5, s6
1:  jal once
    addi s3, s3, 8
    bne s3, s7, 1b
    jr s2
pairs:
    mv s2, ra
    mv s3, s6
    mv s5, s6
1:  mv s4, s6
2:  jal once
    addi s4, s4, 8
    bne s4, s7, 2b
    addi s3, s3, 8
    bne s3, s7, 1b
    jr s2
triples:
    mv s2, ra
    mv s5, s8
    addi s9, s8, 64
0:  mv s3, s6
1:  mv s4, s8
2:  jal once
    addi s4, s4, 8
    bne s4, s9, 2b
    addi s3, s3, 8
    bne s3, s7, 1b
    addi s5, s5, 8
    bne s5, s9, 0b
    jr s2
once:
    mv a7, ra
    la a6, scratch
    fld fa0, (s3)
    fld fa1, (s4)
    fld fa2, (s5)
    fld fa3, 8(a6)
    LX a0, (s3)
    LX a1, (s4)
    li a2, 0
    csrw fcsr, s1
    jalr s0
    csrr t5, fcsr
    mv t6, t5
    jal gp, check
    mv t5, a2
    mv t6, t5
    jal gp, check
    fsd fa3, (a6)
    lw t5, (a6)
    mv t6, t5
    jal gp, check
    lw t5, 4(a6)
    mv t6, t5
    jal gp, check
    jr a7
    .data
    .balign 8
scratch:
    .dword 0, 0x5555555555555555
    .text
"""


def arithmetic(p, f):
    for name in ("fadd", "fsub", "fmul", "fdiv"):
        p.run("pairs", f, f"{name}.{f} fa3, fa0, fa1%m", True)
    for name in ("fsgnj", "fsgnjn", "fsgnjx", "fmin", "fmax"):
        p.run("pairs", f, f"{name}.{f} fa3, fa0, fa1", False)
    for name in ("feq", "flt", "fle"):
        p.run("pairs", f, f"{name}.{f} a2, fa0, fa1", False)
    p.run("alone", f, f"fsqrt.{f} fa3, fa0%m", True)
    p.run("alone", f, f"fclass.{f} a2, fa0", False)
    for registers in ("fa0, fa0, fa0", "fa3, fa0, fa3"):  # destination and sources the same
        p.run("alone", f, f"fadd.{f} {registers}\n    fmv.{f} fa3, fa0", False)


def fused(p, f):
    for name in ("fmadd", "fmsub", "fnmsub", "fnmadd"):
        p.run("triples", f, f"{name}.{f} fa3, fa0, fa1, fa2%m", True)


def conversions(p, f, xlen, others):
    for integer in ("w", "wu", "l", "lu")[:4 if xlen == 64 else 2]:
        p.run("alone", f, f"fcvt.{integer}.{f} a2, fa0%m", True)
        exact = f == "d" and integer[0] == "w"
        p.run("alone", "x", f"fcvt.{f}.{integer} fa3, a0{'' if exact else '%m'}", not exact)
    for other in others:
        exact = "hsd".index(other) < "hsd".index(f)
        p.run("alone", other, f"fcvt.{f}.{other} fa3, fa0{'' if exact else '%m'}", not exact)
    letter = {"h": "h", "s": "w", "d": "d"}[f]
    if f != "d" or xlen == 64:
        p.run("alone", f, f"fmv.x.{letter} a2, fa0", False)
        p.run("alone", "x", f"fmv.{letter}.x fa3, a0", False)


def memory(p, f, xlen):
    """Loads box, stores do not look at the box; compressed forms; addresses that are not multiples of the size."""
    letter = {"h": "h", "s": "w", "d": "d"}[f]
    for offset in (0, 8, 13):
        p.run("alone", f, f"fs{letter} fa0, {offset}(a6)\n    fl{letter} fa3, {offset}(a6)\n    lw a2, {offset}(a6)", False)
    if f == "d" or (f == "s" and xlen == 32):
        p.run("alone", f, f"c.fs{letter} fa0, 8(a6)\n    c.fl{letter} fa3, 8(a6)".replace("a6", "a5").replace("c.fs", "mv a5, a6\n    c.fs"), False)
        p.run("alone", f, f"mv a5, sp\n    mv sp, a6\n    c.fs{letter}sp fa0, 8(sp)\n    c.fl{letter}sp fa3, 8(sp)\n    mv sp, a5", False)


def insn(funct7, funct3, rd, rs1, rs2):
    return f".insn r 0x53, {funct3}, {funct7:#x}, {rd}, {rs1}, {rs2}"


def additional(p, f, xlen):
    """Zfa, which the assembler does not know."""
    fmt = {"s": 0, "d": 1, "h": 2}[f]
    for number in range(32):
        p.run("alone", "x", insn(0x78 | fmt, 0, "fa3", f"x{number}", "x1"), False)
    for funct3 in (2, 3):
        p.run("pairs", f, insn(0x14 | fmt, funct3, "fa3", "fa0", "fa1"), False)
    for funct3 in (4, 5):
        p.run("pairs", f, insn(0x50 | fmt, funct3, "a2", "fa0", "fa1"), False)
    for selector in (4, 5):
        for mode in (0, 1, 2, 3, 4):
            p.run("alone", f, insn(0x20 | fmt, mode, "fa3", "fa0", f"x{selector}"), False)
        p.run("alone", f, insn(0x20 | fmt, 7, "fa3", "fa0", f"x{selector}"), True)
    if f == "d":
        p.run("alone", f, insn(0x61, 1, "a2", "fa0", "x8"), False)
        if xlen == 32:
            p.run("alone", f, insn(0x71, 0, "a2", "fa0", "x1"), False)
            p.run("pairs", "x", insn(0x59, 0, "fa3", "a0", "a1"), False)


def generate(xlen):
    programs = {}

    def program(name, title, isa="base", arch="+f, +d, +c"):
        programs[name] = (Program(title, arch), isa)
        return programs[name][0]

    for f, what in (("s", "single"), ("d", "double")):
        arithmetic(program(f"fp_{what}", f"{what} precision"), f)
        fused(program(f"fp_{what}_fused", f"{what} precision, fused"), f)
        p = program(f"fp_{what}_convert", f"{what} precision, conversions and memory")
        conversions(p, f, xlen, {"s": "d", "d": "s"}[f])
        memory(p, f, xlen)
    p = program("fp_half", "half precision", "all", "+f, +d, +c, +zfh")
    arithmetic(p, "h")
    fused(p, "h")
    conversions(p, "h", xlen, "sd")
    conversions(p, "s", xlen, "h")
    conversions(p, "d", xlen, "h")
    memory(p, "h", xlen)
    for f in "sdh":
        additional(program(f"fp_additional_{f}", f"Zfa, {f}", "all"), f, xlen)
    return {name: (p.source(), isa) for name, (p, isa) in programs.items()}
