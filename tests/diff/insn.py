"""The rows of include/riscv/*.def, as the generator needs them: every row, with its encoding."""
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Where a FORMAT puts a register operand: shift, mask of the field.
PLACES = {"R11_7": (7, 31), "R19_15": (15, 31), "R24_20": (20, 31), "R6_2": (2, 31), "C9_7": (7, 7), "C4_2": (2, 7)}
CONSTANTS = {"X0": 0, "RA": 1, "SP": 2}


def popcount(value):
    return bin(value).count("1")


class Row:
    """One INSN or RVC row."""

    def __init__(self, fields, tables):
        self.id, self.name, self.xlen, self.ext, pattern, self.format = fields[:6]
        bits = pattern.replace(" ", "")
        self.len = len(bits) // 8
        self.mask = int(re.sub("[01]", "1", bits).replace(".", "0"), 2)
        self.match = int(bits.replace(".", "0"), 2)
        self.free = ~self.mask & ((1 << len(bits)) - 1)
        self.rd, self.rs1, self.rs2, imm, show = tables["FORMAT"][self.format]
        self.float_rd = "%D" in show
        self.imm_is_register = "%R" in show
        for place in (self.rd, self.rs1, self.rs2):
            if place not in PLACES and place not in CONSTANTS:
                raise SystemExit(f"tests/diff: FORMAT {self.format} puts a register in {place}, which insn.py does not know")
        self.imm_sign, scatter = tables["IMM"][imm]
        self.scatter = [(self.span(a), self.span(b)) for a, b in (piece.split("=") for piece in scatter.split())]
        self.imm_bits = {bit for _, (high, low) in self.scatter for bit in range(low, high + 1)}
        self.base = None
        self.hidden_by = []

    @staticmethod
    def span(text):
        high, _, low = text.partition(":")
        return int(high), int(low or high)

    def on(self, xlen):
        return {"32": True, "64": xlen == 64, "ONLY32": xlen == 32}[self.xlen]

    def put_imm(self, word, value):
        for (src_high, src_low), (_, dst_low) in self.scatter:
            mask = (1 << (src_high - src_low + 1)) - 1
            word = word & ~(mask << src_low) | (value >> dst_low & mask) << src_low
        return word

    def boundaries(self):
        """The values at the edges of the immediate's range, and around zero."""
        top, step = max(self.imm_bits), 1 << min(self.imm_bits)
        if self.imm_sign:
            return [-(1 << top), (1 << top) - step, 0, step, -step]
        return [0, step, (2 << top) - step, 1 << top]

    @staticmethod
    def put_reg(word, place, reg):
        if place not in PLACES:
            return word
        shift, mask = PLACES[place]
        return word & ~(mask << shift) | (reg & mask) << shift

    @staticmethod
    def get_reg(word, place):
        if place not in PLACES:
            return CONSTANTS[place]
        shift, mask = PLACES[place]
        reg = word >> shift & mask
        return reg + 8 if mask == 7 else reg

    def owns(self, word):
        """Is this word the row's, and not that of a row with more fixed bits?"""
        return word & self.mask == self.match and not any(word & r.mask == r.match for r in self.hidden_by)

    def places(self):
        """Which register fields the row has, each once."""
        return sorted({p for p in (self.rd, self.rs1, self.rs2) if p in PLACES})


def read_def(name):
    """A table without its comments."""
    with open(os.path.join(ROOT, "include/riscv", name), encoding="utf-8") as file:
        return re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)


def split_fields(body):
    return [f.strip().strip('"') for f in re.findall(r'\s*("[^"]*"|[^,"]+)\s*(?:,|$)', body)]


