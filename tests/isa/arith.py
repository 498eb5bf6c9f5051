"""Test programs for instructions that compute, with results from a model of integers written from the manual.

generate(xlen) returns {name: assembly source}. Each program runs small routines, one per instruction and
operand pattern, over all pairs of corner values and compares with a table of expected results.
"""
import math

OPERANDS = {
    64: [0, 1, 2, 3, 7, 31, 32, 33, 63, 64, -1, -2, -7, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFF, 0x100000000,
         -0x80000000, 0x7FFFFFFFFFFFFFFF, 0x8000000000000000, 0x8000000000000001, 0x123456789ABCDEF0, 0x5555555555555555,
         0xFEDCBA9876543210],
    32: [0, 1, 2, 3, 7, 15, 16, 31, 32, 33, -1, -2, -7, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0x80000001,
         0x12345678, 0x55555555, 0xFEDCBA98],
}
IMMEDIATES = [0, 1, 2, 31, 1024, 2047, -1, -2, -32, -1024, -2048]


def unsigned(v, bits):
    return v & ((1 << bits) - 1)


def signed(v, bits):
    v = unsigned(v, bits)
    return v - (1 << bits) if v >> (bits - 1) else v


def divide(a, b, bits):
    """Signed quotient and remainder, rounded to zero; by zero -1 and a; overflow gives a and 0."""
    if b == 0:
        return -1, a
    q = abs(a) // abs(b)
    q = q if (a < 0) == (b < 0) else -q
    return q, a - q * b


