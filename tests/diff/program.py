"""Random programs made from insn.def: what is legal, what traps, and what lies between."""
import os
import random
import re
import struct

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

PROG, DATA, WINDOW = 0x80400000, 0x80800000, 0x01800000
DATA_MID = DATA + 0x8000
WINDOW_PAGES = 16
R_WINDOW, R_DATA, R_RESUME = 29, 30, 31
NOWHERE = 0x01c00000  # no device, no memory

SPECIAL = [0, 1, 2, 3, 4, 5, 7, 8, 0x7f, 0x80, 0xff, 0x7ff, 0x800, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000,
           0xffffffff, 0x5555555555555555, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff,
           0xfffffffffffff800, 0xffffffff80000000, 0xffffffff7fffffff, 0x100000000]


class Row:
    """One INSN or RVC row, with its encoding."""

    def __init__(self, fields, tables):
        self.id, self.name, self.xlen, self.ext, pattern, self.format = fields[:6]
        bits = pattern.replace(" ", "")
        self.len = len(bits) // 8
        self.mask = int(re.sub("[01]", "1", bits).replace(".", "0"), 2)
        self.match = int(bits.replace(".", "0"), 2)
        self.rd, self.rs1, self.rs2, imm, self.print = tables["FORMAT"][self.format]
        self.imm_sign, scatter = tables["IMM"][imm]
        self.scatter = [tuple(self.span(s) for s in piece.split("=")) for piece in scatter.split()]
        self.base = None

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

    def get_imm(self, word):
        value = top = 0
        for (src_high, src_low), (dst_high, dst_low) in self.scatter:
            mask = (1 << (src_high - src_low + 1)) - 1
            value |= (word >> src_low & mask) << dst_low
            top = max(top, dst_high)
        if self.imm_sign and value >> top & 1:
            value -= 2 << top
        return value

    PLACES = {"R11_7": (7, 31), "R19_15": (15, 31), "R24_20": (20, 31), "R6_2": (2, 31), "C9_7": (7, 7), "C4_2": (2, 7)}

    def put_reg(self, word, place, reg):
        shift, mask = self.PLACES[place]
        return word & ~(mask << shift) | (reg & mask) << shift

    def get_reg(self, word, place):
        if place not in self.PLACES:
            return {"X0": 0, "RA": 1, "SP": 2}[place]
        shift, mask = self.PLACES[place]
        reg = word >> shift & mask
        return reg + 8 if mask == 7 else reg


# What programs are made of; both machines are given no more (diff.test).
EXTENSIONS = {"I", "M", "ZMMUL", "ZAAMO", "ZALRSC", "ZCA", "ZICSR", "ZIFENCEI"}


def load_rows():
    """All rows of insn.def by id."""
    with open(os.path.join(ROOT, "include/riscv/insn.def")) as file:
        text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    tables = {"FORMAT": {}, "IMM": {}}
    rows = {}
    for kind, body in re.findall(r"^(INSN|RVC|FORMAT|IMM)\((.*)\)\s*$", text, re.M):
        fields = [f.strip().strip('"') for f in re.findall(r'"[^"]*"|[^,]+', body) if f.strip()]
        if kind == "IMM":
            tables["IMM"][fields[0]] = (int(fields[1]), fields[2] if len(fields) > 2 else "")
        elif kind == "FORMAT":
            tables["FORMAT"][fields[0]] = (*fields[1:5], fields[5] if len(fields) > 5 else "")
        else:
            row = Row(fields, tables)
            if kind == "INSN":
                row.cls, row.arg = fields[6], fields[7]
            else:
                row.base = rows[fields[6]]
                row.cls, row.arg = row.base.cls, row.base.arg
            row.reserved = fields[-1]
            rows[row.id] = row
    return {key: row for key, row in rows.items() if row.ext in EXTENSIONS}


ROWS = load_rows()


