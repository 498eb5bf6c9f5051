"""Random items that are not about one row of insn.def."""
from case import Insn
from image import NOWHERE, R_WINDOW, WINDOW_PAGES, WINDOW_TABLE

SPECIAL = [0, 1, 2, 3, 4, 5, 7, 8, 0x7f, 0x80, 0xff, 0x7ff, 0x800, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000,
           0xffffffff, 0x5555555555555555, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff,
           0xfffffffffffff800, 0xffffffff80000000, 0xffffffff7fffffff, 0x100000000]
# Of each format: zeros, subnormals, one, powers of two at the integers' ends, infinities, NaNs, edges.
FORMATS = {16: (5, 10), 32: (8, 23), 64: (11, 52)}


def float_special(rng, width):
    """An interesting number of that width."""
    exponent_bits, fraction_bits = FORMATS[width]
    top, bias = (1 << exponent_bits) - 1, (1 << exponent_bits - 1) - 1
    exponent = rng.choice([0, 0, 1, top, top, top - 1, bias, bias - 1, bias + 31, bias + 63, bias + 32, bias + 15,
                           bias + fraction_bits, rng.randrange(top), bias + rng.randrange(-9, 9)])
    fraction = rng.choice([0, 0, 1, (1 << fraction_bits) - 1, 1 << fraction_bits - 1, rng.getrandbits(fraction_bits),
                           1 << rng.randrange(fraction_bits)])
    return rng.getrandbits(1) << width - 1 | min(max(exponent, 0), top) << fraction_bits | fraction


def float_bits(rng):
    """64 bits for an f register: a number of some width, mostly boxed as it should be."""
    width = rng.choice([16, 32, 64, 64])
    boxes = [-1] * 7 + [0, rng.getrandbits(64)]
    return (rng.choice(boxes) << width | float_special(rng, width)) & (1 << 64) - 1


class SpecialItems:
    """Part of items.Generator."""

    def value(self):
        self.load_wide(self.dest() or 1, self.rng.choice(SPECIAL))

    def float_value(self):
        """Loads an f register with something special, from behind a jump."""
        rows = [r for r in self.rows.values() if r.cls == "FLOAD" and r.len == 4]
        if not rows:
            self.value()
            return
        at = self.op("auipc", 12, imm=0)
        jump = self.emit(self.rows["jal"], self.rows["jal"].match)
        bits = float_bits(self.rng)
        for half in (bits & 0xffffffff, bits >> 32):
            self.item.code.append(Insn(None, half, 4))
        load = self.rng.choice(rows)
        self.emit(load, load.put_reg(load.put_reg(load.match, load.rd, self.reg()), load.rs1, 12), to=(0, jump + 1, 0), base=at)
        self.item.code[jump].to = (0, jump + 3, 0)

    def wild_jump(self):
        """Somewhere that faults, or to code in the window that comes back."""
        self.resume_here()
        # Not from M-mode: QEMU 7.2 takes what MPRV made it translate for data for fetches as well.
        if self.mode != 3 and self.rng.random() < 0.8:
            offset = self.rng.choice([0, 4, 2, 0x800, 0xffc, 0xffe, 0xffe, self.rng.randrange(2048) * 2])
            page = self.rng.randrange(WINDOW_PAGES - 1)
            if offset == 0xffe and self.config["nowhere"][page + 1]:
                offset = 0  # QEMU 7.2 ends with a failed assertion there
            self.load_value(12, page * 4096 + offset)
            self.op("add", 12, 12, R_WINDOW)
        else:
            self.load_value(12, self.rng.choice([NOWHERE, 0, 0xffffe000]))
        self.op("jalr", 1, 12, imm=0)
        self.item.counts.append(("jump to another page", "any"))

    def illegal(self):
        """A word of no row."""
        while True:
            length = self.rng.choice([2, 4, 4]) if self.witness.compressed else 4
            word = self.rng.getrandbits(8 * length)
            wide = word & 3 == 3
            if wide != (length == 4) or wide and (word & 0x1c == 0x1c or word & 0x7f in (0x0b, 0x2b, 0x5b, 0x7b)):
                continue
            if length == 4 and word & 0x7f in (0x0f, 0x73):  # prefetches and what else a witness might know
                continue
            if not any(r.len == length and word & r.mask == r.match for r in self.rows.values()):
                self.item.code.append(Insn(None, word, length))
                self.item.counts.append(("illegal", "any"))
                return

    def self_modifying(self):
        """Replaces the instruction after the fence.i by another, and next round that by the first."""
        if self.mode == 3 and self.witness.mprv:  # what cannot be read would be replaced by anything
            self.load_value(12, 0x20000)
            self.csrw("csrrc", "mstatus", 12)
        row, first = self.plain_word(4)
        _, second = self.plain_word(4)
        at = self.op("auipc", 12, imm=0)
        fix = self.op("addi", 12, 12)
        for offset, change in ((0, (first ^ second) & 0xffff), (2, (first ^ second) >> 16)):
            self.op("lhu", 13, 12, imm=offset)
            self.load_value(14, change)
            self.op("xor", 13, 13, 14)
            self.op("sh", 0, 12, 13, imm=offset)
        self.op("fence_i")
        slot = self.emit(row, first)
        self.item.code[fix].to, self.item.code[fix].base = (0, slot, 0), at
        self.item.counts.append(("self-modifying", "any"))

    def middle(self):
        """Jumps over half of a lui whose other half is a compressed instruction."""
        if not self.witness.compressed:
            self.value()
            return
        _, short = self.plain_word(2)
        lui, jump = self.rows["lui"], self.rows["jal"]
        at = self.emit(jump, jump.match)
        self.emit(lui, short << 16 | self.rng.getrandbits(16) & 0xf000 | self.dest() << 7 | lui.match)
        self.item.code[at].to = (0, at + 1, 2)
        self.item.counts.append(("jump into an instruction", "any"))

    def change_mode(self):
        """To M-mode, an access to a CSR from there, and back."""
        if not self.config["mix"] or self.mode == 3:
            self.op("addi", 17, 0, imm=0)
            self.op("ecall")
            return
        self.op("addi", 17, 0, imm=1)
        self.op("ecall")
        mode, self.mode = self.mode, 3
        self.csr(self.rows[self.rng.choice(["csrrw", "csrrs", "csrrc"])], "any")
        self.mode = mode
        self.op("addi", 17, 0, imm=0)
        self.op("ecall")

    def remap(self):
        """Changes a bit of a window page's entry, and what has been found out about that page is forgotten."""
        if self.mode != 1 or not self.paged:
            self.value()
            return
        rng, size = self.rng, self.xlen // 8
        page = rng.choice([i for i in range(WINDOW_PAGES) if i != self.config["readonly"] and not self.config["faulting"][i]
                           and not self.config["window"][i] >> 63])  # for such pages see generate.window()
        load, store = ("ld", "sd") if self.xlen == 64 else ("lw", "sw")
        self.load_value(12, page * 4096 + rng.randrange(500) * 8)
        self.op("add", 12, 12, R_WINDOW)
        self.op(rng.choice(["lw", "sw"]), 13, 12, 13)
        self.load_address(14, WINDOW_TABLE + page * size)
        self.op(load, 15, 14)
        self.op("xori", 15, 15, imm=rng.choice([0x4, 0x40, 0x80, 0x10 if self.witness.user_pages else 0x4]))
        self.op(store, 0, 14, 15)
        self.op("sfence_vma", 0, rng.choice([0, 12, 12]))
        self.op("sw", 0, 12, 13)
        self.op("lw", 13, 12)
        self.item.counts.append(("sfence.vma after a change", "any"))