def divide_unsigned(a, b, bits):
    return ((1 << bits) - 1, a) if b == 0 else (a // b, a % b)


def model(n):
    """Instructions on n bits: name -> function of two unsigned numbers; the result is cut to n bits."""
    log = int(math.log2(n))

    def shift(b):
        return unsigned(b, log)

    def s(v):
        return signed(v, n)

    return {
        "add": lambda a, b: a + b,
        "sub": lambda a, b: a - b,
        "sll": lambda a, b: a << shift(b),
        "slt": lambda a, b: int(s(a) < s(b)),
        "sltu": lambda a, b: int(a < b),
        "xor": lambda a, b: a ^ b,
        "srl": lambda a, b: a >> shift(b),
        "sra": lambda a, b: s(a) >> shift(b),
        "or": lambda a, b: a | b,
        "and": lambda a, b: a & b,
        "mul": lambda a, b: a * b,
        "mulh": lambda a, b: (s(a) * s(b)) >> n,
        "mulhsu": lambda a, b: (s(a) * b) >> n,
        "mulhu": lambda a, b: (a * b) >> n,
        "div": lambda a, b: divide(s(a), s(b), n)[0],
        "divu": lambda a, b: divide_unsigned(a, b, n)[0],
        "rem": lambda a, b: divide(s(a), s(b), n)[1],
        "remu": lambda a, b: divide_unsigned(a, b, n)[1],
        "swap": lambda a, b: b,
        "min": lambda a, b: a if s(a) < s(b) else b,
        "max": lambda a, b: a if s(a) > s(b) else b,
        "minu": min,
        "maxu": max,
    }


class Program:
    """One assembly program: cases, each a routine and a table of what it must return."""

    def __init__(self, xlen):
        self.xlen = xlen
        self.text = []
        self.tables = {}
        self.data = []

    def table(self, values):
        key = tuple(unsigned(v, self.xlen) for v in values)
        return self.tables.setdefault(key, f"table{len(self.tables)}")

    def words(self, values):
        values = [hex(unsigned(v, self.xlen)) for v in values]
        return "\n".join("    WORD " + ", ".join(values[i:i + 8]) for i in range(0, len(values), 8))

    def case(self, routine, driver, expected):
        """routine: lines from a2 (and a3) to a4, which may change a2, a3 and a5."""
        number = len(self.data)
        self.data.append("\n".join([f"routine{number}:"] + [f"    {line}" for line in routine] + ["    ret"]))
        self.text.append(f"    CASE\n    HERE\n    la s0, routine{number}\n    la s1, {self.table(expected)}\n    jal {driver}")

    def source(self, title):
        out = [f"/* {title}; made by arith.py */", '#include "isa.h"', "", "TEST_BEGIN", *self.text, "    TEST_END", "", DRIVERS,
               *self.data, "    .section .rodata", "    .balign 8", "operands:", self.words(OPERANDS[self.xlen]), "operands_end:"]
        for values, name in self.tables.items():
            out += [f"{name}:", self.words(values)]
        return "\n".join(out) + "\n"


# s0 routine, s1 expected results in order; both orders of operands come up.
DRIVERS = """
/* All pairs of operands. */
pairs:
    mv s2, ra
    la s3, operands
1:  la s4, operands
2:  LX a2, (s3)
    LX a3, (s4)
    jalr s0
    mv t5, a4
    LX t6, (s1)
    jal gp, check
    addi s1, s1, REGBYTES
    addi s4, s4, REGBYTES
    la t0, operands_end
    bne s4, t0, 2b
    addi s3, s3, REGBYTES
    bne s3, t0, 1b
    jr s2

/* All operands singly. */
singles:
    mv s2, ra
    la s3, operands
1:  LX a2, (s3)
    jalr s0
    mv t5, a4
    LX t6, (s1)
    jal gp, check
    addi s1, s1, REGBYTES
    addi s3, s3, REGBYTES
    la t0, operands_end
    bne s3, t0, 1b
    jr s2

    .bss
    .balign 16
memory:
    .space 32
    .text
"""


def register_ops(xlen, ops):
    """ops: (mnemonic, function of two XLEN-bit numbers)"""
    p = Program(xlen)
    operands = [unsigned(v, xlen) for v in OPERANDS[xlen]]
    for name, f in ops:
        both = [f(a, b) for a in operands for b in operands]
        p.case([f"{name} a4, a2, a3"], "pairs", both)
        p.case([f"{name} a2, a2, a3", "mv a4, a2"], "pairs", both)
        p.case([f"{name} a3, a2, a3", "mv a4, a3"], "pairs", both)
        p.case([f"{name} a4, a2, a2"], "singles", [f(a, a) for a in operands])
        p.case([f"{name} a4, zero, a2"], "singles", [f(0, a) for a in operands])
        p.case([f"{name} a4, a2, zero"], "singles", [f(a, 0) for a in operands])
        p.case([f"{name} zero, a2, a2", "mv a4, zero"], "singles", [0] * len(operands))
        # upper registers
        p.case(["mv t3, a2", "mv s9, a3", f"{name} t4, t3, s9", "mv a4, t4"], "pairs", both)
    return p


def immediate_ops(xlen, ops):
    """ops: (mnemonic, function, immediates)"""
    p = Program(xlen)
    operands = [unsigned(v, xlen) for v in OPERANDS[xlen]]
    for name, f, immediates in ops:
        for imm in immediates:
            wide = unsigned(imm, xlen)
            results = [f(a, wide) for a in operands]
            p.case([f"{name} a4, a2, {imm}"], "singles", results)
        p.case([f"{name} a2, a2, {imm}", "mv a4, a2"], "singles", results)
        p.case([f"{name} zero, a2, {imm}", "mv a4, zero"], "singles", [0] * len(operands))
        p.case([f"{name} a4, zero, {imm}"], "singles", [f(0, wide)] * len(operands))
    return p


def word(f):
    """A 32-bit operation on the low halves, sign-extended."""
    return lambda a, b: signed(f(unsigned(a, 32), unsigned(b, 32)), 32)


def branches(xlen):
    p = Program(xlen)
    operands = [unsigned(v, xlen) for v in OPERANDS[xlen]]
    conditions = {"beq": lambda a, b: a == b, "bne": lambda a, b: a != b, "bltu": lambda a, b: a < b, "bgeu": lambda a, b: a >= b,
                  "blt": lambda a, b: signed(a, xlen) < signed(b, xlen), "bge": lambda a, b: signed(a, xlen) >= signed(b, xlen)}
    for name, f in conditions.items():
        both = [int(f(a, b)) for a in operands for b in operands]
        p.case([".option push", ".option norvc", "li a4, 1", f"{name} a2, a3, 1f", "li a4, 0", "1:", ".option pop"], "pairs", both)
        p.case(["j 2f", "1: li a4, 1", "ret", f"2: {name} a2, a3, 1b", "li a4, 0"], "pairs", both)
        p.case(["li a4, 1", f"{name} a2, a2, 1f", "li a4, 0", "1:"], "singles", [int(f(0, 0))] * len(operands))
        p.case(["li a4, 1", f"{name} zero, a2, 1f", "li a4, 0", "1:"], "singles", [int(f(0, a)) for a in operands])
        p.case(["li a4, 1", f"{name} a2, zero, 1f", "li a4, 0", "1:"], "singles", [int(f(a, 0)) for a in operands])
    for name, f in (("c.beqz", lambda a: a == 0), ("c.bnez", lambda a: a != 0)):
        p.case(["li a4, 1", f"{name} a2, 1f", "li a4, 0", "1:"], "singles", [int(f(a)) for a in operands])
        p.case(["j 2f", "1: li a4, 1", "ret", f"2: {name} a2, 1b", "li a4, 0"], "singles", [int(f(a)) for a in operands])
    return p


def atomics(xlen):
    p = Program(xlen)
    operands = [unsigned(v, xlen) for v in OPERANDS[xlen]]
    for bits, suffix in ((32, "w"), (64, "d")):
        if bits > xlen:
            continue
        store, load = "s" + suffix, "l" + suffix
        ops = model(bits)
        for name in ("swap", "add", "xor", "and", "or", "min", "max", "minu", "maxu"):
            insn = f"amo{name}.{suffix}"
            new = [signed(ops[name](unsigned(a, bits), unsigned(b, bits)), bits) for a in operands for b in operands]
            old = [signed(a, bits) for a in operands for _ in operands]
            prepare = ["la a5, memory", f"{store} a2, (a5)"]
            p.case(prepare + [f"{insn} a4, a3, (a5)"], "pairs", old)
            p.case(prepare + [f"{insn} zero, a3, (a5)", f"{load} a4, (a5)"], "pairs", new)
            p.case(prepare + [f"{insn}.aqrl a3, a3, (a5)", "mv a4, a3"], "pairs", old)
            p.case(prepare + [f"{insn}.rl a5, a3, (a5)", "mv a4, a5"], "pairs", old)
            p.case(prepare + [f"{insn}.aq a4, zero, (a5)", f"{load} a4, (a5)"], "singles",
                   [signed(ops[name](unsigned(a, bits), 0), bits) for a in operands])
            # the neighbours stay as they are: a sum over three places
            p.case(["la a5, memory", f"{store} zero, (a5)", f"{store} a2, {bits // 8}(a5)", f"{store} zero, {bits // 4}(a5)",
                    f"addi a5, a5, {bits // 8}", f"{insn} zero, a3, (a5)", f"{load} a4, {-bits // 8}(a5)",
                    f"{load} a5, {bits // 8}(a5)", "or a4, a4, a5"], "singles", [0] * len(operands))
        # one register for everything: the address is what is stored
        p.case(["la t0, memory", f"{store} zero, (t0)", "mv a5, t0", f"amoswap.{suffix} a5, a5, (a5)", f"{load} a4, (t0)",
                "addiw t0, t0, 0" if bits < xlen else "nop", "sub a4, a4, t0", "or a4, a4, a5"], "singles", [0] * len(operands))
    return p


def compressed(xlen):
    """Compressed instructions that compute, on registers that have three-bit numbers and on others."""
    p = Program(xlen)
    operands = [unsigned(v, xlen) for v in OPERANDS[xlen]]
    ops, ops32 = model(xlen), model(32)
    pairs = [("c.sub", ops["sub"]), ("c.xor", ops["xor"]), ("c.or", ops["or"]), ("c.and", ops["and"])]
    if xlen == 64:
        pairs += [("c.addw", word(ops32["add"])), ("c.subw", word(ops32["sub"]))]
    for name, f in pairs:
        both = [f(a, b) for a in operands for b in operands]
        p.case([f"{name} a2, a3", "mv a4, a2"], "pairs", both)
        p.case([f"{name} a2, a2", "mv a4, a2"], "singles", [f(a, a) for a in operands])
    sums = [a + b for a in operands for b in operands]
    p.case(["c.add a2, a3", "c.mv a4, a2"], "pairs", sums)
    p.case(["mv t3, a2", "mv s9, a3", "c.add t3, s9", "c.mv a4, t3"], "pairs", sums)
    p.case(["c.mv t4, a2", "c.mv a4, t4"], "singles", operands)

    def single(lines, f):
        p.case(lines, "singles", [f(a) for a in operands])

    for imm in (-32, -1, 1, 15, 31):
        single([f"c.addi a2, {imm}", "mv a4, a2"], lambda a: a + imm)
        single([f"c.li a4, {imm}"], lambda a: imm)
        single([f"c.andi a2, {imm}", "mv a4, a2"], lambda a: a & imm)
        if xlen == 64:
            single([f"c.addiw a2, {imm}", "mv a4, a2"], lambda a: signed(a + imm, 32))
    if xlen == 64:
        single(["c.addiw a2, 0", "mv a4, a2"], lambda a: signed(a, 32))
    single(["c.li a4, 0"], lambda a: 0)
    single(["c.andi a2, 0", "mv a4, a2"], lambda a: 0)
    for imm in (1, 15, 31, 0xFFFE0, 0xFFFE1, 0xFFFFF):
        single([f"c.lui a4, {imm}"], lambda a: signed(imm << 12, 32))
    for amount in (1, 2, 15, 31) + ((32, 33, 63) if xlen == 64 else ()):
        single([f"c.slli a2, {amount}", "mv a4, a2"], lambda a: a << amount)
        single([f"c.srli a2, {amount}", "mv a4, a2"], lambda a: a >> amount)
        single([f"c.srai a2, {amount}", "mv a4, a2"], lambda a: signed(a, xlen) >> amount)
    for imm in (4, 8, 512, 1020):
        single(["mv a5, sp", "mv sp, a2", f"c.addi4spn a4, sp, {imm}", "mv sp, a5"], lambda a: a + imm)
    for imm in (-512, -16, 16, 496):
        single(["mv a5, sp", "mv sp, a2", f"c.addi16sp sp, {imm}", "mv a4, sp", "mv sp, a5"], lambda a: a + imm)
    return p


def generate(xlen):
    ops, ops32 = model(xlen), model(32)
    shifts = [0, 1, 2, 7, 15, 16, 30, 31] + ([32, 33, 62, 63] if xlen == 64 else [])
    alu = ["add", "sub", "sll", "slt", "sltu", "xor", "srl", "sra", "or", "and"]
    mul = ["mul", "mulh", "mulhsu", "mulhu", "div", "divu", "rem", "remu"]
    immediates = [(name, ops[op], IMMEDIATES) for name, op in (("addi", "add"), ("slti", "slt"), ("sltiu", "sltu"), ("xori", "xor"),
                                                               ("ori", "or"), ("andi", "and"))]
    immediates += [(name, ops[op], shifts) for name, op in (("slli", "sll"), ("srli", "srl"), ("srai", "sra"))]
    programs = {
        "alu_register": register_ops(xlen, [(name, ops[name]) for name in alu]),
        "alu_immediate": immediate_ops(xlen, immediates),
        "mul_div": register_ops(xlen, [(name, ops[name]) for name in mul]),
        "amo": atomics(xlen),
        "branch": branches(xlen),
        "rvc_alu": compressed(xlen),
    }
    if xlen == 64:
        programs["alu_word"] = register_ops(64, [(name + "w", word(ops32[name])) for name in ("add", "sub", "sll", "srl", "sra")])
        programs["mul_div_word"] = register_ops(64, [(name + "w", word(ops32[name])) for name in ("mul", "div", "divu", "rem", "remu")])
        programs["alu_word_immediate"] = immediate_ops(64, [("addiw", word(ops32["add"]), IMMEDIATES)] + [
            (name, word(ops32[op]), shifts[:8]) for name, op in (("slliw", "sll"), ("srliw", "srl"), ("sraiw", "sra"))])
    return {name: program.source(name) for name, program in programs.items()}