class Program:
    """N random items for one XLEN and mode (0 U, 1 S, 3 M), as bytes, using these pages of the window."""

    def __init__(self, rng, xlen, mode, items, pages):
        self.rng, self.xlen, self.mode = rng, xlen, mode
        self.nowhere = [mode == 3 or page == NOWHERE for page in pages] + [True]
        self.rows = [r for r in ROWS.values() if r.on(xlen)]
        self.code = []      # (bytes, row, fix) where fix = (items ahead) for pc-relative ones
        self.labels = []    # index into self.code of each item's first instruction
        self.counts = {}
        while len(self.labels) < items:
            self.labels.append(len(self.code))
            self.item()
        self.labels.append(len(self.code))
        self.emit(ROWS["ecall"], 0x73)
        self.resolve()

    # --- encoding

    def emit(self, row, word, ahead=None, base=None):
        self.code.append([row, word, ahead, base])
        self.counts[row.id] = self.counts.get(row.id, 0) + 1

    def reg(self):
        """A register to read: often one of few, so that values meet."""
        return self.rng.choice([0, 1, 2, 5, 8, 9, 10, 11, 12, 15]) if self.rng.random() < 0.7 else self.rng.randrange(32)

    def dest(self):
        r = self.reg()
        return r if r < R_WINDOW else 10

    def fill(self, row):
        """A random word of the row that writes none of the reserved registers."""
        while True:
            word = row.match | self.rng.getrandbits(32) & ~row.mask & ((1 << 8 * row.len) - 1)
            for place in (row.rs1, row.rs2):
                if place in row.PLACES and self.rng.random() < 0.8:
                    word = row.put_reg(word, place, self.reg())
            if row.rd in row.PLACES:
                word = row.put_reg(word, row.rd, self.dest())
            if row.scatter and self.rng.random() < 0.2:
                word = row.put_imm(word, self.rng.choice([0, 1, -1, 2, -2, 31, 32, 0x7ff, -0x800]))
            if word & row.mask == row.match and row.get_reg(word, row.rd) < R_WINDOW and \
                    self.best(word, row.len) is row:
                return word

    def best(self, word, length):
        """The row this word belongs to."""
        rows = [r for r in self.rows if r.len == length and word & r.mask == r.match]
        return max(rows, key=lambda r: bin(r.mask).count("1")) if rows else None

    def op(self, id, rd=0, rs1=0, rs2=0, imm=0):
        row = ROWS[id]
        word = row.match
        for place, value in ((row.rd, rd), (row.rs1, rs1), (row.rs2, rs2)):
            if place in row.PLACES:
                word = row.put_reg(word, place, value)
        self.emit(row, row.put_imm(word, imm))

    def load_value(self, rd, value):
        """rd := value, sign-extended from 32 bits."""
        value &= 0xffffffff
        low = (value & 0xfff) - (value & 0x800) * 2
        self.op("lui", rd, imm=(value - low) & 0xfffff000)
        self.op("addiw" if self.xlen == 64 else "addi", rd, rd, imm=low)

    # --- items

    def item(self):
        kinds = [(40, self.plain), (28, self.memory), (10, self.branch), (5, self.jump), (3, self.wild_jump),
                 (5, self.csr), (3, self.system), (2, self.illegal), (4, self.value)]
        self.rng.choices([k for _, k in kinds], [w for w, _ in kinds])[0]()

    def pick(self, *classes):
        return self.rng.choice([r for r in self.rows if r.cls in classes])

    def plain(self):
        row = self.pick("ALU", "ALUI", "LI", "AUIPC", "FENCE")
        self.emit(row, self.fill(row))

    def value(self):
        rd = self.dest() or 1
        v = self.rng.choice(SPECIAL)
        self.load_value(rd, v >> 32 if self.xlen == 64 else v)
        if self.xlen == 64:
            other = 27 if rd != 27 else 26
            self.op("slli", rd, rd, imm=32)
            self.load_value(other, v)
            self.op("slli", other, other, imm=32)
            self.op("srli", other, other, imm=32)
            self.op("or", rd, rd, other)

    def set_base(self, reg, atomic):
        """
        Points `reg` at data, into the window, or nowhere. Returns whether the access may have an offset.
        Where there is no memory QEMU reports misaligned accesses at another address and takes an AMO
        for a load, so there they are aligned and plain.
        """
        rng = self.rng
        align = rng.choice([1, 4, 8, 8, 8, 8])
        kind = rng.random()
        page = rng.randrange(WINDOW_PAGES)
        if kind < 0.6 or atomic and (kind > 0.92 or self.nowhere[page]):
            self.op("addi", reg, R_DATA, imm=rng.randrange(-2000, 2000) // align * align)
            return True
        if kind < 0.92:
            offsets = [0, 8, 0xff0, rng.randrange(0xff0)] + [0xff8, 0xffc, 0xfff, 0xffd] * (not self.nowhere[page + 1])
            offset = rng.choice(offsets) // align * align
            if self.nowhere[page]:
                offset &= ~7
            self.load_value(reg, page * 4096 + offset)
            self.op("add", reg, reg, R_WINDOW)
        else:
            self.load_value(reg, NOWHERE + rng.randrange(8) * 8)
        return False

    def memory(self):
        row = self.pick("LOAD", "STORE", "LR", "SC", "AMO_W", "AMO_D", "LOAD", "STORE")
        word = self.fill(row)
        base = row.get_reg(word, row.rs1)
        if base == 0 or base >= R_WINDOW:
            base = 10
            word = row.put_reg(word, row.rs1, base)
        may_offset = self.set_base(base, row.cls.startswith("AMO"))
        if row.scatter and (not may_offset or self.rng.random() < 0.6):
            word = row.put_imm(word, self.rng.choice([0, 8, 16, 4, 64]) if may_offset else 0)
        if row.cls == "SC":
            # A misaligned one traps; QEMU 7.2 looks at the reservation first.
            self.op("andi", base, base, imm=-8)
        self.emit(row, word)
        if row.cls == "LR" and self.rng.random() < 0.8:
            other = ROWS["sc_w" if row.arg == "WORD" else "sc_d"]
            word = self.fill(other)
            self.op("andi", base, base, imm=-4 if row.arg == "WORD" else -8)
            self.emit(other, other.put_reg(word, other.rs1, base))

    def branch(self):
        row = self.pick("BRANCH")
        self.emit(row, self.fill(row), ahead=self.rng.randrange(1, 6))

    def jump(self):
        row = self.pick("JAL", "JALR", "JAL")
        word = self.fill(row)
        if row.cls == "JAL":
            self.emit(row, word, ahead=self.rng.randrange(1, 6))
            return
        base = row.get_reg(word, row.rs1)
        if base == 0 or base >= R_WINDOW:
            base = 11
            word = row.put_reg(word, row.rs1, base)
        at = len(self.code)
        self.op("auipc", base, imm=0)
        if row.scatter:
            self.emit(row, word, ahead=self.rng.randrange(1, 6), base=at)
        else:
            self.emit(ROWS["addi"], ROWS["addi"].match | base << 7 | base << 15, ahead=self.rng.randrange(1, 6), base=at)
            self.emit(row, word)

    def wild_jump(self):
        """Somewhere that faults, or to code in the window that comes back."""
        at = len(self.code)
        self.op("auipc", R_RESUME, imm=0)
        self.emit(ROWS["addi"], ROWS["addi"].match | R_RESUME << 7 | R_RESUME << 15, ahead=1, base=at)
        # Not from M-mode: QEMU 7.2 takes what MPRV made it translate for data for fetches as well.
        if self.mode != 3 and self.rng.random() < 0.7:
            self.load_value(12, self.rng.randrange(WINDOW_PAGES) * 4096 + self.rng.choice([0, 4, 0x800, 0xffc]))
            self.op("add", 12, 12, R_WINDOW)
        else:
            self.load_value(12, self.rng.choice([NOWHERE, 0, 0xffffe000]))
        self.op("jalr", 1, 12, imm=0)

    CSRS = {  # number: values that may be written (a mask; None = anything)
        "sscratch_": (0x140, 0), "sepc": (0x141, -2), "scause": (0x142, None), "stval": (0x143, None),
        "sstatus": (0x100, 0xc0122), "sie": (0x104, 0x222), "sip": (0x144, 0x2), "satp_": (0x180, 0),
        "mstatus": (0x300, 0xe01aa | 0x700000), "mie": (0x304, 0xaaa), "mip": (0x344, 0x222), "mepc": (0x341, -2),
        "mcause": (0x342, None), "mtval": (0x343, None), "medeleg_": (0x302, 0), "mideleg": (0x303, 0x222),
        "mcounteren": (0x306, 7), "scounteren": (0x106, 7), "mhartid": (0xf14, 0), "misa_": (0x301, 0),
        "mcountinhibit": (0x320, 0), "menvcfg": (0x30a, 1), "senvcfg": (0x10a, 1), "pmpaddr9": (0x3b9, None),
        "pmpcfg2_": (0x3a2, 0), "mscratch_": (0x340, 0), "mtvec_": (0x305, 0), "stvec_": (0x105, 0),
    }

    def csr(self):
        rng = self.rng
        if rng.random() < 0.12:  # absent, or for a higher privilege
            number = rng.choice([0x7c0, 0x800, 0x5c0, 0xcc0, 0x6c0, 0x9c0, 0x3c0, 0xfc0, 0x3ff, 0x0, 0x1])
            mask = 0
        else:
            number, mask = rng.choice(list(self.CSRS.values()))
        # -2: bit 0 of the exception PCs, which is always 0, can be set in QEMU 7.2.
        if number == 0x3b9 and self.xlen == 64:
            mask = 0xffffffff >> 2
        kind = rng.choice(["csrrw", "csrrs", "csrrc"])
        rd = self.dest()
        if mask == 0:  # only read
            self.op(rng.choice(["csrrs", "csrrc"]), rd, 0, imm=number)
            return
        if rng.random() < 0.3 and mask is None or mask == 7:
            self.op(kind + "i", rd, rng.randrange(8), imm=number)
            return
        value = rng.getrandbits(32) if mask is None else rng.getrandbits(32) & mask
        if number == 0x300:
            if rng.random() < 0.7:
                value &= ~0x20000  # MPRV seldom: it makes nearly everything fault
            if value & 0x1800 == 0x1000 or kind != "csrrw":
                value |= 0x1800
        if number == 0x3b9:
            value &= 0x3fffffff
        reg = rng.randrange(5, 16)
        self.load_value(reg, value)
        self.op(kind, rd, reg, imm=number)

    def system(self):
        choices = ["ecall", "ebreak", "fence_i", "sfence_vma", "c_ebreak", "sfence_vma"]
        if self.mode != 3:
            choices.append("mret")
        if self.mode == 0:
            choices += ["sret", "wfi"]
        row = ROWS[self.rng.choice(choices)]
        self.emit(row, self.fill(row))

    def illegal(self):
        while True:
            length = self.rng.choice([2, 4, 4])
            word = self.rng.getrandbits(8 * length)
            wide = word & 3 == 3
            if wide != (length == 4) or wide and (word & 0x1c == 0x1c or word & 0x7f in (0x0b, 0x2b, 0x5b, 0x7b)):
                continue
            if self.best(word, length) is None and not self.other_extension(word, length):
                self.code.append([None, word | (1 << 40) * length, None, None])
                return

    @staticmethod
    def other_extension(word, length):
        """Prefetches, cache blocks and what else a witness might know."""
        return length == 4 and word & 0x7f in (0x0f, 0x73)

    # --- layout

    def resolve(self):
        where, pc = [], PROG
        for row, word, _, _ in self.code:
            where.append(pc)
            pc += row.len if row else word >> 40
        self.end = where[-1]
        item_of, item = {}, 0
        for i in range(len(self.code)):
            while item + 1 < len(self.labels) and self.labels[item + 1] <= i:
                item += 1
            item_of[i] = item
        out = []
        for i, (row, word, ahead, base) in enumerate(self.code):
            if ahead is not None:
                target = where[self.labels[min(item_of[i] + ahead, len(self.labels) - 1)]]
                word = row.put_imm(word, target - where[i if base is None else base])
            length = row.len if row else word >> 40
            out.append((word & ((1 << 8 * length) - 1)).to_bytes(length, "little"))
        self.bytes = b"".join(out)


def window(rng):
    """Which pages the window's page table shows."""
    return [rng.choice([DATA + rng.randrange(16) * 4096] * 6 + [NOWHERE, PROG + 0x100000]) for _ in range(WINDOW_PAGES)]


def config(rng, xlen, mode, program, pages, iterations, verbose):
    """config.h for runtime.S."""
    long = {32: ".word", 64: ".dword"}[xlen]
    top = (1 << xlen) - 1
    regs = [rng.choice(SPECIAL) if rng.random() < 0.5 else rng.getrandbits(64) for _ in range(32)]
    regs[R_WINDOW], regs[R_DATA], regs[R_RESUME] = WINDOW, DATA_MID, program.end
    ptes = []
    for page in pages:
        flags = rng.choice([0xcf, 0xdf, 0xc7, 0xd7, 0xcb, 0x0f, 0x1f, 0xd9, 0xc9, 0x17, rng.getrandbits(8)])
        # Data may hold anything, so it is not executable; the code that jumps back stays as it is.
        flags &= ~4 if page == PROG + 0x100000 else ~8
        # A user's page that SUM let S-mode read, QEMU 7.2 lets it execute too.
        if mode == 1 and flags & 0x18 == 0x18:
            flags &= ~8
        if flags & 0xe == 0:  # not a table: what is in data must not be taken for one
            flags &= ~1
        ptes.append(page >> 12 << 10 | flags)
    # TSR only where no S-mode handler has to return.
    status = mode << 11 | rng.getrandbits(32) & (0x7c00a2 if mode == 3 else 0x3c00a2)
    pmp = ""
    for i in range(rng.choice([0, 0, 2, 4])):
        cfg = rng.choice([0x8, 0x10, 0x18] if i else [0x10, 0x18]) | rng.choice([0, 1, 3, 4, 5, 7]) | rng.choice([0, 0, 0, 0x80])
        low = rng.choice([0, 1, 3, 7, 0xf, 0x1ff, 0x3ff])
        addr = (DATA + rng.randrange(0x10000)) >> 2
        addr = addr & ~(low + 1) | low if cfg & 0x18 == 0x18 else addr
        pmp += f"li t0, {addr}; csrw pmpaddr{i}, t0; li t0, {cfg << 8 * i}; csrs pmpcfg0, t0; "
    # The last entry of the first register's lot lets everybody at everything.
    pmp += f"li t0, -1; csrw pmpaddr7, t0; li t0, 0x1f; slli t0, t0, 24; csrs pmpcfg{1 if xlen == 32 else 0}, t0"
    if xlen == 64:
        pmp = pmp.replace("slli t0, t0, 24", "slli t0, t0, 56")
    lines = {
        "VERBOSE": int(verbose), "ITERATIONS": iterations, "MODE": mode, "PAGING": int(mode != 3 or rng.random() < 0.5),
        "VECTORED": rng.randrange(2), "MEDELEG": rng.getrandbits(16) & 0xb0ff, "MIDELEG": rng.getrandbits(12) & 0x222,
        "COUNTEREN": 0, "MSTATUS_INIT": hex(status), "PROG_END": hex(program.end), "PMP_SETUP": pmp,
        "REGS": f"{long} " + ", ".join(hex(r & top) for r in regs[1:]),
        "WINDOW_PTES": f"{long} " + ", ".join(map(hex, ptes)),
    }
    return "".join(f"#define {k} {v}\n" for k, v in lines.items())