def load_rows():
    """All rows of insn.def by id."""
    tables = {"FORMAT": {}, "IMM": {}}
    rows = {}
    for kind, body in re.findall(r"^(INSN|RVC|FORMAT|IMM)\((.*)\)\s*$", read_def("insn.def"), re.M):
        fields = split_fields(body)
        if fields[0] == "id":
            continue
        if kind == "IMM":
            tables["IMM"][fields[0]] = (int(fields[1]), fields[2])
        elif kind == "FORMAT":
            tables["FORMAT"][fields[0]] = fields[1:]
        else:
            row = Row(fields, tables)
            if kind == "INSN":
                row.cls, row.arg = fields[6], fields[7]
            else:
                row.base = rows[fields[6]]
                row.cls, row.arg = row.base.cls, row.base.arg
            row.reserved = fields[-1]
            rows[row.id] = row
    return rows


class Isa:
    """The default ISA, as far as a witness has it too. known: IDs of ext.def, or None for all."""

    def __init__(self, known=None):
        text = read_def("ext.def")
        self.names, self.conditions, implied = {}, {}, {}
        for kind, body in re.findall(r"^(EXT|EXT_EITHER|EXT_BOTH)\((.*)\)\s*$", text, re.M):
            f = split_fields(body)
            if kind != "EXT":
                self.conditions[f[0]] = (all if kind == "EXT_BOTH" else any, f[1:])
            elif f[0] != "id":
                implied[f[0]] = [part.lstrip("+-").upper() for part in f[3].split("_") if part]
                if f[2] == "1" and (known is None or f[0] in known):
                    self.names[f[0]] = f[1]
        self.on = set(self.names)
        while more := {part for ext in self.on for part in implied[ext]} - self.on:
            self.on |= more

    def has(self, ext):
        if ext in self.conditions:
            combine, parts = self.conditions[ext]
            return combine(self.has(part) for part in parts)
        return ext in self.on

    def string(self, xlen):
        """As the emulator's --isa takes it."""
        single = [n for n in self.names.values() if len(n) == 1]
        return f"rv{xlen}" + "".join(single) + "".join("_" + n for n in self.names.values() if len(n) > 1)


def rows_for(xlen, isa):
    """The rows that exist on this XLEN, each knowing which others take words away from it."""
    rows = {row.id: row for row in load_rows().values()
            if row.on(xlen) and isa.has(row.ext) and (row.base is None or isa.has(row.base.ext))}
    for row in rows.values():
        row.hidden_by = [r for r in rows.values()
                         if r.len == row.len and (r.match ^ row.match) & r.mask & row.mask == 0
                         and popcount(r.mask) > popcount(row.mask)]
    return rows


class Csr:
    """One CSR of csr.def (a CSR_ARRAY row makes several)."""

    def __init__(self, name, number, xlen, ext, check, kind, mask):
        self.name, self.number, self.xlen, self.ext = name, number, xlen, ext
        self.check, self.kind, self.mask = check, kind, mask

    def on(self, xlen):
        return {"32": True, "64": xlen == 64, "ONLY32": xlen == 32}[self.xlen]


def load_csrs(xlen, isa):
    """All CSRs of csr.def for this XLEN and ISA, by name."""
    out = {}
    for kind, body in re.findall(r"^(CSR|CSR_ARRAY)\((.*)\)\s*$", read_def("csr.def"), re.M):
        f = split_fields(body)
        number = int(f[1], 0)
        if kind == "CSR":
            out[f[0]] = Csr(f[0], number, *f[2:7])
            continue
        stem, upper = (f[0][:-1], "h") if f[0].endswith("h") else (f[0], "")
        for k in range(int(f[3])):
            name = f"{stem}{int(f[2]) + k}{upper}"
            out[name] = Csr(name, number + k, *f[4:9])
    return {name: csr for name, csr in out.items() if csr.on(xlen) and isa.has(csr.ext)}


def load_causes():
    """The numbers of all causes by name; interrupts with bit 5 (32) added."""
    out = {}
    for kind, body in re.findall(r"^(EXCEPTION|INTERRUPT)\((.*)\)\s*$", read_def("cause.def"), re.M):
        f = split_fields(body)
        out[f[0]] = int(f[1], 0) + (32 if kind == "INTERRUPT" else 0)
    return out
