"""Test programs of instructions beside each other: every simple one behind every other.

An interpreter may run neighbours as one, or keep a result where the next instruction looks for it. So operands often
are the result just computed, memory is often touched for the first time, and some neighbours fault. All registers go
into the signature after every few instructions; the other machine is the witness.

generate(xlen) returns {name: assembly source}.
"""
import random

REGISTER = ["add", "sub", "sll", "slt", "sltu", "xor", "srl", "sra", "or", "and", "mul"]
IMMEDIATE = ["addi", "slti", "sltiu", "xori", "ori", "andi"]
SHIFT = ["slli", "srli", "srai"]
LOAD = ["lb", "lbu", "lh", "lhu", "lw"]
STORE = ["sb", "sh", "sw"]
BRANCH = ["beq", "bne", "blt", "bge", "bltu", "bgeu"]
OTHER = ["lui", "auipc", "jal", "jalr", "mv", "li", "pointer", "indirect", "mulhu", "divu"]
ONLY64 = {"addw": REGISTER, "subw": REGISTER, "sllw": REGISTER, "srlw": REGISTER, "sraw": REGISTER, "mulw": REGISTER,
          "addiw": IMMEDIATE, "slliw": SHIFT, "srliw": SHIFT, "sraiw": SHIFT, "lwu": LOAD, "ld": LOAD, "sd": STORE}

POOL = ["a0", "a1", "a2", "a3", "a4", "a5", "s8", "s9"]  # what is computed with
BASES = ["s0", "s1"]                                     # two pages, new for every group
GROUP = 20                                               # instructions between two looks at the registers
HOLE = 0x400000                                          # nothing is there
SEED = 1


