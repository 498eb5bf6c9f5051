"""Test programs for the integer extensions behind rv64gc, with results from models written from their specifications.

generate(xlen) returns {name: assembly source}, for machines that have all extensions. What the assembler does not know is made by macros of the instructions' names.
"""
from arith import OPERANDS, Program, immediate_ops, model, register_ops, signed, unsigned, word


def c_register(rd, func2, source):
    """A Zcb instruction on one register."""
    return f".insn ca 1, 0x27, {func2}, {rd}, {source}"


# name: (parameters, body)
MACROS = {
    "czero.eqz": ("rd, rs1, rs2", ".insn r 0x33, 5, 7, \\rd, \\rs1, \\rs2"),
    "czero.nez": ("rd, rs1, rs2", ".insn r 0x33, 7, 7, \\rd, \\rs1, \\rs2"),
    "c.zext.b": ("rd", c_register("\\rd", 3, "x8")),
    "c.sext.b": ("rd", c_register("\\rd", 3, "x9")),
    "c.zext.h": ("rd", c_register("\\rd", 3, "x10")),
    "c.sext.h": ("rd", c_register("\\rd", 3, "x11")),
    "c.zext.w": ("rd", c_register("\\rd", 3, "x12")),
    "c.not": ("rd", c_register("\\rd", 3, "x13")),
    "c.mul": ("rd, rs2", c_register("\\rd", 2, "\\rs2")),
    "c.lbu": ("rd, imm, rs1", ".insn ca 0, 0x20, (((\\imm & 1) << 1) | (\\imm >> 1)), \\rs1, \\rd"),
    "c.lhu": ("rd, imm, rs1", ".insn ca 0, 0x21, (\\imm >> 1), \\rs1, \\rd"),
    "c.lh": ("rd, imm, rs1", ".insn ca 0, 0x21, (2 | (\\imm >> 1)), \\rs1, \\rd"),
    "c.sb": ("rs2, imm, rs1", ".insn ca 0, 0x22, (((\\imm & 1) << 1) | (\\imm >> 1)), \\rs1, \\rs2"),
    "c.sh": ("rs2, imm, rs1", ".insn ca 0, 0x23, (\\imm >> 1), \\rs1, \\rs2"),
    "c.mop": ("n", ".half 0x6001 | (\\n << 7)"),
    "mop.r": ("n, rd, rs1", ".insn i 0x73, 4, \\rd, \\rs1, -0x1000 + (0x81c | ((\\n & 16) << 6) | ((\\n & 12) << 4) | (\\n & 3))"),
    "mop.rr": ("n, rd, rs1, rs2", ".insn r 0x73, 4, (0x41 | ((\\n & 4) << 3) | ((\\n & 3) << 1)), \\rd, \\rs1, \\rs2"),
    "amocas.w": ("order, rd, rs2, rs1", ".insn r 0x2f, 2, (0x14 | \\order), \\rd, \\rs1, \\rs2"),
    "amocas.d": ("order, rd, rs2, rs1", ".insn r 0x2f, 3, (0x14 | \\order), \\rd, \\rs1, \\rs2"),
    "amocas.q": ("order, rd, rs2, rs1", ".insn r 0x2f, 4, (0x14 | \\order), \\rd, \\rs1, \\rs2"),
}


def macros():
    return "\n".join(f".macro {name} {parameters}\n    {body}\n.endm" for name, (parameters, body) in MACROS.items())


def finish(program, title):
    return program.source(title).replace("\nTEST_BEGIN", "\n" + macros() + "\n\nTEST_BEGIN", 1)


# --- models: functions of unsigned XLEN-bit numbers ---------------------------------------------------------------

def bits_of(value, n):
    return [value >> i & 1 for i in range(n)]


def from_bits(bits):
    return sum(bit << i for i, bit in enumerate(bits))


def clmul(a, b):
    """The whole product of polynomials over GF(2)."""
    product = 0
    for i, bit in enumerate(bits_of(b, b.bit_length())):
        product ^= a << i if bit else 0
    return product