class Program:
    def __init__(self, xlen):
        self.random = random.Random(SEED * 100 + xlen)
        self.xlen = xlen
        self.lines = []
        self.result = None   # the register that the last instruction wrote
        self.address = False # whether that is an address in a page
        self.labels = 0
        self.since = 0
        self.pages = 0
        self.kinds = {}
        for group in (REGISTER, IMMEDIATE, SHIFT, LOAD, STORE, BRANCH):
            self.kinds |= {name: group for name in group}
        self.kinds |= ONLY64 if xlen == 64 else {}
        self.names = list(self.kinds) + OTHER

    def put(self, line):
        self.lines.append("    " + line)

    def source(self, chance=0.5):
        """A register to read: often the last result, sometimes zero."""
        if self.result and not self.address and self.random.random() < chance:
            return self.result
        return self.random.choice(POOL + ["zero"])

    def wrote(self, register, address=False):
        self.result, self.address = (None if register == "zero" else register), address

    def place(self, size):
        """Memory to access: by the address just computed, if there is one, or in one of the pages."""
        base = self.result if self.address else self.random.choice(BASES)
        return f"{self.random.randrange(0, 128 // size) * size}({base})"

    def skip(self, jump):
        """A transfer over an instruction that must not run (or must, if a branch is not taken)."""
        self.labels += 1
        self.put(jump.format(f"over{self.labels}"))
        self.put(f"addi {self.random.choice(POOL)}, {self.random.choice(POOL)}, 77")
        self.lines.append(f"over{self.labels}:")
        self.wrote("zero")

    def simple(self, name):
        pick, kind = self.random, self.kinds[name]
        target = pick.choice(POOL + ["zero"]) if pick.random() < 0.9 else self.result or "zero"
        if kind is LOAD:
            self.put(f"{name} {target}, {self.place({'b': 1, 'h': 2, 'w': 4, 'd': 8}[name[1]])}")
        elif kind is STORE:
            value = self.source() if not self.address else pick.choice(POOL)
            self.put(f"{name} {value}, {self.place({'b': 1, 'h': 2, 'w': 4, 'd': 8}[name[1]])}")
            target = "zero"
        elif kind is BRANCH:
            operands = [self.source(), self.source(0.3)]
            self.skip(f"{name} {operands[0]}, {operands[1]}, {{}}")
            return
        elif kind is REGISTER:
            self.put(f"{name} {target}, {self.source()}, {self.source(0.3)}")
        elif kind is SHIFT:
            self.put(f"{name} {target}, {self.source()}, {pick.randrange(32 if self.xlen == 32 or name[-1] == 'w' else 64)}")
        else:
            self.put(f"{name} {target}, {self.source()}, {pick.choice([-2048, -1, 0, 1, 5, 31, 255, 2047])}")
        self.wrote(target)

    def other(self, name):
        pick, target = self.random, self.random.choice(POOL)
        if name == "jal":
            self.skip("j {}")
        elif name == "jalr":
            self.lines.append(f"    la t2, over{self.labels + 1}")
            self.put(pick.choice(["add t2, t2, zero", "addi t2, t2, 0", "mv a0, a1", "ori t2, t2, 1"]))
            self.skip("jr t2")
        elif name == "auipc":
            self.put("auipc t2, 0")
            self.put(pick.choice(["addi t2, t2, 8", "lw t2, 0(t2)", "jalr t3, 8(t2)"]))
            self.wrote("zero")
        elif name == "pointer":
            self.put(pick.choice(["add t2, {0}, {1}", "add t2, {1}, {0}", "addi t2, {0}, 256"]).format(pick.choice(BASES), "t4"))
            self.wrote("t2", address=True)
        elif name == "indirect":
            self.put("LX t2, (s2)")
            self.wrote("t2", address=True)
        else:
            self.put({"lui": f"lui {target}, {pick.randrange(1 << 20)}", "li": f"li {target}, {pick.randrange(-32, 32)}",
                      "mv": f"mv {target}, {self.source()}"}.get(name) or f"{name} {target}, {self.source()}, {self.source()}")
            self.wrote(target)

    def emit(self, name):
        if self.since == 0:
            self.begin_group()
        if name in self.kinds:
            self.simple(name)
        else:
            self.other(name)
        self.since += 1
        if self.since == GROUP:
            self.end_group()

    def begin_group(self):
        """New pages, and room to compute with."""
        for base in BASES:
            self.put(f"la {base}, pages + {self.pages * 4096}")
            self.pages += 1
        self.put(f"li t4, {self.random.randrange(0, 500) * 8}")
        self.put("la s2, cell")
        self.put("SX s1, (s2)")
        for register in POOL:
            self.put(f"li {register}, {self.random.choice([0, 1, -1, 5, 0x7FFFFFFF, -0x80000000, self.random.getrandbits(31)])}")
        self.wrote("zero")

    def end_group(self):
        """All registers, and the beginnings of the pages, into one word."""
        self.put("mv t0, zero")
        for register in POOL:
            self.put(f"slli t1, t0, 5; sub t0, t1, t0; xor t0, t0, {register}")
        for base in BASES:
            self.put(f"addi t2, {base}, 256; mv t3, {base}")
            self.put("1: LX t1, (t3); slli s3, t0, 5; sub t0, s3, t0; add t0, t0, t1; addi t3, t3, REGBYTES; bne t3, t2, 1b")
        self.put("OUT(t0)")
        self.since = 0

    def fault(self, name, first):
        """An instruction beside one that faults, behind it or before it."""
        self.begin_group()
        self.put(f"li t0, {HOLE}")
        access = self.random.choice(["lw a0, (t0)", "lbu a1, (t0)", "lh zero, (t0)", "sw a2, (t0)", "sb a3, (t0)"])
        cause = "LOAD_ACCESS" if access[0] == "l" else "STORE_ACCESS"
        self.labels += 1
        self.put(f"TRAPS(after{self.labels})")
        if not first:
            self.simple(name)
        self.lines.append(f"at{self.labels}:")
        self.put(access)
        if first:
            self.simple(name)
        self.put("j no_trap")
        self.lines.append(f"after{self.labels}:")
        self.put(f"CHECK_TRAP_REG({cause}, at{self.labels}, t0)")
        self.end_group()


def generate(xlen):
    p = Program(xlen)
    p.lines += ['#include "isa.h"', "    TEST_BEGIN", "    CASE"]
    for first in p.names:
        for second in p.names:
            p.emit(first)
            p.emit(second)
    if p.since:
        p.end_group()
    p.lines.append("    CASE")
    label = p.labels
    for name in p.kinds:
        if p.kinds[name] is not BRANCH:
            p.fault(name, True)
            p.fault(name, False)
    assert p.labels > label
    p.lines += ["    TEST_END", "no_trap:", "    FAIL", "    .bss", "    .balign 4096", "pages:", f"    .space {p.pages * 4096}",
                "cell:", "    .space 8"]
    return {"neighbours": "\n".join(p.lines) + "\n"}