def pieces(value, n, size):
    return [value >> i & (1 << size) - 1 for i in range(0, n, size)]


def join(values, size):
    return sum(v << i * size for i, v in enumerate(values))


def xperm(a, b, n, size):
    table = pieces(a, n, size)
    return join([table[i] if i < len(table) else 0 for i in pieces(b, n, size)], size)


def rotate_left(a, amount, n):
    bits = bits_of(a, n)
    amount %= n
    return from_bits(bits[n - amount:] + bits[:n - amount])


def rotate_right(a, amount, n):
    return rotate_left(a, n - amount % n, n)


def clz(a, n):
    return n - a.bit_length()


def ctz(a, n):
    return (bits_of(a, n) + [1]).index(1)


def binary(n):
    """Of two registers, or a register and a shift amount."""
    def bit(b):
        return 1 << b % n
    return {
        "andn": lambda a, b: a & ~b, "orn": lambda a, b: a | ~b, "xnor": lambda a, b: ~(a ^ b),
        "max": lambda a, b: max(signed(a, n), signed(b, n)), "maxu": max,
        "min": lambda a, b: min(signed(a, n), signed(b, n)), "minu": min,
        "rol": lambda a, b: rotate_left(a, b, n), "ror": lambda a, b: rotate_right(a, b, n),
        "sh1add": lambda a, b: a * 2 + b, "sh2add": lambda a, b: a * 4 + b, "sh3add": lambda a, b: a * 8 + b,
        "clmul": clmul, "clmulh": lambda a, b: clmul(a, b) >> n, "clmulr": lambda a, b: clmul(a, b) >> n - 1,
        "bclr": lambda a, b: a & ~bit(b), "bext": lambda a, b: int(a & bit(b) != 0), "binv": lambda a, b: a ^ bit(b),
        "bset": lambda a, b: a | bit(b),
        "pack": lambda a, b: join(pieces(a, n, n // 2)[:1] + pieces(b, n, n // 2)[:1], n // 2),
        "packh": lambda a, b: join([a & 255, b & 255], 8),
        "xperm4": lambda a, b: xperm(a, b, n, 4), "xperm8": lambda a, b: xperm(a, b, n, 8),
        "czero.eqz": lambda a, b: 0 if b == 0 else a, "czero.nez": lambda a, b: 0 if b != 0 else a,
    }


def unary(n):
    return {
        "clz": lambda a: clz(a, n), "ctz": lambda a: ctz(a, n), "cpop": lambda a: sum(bits_of(a, n)),
        "sext.b": lambda a: signed(a, 8), "sext.h": lambda a: signed(a, 16), "zext.h": lambda a: unsigned(a, 16),
        "orc.b": lambda a: join([255 if v else 0 for v in pieces(a, n, 8)], 8),
        "rev8": lambda a: join(pieces(a, n, 8)[::-1], 8),
        "brev8": lambda a: join([from_bits(bits_of(v, 8)[::-1]) for v in pieces(a, n, 8)], 8),
    }


def zip_bits(a, n):
    bits = bits_of(a, n)
    return from_bits([bit for pair in zip(bits[:n // 2], bits[n // 2:]) for bit in pair])


def unzip_bits(a, n):
    bits = bits_of(a, n)
    return from_bits(bits[0::2] + bits[1::2])


# --- programs ---------------------------------------------------------------------------------------------------

def unary_ops(xlen, ops):
    p = Program(xlen)
    operands = [unsigned(v, xlen) for v in OPERANDS[xlen]]
    for name, f in ops:
        results = [f(a) for a in operands]
        p.case([f"{name} a4, a2"], "singles", results)
        p.case([f"{name} a2, a2", "mv a4, a2"], "singles", results)
        p.case(["mv t3, a2", f"{name} s9, t3", "mv a4, s9"], "singles", results)
        p.case([f"{name} zero, a2", "mv a4, zero"], "singles", [0] * len(operands))
        p.case([f"{name} a4, zero"], "singles", [f(0)] * len(operands))
    return p


def low(f):
    """A 32-bit operation on the low half, sign-extended."""
    return lambda a: signed(f(unsigned(a, 32)), 32)


def bit_manipulation(xlen):
    ops, ops32 = binary(xlen), binary(32)
    one, one32 = unary(xlen), unary(32)
    shifts = [0, 1, 2, 15, 16, 30, 31] + ([32, 33, 62, 63] if xlen == 64 else [])
    registers = list(ops.items())
    singles = list(one.items())
    immediates = [(name + "i", ops[name], shifts) for name in ("bclr", "bext", "binv", "bset")] + [("rori", ops["ror"], shifts)]
    if xlen == 64:
        registers += [(name + "w", word(ops32[name])) for name in ("rol", "ror")]
        registers += [("packw", word(lambda a, b: unsigned(a, 16) | unsigned(b, 16) << 16)), ("add.uw", lambda a, b: unsigned(a, 32) + b)]
        registers += [(f"sh{i}add.uw", lambda a, b, i=i: (unsigned(a, 32) << i) + b) for i in (1, 2, 3)]
        singles += [(name + "w", low(one32[name])) for name in ("clz", "ctz", "cpop")]
        immediates += [("roriw", word(ops32["ror"]), shifts[:7]), ("slli.uw", lambda a, b: unsigned(a, 32) << b, shifts)]
    else:
        singles += [("zip", lambda a: zip_bits(a, 32)), ("unzip", lambda a: unzip_bits(a, 32))]
    half = len(registers) // 2
    return {"bits_register": register_ops(xlen, registers[:half]), "bits_register2": register_ops(xlen, registers[half:]),
            "bits_immediate": immediate_ops(xlen, immediates), "bits_single": unary_ops(xlen, singles)}


def zcb(xlen):
    p = Program(xlen)
    operands = [unsigned(v, xlen) for v in OPERANDS[xlen]]
    one = unary(xlen)
    ops = {"c.zext.b": lambda a: a & 255, "c.sext.b": one["sext.b"], "c.zext.h": one["zext.h"], "c.sext.h": one["sext.h"],
           "c.not": lambda a: ~a}
    if xlen == 64:
        ops["c.zext.w"] = lambda a: unsigned(a, 32)
    for name, f in ops.items():
        for register in ("a2", "s0", "s1", "a5"):  # the ends of the range as well
            keep = ["mv t1, s0", "mv t2, s1"]
            p.case(keep + [f"mv {register}, a2", f"{name} {register}", f"mv a4, {register}", "mv s0, t1", "mv s1, t2"], "singles",
                   [f(a) for a in operands])
    products = [a * b for a in operands for b in operands]
    p.case(["c.mul a2, a3", "mv a4, a2"], "pairs", products)
    p.case(["c.mul a3, a2", "mv a4, a3"], "pairs", products)
    p.case(["c.mul a2, a2", "mv a4, a2"], "singles", [a * a for a in operands])
    store, load = ("sd", "ld") if xlen == 64 else ("sw", "lw")
    for imm in range(4):
        p.case(["la a5, memory", f"{store} a2, (a5)", f"c.lbu a4, {imm}, a5"], "singles", [a >> 8 * imm & 255 for a in operands])
        p.case(["la a5, memory", f"{store} a2, (a5)", f"c.sb a3, {imm}, a5", f"{load} a4, (a5)"], "pairs",
               [a & ~(255 << 8 * imm) | (b & 255) << 8 * imm for a in operands for b in operands])
    for imm in (0, 2):
        p.case(["la a5, memory", f"{store} a2, (a5)", f"c.lhu a4, {imm}, a5"], "singles", [a >> 8 * imm & 0xffff for a in operands])
        p.case(["la a5, memory", f"{store} a2, (a5)", f"c.lh a5, {imm}, a5", "mv a4, a5"], "singles",
               [signed(a >> 8 * imm, 16) for a in operands])
        p.case(["la a5, memory", f"{store} a2, (a5)", f"c.sh a3, {imm}, a5", f"{load} a4, (a5)"], "pairs",
               [a & ~(0xffff << 8 * imm) | (b & 0xffff) << 8 * imm for a in operands for b in operands])
    return p


def may_be(xlen):
    """Zimop: zero goes to rd. Zcmop: nothing happens, whatever register is named."""
    p = Program(xlen)
    operands = [unsigned(v, xlen) for v in OPERANDS[xlen]]
    zeros = [0] * len(operands)
    for n in range(32):
        p.case(["li a4, -1", f"mop.r {n}, a4, a2"], "singles", zeros)
    for n in range(8):
        p.case(["li a4, -1", f"mop.rr {n}, a4, a2, a4"], "singles", zeros)
    p.case(["mop.r 7, a2, a2", "mv a4, a2"], "singles", zeros)
    p.case(["mop.rr 5, a2, a2, a2", "mv a4, a2"], "singles", zeros)
    p.case(["mv a4, a2", "mop.r 31, zero, a4", "mop.rr 7, zero, a4, a4"], "singles", operands)
    for n in (1, 3, 5, 7, 9, 11, 13, 15):
        p.case([f"mv t1, x{n}", f"mv x{n}, a2", f"c.mop {n}", f"mv a4, x{n}", f"mv x{n}, t1"], "singles", operands)
    return p


def hints(xlen):
    """What must do nothing at all: on registers, and with addresses where nothing is."""
    p = Program(xlen)
    operands = [unsigned(v, xlen) for v in OPERANDS[xlen]]
    none = [".insn i 0x13, 6, x0, {0}, 0", ".insn i 0x13, 6, x0, {0}, 1", ".insn i 0x13, 6, x0, {0}, 3",    # prefetch.i, .r, .w
            ".insn i 0x13, 6, x0, {0}, -2013", ".insn i 0x13, 6, x0, {0}, 2",
            ".insn r 0x33, 0, 0, x0, x0, x2", ".insn r 0x33, 0, 0, x0, x0, x3",                             # ntl.p1, ntl.pall
            ".insn r 0x33, 0, 0, x0, x0, x4", ".insn r 0x33, 0, 0, x0, x0, x5",                             # ntl.s1, ntl.all
            ".insn i 0x0f, 0, x0, x0, 0x010", ".insn i 0x0f, 0, x0, x0, -0x7cd",                            # pause, fence.tso
            ".insn i 0x0f, 0, {0}, {0}, 0x0ff", ".insn i 0x0f, 0, x0, x0, 0x7ff",                           # fences, fields reserved
            ".half 0x900a", ".half 0x900e", ".half 0x9012", ".half 0x9016",                                # c.ntl.*
            ".half 0x9006", ".half 0x800a", ".half 0x0005", ".half 0x4005", ".half 0x6005", ".half 0x7001",  # c.add, c.mv, c.nop, c.li, c.lui to x0
            ".half 0x0601", ".half 0x0006", ".half 0x0602", ".half 0x8201", ".half 0x8601",                # c.addi 0; c.slli to x0; shifts by 0
            "lui x0, 5", "auipc x0, 5", "slti x0, {0}, 1", "slli x0, {0}, 31", "srai x0, {0}, 7", "sub x0, {0}, {0}"]
    for line in none:
        p.case(["mv a4, a2", line.format("a4")], "singles", operands)
    return p


def compare_and_swap(xlen):
    p = Program(xlen)
    operands = [unsigned(v, xlen) for v in OPERANDS[xlen]]
    pairs = [(a, b) for a in operands for b in operands]
    for bits, suffix in ((32, "w"), (64, "d")):
        if bits > xlen:
            continue
        name, store, load = f"amocas.{suffix}", "s" + suffix, "l" + suffix
        prepare = ["la a5, memory", f"{store} a2, (a5)"]
        other = "xori a4, a2, 1"
        p.case(prepare + ["mv a4, a2", f"{name} 0, a4, a3, a5"], "pairs", [signed(a, bits) for a, _ in pairs])
        p.case(prepare + ["mv a4, a2", f"{name} 1, a4, a3, a5", f"{load} a4, (a5)"], "pairs", [signed(b, bits) for _, b in pairs])
        p.case(prepare + [other, f"{name} 2, a4, a3, a5"], "pairs", [signed(a, bits) for a, _ in pairs])
        p.case(prepare + [other, f"{name} 3, a4, a3, a5", f"{load} a4, (a5)"], "pairs", [signed(a, bits) for a, _ in pairs])
        # into x0: compared with zero
        p.case(prepare + [f"{name} 3, zero, a3, a5", f"{load} a4, (a5)"], "pairs",
               [signed(a if unsigned(a, bits) else b, bits) for a, b in pairs])
        p.case(prepare + ["mv a4, a2", f"{name} 0, a4, zero, a5", f"{load} a4, (a5)"], "singles", [0] * len(operands))
        # all the same register, which is the address too
        p.case(prepare + [f"{store} a5, (a5)", "mv a4, a5", f"{name} 0, a4, a4, a4", "sub a4, a4, a5"] + (["sext.w a4, a4"] if xlen == 64 else []),
               "singles", [0] * len(operands))
    if xlen == 64:  # the upper half of what is compared does not count
        p.case(["la a5, memory", "sw a2, (a5)", "not a4, a2", "srli a4, a4, 32", "slli a4, a4, 32", "slli t0, a2, 32", "srli t0, t0, 32", "or a4, a4, t0",
                "amocas.w 0, a4, a3, a5", "lw a4, (a5)"], "pairs", [signed(b, 32) for _, b in pairs])
    # Pairs: memory (a2, a3), compared with (a4, a5); (t1, t2) = (x6, x7) go there.
    size = xlen // 8
    name, store, load = ("amocas.q", "sd", "ld") if xlen == 64 else ("amocas.d", "sw", "lw")
    prepare = ["la t0, memory", f"{store} a2, (t0)", f"{store} a3, {size}(t0)", "not t1, a2", "neg t2, a3"]
    new_low, new_high = [~a for a, _ in pairs], [-b for _, b in pairs]
    equal = ["mv a4, a2", "mv a5, a3"]
    differ_low, differ_high = ["xori a4, a2, 1", "mv a5, a3"], ["mv a4, a2", "xori a5, a3, 1"]
    old_low, old_high = [a for a, _ in pairs], [b for _, b in pairs]
    swap = [f"{name} 3, a4, t1, t0"]
    memory_low, memory_high = [f"{load} a4, (t0)"], [f"{load} a4, {size}(t0)"]
    for start, results in ((equal, (new_low, new_high)), (differ_low, (old_low, old_high)), (differ_high, (old_low, old_high))):
        p.case(prepare + start + swap, "pairs", old_low)
        p.case(prepare + start + swap + ["mv a4, a5"], "pairs", old_high)
        p.case(prepare + start + swap + memory_low, "pairs", results[0])
        p.case(prepare + start + swap + memory_high, "pairs", results[1])
    # x0 stands for a pair of zeros, both read and written
    both_zero = [a == 0 and b == 0 for a, b in pairs]
    p.case(prepare + [f"{name} 0, zero, t1, t0"] + memory_low, "pairs", [new if z else a for new, z, (a, _) in zip(new_low, both_zero, pairs)])
    p.case(prepare + [f"{name} 0, zero, t1, t0"] + memory_high, "pairs", [new if z else b for new, z, (_, b) in zip(new_high, both_zero, pairs)])
    # (QEMU 10 spoils its own constant zero up to the next jump.)
    p.case(prepare + ["mv a4, ra", f"{name} 0, zero, t1, t0", "j 1f", "1: sub a4, a4, ra"], "pairs", [0] * len(pairs))
    p.case(prepare + equal + [f"{name} 0, a4, zero, t0"] + memory_high, "pairs", [0] * len(pairs))
    p.case(prepare + equal + [f"{name} 0, a4, a4, t0", f"{load} a4, {size}(t0)"], "pairs", old_high)
    return p


def generate(xlen):
    programs = bit_manipulation(xlen) | {"zcb": zcb(xlen), "may_be": may_be(xlen), "hints": hints(xlen), "amocas": compare_and_swap(xlen)}
    return {name: finish(program, name) for name, program in programs.items()}
